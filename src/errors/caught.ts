/**
 * Safe checks of caught values. An import can throw anything: `null`, a revoked proxy, an object whose getters throw.
 * Nothing here throws, and nothing runs code of the value itself, except a getter of an error.
 */
import { memberOf } from "../base/own.ts";
import { describe, quotation, tagOf, urlText } from "./describe.ts";

/**
 * Whether an error is of a built-in class of any realm. The engine makes some errors in the realm in which a module was
 * compiled.
 *
 * @param error - The caught value.
 * @param name - The name of the class.
 */
export function isBuiltIn(error: unknown, name: string): error is Error {
  if (!isError(error)) return false;
  try {
    const { name: found, message } = error;
    // A program may rename the class, so this realm's class is recognized by its prototype, and another realm's by its name.
    const isNamed = found === name || Object.getPrototypeOf(error) === prototypeOf(name);
    // Errors of a user's class of the same name mostly have an own property `name`.
    return isNamed && !Object.hasOwn(error, "name") && typeof message === "string";
  } catch {
    // The engine's own errors have no getter that throws.
    return false;
  }
}

/** Whether a value is an error of any realm. */
function isError(value: unknown): value is Error {
  const { isError: tell } = Error as { readonly isError?: (value: unknown) => boolean };
  if (typeof tell === "function") return tell(value);
  const tag = tagOf(value);
  if (tag === "Error" || tag === "Object") return tag === "Error";
  // A tag on a prototype that errors share hides the tag of errors.
  return tag === tagOf(new Error()) && value instanceof Error;
}

/** Returns the prototype of this realm's built-in error class of a name; `undefined` if there is no such class. */
function prototypeOf(name: string): unknown {
  for (const holder of [WebAssembly, globalThis] as unknown as Readonly<
    Record<string, { readonly prototype: unknown }>
  >[]) {
    if (Object.hasOwn(holder, name)) return holder[name]?.prototype;
  }
  return undefined;
}

/**
 * Whether an error means that the stack is exhausted, which unwinds the module's frames as a trap does.
 *
 * @param error - The caught value.
 */
export function isExhaustion(error: unknown): error is Error {
  return (
    isBuiltIn(error, "InternalError") ||
    // Not a regular expression: compiling one fails differently when the stack is exhausted.
    (isBuiltIn(error, "RangeError") && messageOf(error).includes("call stack"))
  );
}

/**
 * Whether an error is the engine's refusal to reserve memory. Unused instances and memories release their address space only
 * when they are garbage-collected.
 *
 * @param error - The caught value.
 */
export function isShortage(error: unknown): error is Error {
  return isBuiltIn(error, "RangeError") && /out of memory|allocate/i.test(messageOf(error));
}

/**
 * Returns the cause of an error.
 *
 * @param error - The caught value.
 * @returns The cause; `undefined` if there is none or it cannot be read.
 */
export function causeOf(error: unknown): unknown {
  try {
    return typeof error === "object" && error !== null ? memberOf(error, "cause") : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns an error's message with those of its causes, in which Node puts the reason. URLs in it have no credentials.
 *
 * @param error - The caught value.
 * @param url - A URL that the messages are likely to quote.
 */
export function reasonOf(error: unknown, url?: string): string {
  const messages = [messageOf(error)];
  // The chain of causes may be circular.
  for (let at = causeOf(error); at !== undefined && messages.length < 4; at = causeOf(at)) messages.push(messageOf(at));
  const text = messages.reduceRight((inner, message) => `${message} (${inner})`);
  return quotation(text, url);
}

/**
 * Returns the flag by which Deno would allow what an error was about, as in `--allow-net`; `undefined` for other errors.
 *
 * @param error - The caught value.
 */
export function permissionIn(error: unknown): string | undefined {
  return /\bwith the (--allow-[a-z]+) flag/.exec(reasonOf(error))?.[1];
}

/**
 * Returns the cause to pass on with an error about a URL. Printing an error prints its cause, nested causes and own members,
 * so a cause that may contain a password is replaced by its message without it.
 *
 * @param cause - The platform's error.
 * @param url - The URL as the platform knows it, if there is one.
 */
export function shownCause(cause: unknown, url = ""): unknown {
  const reason = reasonOf(cause, url);
  return `${urlText(url)} ${reason}`.includes("***@") ? new TypeError(reason) : cause;
}

/**
 * Whether an error is a trap: the engine's `RuntimeError`, or an exhausted stack. Nothing else that an import throws is a
 * trap.
 *
 * @param error - The caught value.
 */
export function isTrap(error: unknown): error is Error {
  return isBuiltIn(error, "RuntimeError") || isExhaustion(error);
}

/**
 * Returns the message of an error, or a short description of any other value.
 *
 * @param error - The caught value.
 */
export function messageOf(error: unknown): string {
  try {
    if (typeof error === "object" && error !== null) {
      const { message } = error as { readonly message?: unknown };
      if (typeof message === "string") return message;
    }
  } catch {
    // A getter threw: describe the value instead.
  }
  return typeof error === "string" ? error : describe(error);
}

/**
 * Whether an engine's message says that the host forbids compiling. There is no error class for it: Chromium's message names
 * the policy's directive, Firefox's "CSP", WebKit's both, and V8's "disallowed by embedder" on edge hosts.
 *
 * @param message - The message of a `CompileError`.
 */
export function forbidsCompiling(message: string): boolean {
  return /unsafe-eval|Content Security Policy|\bCSP\b|disallowed by embedder|code generation/i.test(message);
}
