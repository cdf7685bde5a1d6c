import type { Validity } from "../../base/validity.ts";
import type { UnglueError } from "../../errors/unglue-error.ts";

/** What a life knows of those after it. */
export interface Succession {
  /** How long what the life has handed out can be used. The life ends it when it is followed. */
  readonly validity: Validity;
  /** Told that a trap has ended the life, while calls of it may still be running. Returns what makes the error of calls until the next. */
  readonly trapped: (trap: UnglueError) => () => UnglueError;
  /** Told when the last guarded call of a life that a trap has ended is over. Does not throw. */
  readonly next: (trap: UnglueError) => void;
  /** Disposes of the instance, with all its lives. */
  readonly dispose: () => void;
}
