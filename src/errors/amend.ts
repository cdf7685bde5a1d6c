import { define } from "../base/own.ts";
import type { ErrorCode, ErrorDetails } from "./details.ts";
import { rewrite } from "./explain.ts";
import type { UnglueError } from "./unglue-error.ts";

/**
 * Adds facts to an error, and writes its message again. A frozen error stays as it is.
 *
 * @param error - The error.
 * @param facts - The details that are added.
 * @param text - The message, without the address in the docs.
 */
export function amend<Code extends ErrorCode>(
  error: UnglueError<Code>,
  facts: Partial<ErrorDetails[Code]>,
  text: string,
): void {
  try {
    define(error, "details", {
      value: { ...error.details, ...facts },
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } catch {
    return;
  }
  rewrite(error, text);
}
