import { UnglueError } from "../../errors/unglue-error.ts";

/**
 * Makes the error for a value outside its declared type.
 *
 * @param declared - The declared type.
 * @param received - The value from the module.
 * @param advice - Why it does not fit, and what to do: ends the sentence and begins another.
 */
export function invalidValue(declared: string, received: string, advice: string): UnglueError<"invalid-value"> {
  return new UnglueError("invalid-value", `The module gave ${received} where ${declared} is declared, ${advice}`, {
    declared,
    received,
  });
}
