import { UnglueError } from "../errors.ts";

/**
 * The error of a null address that the module returned, where the declaration has none.
 *
 * @param expected - What was declared, in words that stand after "where".
 */
export function nullResult(expected: string): UnglueError<"null-result"> {
  return new UnglueError(
    "null-result",
    `The module returned a null address, where ${expected} is declared. If it may return none, declare t.optional(…).`,
    { expected },
  );
}
