import { define } from "../base/own.ts";
import type { ErrorCode, ErrorDetails } from "./details.ts";
import { withAddress } from "./docs-address.ts";

const brand = Symbol.for("unglue.error");

/**
 * The one error class of the library. `code` says what happened, `details` carries the facts, `message` says what to do
 * next, and `cause` holds the underlying error if there is one.
 *
 * @example
 * ```ts
 * try {
 *   await load("https://example.com/missing.wasm");
 * } catch (error) {
 *   if (UnglueError.is(error, "http-status")) console.log(error.details.status);
 * }
 * ```
 */
export class UnglueError<Code extends ErrorCode = ErrorCode> extends Error {
  /** The code of what happened. */
  readonly code: Code;
  /** The facts, typed by the code. */
  readonly details: ErrorDetails[Code];

  /**
   * Makes an error.
   *
   * @param code - The code.
   * @param message - A text about what happened and what to do next. The address of the code in the docs is appended.
   * @param details - The facts.
   * @param options - The options of `Error`.
   * @param options.cause - The underlying error.
   */
  constructor(code: Code, message: string, details: ErrorDetails[Code], options?: { readonly cause?: unknown }) {
    // If the message is only the code, `explain` writes it later.
    super(message === code ? message : withAddress(message, code), options);
    this.code = code;
    this.details = details;
  }

  /**
   * The form that `JSON.stringify` writes: bigints as text, and the name and message of a cause that is another kind of
   * error.
   */
  toJSON(): {
    readonly name: string;
    readonly code: Code;
    readonly message: string;
    readonly details: ErrorDetails[Code];
    readonly cause?: unknown;
  } {
    const { name, code, message, details, cause } = this;
    return {
      name,
      code,
      message,
      details: JSON.parse(
        JSON.stringify(details, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
      ) as ErrorDetails[Code],
      ...(cause !== undefined && { cause: briefly(cause) }),
    };
  }

  /**
   * Whether a value is an `UnglueError`, even of another copy of the library (the ESM and CJS builds each have their own
   * class).
   *
   * @param value - Any value, such as a caught one.
   * @param code - The code that it must have; if absent, any code.
   * @returns True for an `UnglueError` of that code.
   * @example
   * ```ts
   * if (UnglueError.is(error, "out-of-bounds")) console.log(error.details.size);
   * ```
   */
  static is<Code extends ErrorCode = ErrorCode>(
    value: unknown,
    code?: Code,
  ): value is { [C in Code]: UnglueError<C> }[Code] {
    try {
      return (
        typeof value === "object" &&
        value !== null &&
        brand in value &&
        (code === undefined || ("code" in value && value.code === code))
      );
    } catch {
      // A proxy's traps may throw.
      return false;
    }
  }
}

define(UnglueError.prototype, "name", { value: "UnglueError", configurable: true, writable: true });
define(UnglueError.prototype, brand, { value: true });

/** Converts an error that JSON would show as an empty object; returns anything else unchanged. */
function briefly(cause: unknown): unknown {
  try {
    return cause instanceof Error && !UnglueError.is(cause) ? { name: cause.name, message: cause.message } : cause;
  } catch {
    // A proxy's traps may throw.
    return undefined;
  }
}
