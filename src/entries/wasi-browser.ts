/**
 * WASI preview 1 for commands and reactors: arguments, environment, standard streams, files and exit codes.
 *
 * This is the entry point for browsers. The one for Node has the same names with the same types.
 *
 * @module unglue/wasi
 */
import { fetchChunk } from "../platform/chunk.ts";
import { createLoadCommand, type LoadCommand } from "../toolchains/wasi/command.ts";
import { createMemoryDirectory, type CreateMemoryDirectory } from "../toolchains/wasi/memory-directory.ts";
import { createWasi, type CreateWasi } from "../toolchains/wasi/wasi.ts";

export type * from "../toolchains/wasi/options.ts";

/**
 * Makes the imports of a WASI module, for the option `imports` of `load`. Each life of an instance gets its own.
 *
 * Errors: `invalid-option`, `unknown-option`, `unavailable-here`; when the instance is made also `read-failed`. A program that
 * exits throws `exited` from the call that was running.
 *
 * @param options - Arguments, environment, streams and files.
 * @returns A function of the instance that returns the imports.
 * @function
 * @example
 * ```ts
 * const wasm = await load("./reactor.wasm", { imports: wasi({ env: { LANG: "C" } }) });
 * ```
 * @category WASI
 */
export const wasi: CreateWasi = /* @__PURE__ */ createWasi(undefined);

/**
 * Loads a WASI command: a module that exports `_start`. It is compiled once, and runs as often as you like.
 *
 * Errors: `not-a-command`, `chunk-unavailable`, and those of `compile`.
 *
 * @param source - The module, as for `load`.
 * @param options - How to get and compile it, and imports besides those of WASI.
 * @function
 * @example
 * ```ts
 * const program = await loadCommand("./tool.wasm");
 * const { exitCode, stdout } = await program.run({ args: ["--help"] });
 * ```
 * @category WASI
 */
export const loadCommand: LoadCommand = /* @__PURE__ */ createLoadCommand(
  // A page that runs no command does without it.
  async () => (await fetchChunk(() => import("./browser-compile.ts"))).compile,
  undefined,
);

/**
 * Makes a directory in memory, for the option `preopens`. It needs the package `@bjorn3/browser_wasi_shim`.
 *
 * Errors: `peer-missing`, `unavailable-here`, `invalid-argument`.
 *
 * @param files - Text or bytes by path, as an object or as the entries of a `Map`.
 * @function
 * @example
 * ```ts
 * const work = await memoryDirectory({ "in.txt": "hello" });
 * ```
 * @category WASI
 */
export const memoryDirectory: CreateMemoryDirectory = createMemoryDirectory;
