import { UnglueError } from "./unglue-error.ts";
import { Failure } from "./failure.ts";

/**
 * Makes a function whose failures are put into words, by a chunk that is fetched for the first of them.
 *
 * @param call - The function.
 */
export function inWords<Args extends unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (failure) {
      // An import may have thrown an object with a `then`, which an await would call.
      throw Failure.is(failure) ? await fetchWords(failure) : failure;
    }
  };
}

/**
 * Puts a failure into words, which are fetched for it.
 *
 * @param failure - What was thrown.
 */
export async function fetchWords(failure: Failure): Promise<unknown> {
  const words = await import("./messages/index.ts").catch(() => undefined);
  return words ? words.explain(failure) : bare(failure);
}

/** Offline, and where `import()` is forbidden, the code must do. */
function bare({ code, details, cause }: Failure): UnglueError {
  const message = `${code}. The chunk of the library that explains it could not be loaded; docs/errors.md has the code.`;
  return new UnglueError(code, message, details, { cause });
}
