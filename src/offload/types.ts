import type {
  AbortSignalLike,
  Api,
  DefaultExports,
  InstantiateOptions,
  MissingPolicy,
  NoMembers,
  Shape,
  Source,
  SourceOptions,
  URLLike,
} from "../public/index.ts";
import type { Remote } from "./remote.ts";

declare global {
  // For libraries older than explicit resource management.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** The part of a `Worker`, of a browser or of Node, that tells it apart. */
export interface WorkerLike {
  /**
   * Sends a message.
   *
   * @param message - What is cloned.
   */
  postMessage(message: unknown): void;
  /** Ends it. A promise is waited for. */
  terminate(): unknown;
}

/** A browser's `TrustedScriptURL`: an address that one of the page's policies has made. */
export interface ScriptURLLike {
  /** The address. */
  toJSON(): string;
}

/** How to get and compile the module, which is done once, where `offload` is called. */
export type OffloadSourceOptions = Pick<SourceOptions, "integrity" | "onProgress" | "fetch" | "retry" | "shape">;

/** How each worker makes its instance: what of {@link InstantiateOptions} can be posted. */
export type OffloadInstanceOptions = Pick<
  InstantiateOptions,
  "create" | "onTrap" | "limits" | "trampolines" | "allocator"
>;

/** The options of `offload`. */
export interface OffloadOptions<Members = NoMembers> extends OffloadSourceOptions, OffloadInstanceOptions {
  /** The interface that `api` gets: what `t.api` returns. It needs the module's types, and so its bytes or its `shape`. */
  readonly api?: Api<Members>;
  /** How many workers, each with an instance of its own. Default 1. */
  readonly workers?: number;
  /**
   * How long a call may run, in milliseconds: then the worker is ended and replaced, and the call is the error `timeout`.
   * Waiting for a free worker does not count. Default: no limit.
   */
  readonly timeout?: number;
  /**
   * The address of a module that each worker imports. Its default export is what the option `imports` of `load` takes:
   * an object, or a function of the instance. Functions cannot be posted to a worker, so it is named by its address.
   */
  readonly imports?: string | URLLike;
  /** What a missing function import gets, as in `load`; functions cannot be posted. */
  readonly missing?: MissingName | { readonly [pattern: string]: MissingName };
  /** Gives up what has been begun; the promise of `offload` rejects with the error `aborted`. Not used afterwards. */
  readonly signal?: AbortSignalLike;
  /**
   * The worker's script, where it is not found by itself, as in a bundle of one file or under trusted types: an address of
   * `unglue/offload-worker`, or a function that makes a new worker of it at each call.
   *
   * @example
   * ```ts
   * await offload("./app.wasm", { worker: () => new Worker(policy.createScriptURL("/offload-worker.js"), { type: "module" }) });
   * ```
   */
  readonly worker?: string | URLLike | ScriptURLLike | (() => WorkerLike);
}

/** The policies for missing imports that have a name. */
export type MissingName = Extract<MissingPolicy, string>;

/** The options of one call. */
export interface CallOptions {
  /** What is moved to the worker rather than copied, such as the `buffer` of bytes. It is detached here. */
  readonly transfer?: readonly object[];
  /** As in {@link OffloadOptions}, for this call. `Infinity` lifts it. */
  readonly timeout?: number;
  /** Gives the call up, with the error `aborted`. Where it runs already, its worker is ended and replaced. */
  readonly signal?: AbortSignalLike;
}

/** Of some exports, the functions, each returning a promise. */
export type OffloadedExports<Exports> = {
  readonly [Name in keyof Exports as Exports[Name] extends (...args: never[]) => unknown ? Name : never]: Offloaded<
    Exports[Name]
  >;
};

/** A function that runs in a worker. */
export type Offloaded<Call> = Call extends (...args: infer Args) => infer Result
  ? (...args: Args) => Promise<Awaited<Result>>
  : never;

/** What a module in workers has to be called. */
export interface OffloadedCalls<Exports extends object, Members> {
  /**
   * The exported functions, run in a worker through the instance's `guarded`. Errors: `timeout`, `worker-ended`,
   * `not-cloneable`, `disposed`, and whatever the call fails with in the worker. After a trap the worker gets a new
   * instance, unless `onTrap` is `"throw"`.
   */
  readonly exports: OffloadedExports<Exports>;
  /**
   * The functions and classes of the interface that was given as the option `api`, each call returning a promise. A
   * constructor is a static method, `new` one of that name; a property is a method that reads, or with an argument writes.
   * An object lives in one worker, where all calls with it go. Errors: as `exports`, `invalid-argument`, and
   * `object-unusable` for an object that is freed or given away, whose worker or instance has ended (`"ended"`), or that
   * lives in another worker than what it is used with (`"foreign"`).
   */
  readonly api: Remote<Members>;
}

/** Calls with options. */
export interface OffloadedCallsWith<Exports extends object, Members> extends OffloadedCalls<Exports, Members> {
  /**
   * The same object in its worker, called with these options. Errors: `invalid-argument`.
   *
   * @param object - An object that lives in one of the workers.
   */
  of<Object extends object>(object: Object): Object;
}

/**
 * A module that runs in workers. One compiled module serves all; each worker has an instance of its own, and instances
 * share nothing, so only calls that do not build on one another belong in several.
 *
 * @example
 * ```ts
 * const math = await offload<{ add(a: number, b: number): number }>("./math.wasm", { workers: 2, timeout: 1000 });
 * await math.exports.add(1, 2); // 3
 * await math.dispose();
 * ```
 */
export interface Offload<Exports extends object = DefaultExports, Members = NoMembers> extends OffloadedCalls<
  Exports,
  Members
> {
  /** What the module says of itself. */
  readonly shape: Shape;
  /**
   * Calls an exported function with options. Errors: as `exports`, `aborted`, and `invalid-argument` for a name that is
   * no exported function.
   *
   * @param name - The export's name.
   * @param args - Its arguments.
   * @param options - What to move, how long it may run, and what gives it up.
   */
  call<Name extends keyof OffloadedExports<Exports> & string>(
    name: Name,
    args: Parameters<OffloadedExports<Exports>[Name]>,
    options?: CallOptions,
  ): ReturnType<OffloadedExports<Exports>[Name]>;
  /**
   * The same calls with options, each as `call` has them.
   *
   * @param options - What to move, how long each may run, and what gives it up. They are read at each call.
   * @example
   * ```ts
   * await wasm.with({ timeout: 50 }).api.hash(bytes);
   * await wasm.with({ transfer: [bytes.buffer] }).of(hasher).update(bytes);
   * ```
   */
  with(options: CallOptions): OffloadedCallsWith<Exports, Members>;
  /** Ends the workers. Calls that wait or run are the error `disposed`. The promise resolves once all have ended. */
  dispose(): Promise<void>;
  /** As `dispose`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The call signature of `offload`. */
export interface OffloadFunction {
  /**
   * Compiles a module once and runs it in workers. The promise resolves when every worker has its instance. Errors: those
   * of `compile`; those of instantiating, as they happen in the worker; `worker-ended` for a worker that does not start;
   * `worker-unavailable` and `unavailable-here` where none can be made; `not-cloneable` for options that cannot be posted;
   * `aborted`; and `interface-mismatch` for an `api` that is not the module's.
   *
   * @param source - Where the module comes from.
   * @param options - How many workers, and how to make the instances.
   */
  <Exports extends object = DefaultExports, Members = NoMembers>(
    source: Source,
    options?: OffloadOptions<Members>,
  ): Promise<Offload<Exports, Members>>;
}
