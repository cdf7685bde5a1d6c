/**
 * What may be asked of a value that was caught. An import can throw anything: `null`, a revoked proxy, an object whose
 * getters throw. Nothing here throws, and nothing runs code of the value's own, except a getter of an error.
 */
import { describe, quotation, tagOf } from "./describe.ts";

/**
 * Whether an error is of a built-in class, of any realm: the engine makes some of the realm that a module was compiled in.
 *
 * @param error - What was caught.
 * @param name - The name of the class.
 */
export function isBuiltIn(error: unknown, name: string): error is Error {
  if (!isError(error)) return false;
  try {
    const { name: found, message } = error;
    // A program may rename the class, so this realm's own is known by its prototype, and another realm's by its name.
    const isNamed = found === name || Object.getPrototypeOf(error) === prototypeOf(name);
    // Errors of a user's own class by the same name mostly have their name themselves.
    return isNamed && !Object.hasOwn(error, "name") && typeof message === "string";
  } catch {
    // The engine's own have no getter that throws.
    return false;
  }
}

/** Whether a value is an error of any realm. */
function isError(value: unknown): value is Error {
  const { isError: tell } = Error as { readonly isError?: (value: unknown) => boolean };
  if (typeof tell === "function") return tell(value);
  const tag = tagOf(value);
  if (tag === "Error" || tag === "Object") return tag === "Error";
  // A tag on a prototype that errors share hides theirs.
  return tag === tagOf(new Error()) && value instanceof Error;
}

/** The prototype that this realm's built-in errors of a name have; `undefined` where there is no such class. */
function prototypeOf(name: string): unknown {
  for (const holder of [WebAssembly, globalThis] as unknown as Readonly<
    Record<string, { readonly prototype: unknown }>
  >[]) {
    if (Object.hasOwn(holder, name)) return holder[name]?.prototype;
  }
  return undefined;
}

/**
 * Whether an error is the exhaustion of the stack, which unwinds the module's frames as a trap does.
 *
 * @param error - What was caught.
 */
export function isExhaustion(error: unknown): error is Error {
  return (
    isBuiltIn(error, "InternalError") ||
    // Not a regular expression: with the stack exhausted, compiling one fails in its own way.
    (isBuiltIn(error, "RangeError") && messageOf(error).includes("call stack"))
  );
}

/**
 * Whether an error is the engine's refusal to reserve memory. Instances and memories that are done give their address space
 * back only when they are collected.
 *
 * @param error - What was caught.
 */
export function isShortage(error: unknown): error is Error {
  return isBuiltIn(error, "RangeError") && /out of memory|allocate/i.test(messageOf(error));
}

/**
 * The cause of an error.
 *
 * @param error - What was caught.
 * @returns `undefined` for one without a cause, and for anything that cannot be asked.
 */
export function causeOf(error: unknown): unknown {
  try {
    return typeof error === "object" && error !== null ? (error as { readonly cause?: unknown }).cause : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An error's message with those of its causes, where Node has the reason. No URL in it has credentials.
 *
 * @param error - What was caught.
 * @param url - A URL that the messages are likely to quote.
 */
export function reasonOf(error: unknown, url?: string): string {
  const messages = [messageOf(error)];
  // A cause may lead back to its error.
  for (let at = causeOf(error); at !== undefined && messages.length < 4; at = causeOf(at)) messages.push(messageOf(at));
  const text = messages.reduceRight((inner, message) => `${message} (${inner})`);
  return quotation(text, url);
}

/**
 * Whether an error is a trap: the engine's `RuntimeError`, or the exhaustion of the stack. Nothing else that an import
 * throws is one.
 *
 * @param error - What was caught.
 */
export function isTrap(error: unknown): error is Error {
  return isBuiltIn(error, "RuntimeError") || isExhaustion(error);
}

/**
 * The message of an error, or anything else in a few words.
 *
 * @param error - What was caught.
 */
export function messageOf(error: unknown): string {
  try {
    if (typeof error === "object" && error !== null) {
      const { message } = error as { readonly message?: unknown };
      if (typeof message === "string") return message;
    }
  } catch {
    // In words, then.
  }
  return typeof error === "string" ? error : describe(error);
}

/**
 * Whether an engine's message says that the host forbids compiling. There is no class of error for it: Chromium names the
 * directive of the policy, Firefox "CSP", WebKit both, and V8 "disallowed by embedder" on edge hosts.
 *
 * @param message - The message of a `CompileError`.
 */
export function forbidsCompiling(message: string): boolean {
  return /unsafe-eval|Content Security Policy|\bCSP\b|disallowed by embedder|code generation/i.test(message);
}
