import type { ErrorDetails } from "./details.ts";
import { UnglueError } from "./unglue-error.ts";
import type { messages } from "./messages/index.ts";

/** The codes whose messages are in the catalogue. Errors of other codes have their messages from the start. */
export type CataloguedCode = keyof typeof messages;

/**
 * Makes an error of a load. `explain` writes its message later, because most loads succeed and never need the catalogue.
 * Until then its message is its code.
 *
 * @param code - What happened.
 * @param details - The facts.
 * @param cause - The underlying error; `undefined` if there is none.
 */
export function loadError<Code extends CataloguedCode>(
  code: Code,
  details: ErrorDetails[Code],
  cause?: unknown,
): UnglueError<Code> {
  return new UnglueError(code, code, details, cause === undefined ? undefined : { cause });
}
