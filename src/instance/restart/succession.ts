import type { Validity } from "../../base/validity.ts";
import type { UnglueError } from "../../errors/unglue-error.ts";

/** A life's link to the lives after it. */
export interface Succession {
  /** How long the life's parts can be used. The life ends it when another follows. */
  readonly validity: Validity;
  /**
   * Called when a trap or an exception has ended the life and another is to follow, while calls of it may still be running.
   * Returns a function that makes the error of calls until the next life.
   */
  readonly ended: (reason: UnglueError) => () => UnglueError;
  /** Called when the last guarded call of such a life is over. Does not throw. */
  readonly next: (reason: UnglueError) => void;
  /** Called when a trap or an exception has ended the life and none is to follow. */
  readonly poisoned: (reason: UnglueError) => void;
  /** Disposes of the instance, with all its lives. */
  readonly dispose: () => void;
}
