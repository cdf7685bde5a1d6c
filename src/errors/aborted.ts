import { UnglueError } from "./unglue-error.ts";

/**
 * Makes the error of an operation that a signal aborted.
 *
 * @param what - The operation, as the start of a sentence: "The load".
 * @param cause - The signal's reason.
 */
export function abortedError(what: string, cause: unknown): UnglueError<"aborted"> {
  return new UnglueError("aborted", `${what} was aborted by its signal.`, {}, { cause });
}
