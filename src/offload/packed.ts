import { define } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import type { ErrorCode, ErrorDetails } from "../errors/details.ts";
import { UnglueError } from "../errors/unglue-error.ts";

/** What comes back from a worker. */
export type Answer = { readonly value: unknown } | { readonly error: PackedError };

/** An error as it crosses between threads, where a class and its fields would be lost. */
export type PackedError =
  | { readonly kind: "unglue"; readonly code: ErrorCode; readonly details: unknown; readonly plain: PlainError }
  | { readonly kind: "error"; readonly plain: PlainError }
  | { readonly kind: "value"; readonly value: unknown };

interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause?: PackedError;
}

/** A chain of causes may lead back to its beginning. */
const deepestCause = 8;

/** The errors that every realm has, by name; what they are called with is the message alone. */
const builtIn = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;
const fromEngine = ["CompileError", "LinkError", "RuntimeError"] as const;

/**
 * Makes of what was thrown something that can be posted. Of other values than errors, what cannot be cloned is put into
 * words; so is such a detail of an `UnglueError`.
 *
 * @param error - What was thrown.
 * @param depth - How many errors it is the cause of.
 */
export function pack(error: unknown, depth = 0): PackedError {
  try {
    if (UnglueError.is(error)) {
      const { code, details } = error;
      return { kind: "unglue", code, details: cloneableMembers(details), plain: plainly(error, depth) };
    }
    if (error instanceof Error) return { kind: "error", plain: plainly(error, depth) };
    return { kind: "value", value: inert(error) };
  } catch {
    // It cannot be cloned, or throws when it is looked at.
    return { kind: "value", value: describe(error) };
  }
}

/**
 * Makes the error again.
 *
 * @param packed - What came from the worker.
 * @returns An `UnglueError` of the same code, an error of the same name, or the value that was thrown.
 */
export function unpack(packed: PackedError): unknown {
  if (packed.kind === "value") return packed.value;
  const { name, message, stack, cause } = packed.plain;
  const options = cause ? { cause: unpack(cause) } : undefined;
  const error =
    packed.kind === "unglue"
      ? new UnglueError(packed.code, message, packed.details as ErrorDetails[ErrorCode], options)
      : new (classOf(name))(message, options);
  if (error.name !== name) define(error, "name", { value: name, configurable: true, writable: true });
  // Where it happened is in the worker; who called is known to whoever awaits.
  if (stack !== undefined) define(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}

/**
 * Makes of a result what can be posted. Errors: `not-cloneable`.
 *
 * @param name - The export's name.
 * @param result - What it returned.
 * @param convert - Converts it before.
 */
export function cloned(name: string, result: unknown, convert = (value: unknown) => value): unknown {
  try {
    return inert(convert(result));
  } catch (cause) {
    throw notCloneable(name, "result", describe(result), cause);
  }
}

/**
 * Waits for a promise, and for nothing else. In an array of one, since what is no promise may have a member `then`.
 * Errors: `not-cloneable` for what cannot be read; and what the promise is rejected with.
 *
 * @param name - The export's name.
 * @param what - What of it this is.
 * @param value - Anything.
 */
export async function settle(name: string, what: "arguments" | "result", value: unknown): Promise<[unknown]> {
  let then: unknown;
  try {
    then = (value as { readonly then?: unknown } | null | undefined)?.then;
  } catch (cause) {
    throw notCloneable(name, what, describe(value), cause);
  }
  if (typeof then !== "function") return [value];
  const call = then;
  return [await new Promise((resolve, reject) => void Reflect.apply(call, value, [resolve, reject]))];
}

/**
 * The error `not-cloneable`.
 *
 * @param name - The export's name; for options the call's.
 * @param what - What cannot be posted.
 * @param received - It in words.
 * @param cause - The platform's error.
 */
export function notCloneable(
  name: string,
  what: "arguments" | "result" | "options",
  received: string,
  cause?: unknown,
): UnglueError<"not-cloneable"> {
  const of = what === "options" ? name : `the export ${describe(name)}`;
  return new UnglueError(
    "not-cloneable",
    `The ${what} of ${of} cannot be posted between threads (${received}). Pass what structuredClone takes, and list what can only be moved in transfer; functions and the engine's own objects stay where they are.`,
    { export: name, what },
    cause === undefined ? undefined : { cause },
  );
}

function plainly(error: Error, depth: number): PlainError {
  const { name, message, stack, cause }: { readonly [Field in keyof Error]: unknown } = error;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "",
    stack: typeof stack === "string" ? stack : undefined,
    ...(cause !== undefined && depth < deepestCause && { cause: pack(cause, depth + 1) }),
  };
}

function classOf(name: string): new (message: string, options?: ErrorOptions) => Error {
  if (Object.hasOwn(builtIn, name)) return builtIn[name as keyof typeof builtIn];
  if ((fromEngine as readonly string[]).includes(name)) return WebAssembly[name as (typeof fromEngine)[number]];
  return Error;
}

function cloneableMembers(details: object): object {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]: [string, unknown]) => {
      try {
        return [name, inert(value)];
      } catch {
        return [name, describe(value)];
      }
    }),
  );
}

/**
 * Makes of a value a copy that can be posted: without getters, which may run and fail again. Bytes are not copied. Throws
 * what cloning does.
 */
function inert(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`${describe(value)} is not data`);
  if (typeof value !== "object" || value === null) return value;
  if (!ArrayBuffer.isView(value)) return structuredClone(value);
  // Of bytes only what has been moved away cannot be posted.
  new Uint8Array(value.buffer);
  return value;
}
