import type { Validity } from "../../base/validity.ts";
import type { UnglueError } from "../../errors/unglue-error.ts";

/** A life's link to the lives after it. */
export interface Succession {
  /** How long the life's parts can be used. The life ends it when another follows. */
  readonly validity: Validity;
  /**
   * Called when a trap has ended the life, while calls of it may still be running. Returns a function that makes the error
   * of calls until the next life.
   */
  readonly trapped: (trap: UnglueError) => () => UnglueError;
  /** Called when the last guarded call of a life that a trap has ended is over. Does not throw. */
  readonly next: (trap: UnglueError) => void;
  /** Disposes of the instance, with all its lives. */
  readonly dispose: () => void;
}
