import { UnglueError } from "./unglue-error.ts";

/**
 * The error of what a signal has aborted.
 *
 * @param what - The thing, as the start of a sentence: "The load".
 * @param cause - The signal's reason.
 */
export function abortedError(what: string, cause: unknown): UnglueError<"aborted"> {
  return new UnglueError("aborted", `${what} was aborted by its signal.`, {}, { cause });
}
