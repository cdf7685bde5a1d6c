import type { AtImport } from "../errors/details.ts";
import { UnglueError } from "../errors/unglue-error.ts";

/**
 * Makes the error for a null pointer that came instead of a declared value.
 *
 * @param name - The function that returned it, or the parameter.
 * @param declared - The declared type.
 * @param remedy - What to do if null is an answer of the module.
 * @param facts - The import that received it.
 */
export function nullPointer(
  name: string,
  declared: string,
  remedy = "declare t.optional of it, and null is undefined",
  facts: AtImport = {},
): UnglueError<"null-pointer"> {
  return new UnglueError(
    "null-pointer",
    `${name} is a null pointer where ${declared} is declared. If that is an answer and not a failure of the module, ${remedy}.`,
    { name, declared, ...facts },
  );
}
