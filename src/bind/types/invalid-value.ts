import { UnglueError } from "../../errors/unglue-error.ts";

/**
 * The error of a value that its declared type does not have.
 *
 * @param declared - The declared type.
 * @param received - What the module gave.
 * @param advice - Why it does not fit, and what to do: it ends the sentence and begins another.
 */
export function invalidValue(declared: string, received: string, advice: string): UnglueError<"invalid-value"> {
  return new UnglueError("invalid-value", `The module gave ${received} where ${declared} is declared, ${advice}`, {
    declared,
    received,
  });
}
