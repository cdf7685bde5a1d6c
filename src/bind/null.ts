import { UnglueError } from "../errors/unglue-error.ts";

/**
 * Makes the error for a null pointer that came instead of a declared value.
 *
 * @param name - The function that returned it.
 * @param declared - The declared type.
 */
export function nullPointer(name: string, declared: string): UnglueError<"null-pointer"> {
  return new UnglueError(
    "null-pointer",
    `${name} is a null pointer where ${declared} is declared. If that is an answer and not a failure of the module, ` +
      `declare t.optional of it, and null is undefined.`,
    { name, declared },
  );
}
