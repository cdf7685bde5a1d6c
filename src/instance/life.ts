import type { BoundApi } from "../bind/index.ts";
import type { Validity } from "../base/validity.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import type { Resolved } from "../imports/index.ts";
import type { Allocator, Codec } from "../memory/index.ts";
import type {
  AllocationLog,
  Convention,
  DefaultExports,
  Handles,
  ImportReport,
  Instance,
  InstanceState,
  InstantiateOptions,
  Memory,
  Shape,
  Table,
} from "../public/index.ts";
import type { Guard } from "./guard.ts";
import type { boundHandles } from "./handles.ts";
import type { Reachable } from "./reachable.ts";

/** The lives that an instance leads to: one alone, or one after the other. */
export interface Lives {
  /** The current one. */
  readonly life: Life;
  /** Makes the error of what is to wait for the next life; `undefined` where none is about to begin. */
  readonly refusal: (() => UnglueError) | undefined;
  readonly state: InstanceState;
  /** The exported functions under the trap policy, of whichever life is the current one when they are called. */
  readonly guarded: DefaultExports;
  /** Waits until the current life, or the one that is about to begin, can be used. Errors: `poisoned`, `disposed`. */
  ready(): Promise<void>;
  /** Disposes of all of them. */
  dispose(): void;
}

/** One life of an instance: one instance of the engine's, and everything that belongs to it. It leads to itself alone. */
export interface Life extends Lives {
  readonly shape: Shape;
  readonly options: InstantiateOptions;
  /** The declared interface, if there is one. */
  readonly bound: BoundApi | undefined;
  readonly guard: Guard;
  /** How long what it has handed out can be used, where another life may follow: until then. */
  readonly validity: Validity | undefined;
  /** Makes handles that check how long they can be used; at hand where they may not last as long as their instance. */
  readonly boundHandles: typeof boundHandles | undefined;
  /** The instance that leads to it alone. */
  readonly instance: Instance;
  /** Its memories, tables and handles. */
  readonly parts: Parts;
  readonly reports: readonly ImportReport[];
  /** Whether the start function has ended. */
  readonly hasBegun: boolean;
  /** What an adapter knows of its calls. */
  readonly convention: Convention | undefined;
  /** The ledger's log of it, if a ledger was given and the life has begun. */
  readonly log: AllocationLog | undefined;
  /** Converts the text of its memories. */
  readonly codec: Codec;
  /** Its allocator, found at first use. Errors: `no-allocator`, `allocator-mismatch`; as {@link Life.exports}. */
  readonly allocator: Allocator;
  /**
   * Returns the exports. Errors: `not-ready`; why the life has ended.
   *
   * @param what - What is used, for errors: "the exports".
   */
  exports(what: string): WebAssembly.Exports;
  /** Returns the engine's instance. Errors: as {@link Life.exports}. */
  engine(): WebAssembly.Instance;
  /** Lists the memories or tables that JavaScript can reach. Errors: why the life has ended. */
  reachable<Raw>(kind: "memory" | "table", what: string): Reachable<Raw>[];
  callback(signature: string, callback: (...args: never[]) => unknown): number;
  freeCallback(index: number): void;
  /** Makes of a JavaScript function one that a life which another has followed cannot call; other values stay as they are. */
  ownCall<Value>(value: Value): Value;
  /** Takes the imports in. */
  resolve(resolved: readonly Resolved[]): void;
  /**
   * Begins the life, once the start function has ended: with the engine's instance, and then with the convention that an adapter
   * knows by its exports. Errors: `disposed` if an import disposed of it before.
   */
  begin(made: WebAssembly.Instance, attach: () => Convention | undefined): void;
  /** The initializers have ended. */
  initialized(): void;
  /** Ends it because another life follows, and lets everything go. `refusal` makes the error of later use. */
  end(refusal: (intent: string) => UnglueError): void;
  /** Ends it for guarded calls alone, with the error `poisoned`. */
  poison(cause: UnglueError): void;
  /** Ends it and lets everything go, with the error `disposed`; lives after it go on. */
  discard(): void;
}

/** What an instance hands out of a life: each is the same object for as long as it can be used. Errors: as those of the instance. */
export interface Parts {
  readonly memory: Memory;
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
   * The same synchronously. Errors: also `sync-too-large`; after this one and `out-of-memory`, `begin` is still open.
   *
   * @returns A promise if the option `initialize` has returned one: the life begins when it is fulfilled.
   */
  readonly beginSync: () => Promise<void> | undefined;
}

/** A life that has its imports and has not begun. */
export interface NextLife extends Beginning {
  readonly lives: Life;
}

/**
 * Returns the current life. Errors: as {@link Lives.refusal} says.
 *
 * @param lives - The lives of an instance.
 */
export function living(lives: Lives): Life {
  if (lives.refusal) throw lives.refusal();
  return lives.life;
}
