import type { Adapter, AllocatorNames } from "./adapter.ts";
import type { Api, NoMembers } from "./declared.ts";
import type { DefaultExports } from "./exports.ts";
import type { Imports, Limits, MissingPolicy, TraceEvent } from "./imports.ts";
import type { Instance } from "./instance.ts";
import type { AllocationObserver } from "./ledger.ts";
import type { Pool } from "./pool.ts";
import type { Shape } from "./shape.ts";
import type { AbortSignalLike, FetchFunction, Progress } from "./source.ts";

/** How to download and compile. */
export interface SourceOptions {
  /** Aborts at any stage; the promise rejects with the error `aborted`. */
  readonly signal?: AbortSignalLike;
  /** Subresource integrity, as in `"sha384-…"`; several hashes separated by spaces, of which the strongest algorithm counts. */
  readonly integrity?: string;
  /** Called as bytes come in, and at least once. */
  readonly onProgress?: (progress: Progress) => void;
  /** Used in place of the global `fetch`. */
  readonly fetch?: FetchFunction;
  /**
   * Makes a request again that failed for a reason that may pass: the network, the statuses 429 and 5xx, a module that is
   * cut short. Nothing else is asked for twice. Without it there is one request.
   *
   * @example
   * ```ts
   * const wasm = await load("https://example.com/app.wasm", { retry: { attempts: 5, delay: 200 } });
   * ```
   */
  readonly retry?: Retry;
  /** The module's shape, from `inspect` or `compile`; completes what a bare `WebAssembly.Module` does not tell. */
  readonly shape?: Shape;
  /** Adapters to use besides the built-in ones, tried first. */
  readonly adapters?: readonly Adapter[];
  /** Ceilings: on what the module defines, before it is compiled, and on each instance that is given no others. */
  readonly limits?: Limits;
}

/** How often a request is made, and how long to wait in between. */
export interface Retry {
  /** Requests in all, the first included: a whole number from 1 to 100. Default 3. */
  readonly attempts?: number;
  /**
   * Milliseconds before the second request, from 0 to 60000; each wait is twice as long as the one before, and none longer
   * than a minute. Default 300. A server's `Retry-After` can make a wait longer; one of more than a minute ends the attempts.
   */
  readonly delay?: number;
}

/** How to instantiate. */
export interface InstantiateOptions<Members = NoMembers> {
  /** The interface that `api` gets: what `t.api` returns. It needs the module's types, and so its bytes or its `shape`. */
  readonly api?: Api<Members>;
  /**
   * Imports, or a function of the instance that returns them. It is called once, and under `onTrap: "restart"` once for
   * each life, with an instance that is of that life alone: it never leads to a later one.
   */
  readonly imports?: Imports | ((instance: Instance) => Imports);
  /** What a missing function import gets: one policy, or one per pattern of `module.name`. Default `"trap"`. */
  readonly missing?: MissingPolicy | { readonly [pattern: string]: MissingPolicy };
  /** Whether missing memories and tables are created. Default true. */
  readonly create?: boolean;
  /**
   * What a trap does to the calls after it: refuse them (`"poison"`, the default), give them a new life of the same module
   * (`"restart"`), or let them through to the state that the trap has left (`"throw"`).
   */
  readonly onTrap?: "poison" | "restart" | "throw";
  /**
   * Called when a new life has begun, to rebuild what the old one held. Not waited for. If it throws or traps, or
   * returns a promise that is rejected, the instance is poisoned, and the cause is the error `restart-failed`.
   */
  readonly onRestart?: (wasm: Instance) => void;
  /**
   * Who runs the module's `_initialize` or constructors: this library (`true`, the default), nobody (`false`), or a function,
   * which may run them by the exports of the instance that it receives. Under `onTrap: "restart"` it is called for each life,
   * with the instance of that life alone. A promise is waited for; synchronous calls refuse one with `invalid-option`.
   *
   * @example
   * ```ts
   * const wasi = new WASI({ version: "preview1" });
   * const wasm = await load("./reactor.wasm", {
   *   imports: wasi.getImportObject() as Imports,
   *   initialize: ({ instance }) => wasi.initialize(instance),
   * });
   * ```
   */
  readonly initialize?: boolean | ((instance: Instance) => void | Promise<void>);
  /** Sees each import call after it ended. */
  readonly trace?: (event: TraceEvent) => void;
  /** Ceilings on the instance's memories, tables and handles. Where the module was compiled with some, these count over them. */
  readonly limits?: Limits;
  /** Precompiled trampolines by signature, for hosts that forbid compiling. See {@link trampolineBytes}. */
  readonly trampolines?: { readonly [signature: string]: WebAssembly.Module };
  /**
   * The module's allocator, where its names follow no known convention. `"grow"`: for a module that has none, this library
   * allocates in memory that it adds behind what is there.
   */
  readonly allocator?: AllocatorNames | "grow";
  /** Follows what is allocated and freed through `memory`: made by `createLedger` of `unglue/ledger`, or your own. */
  readonly ledger?: AllocationObserver;
  /** Receives the text of `"warn"` stubs, and a pool's of what failed where nobody waits. Default `console.warn`. */
  readonly warn?: (message: string) => void;
}

/** The options of `load`. */
export interface LoadOptions<Members = NoMembers> extends SourceOptions, InstantiateOptions<Members> {}

/** The options of `compileSync`. */
export type CompileSyncOptions = Pick<SourceOptions, "shape" | "adapters" | "limits">;

/** The options of `loadSync`. */
export interface LoadSyncOptions<Members = NoMembers> extends CompileSyncOptions, InstantiateOptions<Members> {}

/** The options of `inspect`. */
export interface InspectOptions {
  /** Whether to read the `name` section. Default false. */
  readonly names?: boolean;
}

/** How a pool makes its instances, and how many. */
export interface PoolOptions<
  Exports extends object = DefaultExports,
  Members = NoMembers,
> extends InstantiateOptions<Members> {
  /** The most instances that there are at once, from 1. */
  readonly max: number;
  /** How many are made in advance. Default 0. */
  readonly min?: number;
  /**
   * What is done with an instance that comes back: replaced by a new one (`"fresh"`, the default), or made ready for the
   * next taker by this function; a promise is waited for. Where that fails, the instance is replaced.
   */
  readonly reset?: "fresh" | ((wasm: Instance<Exports, Members>) => unknown);
}

/**
 * A compiled module with its shape, to be instantiated as often as wanted. Instances share nothing.
 *
 * @example
 * ```ts
 * const module = await compile("./tenant.wasm");
 * const [a, b] = await Promise.all([module.instantiate(), module.instantiate()]);
 * ```
 */
export interface Module {
  /** The engine's own object; it can be posted to a worker, with `shape` beside it. */
  readonly raw: WebAssembly.Module;
  /** What the module says of itself. */
  readonly shape: Shape;
  /**
   * Makes an instance. Errors: those of resolving imports (`unresolved-imports`, `import-mismatch`, `import-conflict`,
   * `types-unknown`, `cannot-create`, `limit-exceeded`), `limit-needs-bytes`, `link-failed`, and `trap` for one in an
   * initializer.
   *
   * @param options - Imports, policies and limits.
   */
  instantiate<Exports extends object = DefaultExports, Members = NoMembers>(
    options?: InstantiateOptions<Members>,
  ): Promise<Instance<Exports, Members>>;
  /**
   * Makes an instance at once. Errors: as `instantiate`, and `sync-too-large` where the engine refuses.
   *
   * @param options - Imports, policies and limits.
   */
  instantiateSync<Exports extends object = DefaultExports, Members = NoMembers>(
    options?: InstantiateOptions<Members>,
  ): Instance<Exports, Members>;
  /**
   * Makes a pool: instances that are taken by one at a time and given back. Errors: those of options.
   *
   * @param options - How many, how they are reset, and how they are made.
   * @example
   * ```ts
   * const pool = module.pool<{ render(): number }>({ max: 4 });
   * const result = await pool.use((wasm) => wasm.guarded.render());
   * ```
   */
  pool<Exports extends object = DefaultExports, Members = NoMembers>(
    options: PoolOptions<Exports, Members>,
  ): Pool<Exports, Members>;
}
