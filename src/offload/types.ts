import type {
  AbortSignalLike,
  Api,
  DefaultExports,
  HostFunction,
  ImportFunction,
  InstantiateOptions,
  MissingPolicy,
  GivenMembers,
  InferredMembers,
  NoMembers,
  Shape,
  Source,
  SourceOptions,
  URLLike,
} from "../public/index.ts";
import type { Remote } from "./remote.ts";

declare global {
  // For TypeScript libraries older than explicit resource management.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/**
 * The part of a `Worker`, in a browser or Node, that identifies it.
 *
 * @category Details of sources
 */
export interface WorkerLike {
  /**
   * Sends a message.
   *
   * @param message - The message, which is cloned.
   */
  postMessage(message: unknown): void;
  /** Ends it. A returned promise is awaited. */
  terminate(): unknown;
}

/**
 * A browser's `TrustedScriptURL`: a script address made by one of the page's policies.
 *
 * @category Details of sources
 */
export interface ScriptURLLike {
  /** The address. */
  toJSON(): string;
}

/**
 * How to get and compile the module. This happens once, where `offload` is called.
 *
 * @example
 * ```ts
 * const wasm = await offload("./app.wasm", { retry: { attempts: 3 } });
 * ```
 * @category Workers
 */
export type OffloadSourceOptions = Pick<
  SourceOptions,
  | "integrity"
  | "onProgress"
  | "fetch"
  | "retry"
  | "format"
  | "fingerprint"
  | "shape"
  | "builtins"
  | "importedStringConstants"
>;

/**
 * How each worker makes its instance: the part of {@link InstantiateOptions} that can be posted.
 *
 * @example
 * ```ts
 * const wasm = await offload("./app.wasm", {
 *   onTrap: "poison",
 *   limits: { memoryPages: 256 },
 * });
 * ```
 * @category Workers
 */
export type OffloadInstanceOptions = Pick<
  InstantiateOptions,
  "known" | "create" | "onTrap" | "onHostThrow" | "toolchain" | "limits" | "trampolines" | "allocator"
>;

/**
 * The options of `offload`.
 *
 * @example
 * ```ts
 * const wasm = await offload("./app.wasm", {
 *   workers: 2,
 *   timeout: 1000,
 *   imports: new URL("imports.js", import.meta.url),
 * });
 * ```
 * @category Workers
 */
export interface OffloadOptions<Members = NoMembers> extends OffloadSourceOptions, OffloadInstanceOptions {
  /** The interface for `api`, as `t.api` returns it. It needs the module's types, and so its bytes or its `shape`. */
  readonly api?: Api<Members>;
  /** The number of workers, each with its own instance. Default 1. */
  readonly workers?: number;
  /**
   * The maximum run time of a call, in milliseconds. After that the worker is ended and replaced, and the call is the error
   * `timeout`. Waiting for a free worker does not count. Default: no limit.
   */
  readonly timeout?: number;
  /**
   * The imports. An object stays on this thread: its functions, made by `t.host` or not, are called here, and may be
   * asynchronous. A worker waits for those that return something, which needs shared memory: Node has it, and a page if it is
   * cross-origin isolated. Otherwise calls of exports by name are suspended if the engine can and no `api` is declared; if not,
   * `offload` rejects with `unavailable-here`.
   *
   * The address of a module is for functions that run in the workers: each worker imports it. Its default export is a value
   * for the option `imports` of `load`: an object, or a function of the instance. Its exports `adapters`,
   * `importsByMeaning` and `console` are values for the options of these names. A list has both; the object comes first.
   *
   * @example
   * ```ts
   * const store = t.host([t.string, t.bytes], t.i32, async (name, data) => {
   *   const answer = await fetch(name, { method: "PUT", body: data });
   *   return answer.status;
   * });
   * const wasm = await offload("./app.wasm", { imports: { env: { store } } });
   * ```
   */
  readonly imports?: string | URLLike | OffloadImports | readonly (string | URLLike | OffloadImports)[];
  /** The policy for missing function imports, as in `load`; functions cannot be posted. */
  readonly missing?: MissingName | { readonly [pattern: string]: MissingName };
  /** Aborts the start; the promise of `offload` rejects with the error `aborted`. Not used afterwards. */
  readonly signal?: AbortSignalLike;
  /**
   * The worker's script, if it is not found by itself, as in a bundle of one file or under trusted types: an address of
   * `unglue/offload-worker`, or a function that makes a new worker of it at each call.
   *
   * @example
   * ```ts
   * await offload("./app.wasm", {
   *   worker: () => new Worker("/offload-worker.js", { type: "module" }),
   * });
   * ```
   */
  readonly worker?: string | URLLike | ScriptURLLike | (() => WorkerLike);
}

/** A host function of any types. */
type AnyHostFunction = Pick<HostFunction, "member" | "call">;

/**
 * Imports that stay on the caller's thread, by module and name; names may be patterns. A number serves an immutable global.
 *
 * @example
 * ```ts
 * const imports: OffloadImports = {
 *   env: { log: t.host([t.string], t.void, (text) => console.log(text)) },
 * };
 * ```
 * @category Workers
 */
export interface OffloadImports {
  readonly [module: string]: { readonly [name: string]: ImportFunction | AnyHostFunction | number | bigint };
}

/**
 * The policies for missing imports that have a name.
 *
 * @category Workers
 */
export type MissingName = Extract<MissingPolicy, string>;

/**
 * The options of one call.
 *
 * @example
 * ```ts
 * await wasm.with({ timeout: 50, transfer: [bytes.buffer] }).api.hash(bytes);
 * ```
 * @category Workers
 */
export interface CallOptions {
  /** The objects to move to the worker instead of copying them, such as the `buffer` of bytes. They are detached here. */
  readonly transfer?: readonly object[];
  /** The timeout for this call, as in {@link OffloadOptions}. `Infinity` lifts it. */
  readonly timeout?: number;
  /** Aborts the call, with the error `aborted`. If it is already running, its worker is ended and replaced. */
  readonly signal?: AbortSignalLike;
}

/**
 * The functions among some exports, each returning a promise.
 *
 * @category Details of inferred types
 */
export type OffloadedExports<Exports> = {
  readonly [Name in keyof Exports as Exports[Name] extends (...args: never[]) => unknown ? Name : never]: Offloaded<
    Exports[Name]
  >;
};

/**
 * A function that runs in a worker.
 *
 * @category Details of inferred types
 */
export type Offloaded<Call> = Call extends (...args: infer Args) => infer Result
  ? (...args: Args) => Promise<Awaited<Result>>
  : never;

/**
 * The calls that a module in workers offers.
 *
 * @example
 * ```ts
 * const wasm = await offload("./app.wasm", {
 *   api: t.api({ hash: t.fn([t.bytes], t.u32) }),
 * });
 * const hash = await wasm.api.hash(bytes);
 * ```
 * @category Workers
 */
export interface OffloadedCalls<Exports extends object, Members> {
  /**
   * The exported functions, run in a worker through the instance's `guarded`. Errors: `timeout`, `worker-ended`,
   * `not-cloneable`, `disposed`, and those of the call in the worker. After a trap the worker gets a new instance, unless
   * `onTrap` is `"throw"`, and after an exception of an import if `onHostThrow` asks for it.
   */
  readonly exports: OffloadedExports<Exports>;
  /**
   * The functions and classes of the interface in the option `api`, each call returning a promise. A constructor is a static
   * method, so `new` is a method of that name; a property is a method that reads, or writes if it gets an argument. An
   * object lives in one worker, and all calls with it run there. Errors: as `exports`, `invalid-argument`, and
   * `object-unusable` for an object that is freed or given away, whose worker or instance has ended (`"ended"`), or that
   * lives in another worker than the other objects of the call (`"foreign"`).
   */
  readonly api: Remote<Members>;
}

/**
 * Calls with options.
 *
 * @example
 * ```ts
 * const hasher = await wasm.api.Hasher.new();
 * await wasm.with({ transfer: [bytes.buffer] }).of(hasher).update(bytes);
 * ```
 * @category Workers
 */
export interface OffloadedCallsWith<Exports extends object, Members> extends OffloadedCalls<Exports, Members> {
  /**
   * The same object in its worker, with these options for its calls. Errors: `invalid-argument`.
   *
   * @param object - An object that lives in one of the workers.
   */
  of<Object extends object>(object: Object): Object;
}

/**
 * A module that runs in workers. The module is compiled once, and each worker has its own instance. Instances share nothing,
 * so calls that build on one another need a single worker.
 *
 * @example
 * ```ts
 * const math = await offload<{ add(a: number, b: number): number }>(
 *   "./math.wasm",
 *   { workers: 2, timeout: 1000 },
 * );
 * await math.exports.add(1, 2); // 3
 * await math.dispose();
 * ```
 * @category Workers
 */
export interface Offload<Exports extends object = DefaultExports, Members = NoMembers> extends OffloadedCalls<
  Exports,
  Members
> {
  /** The module's shape. */
  readonly shape: Shape;
  /**
   * Calls an exported function with options. Errors: as `exports`, `aborted`, and `invalid-argument` for a name that is not
   * an exported function.
   *
   * @param name - The export's name.
   * @param args - Its arguments.
   * @param options - The objects to move, the timeout and the abort signal.
   */
  call<Name extends keyof OffloadedExports<Exports> & string>(
    name: Name,
    args: Parameters<OffloadedExports<Exports>[Name]>,
    options?: CallOptions,
  ): ReturnType<OffloadedExports<Exports>[Name]>;
  /**
   * The same calls, each with these options, as for `call`. Errors: `invalid-option`, `unknown-option`.
   *
   * @param options - The objects to move, the timeout and the abort signal. They are checked here and read at each call.
   * @example
   * ```ts
   * await wasm.with({ timeout: 50 }).api.hash(bytes);
   * const hasher = await wasm.api.Hasher.new();
   * await wasm.with({ transfer: [bytes.buffer] }).of(hasher).update(bytes);
   * ```
   */
  with(options: CallOptions): OffloadedCallsWith<Exports, Members>;
  /** Ends the workers. Waiting and running calls are the error `disposed`. The promise resolves once all workers have ended. */
  dispose(): Promise<void>;
  /** As `dispose`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The call signature of `offload`.
 *
 * @category Details of functions
 */
export interface OffloadFunction {
  /**
   * Compiles a module once and runs it in workers. The promise resolves when every worker has its instance. Errors: those of
   * `compile`; those of instantiating, as they happen in the worker; `worker-ended` for a worker that does not start;
   * `worker-unavailable` and `unavailable-here` if none can be made; `not-cloneable` for options that cannot be posted;
   * `aborted`; `interface-mismatch` for an `api` that does not fit the module; and `unsupported-module` for one that registers
   * its functions when it runs.
   *
   * @param source - Where the module comes from.
   * @param options - How many workers, and how to make the instances.
   * @example
   * ```ts
   * const math = await offload<{ add(a: number, b: number): number }>(
   *   "./math.wasm",
   *   { workers: 2 },
   * );
   * console.log(await math.exports.add(1, 2));
   * await math.dispose();
   * ```
   */
  <Exports extends object = DefaultExports, Members = InferredMembers>(
    source: Source,
    options?: OffloadOptions<Members>,
  ): Promise<Offload<Exports, GivenMembers<Members>>>;
}
