import { UnglueError } from "../errors/unglue-error.ts";

/**
 * The error of a null pointer where a value was declared.
 *
 * @param name - What gave it.
 * @param declared - What was declared.
 */
export function nullPointer(name: string, declared: string): UnglueError<"null-pointer"> {
  return new UnglueError(
    "null-pointer",
    `${name} is a null pointer where ${declared} is declared. If that is an answer and not a failure of the module, ` +
      `declare t.optional of it, and null is undefined.`,
    { name, declared },
  );
}
