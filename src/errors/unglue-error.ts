import { define, ownValue } from "../base/own.ts";
import type { ErrorCode, ErrorDetails } from "./details.ts";
import { withAddress } from "./docs-address.ts";

const brand = Symbol.for("unglue.error");

/**
 * An {@link UnglueError} as `JSON.stringify` writes it: bigints are text, and another kind of error is its name and message.
 *
 * @example
 * ```ts
 * const data = JSON.parse(JSON.stringify(error)) as ErrorData;
 * console.log(data.code, data.details);
 * ```
 * @category Errors
 */
export interface ErrorData<Code extends ErrorCode = ErrorCode> {
  /** `"UnglueError"`. */
  readonly name: string;
  /** The code. */
  readonly code: Code;
  /** The message. */
  readonly message: string;
  /** The facts. */
  readonly details: ErrorDetails[Code];
  /** The underlying error, as data. */
  readonly cause?: unknown;
}

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
 * @category Errors
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

  /** The form that `JSON.stringify` writes. */
  toJSON(): ErrorData<Code> {
    return asData(this, 0);
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

/** How many causes under one another are written: a chain may lead back to its beginning. */
const deepestCause = 8;

function asData<Code extends ErrorCode>(error: UnglueError<Code>, depth: number): ErrorData<Code> {
  const { name, code, message, details } = error;
  const cause = depth <= deepestCause ? causeAsData(ownValue(error, "cause"), depth) : undefined;
  return { name, code, message, details: withoutBigints(details), ...(cause !== undefined && { cause }) };
}

/** A cause as data; `undefined` for one that cannot be read or written. */
function causeAsData(cause: unknown, depth: number): unknown {
  try {
    if (UnglueError.is(cause)) return asData(cause, depth + 1);
    if (!(cause instanceof Error)) return cause === undefined ? undefined : withoutBigints(cause);
    const { name, message }: { readonly name: unknown; readonly message: unknown } = cause;
    return { name: String(name), message: String(message) };
  } catch {
    return undefined;
  }
}

/** A copy of what JSON can hold, with bigints as text. */
function withoutBigints<Value>(value: Value): Value {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item));
  return JSON.parse(text) as Value;
}
