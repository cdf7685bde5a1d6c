import type { BoundApi } from "../bind/index.ts";
import type { Validity } from "../base/validity.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import type { Resolved } from "../imports/index.ts";
import type { Allocator, Codec } from "../memory/index.ts";
import type {
  AllocationLog,
  Convention,
  DefaultExports,
  ExportedFunction,
  Handles,
  ImportFunction,
  ImportReport,
  Instance,
  InstanceState,
  InstantiateOptions,
  Memory,
  Shape,
  Table,
  ValueType,
} from "../public/index.ts";
import type { Guard } from "./guard.ts";
import type { Reachable } from "./reachable.ts";

/** The lives behind an instance: a single one, or one after the other. */
export interface Lives {
  /** The current life. */
  readonly life: Life;
  /** Makes the error for uses that have to wait for the next life; `undefined` if none is about to begin. */
  readonly refusal: (() => UnglueError) | undefined;
  readonly state: InstanceState;
  /** The exported functions under the trap policy. A call goes to the life that is current at that time. */
  readonly guarded: DefaultExports;
  /** Waits until the current life, or the one that is about to begin, can be used. Errors: `poisoned`, `disposed`. */
  ready(): Promise<void>;
  /** Disposes of all lives. */
  dispose(): void;
}

/** One life of an instance: one instance of the engine, and everything that belongs to it. As `Lives`, it has only itself. */
export interface Life extends Lives {
  readonly shape: Shape;
  readonly options: InstantiateOptions;
  /** The declared interface, if there is one. */
  readonly bound: BoundApi | undefined;
  readonly guard: Guard;
  /** How long its parts can be used: until another life follows, or the instance is disposed. */
  readonly validity: Validity;
  /** The instance for this life alone. */
  readonly instance: Instance;
  /** The asynchronous calls of the interface; `undefined` without one. */
  pending: ReturnType<BoundApi["begin"]> | undefined;
  /** The functions that the module registered, for toolchains whose modules do not export their functions; null after the end. */
  readonly registered: unknown;
  /** The error that a host function answered with an error value last. */
  hostError: unknown;
  /** Its memories, tables and handles. */
  readonly parts: Parts;
  /** The reports of its imports. Reading them may take a search. */
  readonly reports: readonly ImportReport[];
  /** The reports of its imports other than functions. */
  readonly externs: readonly ImportReport[];
  /** Whether the start function has ended. */
  readonly hasBegun: boolean;
  /** The adapter's convention for its calls. */
  readonly convention: Convention | undefined;
  /** The ledger's log of it, if a ledger was given and the life has begun. */
  readonly log: AllocationLog | undefined;
  /** Converts the text of its memories. */
  readonly codec: Codec;
  /** Its allocator, found at first use. Errors: `no-allocator`, `allocator-mismatch`; as {@link Life.exports}. */
  readonly allocator: Allocator;
  /** The allocator of functions of C, if that is another. */
  readonly cAllocator: Allocator | undefined;
  /**
   * Returns the exports. Errors: `not-ready`; why the life has ended.
   *
   * @param what - The use, for errors: "the exports".
   */
  exports(what: string): WebAssembly.Exports;
  /** Returns the engine's instance. Errors: as {@link Life.exports}. */
  engine(): WebAssembly.Instance;
  /** Lists the memories or tables that JavaScript can reach. Errors: why the life has ended. */
  reachable<Raw>(kind: "memory" | "table", what: string): Reachable<Raw>[];
  /**
   * Wraps a function of the module under the trap policy. For an export it is the function that `guarded` has.
   *
   * @param name - Its name.
   * @param call - The function.
   */
  guardCall(name: string, call: ExportedFunction): ExportedFunction;
  callback(signature: string, callback: (...args: never[]) => unknown): number;
  freeCallback(index: number): void;
  /** Whether `ownCall` wraps functions. */
  readonly ownsCalls: boolean;
  /**
   * Wraps a JavaScript function so that the life cannot call it once another has followed, and so that the origin of its
   * exceptions is known, if either matters. Other values stay as they are.
   *
   * @param value - The value.
   * @param results - The types of its results, if they are known.
   * @param unwinds - Whether it throws on the module's behalf.
   */
  ownCall<Value>(value: Value, results: readonly ValueType[] | undefined, unwinds: boolean): Value;
  /** Wraps a function of the module that the engine calls later, for the adapter. */
  continuation(call: ImportFunction): ImportFunction;
  /** Stores the resolved imports. */
  resolve(resolved: readonly Resolved[]): void;
  /**
   * Begins the life, once the start function has ended: first with the engine's instance, then with the convention that an
   * adapter finds by its exports. Errors: `disposed` if an import disposed of the instance before.
   */
  begin(made: WebAssembly.Instance, attach: () => Convention | undefined): void;
  /** Called when the initializers have ended: lets the module register its functions. Errors: `trap`, and those of an import. */
  initialized(): void;
  /** Ends it because another life follows, and releases everything. `refusal` makes the error of later use. */
  end(refusal: (intent: string) => UnglueError): void;
  /** Ends it for guarded calls only, with the error `poisoned`. */
  poison(cause: UnglueError): void;
  /** Ends it and releases everything, with the error `disposed`; later lives go on. */
  discard(): void;
}

/**
 * The parts of a life that an instance hands out. Each stays the same object while it can be used. Errors: as those of the
 * instance.
 */
export interface Parts {
  readonly memory: Memory;
  /** The same memory, with the allocator of functions of C. */
  readonly cMemory: Memory;
  readonly memories: Readonly<Record<string, Memory>>;
  readonly table: Table;
  readonly tables: Readonly<Record<string, Table<unknown>>>;
  readonly handles: Handles;
}

/** An instance that has its imports and has not begun. */
export interface Beginning {
  readonly instance: Instance;
  readonly lives: Lives;
  /** Lets the engine instantiate, and runs the initializers. Errors: those of instantiating. */
  readonly begin: () => Promise<void>;
  /**
   * The same synchronously. Errors: also `sync-too-large`; after this error or `out-of-memory`, `begin` can still be called.
   *
   * @returns A promise if the option `initialize` returned one: the life begins when it is fulfilled.
   */
  readonly beginSync: () => Promise<void> | undefined;
}

/** A life that has its imports and has not begun. */
export interface NextLife extends Beginning {
  readonly lives: Life;
}

/**
 * Returns the current life. Errors: those of {@link Lives.refusal}.
 *
 * @param lives - The lives of an instance.
 */
export function living(lives: Lives): Life {
  if (lives.refusal) throw lives.refusal();
  return lives.life;
}
