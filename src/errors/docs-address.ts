import type { ErrorCode } from "./details.ts";

/** Set by the build if the package has a homepage. */
declare const DOCS_OF_ERRORS: string | undefined;

const docs = typeof DOCS_OF_ERRORS === "string" ? DOCS_OF_ERRORS : "unglue/docs/errors.md";

/**
 * Returns a message that ends with the address of its code in the docs.
 *
 * @param message - The message, with or without the address.
 * @param code - The code.
 */
export function withAddress(message: string, code: ErrorCode): string {
  const address = addressOf(code);
  return message.endsWith(address) ? message : `${message}${address}`;
}

/**
 * Returns a message without the address at its end, so that more text can follow.
 *
 * @param message - The message.
 * @param code - The code.
 */
export function withoutAddress(message: string, code: ErrorCode): string {
  const address = addressOf(code);
  return message.endsWith(address) ? message.slice(0, -address.length) : message;
}

function addressOf(code: ErrorCode): string {
  return ` See ${docs}#${code}`;
}
