import { describe } from "../describe.ts";
import { type ErrorCode, type ErrorDetails, UnglueError } from "../errors.ts";

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
    return { kind: "value", value: isCloneable(error) ? error : describe(error) };
  } catch {
    // A value that throws when it is looked at.
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
  if (error.name !== name) Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  // Where it happened is in the worker; who called is known to whoever awaits.
  if (stack !== undefined) Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}

/** Throws `not-cloneable` for a result that cannot be posted. */
export function refuseUncloneable(name: string, result: unknown): void {
  if (!isCloneable(result)) throw notCloneable(name, "result", describe(result));
}

/**
 * The error `not-cloneable`.
 *
 * @param name - The export's name.
 * @param what - What cannot be posted.
 * @param received - It in words.
 * @param cause - The platform's error.
 */
export function notCloneable(
  name: string,
  what: "arguments" | "result",
  received: string,
  cause?: unknown,
): UnglueError<"not-cloneable"> {
  return new UnglueError(
    "not-cloneable",
    `The ${what} of the export ${describe(name)} cannot be posted between threads (${received}). Pass what structuredClone takes; functions and the engine's own objects stay where they are.`,
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
  if (isCloneable(details)) return details;
  return Object.fromEntries(
    Object.entries(details).map(([name, value]: [string, unknown]) => [
      name,
      isCloneable(value) ? value : describe(value),
    ]),
  );
}

/** Whether a value can be posted. Bytes are not copied to find out. */
function isCloneable(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  try {
    // Of bytes only what has been moved away cannot be.
    if (ArrayBuffer.isView(value)) new Uint8Array(value.buffer);
    else structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
