import type { UnglueError } from "../../errors/unglue-error.ts";
import type { Instance } from "../../public/index.ts";

/** An instance, or a life of one, that has its imports and has not begun. */
export interface Beginning {
  readonly instance: Instance;
  /** Lets the engine instantiate, and runs the initializers. Errors: those of instantiating. */
  readonly begin: () => Promise<void>;
  /**
   * The same synchronously. Errors: also `sync-too-large`; after this one and `out-of-memory`, `begin` is still open.
   *
   * @returns A promise if the option `initialize` has returned one: the life begins when it is fulfilled.
   */
  readonly beginSync: () => Promise<void> | undefined;
}

/** One of the lives of an instance. */
export interface NextLife extends Beginning {
  /** The instance as this life sees it: it never leads to a later one. */
  readonly instance: Instance;
  /** Ends it and lets everything go. `refusal` makes the error of what is asked for later, as in "use the memory". */
  readonly end: (refusal: (intent: string) => UnglueError) => void;
  /** Ends it for guarded calls alone, with the error `poisoned`. */
  readonly poison: (cause: UnglueError) => void;
  /** Ends it and lets everything go, with the error `disposed`. */
  readonly dispose: () => void;
}

/** What a life knows of those after it. */
export interface Succession {
  /** Told that a trap has ended the life, while calls of it may still be running. Returns what makes the error of calls until the next. */
  readonly trapped: (trap: UnglueError) => () => UnglueError;
  /** Told when the last guarded call of a life that a trap has ended is over. Does not throw. */
  readonly next: (trap: UnglueError) => void;
  /** Disposes of the instance, with all its lives. */
  readonly dispose: () => void;
  /** Makes of an import's value, or of a callback, one that a life which has ended cannot call. */
  readonly bind: <Value>(value: Value) => Value;
}
