import type { ExternKind, FunctionType, LiveAllocation, LiveObject, MemoryGrowth } from "../public/index.ts";
import type {
  AtImport,
  FoundInstead,
  SourceProblem,
  Malformation,
  LimitedSize,
  CreationObstacle,
  UnresolvedImport,
  TrapFrame,
  MemoryUse,
} from "./detail-parts.ts";

export type * from "./detail-parts.ts";

/**
 * The details of every error code: `error.details` has the type named here for `error.code`.
 * `docs/errors.md` has a heading per code with its meaning, causes and fix.
 *
 * @example
 * ```ts
 * if (UnglueError.is(error, "http-status")) {
 *   const { url, status }: ErrorDetails["http-status"] = error.details;
 * }
 * ```
 * @category Errors
 */
export interface ErrorDetails {
  /** An option has a value of the wrong type or form. */
  "invalid-option": {
    readonly call: string;
    readonly option: string;
    readonly expected: string;
    readonly received: string;
  };
  /** An option's name is unknown. */
  "unknown-option": { readonly call: string; readonly option: string; readonly nearest?: string };
  /** An option needs the module's bytes and the source is a compiled `WebAssembly.Module`. */
  "needs-bytes": { readonly option: string };
  /** A limit on the module's definitions needs its bytes, and the module is already compiled. */
  "limit-needs-bytes": { readonly limit: "memoryPages" | "tableElements" };
  /** A declaration file has a format that this version does not know; `format` is in words. */
  "declaration-format": { readonly format: string };
  /**
   * A declaration file is not about this module: its fingerprint, the module's, and the first difference, if the file has a
   * shape that tells one. A difference has the type that was declared, and the one that the module has; one of them is
   * absent for an import or export that only the other has.
   */
  "declaration-mismatch": {
    readonly declared: string;
    readonly found?: string;
    readonly difference?: {
      readonly of: "import" | "export";
      readonly name: string;
      readonly declared?: string;
      readonly found?: string;
    };
  };
  /** An argument of a method has the wrong type or range. */
  "invalid-argument": {
    readonly call: string;
    readonly argument: string;
    readonly expected: string;
    readonly received: string;
  };

  /** A source of this kind cannot be loaded here. */
  "invalid-source": { readonly received: string; readonly problem: SourceProblem };
  /**
   * A file, blob or stream could not be read; the cause has its error. `path` is `"(stream)"` if there is none; `attempts`
   * is their number, if `retry` made any.
   */
  "read-failed": { readonly path: string; readonly attempts?: number };
  /** A request failed before a response came; the cause has the platform's error. */
  "fetch-failed": { readonly url: string; readonly attempts?: number };
  /** The server answered with a status outside 200–299; `retryAfter` has the seconds that it asks to wait, if any. */
  "http-status": {
    readonly url: string;
    readonly status: number;
    readonly statusText: string;
    readonly retryAfter?: number;
    readonly attempts?: number;
  };
  /** The `signal` was aborted; the cause has its reason. */
  aborted: Record<never, never>;
  /** The bytes do not have the hash that `integrity` asks for. */
  "integrity-mismatch": { readonly expected: string; readonly actual?: string; readonly from?: string };
  /** This platform cannot hash: `crypto.subtle` is missing. */
  "integrity-unavailable": Record<never, never>;
  /** The source holds something other than a core WebAssembly module. */
  "not-wasm": { readonly found: FoundInstead; readonly from?: string; readonly contentType?: string };
  /** The module ends too early: the item at `offset` extends beyond its `size`, to byte `needed` if that is known. */
  truncated: {
    readonly offset: number;
    readonly size: number;
    readonly needed?: number;
    readonly from?: string;
    readonly attempts?: number;
  };
  /**
   * The module breaks the binary format at `offset` (in bytes from the module's start); `subject` is the name, index or byte
   * that `problem` refers to.
   */
  malformed: {
    readonly offset: number;
    readonly problem: Malformation;
    readonly subject?: string | number;
    readonly section?: string;
  };

  /** The engine refused to compile the module; the cause has its error. */
  "compile-failed": { readonly from?: string };
  /** This host has no WebAssembly, or not the part of it that `missing` names. */
  "wasm-unavailable": { readonly missing: string };
  /** A part of the library could not be loaded, for example because `import()` is forbidden. */
  "chunk-unavailable": Record<never, never>;
  /** This host forbids compiling WebAssembly at run time. */
  "compile-forbidden": Record<never, never>;
  /** The engine refuses synchronous work on a module of this size (bytes; absent for a compiled Module). */
  "sync-too-large": { readonly size?: number };

  /** Some imports have no provider. Found before instantiation. */
  "unresolved-imports": { readonly imports: readonly UnresolvedImport[] };
  /** A missing import was called; its stub threw. `during` is the initializer that called it, if one did. */
  "missing-import-called": {
    readonly module: string;
    readonly name: string;
    readonly type?: FunctionType;
    readonly during?: string;
  };
  /** The value given for an import does not fit its declared type. */
  "import-mismatch": {
    readonly module: string;
    readonly name: string;
    readonly expected: string;
    readonly given: string;
    readonly reason?: string;
  };
  /** One import name is declared several times with types that no single value fits. */
  "import-conflict": { readonly module: string; readonly name: string; readonly types: readonly string[] };
  /** The types of these imports are unknown, because only a compiled `WebAssembly.Module` was given. */
  "types-unknown": {
    readonly imports: readonly { readonly module: string; readonly name: string; readonly kind: ExternKind }[];
  };
  /** The engine cannot create a value of the import's type. */
  "cannot-create": {
    readonly module: string;
    readonly name: string;
    readonly type: string;
    readonly obstacle: CreationObstacle;
  };
  /**
   * Something asks for more than `limits` allow (pages of the memory's page size, elements, handles, or bytes of a source);
   * `of` names it, if it is known before the module runs.
   */
  "limit-exceeded": {
    readonly limit: "memoryPages" | "tableElements" | "handles" | "bytes";
    readonly asked: number | bigint;
    readonly allowed: number;
    readonly of?: LimitedSize;
  } & AtImport;
  /** The engine refused to link for a reason of its own; the cause has its error. */
  "link-failed": Record<never, never>;

  /** The engine has no memory left for the instance; the cause has its error. */
  "out-of-memory": Record<never, never>;

  /** Something was used before the module's start function had ended. */
  "not-ready": { readonly what: string } & AtImport;
  /** `api` was read, but no interface was declared. */
  "no-interface": Record<never, never>;
  /** The instance neither exports nor imports a memory. */
  "no-memory": AtImport;
  /** The instance neither exports nor imports a table of functions. */
  "no-table": Record<never, never>;
  /** The instance has been disposed, or given back to its pool. */
  disposed: Record<never, never>;
  /**
   * An earlier call ended inside the instance, which refuses calls; the cause is the first `trap`, `missing-import-called` or
   * `host-threw`, or the reason why it could not restart. `export` is absent for `ready`.
   */
  poisoned: { readonly export?: string };
  /** A call ended inside the instance, which is about to begin a new life. */
  restarting: Record<never, never>;
  /**
   * Something belongs to a life of the instance that has ended (an engine instance replaced by a restart); the cause is the
   * `trap`, `missing-import-called` or `host-threw` that ended it.
   */
  "life-ended": Record<never, never>;
  /** `onTrap: "restart"` or `onHostThrow: "restart"` with imports that a new life would share with the old one. */
  "restart-unavailable": {
    readonly imports: readonly { readonly module: string; readonly name: string; readonly kind: ExternKind }[];
  };
  /** No new life could begin, or `onRestart` threw; the cause is the reason. */
  "restart-failed": Record<never, never>;
  /**
   * A host function threw through the module, which ended the life of the instance under `onHostThrow`; the cause is the
   * value that it threw. It is a cause itself, of `poisoned` and `life-ended`. `export` as for `trap`.
   */
  "host-threw": { readonly export: string };
  /**
   * The module trapped; the cause has the engine's error. `export` is `"(start)"` for the start function, `"(table 5)"` for
   * a function of the table, `"(initialize)"` for the calls of that option. `panic` is the module's message before the trap,
   * `source` the place of an abort in the module's source, `stderr` the end of what a program that was run had written to its
   * standard error, and `frames` are the functions that were running, the innermost first.
   */
  trap: {
    readonly export: string;
    readonly call?: string;
    readonly panic?: string;
    readonly source?: { readonly file: string; readonly line: number; readonly column: number };
    readonly memory?: MemoryUse;
    readonly lostFrames?: number;
    readonly frames: readonly TrapFrame[];
    readonly stderr?: string;
  };
  /** A program ended itself with an exit code, inside a call of one of its functions. */
  exited: { readonly exitCode: number };
  /** A module is not a program that runs from its beginning to its end: it has no function to start it. */
  "not-a-command": { readonly kind: "reactor" | "library" | "component" };
  /** An optional package could not be loaded; `install` is the command that installs it. */
  "peer-missing": { readonly package: string; readonly install: string };

  /** A range lies outside the memory. Address, length and size in bytes. */
  "out-of-bounds": {
    readonly address: number | bigint;
    readonly length: number | bigint;
    readonly size: number;
  } & AtImport;
  /** A string cannot be written or read under `fatal`; `offset` in code units (writing) or bytes (reading). */
  "invalid-string": { readonly encoding: "utf-8" | "utf-16"; readonly offset?: number } & AtImport;
  /** The text or its terminator does not fit the space given, both in bytes. */
  "string-too-long": { readonly needed: number; readonly capacity: number } & AtImport;
  /** A text or a copy of bytes is larger than the engine allows; `size` in bytes. */
  "engine-limit": { readonly what: "text" | "bytes"; readonly size: number } & AtImport;
  /** No allocator was found in the module's exports. */
  "no-allocator": { readonly tried: readonly string[] };
  /** An allocator export has a signature that its convention does not allow. */
  "allocator-mismatch": { readonly name: string; readonly expected: string; readonly given: string };
  /** The module's allocator returned no memory. Size and alignment in bytes. */
  "allocation-failed": { readonly size: number; readonly align: number } & AtImport;

  /**
   * A ledger has live allocations, listed oldest first, of `bytes` in all; live objects; or memory growth that nothing live
   * explains. `objects` and `growth` are absent if there are none.
   */
  "memory-leaked": {
    readonly allocations: readonly LiveAllocation[];
    readonly bytes: number;
    readonly objects?: readonly LiveObject[];
    readonly growth?: readonly MemoryGrowth[];
  };
  /** The memory of instances grew in each part of some rounds of work: `parts` has the bytes of each. */
  "memory-grew": {
    readonly rounds: number;
    readonly instances: readonly { readonly instance: number; readonly parts: readonly number[] }[];
  };
  /** An allocation was freed or released before; `stack` shows where, as in {@link LiveAllocation}. */
  "double-free": {
    readonly call: string;
    readonly address: number;
    readonly before: "freed" | "released";
    readonly stack: string;
  };
  /**
   * The ledger knows of no allocation of this instance at an address. `owner` is the number of another instance that has a
   * live allocation there, and `inside` is this instance's live allocation that contains the address.
   */
  "foreign-pointer": {
    readonly call: string;
    readonly address: number;
    readonly owner?: number;
    readonly inside?: LiveAllocation;
  };

  /** The module refers to no JavaScript values by number, or its handles are not understood. */
  "no-handles": Record<never, never>;
  /** The module is of a kind that its adapter does not support. */
  "unsupported-module": { readonly toolchain: string; readonly feature: string };
  /** A helper export of the module cannot be distinguished from others. */
  "helper-unknown": { readonly helper: string };
  /** A closure of the module was called while it ran, or after it had been destroyed. */
  "closure-unusable": { readonly reason: "running" | "destroyed" } & AtImport;
  /**
   * This runtime lacks something that the module called, such as `document` in Node, that text needs, such as
   * `TextEncoder`, or that a worker needs to wait for a function of its caller's thread: `SharedArrayBuffer`.
   */
  "unavailable-here": { readonly what: string };
  /**
   * A declared interface needs a calling convention that is not available: the toolchain, the first member that needs it,
   * the import line of its adapter if there is one, and the name of the adapter that serves the module without a convention.
   */
  "convention-unavailable": {
    readonly toolchain: string;
    readonly member: string;
    readonly import?: string;
    readonly adapter?: string;
  };
  /** A declared interface does not fit the module's exports. Each mismatch has the declaration and what was found. */
  "interface-mismatch": {
    readonly misfits: readonly {
      readonly name: string;
      readonly declared: string;
      readonly convention?: string;
      readonly export?: string;
      readonly type?: FunctionType;
      readonly reason?: string;
    }[];
  };
  /** The module gave a null pointer instead of a declared value; `name` says where, and `declared` is the value's type. */
  "null-pointer": { readonly name: string; readonly declared: string } & AtImport;
  /** The module gave a value that its declared type does not have, such as a number that is not a character's. */
  "invalid-value": { readonly declared: string; readonly received: string } & AtImport;
  /**
   * A function told a `length` of what it wrote that exceeds the `capacity` of its buffer, both in elements; `result` is the
   * function's own result, if it has one that is a number or a boolean.
   */
  "buffer-too-small": {
    readonly name: string;
    readonly capacity: number;
    readonly length: number | bigint;
    readonly result?: number | bigint | boolean;
  } & AtImport;
  /**
   * Nothing tells with which class of the module an argument is made: `candidates` are the ids of the classes that fit its
   * declared type, and `classId` is the one that was stated, if it is none of them.
   */
  "class-unclear": { readonly declared: string; readonly candidates: readonly number[]; readonly classId?: number };
  /** An array to be written by a call was transferred or resized during the call; `size` in bytes. */
  "array-detached": { readonly size: number } & AtImport;
  /** An object cannot be used any more, or not in this instance, or cannot be given away while a call uses it. */
  "object-unusable": {
    readonly class: string;
    readonly reason: "freed" | "moved" | "given-twice" | "foreign" | "ended" | "borrowed" | "not-owned";
  } & AtImport;
  /** An asynchronous call uses an object until its promise settles. `running` is that call, as in `"Counter.add"`. */
  busy: { readonly class?: string; readonly running: string } & AtImport;
  /** The pool was disposed of, before the call or while it waited. */
  "pool-disposed": Record<never, never>;
  /**
   * No instance became available within `timeout` (milliseconds). `size` counts the pool's instances, `waiting` the takers
   * ahead in the queue.
   */
  "pool-timeout": { readonly timeout: number; readonly size: number; readonly waiting: number };
  /** The instance is not on loan from this pool. */
  "foreign-instance": Record<never, never>;
  /** A call in a worker exceeded its time limit; `limit` in milliseconds. */
  timeout: { readonly what: string; readonly limit: number };
  /** A worker ended before it had its instance, or before it answered; the cause has the known reason. */
  "worker-ended": { readonly worker: number; readonly during: "start" | "call" };
  /** An argument or result of a call in a worker cannot be posted between threads; `export` is `"offload"` for its options. */
  "not-cloneable": { readonly export: string; readonly what: "arguments" | "result" | "options" };
  /** No worker can be made: its script is missing, or the platform refuses it. The cause has the platform's error. */
  "worker-unavailable": { readonly reason: "missing" | "refused"; readonly script?: string };
  /**
   * A function that workers wait for calls the module, and no worker could run that call before the function returns: the
   * export or member, and the function.
   */
  "worker-busy": { readonly call: string; readonly function: string };

  /** A callback's signature cannot be parsed. */
  "invalid-signature": { readonly signature: string; readonly position: number };
  /** No trampoline can be compiled here, and none was given for this signature. */
  "trampoline-unavailable": { readonly signature: string };
  /** An index lies outside the table. */
  "table-out-of-bounds": { readonly index: number | bigint; readonly length: number };
  /** The table cannot grow; `length` and `maximum` in elements. */
  "table-full": { readonly length: number; readonly maximum?: number | bigint };
  /** No live callback of this instance has this index. */
  "unknown-callback": { readonly index: number };
}

/**
 * The code of an `UnglueError`.
 *
 * @category Errors
 */
export type ErrorCode = keyof ErrorDetails;
