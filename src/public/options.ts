import type { Adapter } from "./adapter.ts";
import type { AllocatorNames } from "./allocator.ts";
import type { BuiltinOptions } from "./builtins.ts";
import type { Api, GivenMembers, InferredMembers, NoMembers } from "./members.ts";
import type { DefaultExports } from "./exports.ts";
import type { ConsoleLike, ImportFunction, Imports, Limits, MissingPolicy, TraceEvent } from "./imports.ts";
import type { Instance } from "./instance.ts";
import type { AllocationObserver } from "./ledger.ts";
import type { Pool } from "./pool.ts";
import type { CompactShape, Known } from "./declaration-file.ts";
import type { Shape } from "./shape.ts";
import type { AbortSignalLike, FetchFunction, Progress } from "./source.ts";

/**
 * The options that describe a module, as a declaration file has them.
 *
 * @example
 * ```ts
 * const math: DescribingOptions = {
 *   format: 1,
 *   fingerprint: "9b0c1d2e3f405162",
 *   shape: { imports: [], exports: ["ii>i:add"] },
 * };
 * const module = await compile("./math.wasm", math);
 * ```
 * @category Declaration files
 */
export interface DescribingOptions extends BuiltinOptions {
  /** The format of the other options, if they come from a declaration file. Any other number throws `declaration-format`. */
  readonly format?: 1;
  /**
   * The fingerprint of the module that the other options are about. A module with another one throws `declaration-mismatch`.
   * Of a compiled module without its types, only names and kinds are compared.
   */
  readonly fingerprint?: string;
  /** Facts for the adapter of the module's toolchain, such as the meanings of imports. */
  readonly known?: Known;
  /** The module's shape, from `inspect` or `compile`. It adds what a bare `WebAssembly.Module` does not reveal. */
  readonly shape?: Shape | CompactShape;
}

/**
 * How to download and compile.
 *
 * @example
 * ```ts
 * const module = await compile("https://example.com/app.wasm", {
 *   retry: { attempts: 3 },
 *   signal: AbortSignal.timeout(10_000),
 *   onProgress: ({ loaded }) => console.log(loaded),
 * });
 * ```
 * @category Loading
 */
export interface SourceOptions extends DescribingOptions {
  /** Aborts at any stage; the promise rejects with the error `aborted`. */
  readonly signal?: AbortSignalLike;
  /**
   * Subresource integrity, as in `"sha384-…"`. Several hashes are separated by spaces; only those of the strongest algorithm
   * count.
   */
  readonly integrity?: string;
  /** Called as bytes come in, and at least once. */
  readonly onProgress?: (progress: Progress) => void;
  /** Used in place of the global `fetch`. */
  readonly fetch?: FetchFunction;
  /**
   * Repeats a request after a failure that may be temporary: a network error, the statuses 429 and 5xx, or a truncated
   * module. Other failures are not retried. Without this option there is one request.
   *
   * @example
   * ```ts
   * const wasm = await load("https://example.com/app.wasm", {
   *   retry: { attempts: 5, delay: 200 },
   * });
   * ```
   */
  readonly retry?: Retry;
  /** Additional adapters, tried before the built-in ones. */
  readonly adapters?: readonly Adapter[];
  /**
   * Which adapter serves the module, if it is not the one that recognizes it: the adapter's name, or `"c"` for none. Then its
   * imports come from you or are stubs, and the interface is called by C's convention. To call single members by C's
   * convention, use the option `convention` of their declarations.
   */
  readonly toolchain?: "c" | (string & Record<never, never>);
  /** Ceilings on what the module defines, checked before it is compiled, and on each instance without limits of its own. */
  readonly limits?: Limits;
}

/**
 * How often to make a request, and how long to wait in between.
 *
 * @example
 * ```ts
 * const wasm = await load("https://example.com/app.wasm", {
 *   retry: { attempts: 5, delay: 200 },
 * });
 * ```
 * @category Loading
 */
export interface Retry {
  /** The total number of requests, including the first: a whole number from 1 to 100. Default 3. */
  readonly attempts?: number;
  /**
   * Milliseconds before the second request, from 0 to 60000. Each wait is twice as long as the previous one, up to a minute.
   * Default 300. A server's `Retry-After` can make a wait longer; if it asks for more than a minute, the attempts end.
   */
  readonly delay?: number;
}

/**
 * How to instantiate.
 *
 * @example
 * ```ts
 * const module = await compile("./app.wasm");
 * const wasm = await module.instantiate({
 *   imports: (instance) => ({
 *     env: {
 *       log: (address) => console.log(instance.memory.readString(address)),
 *     },
 *   }),
 *   missing: "error",
 * });
 * ```
 * @category Loading
 */
export interface InstantiateOptions<Members = NoMembers> extends DescribingOptions {
  /** The declared interface for `api`, made by `t.api`. It needs the module's types, and therefore its bytes or its `shape`. */
  readonly api?: Api<Members>;
  /**
   * Which adapter serves the module, if it is not the one that recognizes it: the adapter's name, or `"c"` for none. Then its
   * imports come from you or are stubs, and the interface is called by C's convention. To call single members by C's
   * convention, use the option `convention` of their declarations.
   */
  readonly toolchain?: "c" | (string & Record<never, never>);
  /**
   * Imports, or a function of the instance that returns them. The function is called once. Under `onTrap: "restart"` it is
   * called once for each life (the engine's instance between two restarts), with an instance that belongs to that life
   * alone.
   */
  readonly imports?: Imports | ((instance: Instance<DefaultExports, GivenMembers<Members>>) => Imports);
  /**
   * Functions for imports by their meaning in JavaScript, as `wasm.imports` tells it, in place of what the meaning names.
   * They take and return JavaScript values, whatever the module's ABI: what a method is called on is `this`, a constructor
   * (`"new Date()"`) returns the new object, and a getter (`"get Window.prototype.crypto"`) takes no argument. An import in
   * `imports` takes precedence. A meaning that no import has throws `invalid-option`.
   *
   * @example
   * ```ts
   * const wasm = await load("./game_bg.wasm", { importsByMeaning: { "Date.now": () => 0, "Math.random": () => 0.5 } });
   * ```
   */
  readonly importsByMeaning?: { readonly [meaning: string]: ImportFunction };
  /**
   * The console of the instance: imports that mean `console.log` and the like call its functions with JavaScript values. A
   * function that the module imports and the console lacks throws `invalid-option`. Default: the global `console`.
   *
   * @example
   * ```ts
   * const lines: unknown[][] = [];
   * const wasm = await load("./app_bg.wasm", { console: { log: (...values) => lines.push(values) } });
   * ```
   */
  readonly console?: ConsoleLike;
  /** How a missing function import is replaced: one policy, or one per pattern of `module.name`. Default `"trap"`. */
  readonly missing?: MissingPolicy | { readonly [pattern: string]: MissingPolicy };
  /** Whether missing memories and tables are created. Default true. */
  readonly create?: boolean;
  /**
   * How calls after a trap are treated. `"poison"`, the default, refuses them. `"restart"` serves them with a new life of
   * the same module. `"throw"` lets them through to the state that the trap left.
   */
  readonly onTrap?: "poison" | "restart" | "throw";
  /**
   * How calls are treated after a host function (a JavaScript function given as an import, or as a callback) has thrown
   * through the module, which leaves the module's frames unfinished. `"throw"`, the default, lets them through to the state
   * that the exception left. `"poison"` refuses them. `"restart"` serves them with a new life of the same module. The
   * exception reaches the caller unchanged. Nothing follows from one that the module catches.
   *
   * @example
   * ```ts
   * const read = () => {
   *   throw new Error("No input.");
   * };
   * const wasm = await load("./app.wasm", { onHostThrow: "restart", imports: { env: { read } } });
   * ```
   */
  readonly onHostThrow?: "throw" | "poison" | "restart";
  /**
   * How a call is treated that needs an object which an asynchronous call uses until its promise settles. A call is asynchronous
   * if its result is declared as `t.promise`. `"queue"`, the default: asynchronous calls of one object wait, and are served in
   * the order in which they were made. `"throw"`: they reject with `busy`. A synchronous call cannot wait, and throws `busy` either
   * way. The option `borrows` of a declaration says which calls can use an object at the same time. `offload` does not take it.
   *
   * @example
   * ```ts
   * const api = t.api({ Counter: t.class({ new: t.ctor([]), add: t.method([t.u32], t.promise(t.u32)) }) });
   * const wasm = await load("./counter_bg.wasm", { api, onBusy: "throw" });
   * ```
   */
  readonly onBusy?: "queue" | "throw";
  /**
   * Called when a new life has begun, to rebuild the state of the old one. The library does not wait for it. If it throws or
   * traps, or returns a promise that is rejected, the instance is poisoned with the cause `restart-failed`.
   */
  readonly onRestart?: (wasm: Instance<DefaultExports, GivenMembers<Members>>) => void;
  /**
   * Who runs the module's `_initialize` or constructors: this library (`true`, the default), nobody (`false`), or a function
   * that may run them through the exports of the instance it receives. Under `onTrap: "restart"` the function is called for
   * each life, with the instance of that life alone. If it returns a promise, asynchronous calls wait for it; synchronous
   * calls refuse it with `invalid-option`.
   *
   * @example
   * ```ts
   * import { WASI } from "node:wasi";
   *
   * const wasi = new WASI({ version: "preview1" });
   * const wasm = await load("./reactor.wasm", {
   *   imports: wasi.getImportObject() as Imports,
   *   initialize: ({ instance }) => wasi.initialize(instance),
   * });
   * ```
   */
  readonly initialize?: boolean | ((instance: Instance) => void | Promise<void>);
  /** Called after each import call. */
  readonly trace?: (event: TraceEvent) => void;
  /** Ceilings on the instance's memories, tables and handles. They override those that the module was compiled with. */
  readonly limits?: Limits;
  /** Precompiled trampolines by signature, for hosts that forbid compiling. See `trampolineBytes`. */
  readonly trampolines?: { readonly [signature: string]: WebAssembly.Module };
  /**
   * The module's allocator, if its names follow no known convention. `"grow"` is for a module without one: this library then
   * allocates in memory that it adds at the end.
   */
  readonly allocator?: AllocatorNames | "grow";
  /** Follows the allocations made and freed through `memory`. Use `createLedger` of `unglue/ledger`, or your own. */
  readonly ledger?: AllocationObserver;
  /**
   * Receives the messages of `"warn"` stubs, and a pool's messages about failures that no caller waits for. Default
   * `console.warn`.
   */
  readonly warn?: (message: string) => void;
}

/**
 * The options of `load`.
 *
 * @example
 * ```ts
 * const wasm = await load("./app.wasm", {
 *   missing: "error",
 *   retry: { attempts: 3 },
 *   onTrap: "restart",
 * });
 * ```
 * @category Loading
 */
export interface LoadOptions<Members = NoMembers> extends SourceOptions, InstantiateOptions<Members> {}

/**
 * The options of `compileSync`.
 *
 * @example
 * ```ts
 * const module = compileSync(bytes, { limits: { memoryPages: 256 } });
 * ```
 * @category Loading
 */
export type CompileSyncOptions = DescribingOptions & Pick<SourceOptions, "adapters" | "toolchain" | "limits">;

/**
 * The options of `loadSync`.
 *
 * @example
 * ```ts
 * const options: LoadSyncOptions = {
 *   missing: "zero",
 *   limits: { memoryPages: 256 },
 * };
 * const wasm = loadSync(bytes, options);
 * ```
 * @category Loading
 */
export interface LoadSyncOptions<Members = NoMembers> extends CompileSyncOptions, InstantiateOptions<Members> {}

/**
 * The options of `inspect`. With `builtins` and `importedStringConstants` the shape lacks the imports that these name, like the
 * list of an engine that provides them.
 *
 * @example
 * ```ts
 * const functions = inspect(bytes, { names: true }).names?.functions ?? [];
 * for (const [index, name] of functions) console.log(index, name);
 * ```
 * @category Loading
 */
export interface InspectOptions extends BuiltinOptions {
  /** Whether to read the `name` section. Default false. */
  readonly names?: boolean;
}

/**
 * How a pool makes its instances, and how many.
 *
 * @example
 * ```ts
 * const module = await compile("./app.wasm");
 * const pool = module.pool<{ clear(): void; render(): number }>({
 *   max: 4,
 *   min: 1,
 *   reset: (wasm) => wasm.guarded.clear(),
 * });
 * ```
 * @category Pools
 */
export interface PoolOptions<
  Exports extends object = DefaultExports,
  Members = NoMembers,
> extends InstantiateOptions<Members> {
  /** The maximum number of instances that exist at the same time, from 1. */
  readonly max: number;
  /** How many instances are made in advance. Default 0. */
  readonly min?: number;
  /**
   * How a returned instance is prepared for its next use: replaced by a new one (`"fresh"`, the default), or reset by this
   * function, which may return a promise. If the function fails, the instance is replaced.
   */
  readonly reset?: "fresh" | ((wasm: Instance<Exports, GivenMembers<Members>>) => unknown);
}

/**
 * A compiled module with its shape. It can be instantiated any number of times; the instances share nothing.
 *
 * @example
 * ```ts
 * const module = await compile("./tenant.wasm");
 * const [a, b] = await Promise.all([
 *   module.instantiate(),
 *   module.instantiate(),
 * ]);
 * ```
 * @category Loading
 */
export interface Module {
  /** The engine's own object. It can be posted to a worker, together with `shape`. */
  readonly raw: WebAssembly.Module;
  /** The module's own description. */
  readonly shape: Shape;
  /**
   * Makes an instance. Errors: those of resolving imports (`unresolved-imports`, `import-mismatch`, `import-conflict`,
   * `types-unknown`, `cannot-create`, `limit-exceeded`), `limit-needs-bytes`, `link-failed`, and `trap` if an initializer
   * traps.
   *
   * @param options - Imports, policies and limits.
   */
  instantiate<Exports extends object = DefaultExports, Members = InferredMembers>(
    options?: InstantiateOptions<Members>,
  ): Promise<Instance<Exports, GivenMembers<Members>>>;
  /**
   * Makes an instance synchronously. Errors: those of `instantiate`, and `sync-too-large` if the engine refuses.
   *
   * @param options - Imports, policies and limits.
   */
  instantiateSync<Exports extends object = DefaultExports, Members = InferredMembers>(
    options?: InstantiateOptions<Members>,
  ): Instance<Exports, GivenMembers<Members>>;
  /**
   * Makes a pool, whose instances are taken and given back, each by one taker at a time. Errors: those of options.
   *
   * @param options - How many, how they are reset, and how they are made.
   * @example
   * ```ts
   * const module = await compile("./app.wasm");
   * const pool = module.pool<{ render(): number }>({ max: 4 });
   * const result = await pool.use((wasm) => wasm.guarded.render());
   * ```
   */
  pool<Exports extends object = DefaultExports, Members = InferredMembers>(
    options: PoolOptions<Exports, Members>,
  ): Pool<Exports, GivenMembers<Members>>;
}
