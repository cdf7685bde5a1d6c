import { define } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import type { ErrorCode, ErrorDetails } from "../errors/details.ts";
import { UnglueError } from "../errors/unglue-error.ts";

/** The answer of a worker. */
export type Answer = { readonly value: unknown } | { readonly error: PackedError };

/** An error as it crosses between threads, since cloning loses its class and fields. */
export type PackedError =
  | { readonly kind: "unglue"; readonly code: ErrorCode; readonly details: unknown; readonly plain: PlainError }
  | { readonly kind: "error"; readonly plain: PlainError }
  | { readonly kind: "value"; readonly value: unknown };

interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause?: PackedError;
  /** The errors of an `AggregateError`. */
  readonly errors?: readonly PackedError[];
  /** Whether it is a `DOMException`. */
  readonly isPlatform?: boolean;
}

/** The maximum depth of causes: a chain may lead back to its beginning. */
const deepestCause = 8;

/** The errors that every realm has, by name; their constructors need only the message. */
const builtIn = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;
/** More of the errors of an `AggregateError` do not cross. */
const mostErrors = 100;
const fromEngine = ["CompileError", "LinkError", "RuntimeError"] as const;

/**
 * Converts a thrown value so that it can be posted. A value that is not an error and cannot be cloned becomes text, and so
 * does such a detail of an `UnglueError`.
 *
 * @param error - The thrown value.
 * @param depth - The number of errors above it in the chain of causes.
 */
export function pack(error: unknown, depth = 0): PackedError {
  try {
    if (UnglueError.is(error)) {
      const { code, details } = error;
      return { kind: "unglue", code, details: cloneableMembers(details), plain: plainly(error, depth) };
    }
    if (error instanceof Error || isDomException(error)) return { kind: "error", plain: plainly(error, depth) };
    return { kind: "value", value: inert(error) };
  } catch {
    // It cannot be cloned, or throws when it is inspected.
    return { kind: "value", value: describe(error) };
  }
}

/**
 * Restores a thrown value.
 *
 * @param packed - The packed error from the worker.
 * @returns An `UnglueError` of the same code, an error of the same name, or the thrown value.
 */
export function unpack(packed: PackedError): unknown {
  if (packed.kind === "value") return packed.value;
  const { name, message, stack, cause } = packed.plain;
  const options = cause ? { cause: unpack(cause) } : undefined;
  const error =
    packed.kind === "unglue"
      ? new UnglueError(packed.code, message, packed.details as ErrorDetails[ErrorCode], options)
      : ofClass(packed.plain, options);
  if (error.name !== name) define(error, "name", { value: name, configurable: true, writable: true });
  // The stack shows where it happened in the worker; the awaiting code knows its own caller.
  if (stack !== undefined) define(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}

/**
 * Converts a result so that it can be posted. Errors: `not-cloneable`.
 *
 * @param name - The export's name.
 * @param result - The value that it returned.
 * @param convert - Applied first.
 */
export function cloned(name: string, result: unknown, convert = (value: unknown) => value): unknown {
  try {
    return inert(convert(result));
  } catch (cause) {
    throw notCloneable(name, "result", describe(result), cause);
  }
}

/**
 * Awaits a promise, and nothing else. The value is returned in an array of one, since a value that is not a promise may have
 * a member `then`. Errors: `not-cloneable` for a value that cannot be read, and the reason of a rejected promise.
 *
 * @param name - The export's name.
 * @param what - The part of the call that the value is.
 * @param value - Anything.
 * @param of - The name in messages of what is no export.
 */
export async function settle(
  name: string,
  what: "arguments" | "result",
  value: unknown,
  of?: string,
): Promise<[unknown]> {
  let then: unknown;
  try {
    then = (value as { readonly then?: unknown } | null | undefined)?.then;
  } catch (cause) {
    throw notCloneable(name, what, describe(value), cause, of);
  }
  if (typeof then !== "function") return [value];
  const call = then;
  return [await new Promise((resolve, reject) => void Reflect.apply(call, value, [resolve, reject]))];
}

/**
 * Makes the error `not-cloneable`.
 *
 * @param name - The export's name; for options, the name of the call.
 * @param what - The part that cannot be posted.
 * @param received - The value in words.
 * @param cause - The platform's error.
 * @param of - The name in messages of what is no export.
 */
export function notCloneable(
  name: string,
  what: "arguments" | "result" | "options",
  received: string,
  cause?: unknown,
  of = what === "options" ? name : `the export ${describe(name)}`,
): UnglueError<"not-cloneable"> {
  return new UnglueError(
    "not-cloneable",
    `The ${what} of ${of} cannot be posted between threads (${received}). Pass what structuredClone takes, and list what can only be moved in transfer; functions and the engine's own objects stay where they are.`,
    { export: name, what },
    cause === undefined ? undefined : { cause },
  );
}

function plainly(error: Error | DOMException, depth: number): PlainError {
  const { name, message, stack, cause }: { readonly [Field in keyof Error]?: unknown } = error;
  const errors: unknown =
    typeof AggregateError === "function" && error instanceof AggregateError ? error.errors : undefined;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "",
    stack: typeof stack === "string" ? stack : undefined,
    ...(cause !== undefined && depth < deepestCause && { cause: pack(cause, depth + 1) }),
    ...(Array.isArray(errors) && {
      errors: depth < deepestCause ? errors.slice(0, mostErrors).map((one: unknown) => pack(one, depth + 1)) : [],
    }),
    ...(isDomException(error) && { isPlatform: true }),
  };
}

/** Makes an error of the class that it had. */
function ofClass({ name, message, errors, isPlatform }: PlainError, options: ErrorOptions | undefined): Error {
  if (errors) return new AggregateError(errors.map(unpack), message, options);
  if (isPlatform !== true || typeof DOMException !== "function") return new (classOf(name))(message, options);
  const error = new DOMException(message, name);
  if (options) define(error, "cause", { value: options.cause, configurable: true, writable: true });
  return error;
}

/** Whether a value is a `DOMException`, which some platforms lack. */
function isDomException(value: unknown): value is DOMException {
  return typeof DOMException === "function" && value instanceof DOMException;
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
 * Copies a value so that it can be posted. The copy has no getters, which could run and fail again. Bytes are not copied.
 * Throws as cloning does.
 */
function inert(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`${describe(value)} is not data`);
  if (typeof value !== "object" || value === null) return value;
  if (!ArrayBuffer.isView(value)) return structuredClone(value);
  // Bytes can be posted unless they have been moved away.
  new Uint8Array(value.buffer);
  return value;
}
