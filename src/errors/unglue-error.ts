import { define } from "../base/own.ts";
import type { ErrorCode, ErrorDetails } from "./details.ts";
import { withAddress } from "./docs-address.ts";

const brand = Symbol.for("unglue.error");

/**
 * The one error class of the library. `code` says what happened, `details` carries the facts,
 * `message` says what to do next, and `cause` holds the error underneath where there is one.
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
  /** What happened. */
  readonly code: Code;
  /** The facts, typed by the code. */
  readonly details: ErrorDetails[Code];

  /**
   * Makes an error.
   *
   * @param code - What happened.
   * @param message - What happened in words, and what to do next. The address of the code in the docs is put behind it.
   * @param details - The facts.
   * @param options - How it came about.
   * @param options.cause - The error underneath.
   */
  constructor(code: Code, message: string, details: ErrorDetails[Code], options?: { readonly cause?: unknown }) {
    // A message that is the code is written later, by `explain`.
    super(message === code ? message : withAddress(message, code), options);
    this.code = code;
    this.details = details;
  }

  /** What `JSON.stringify` writes: bigints as text, and of another kind of error as cause its name and message. */
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
   * Whether a value is an `UnglueError`, also one of another copy of the library
   * (the ESM and the CJS build have a class each).
   *
   * @param value - Anything, such as what a `catch` received.
   * @param code - The code that it must have; any code where absent.
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
      // A proxy, whose traps throw.
      return false;
    }
  }
}

define(UnglueError.prototype, "name", { value: "UnglueError", configurable: true, writable: true });
define(UnglueError.prototype, brand, { value: true });

/** An error that JSON would show as an empty object, and anything else as it is. */
function briefly(cause: unknown): unknown {
  try {
    return cause instanceof Error && !UnglueError.is(cause) ? { name: cause.name, message: cause.message } : cause;
  } catch {
    // A proxy, whose traps throw.
    return undefined;
  }
}
