import { forbidsCompiling, messageOf } from "./caught.ts";
import { loadError } from "./load-error.ts";
import type { UnglueError } from "./unglue-error.ts";

/**
 * Makes the error of a module that the engine refuses to compile.
 *
 * @param cause - The engine's error.
 * @param from - Where the module came from, if that is known.
 */
export function refusedError(
  cause: unknown,
  from?: string,
): UnglueError<"compile-forbidden"> | UnglueError<"compile-failed"> {
  return forbidsCompiling(messageOf(cause))
    ? loadError("compile-forbidden", {}, cause)
    : loadError("compile-failed", from === undefined ? {} : { from }, cause);
}
