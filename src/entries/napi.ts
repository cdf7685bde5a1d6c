/** The adapter for addons for Node-API. */
import type { Adapter } from "../public/index.ts";
import { createNapi } from "../toolchains/napi/adapter.ts";
import type { NapiOptions } from "../toolchains/napi/options.ts";

export type { EmnapiCore, EmnapiRuntime } from "../toolchains/napi/emnapi.ts";
export type { NapiOptions } from "../toolchains/napi/options.ts";

/**
 * Makes the adapter for addons for Node-API that are compiled to WebAssembly, such as those of napi-rs. The functions and
 * classes that an addon registers are `wasm.api`. They come from the packages `@emnapi/core` and `@emnapi/runtime`, which are
 * to be installed beside this one.
 *
 * Errors: `invalid-option`, `unknown-option`; when a module is loaded, `peer-missing`, and `unsupported-module` for one that
 * was built for another host.
 *
 * @param options - The packages, if they are not the installed ones, and the addon's environment.
 * @example
 * ```ts
 * const wasm = await load<DefaultExports, StatedMembers<{ crc32(input: string): number }>>(
 *   "node_modules/@node-rs/crc32-wasm32-wasi/crc32.wasm32-wasi.wasm",
 *   { adapters: [napi()] },
 * );
 * console.log(wasm.api.crc32("hello"));
 * ```
 * @category Node-API
 */
export function napi(options: NapiOptions = {}): Adapter {
  return createNapi(options);
}
