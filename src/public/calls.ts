import type { GivenMembers, InferredMembers } from "./members.ts";
import type { DefaultExports } from "./exports.ts";
import type { Instance } from "./instance.ts";
import type {
  CompileSyncOptions,
  InspectOptions,
  LoadOptions,
  LoadSyncOptions,
  Module,
  SourceOptions,
} from "./options.ts";
import type { Shape } from "./shape.ts";
import type { Bytes, Source, SyncSource } from "./source.ts";

/**
 * The type of `load`.
 *
 * @category Details of functions
 */
export interface Load {
  /**
   * Loads a WebAssembly module and makes an instance of it.
   *
   * Errors: those of `compile` and of {@link Module.instantiate}.
   *
   * @param source - A path, URL, request, response, bytes, blob, stream or compiled module; or a promise or function of one.
   * @param options - Download, imports, policies and limits.
   * @returns The instance, initialized.
   * @example
   * ```ts
   * const wasm = await load<{ add(a: number, b: number): number }>(
   *   "./math.wasm",
   * );
   * console.log(wasm.exports.add(1, 2));
   * ```
   */
  <Exports extends object = DefaultExports, Members = InferredMembers>(
    source: Source,
    options?: LoadOptions<Members>,
  ): Promise<Instance<Exports, GivenMembers<Members>>>;
}

/**
 * The type of `loadSync`.
 *
 * @category Details of functions
 */
export interface LoadSync {
  /**
   * Loads a WebAssembly module and makes an instance of it, synchronously.
   *
   * Errors: those of `compileSync` and of {@link Module.instantiateSync}.
   *
   * @param source - Bytes or a compiled module; in Node also a path.
   * @param options - Imports, policies and limits.
   * @returns The instance, initialized.
   * @example
   * ```ts
   * const wasm = loadSync(bytes, { missing: "zero" });
   * ```
   */
  <Exports extends object = DefaultExports, Members = InferredMembers>(
    source: SyncSource,
    options?: LoadSyncOptions<Members>,
  ): Instance<Exports, GivenMembers<Members>>;
}

/**
 * The type of `compile`.
 *
 * @category Details of functions
 */
export interface Compile {
  /**
   * Compiles a module without making an instance: compile once, instantiate many times.
   *
   * Errors: `invalid-source`, `read-failed`, `fetch-failed`, `http-status`, `aborted`, `integrity-mismatch`,
   * `integrity-unavailable`, `not-wasm`, `truncated`, `malformed`, `limit-exceeded`, `wasm-unavailable`, `compile-failed`,
   * `compile-forbidden`, `needs-bytes`.
   *
   * @param source - As for `load`.
   * @param options - How to download.
   * @returns The compiled module with its shape.
   * @example
   * ```ts
   * const module = await compile("./tenant.wasm");
   * const [first, second] = await Promise.all([
   *   module.instantiate(),
   *   module.instantiate(),
   * ]);
   * ```
   */
  (source: Source, options?: SourceOptions): Promise<Module>;
}

/**
 * The type of `compileSync`.
 *
 * @category Details of functions
 */
export interface CompileSync {
  /**
   * Compiles a module synchronously.
   *
   * Errors: `invalid-source`, `read-failed`, `not-wasm`, `truncated`, `malformed`, `compile-failed`, `compile-forbidden`,
   * `limit-exceeded`, `wasm-unavailable`, and `sync-too-large` if the engine refuses (Chromium: above 8 MB on the main
   * thread).
   *
   * @param source - Bytes or a compiled module; in Node also a path.
   * @param options - The shape of a compiled module; adapters.
   * @returns The compiled module with its shape.
   * @example
   * ```ts
   * const module = compileSync(bytes);
   * console.log(module.shape.imports.length);
   * ```
   */
  (source: SyncSource, options?: CompileSyncOptions): Module;
}

/**
 * The type of `inspect`.
 *
 * @category Details of functions
 */
export interface Inspect {
  /**
   * Reads a module's own description from its bytes, without the engine. It therefore works where compiling is forbidden,
   * and on modules that this engine does not support.
   *
   * Errors: `not-wasm`, `truncated`, `malformed`, `invalid-argument`, `import-mismatch` with `builtins`, and those of options.
   *
   * @param bytes - The module: a buffer, or a view of one at any offset.
   * @param options - Whether to read the `name` section, and which builtins the module is compiled with.
   * @returns Its imports, exports, limits, sections and toolchain, as plain data.
   * @example
   * ```ts
   * for (const { module, name, kind } of inspect(bytes).imports)
   *   console.log(module, name, kind);
   * ```
   */
  (bytes: Bytes, options?: InspectOptions): Shape;
}
