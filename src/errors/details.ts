import type {
  ExternKind,
  ExternType,
  FunctionType,
  LiveAllocation,
  LiveObject,
  MemoryGrowth,
} from "../public/index.ts";

/** What a source turned out to hold instead of a WebAssembly module. */
export type FoundInstead = "empty" | "html" | "text" | "wat" | "json" | "component" | "gzip" | "unknown";

/** What is wrong with a source: its kind, one that cannot be waited for synchronously, one that has been read, a stream's chunk, or what `fetch` was given or returned. */
export type SourceProblem = "kind" | "sync" | "used" | "chunk" | "fetched" | "request";

/** How a module breaks the binary format. */
export type Malformation =
  | "byte"
  | "encoding"
  | "index"
  | "order"
  | "short"
  | "long"
  | "supertype"
  | "tag"
  | "memory"
  | "unlimited"
  | "limits"
  | "mutable"
  | "elements"
  | "twice"
  | "start";

/** What is larger than a limit allows: a source, what the module defines, what an import declares, or what was given for one. */
export type LimitedSize =
  | { readonly kind: "source"; readonly from?: string; readonly isDecompressed: boolean }
  | { readonly kind: "definition"; readonly index: number }
  | { readonly kind: "import"; readonly module: string; readonly name: string; readonly isDefault: boolean }
  | { readonly kind: "given"; readonly module: string; readonly name: string };

/** Why an import cannot be created: it has no zero, the page is not cross-origin isolated, or the engine refuses (see the cause). */
export type CreationObstacle = "not-nullable" | "not-isolated" | "engine";

/** One import that nothing provides, as listed by the error `unresolved-imports`. */
export interface UnresolvedImport {
  /** The import's module name. */
  readonly module: string;
  /** The import's own name. */
  readonly name: string;
  /** The import's kind. */
  readonly kind: ExternKind;
  /** The declared type; absent where only the engine's description of the module is known. */
  readonly type?: ExternType;
  /** The nearest `module.name` among what was given, where one is near enough to be a slip. */
  readonly nearest?: string;
  /** What it belongs to, and how to get it, where that is known. */
  readonly hint?: string;
}

/** One of the module's functions on the stack when it trapped, as far as the engine tells. */
export interface TrapFrame {
  /** Its name, where the module has a name section; as the engine writes it, which may be behind the module's own. */
  readonly name?: string;
  /** Its index, imports included. */
  readonly index?: number;
  /** Where in it, in bytes from the module's start. */
  readonly offset?: number;
}

/**
 * The details of every error code: `error.details` has the type named here for `error.code`.
 * `docs/errors.md` has a heading per code with its meaning, causes and fix.
 */
export interface ErrorDetails {
  /** An option has a value of the wrong type or form. */
  "invalid-option": {
    readonly call: string;
    readonly option: string;
    readonly expected: string;
    readonly received: string;
  };
  /** An option's name is not known. */
  "unknown-option": { readonly call: string; readonly option: string; readonly nearest?: string };
  /** An option needs the module's bytes and the source is a compiled `WebAssembly.Module`. */
  "needs-bytes": { readonly option: string };
  /** A limit on what the module defines needs its bytes, and it is compiled already. */
  "limit-needs-bytes": { readonly limit: "memoryPages" | "tableElements" };
  /** An argument of a method has the wrong type or range. */
  "invalid-argument": {
    readonly call: string;
    readonly argument: string;
    readonly expected: string;
    readonly received: string;
  };

  /** The source is not of a kind that can be loaded here. */
  "invalid-source": { readonly received: string; readonly problem: SourceProblem };
  /** A file, blob or stream could not be read; the cause has its error. `path` is `"(stream)"` where there is none; `attempts` says how many there were, if `retry` made any. */
  "read-failed": { readonly path: string; readonly attempts?: number };
  /** A request failed before a response came; the cause has the platform's error. */
  "fetch-failed": { readonly url: string; readonly attempts?: number };
  /** The server answered with a status outside 200–299; `retryAfter` has the seconds that it asks to wait, if it does. */
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
  /** The module ends before it should: what begins at `offset` goes beyond its `size`, to byte `needed` where that is known. */
  truncated: {
    readonly offset: number;
    readonly size: number;
    readonly needed?: number;
    readonly from?: string;
    readonly attempts?: number;
  };
  /** The module breaks the binary format at `offset` (in bytes from the module's start); `subject` is the name, index or byte that `problem` is about. */
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
  /** A part of the library could not be loaded, as where `import()` is forbidden. */
  "chunk-unavailable": Record<never, never>;
  /** This host forbids compiling WebAssembly at run time. */
  "compile-forbidden": Record<never, never>;
  /** The engine refuses synchronous work on a module of this size (bytes; absent for a compiled Module). */
  "sync-too-large": { readonly size?: number };

  /** Imports that nothing provides, found before instantiation. */
  "unresolved-imports": { readonly imports: readonly UnresolvedImport[] };
  /** A missing import was called; its stub threw. `during` is the initializer that called it, if one did. */
  "missing-import-called": {
    readonly module: string;
    readonly name: string;
    readonly type?: FunctionType;
    readonly during?: string;
  };
  /** What was given for an import does not fit its declared type. */
  "import-mismatch": {
    readonly module: string;
    readonly name: string;
    readonly expected: string;
    readonly given: string;
  };
  /** One import name is declared several times in ways that no single value serves. */
  "import-conflict": { readonly module: string; readonly name: string; readonly types: readonly string[] };
  /** The types of these imports are not known, since only a compiled `WebAssembly.Module` was given. */
  "types-unknown": {
    readonly imports: readonly { readonly module: string; readonly name: string; readonly kind: ExternKind }[];
  };
  /** The engine has no way to make what the import declares. */
  "cannot-create": {
    readonly module: string;
    readonly name: string;
    readonly type: string;
    readonly obstacle: CreationObstacle;
  };
  /** Something asks for more than `limits` allow (pages of the memory's page size, elements, handles, or bytes of a source); `of` tells what, if it is known before the module runs. */
  "limit-exceeded": {
    readonly limit: "memoryPages" | "tableElements" | "handles" | "bytes";
    readonly asked: number | bigint;
    readonly allowed: number;
    readonly of?: LimitedSize;
  };
  /** The engine refused to link for a reason of its own; the cause has its error. */
  "link-failed": Record<never, never>;

  /** The engine has no memory left for the instance; the cause has its error. */
  "out-of-memory": Record<never, never>;

  /** Something was used before the module's start function had ended. */
  "not-ready": { readonly what: string };
  /** `api` was asked for, and no interface was declared. */
  "no-interface": Record<never, never>;
  /** The instance neither exports nor imports a memory. */
  "no-memory": Record<never, never>;
  /** The instance neither exports nor imports a table of functions. */
  "no-table": Record<never, never>;
  /** The instance has been disposed, or given back to its pool. */
  disposed: Record<never, never>;
  /** The instance trapped earlier and refuses calls; the cause is the first trap, or why it could not restart. `export` is absent for `ready`. */
  poisoned: { readonly export?: string };
  /** The instance trapped and is about to begin a new life. */
  restarting: Record<never, never>;
  /** Something belongs to a life of the instance that has ended; the cause is the trap that ended it. */
  "life-ended": Record<never, never>;
  /** `onTrap: "restart"` with imports that a new life would share with the old one. */
  "restart-unavailable": {
    readonly imports: readonly { readonly module: string; readonly name: string; readonly kind: ExternKind }[];
  };
  /** No new life could be begun, or `onRestart` threw; the cause is why. */
  "restart-failed": Record<never, never>;
  /** The module trapped; the cause has the engine's error. `export` is `"(start)"` for the start function, `"(table 5)"` for a function of the table, `"(initialize)"` for what that option calls; `panic` what the module said before; `frames` the functions that were running, the innermost first. */
  trap: { readonly export: string; readonly panic?: string; readonly frames: readonly TrapFrame[] };

  /** A range lies outside the memory. Address, length and size in bytes. */
  "out-of-bounds": { readonly address: number | bigint; readonly length: number | bigint; readonly size: number };
  /** A string cannot be written or read under `fatal`; `offset` in code units (writing) or bytes (reading). */
  "invalid-string": { readonly encoding: "utf-8" | "utf-16"; readonly offset?: number };
  /** The text or its terminator does not fit the space given, both in bytes. */
  "string-too-long": { readonly needed: number; readonly capacity: number };
  /** A text or a copy of bytes is larger than the engine makes one; `size` in bytes. */
  "engine-limit": { readonly what: "text" | "bytes"; readonly size: number };
  /** No allocator was found in the module's exports. */
  "no-allocator": { readonly tried: readonly string[] };
  /** An allocator's export has a signature that its convention does not have. */
  "allocator-mismatch": { readonly name: string; readonly expected: string; readonly given: string };
  /** The module's allocator returned no memory. Size and alignment in bytes. */
  "allocation-failed": { readonly size: number; readonly align: number };

  /**
   * A ledger has live allocations, listed oldest first, of `bytes` in all; live objects; or growth that nothing live explains.
   * `objects` and `growth` are absent where there are none.
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
  /** An allocation was freed or released before; `stack` has the frames of who did, as in {@link LiveAllocation}. */
  "double-free": {
    readonly call: string;
    readonly address: number;
    readonly before: "freed" | "released";
    readonly stack: string;
  };
  /**
   * An address at which this instance's allocator gave nothing, as far as the ledger knows. `owner` is the number of
   * another instance that has a live allocation there, `inside` this instance's live allocation that the address lies in.
   */
  "foreign-pointer": {
    readonly call: string;
    readonly address: number;
    readonly owner?: number;
    readonly inside?: LiveAllocation;
  };

  /** The module has no values that it knows by number, or nothing is known of them. */
  "no-handles": Record<never, never>;
  /** The module is of a kind that its adapter does not support. */
  "unsupported-module": { readonly toolchain: string; readonly feature: string };
  /** A helper export of the module cannot be told from others. */
  "helper-unknown": { readonly helper: string };
  /** A closure of the module was called while it ran, or after it had been destroyed. */
  "closure-unusable": { readonly reason: "running" | "destroyed" };
  /** This runtime does not have what the module called, as `document` in Node, or what text needs, as `TextEncoder`. */
  "unavailable-here": { readonly what: string };

  /**
   * A declared interface needs a calling convention that is not at hand: the toolchain, the first member that needs it, the
   * import line of its adapter if there is one, and the name of the adapter that serves the module without a convention.
   */
  "convention-unavailable": {
    readonly toolchain: string;
    readonly member: string;
    readonly import?: string;
    readonly adapter?: string;
  };
  /** A declared interface does not fit the module's exports: each misfit with what was declared and what was found. */
  "interface-mismatch": {
    readonly misfits: readonly {
      readonly name: string;
      readonly declared: string;
      readonly export?: string;
      readonly type?: FunctionType;
      readonly reason?: string;
    }[];
  };
  /** The module gave a null pointer where a value was declared; `name` says where, `declared` what. */
  "null-pointer": { readonly name: string; readonly declared: string };
  /** The module gave a value that its declared type does not have, as a number that is no character's. */
  "invalid-value": { readonly declared: string; readonly received: string };
  /** An array that a call was to write to was transferred or resized while it ran; `size` in bytes. */
  "array-detached": { readonly size: number };
  /** An object cannot be used any more, or not in this instance, or not be given away while a call uses it. */
  "object-unusable": { readonly class: string; readonly reason: "freed" | "moved" | "foreign" | "ended" | "borrowed" };
  /** The pool has been disposed of, or was while this waited. */
  "pool-disposed": Record<never, never>;
  /** Nothing came free within `timeout` (milliseconds). `size` counts the pool's instances, `waiting` those who waited before. */
  "pool-timeout": { readonly timeout: number; readonly size: number; readonly waiting: number };
  /** The instance is not on loan from this pool. */
  "foreign-instance": Record<never, never>;
  /** A call in a worker ran for longer than it may; `limit` in milliseconds. */
  timeout: { readonly what: string; readonly limit: number };
  /** A worker ended before it had its instance, or before it answered; the cause has what is known of why. */
  "worker-ended": { readonly worker: number; readonly during: "start" | "call" };
  /** What a call in a worker takes or returns cannot be posted between threads; `export` is `"offload"` for its options. */
  "not-cloneable": { readonly export: string; readonly what: "arguments" | "result" | "options" };
  /** No worker can be made: its script is not there, or the platform refuses it. The cause has the platform's error. */
  "worker-unavailable": { readonly reason: "missing" | "refused"; readonly script?: string };

  /** A callback's signature cannot be read. */
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

/** The code of an `UnglueError`. */
export type ErrorCode = keyof ErrorDetails;

/** Messages by code: functions of the details and of the error underneath. */
export type Messages<Codes extends ErrorCode = ErrorCode> = {
  readonly [Code in Codes]: (details: ErrorDetails[Code], cause: unknown) => string;
};
