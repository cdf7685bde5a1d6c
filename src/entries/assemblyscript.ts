/** The adapter for AssemblyScript modules, for synchronous calls. */
import type { Adapter } from "../public/index.ts";
import { createAdapter } from "../toolchains/assemblyscript/index.ts";

/**
 * Makes the adapter for AssemblyScript modules. Asynchronous calls load it automatically; pass it to synchronous calls.
 *
 * @example
 * ```ts
 * const wasm = loadSync(bytes, { adapters: [assemblyscript()] });
 * ```
 * @category AssemblyScript
 */
export function assemblyscript(): Adapter {
  return createAdapter();
}
