/**
 * Go programs that were built for JavaScript (`GOOS=js GOARCH=wasm`), without `wasm_exec.js`.
 *
 * This is the entry point for browsers. The one for Node has the same names with the same types.
 *
 * @module unglue/go
 */
import { fetchChunk } from "../platform/chunk.ts";
import type { Adapter } from "../public/index.ts";
import { createGo } from "../toolchains/go/adapter.ts";
import type { GoOptions } from "../toolchains/go/options.ts";
import { createLoadProgram, type LoadProgram } from "../toolchains/go/program.ts";

export type * from "../toolchains/go/options.ts";
export type { ByteReadableLike, ByteWritableLike, OutputSink } from "../toolchains/wasi/options.ts";

/**
 * Loads a Go program: a module that was built with `GOOS=js GOARCH=wasm`, by Go 1.21 or later. It is compiled once, and runs as
 * often as you like, each time in an instance of its own. It changes no globals.
 *
 * Errors: `unsupported-module`, `invalid-option`, `unknown-option`, `chunk-unavailable`, and those of `compile`.
 *
 * @param source - The module, as for `load`.
 * @param options - Arguments, environment, streams, files and globals; and how to get and compile it.
 * @function
 * @example
 * ```ts
 * const program = await loadProgram("./tool.wasm", { args: ["--verbose"] });
 * const code = await program.run();
 * ```
 * @category Go
 */
export const loadProgram: LoadProgram = /* @__PURE__ */ createLoadProgram(
  async () => (await fetchChunk(() => import("./browser-compile.ts"))).compile,
);

/**
 * Makes the adapter for Go programs, for `load`, `compile` and pools. Each life of an instance starts the program, and its `api`
 * is the program's global object. A program that ends with another exit code than 0 while it is loaded fails with `exited`.
 *
 * Errors: `invalid-option`, `unknown-option`; when a module is loaded, those of `start`, and `unsupported-module`.
 *
 * @param options - Arguments, environment, streams, files and globals.
 * @example
 * ```ts
 * const wasm = await load<DefaultExports, StatedMembers<{ add(a: number, b: number): number }>>("./math.wasm", {
 *   adapters: [go()],
 * });
 * wasm.api.add(1, 2);
 * ```
 * @category Go
 */
export function go(options: GoOptions = {}): Adapter {
  return createGo(options);
}
