import type { ErrorDetails } from "./details.ts";
import { UnglueError } from "./unglue-error.ts";
import type { messages } from "./messages/index.ts";

/** The codes whose message is in the catalogue. An error of any other code has its message from the start. */
export type CataloguedCode = keyof typeof messages;

/**
 * Makes an error of a load, whose message is written later, by `explain`: most loads succeed and never need the catalogue. Until then
 * its message is its code.
 *
 * @param code - What happened.
 * @param details - The facts.
 * @param cause - The error underneath; `undefined` if there is none.
 */
export function loadError<Code extends CataloguedCode>(
  code: Code,
  details: ErrorDetails[Code],
  cause?: unknown,
): UnglueError<Code> {
  return new UnglueError(code, code, details, cause === undefined ? undefined : { cause });
}
