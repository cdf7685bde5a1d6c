import { define, ownMembers, ownValue } from "../base/own.ts";
import { causeOf } from "./caught.ts";
import type { Messages } from "./catalogue.ts";
import type { ErrorCode } from "./details.ts";
import { withAddress } from "./docs-address.ts";
import { UnglueError } from "./unglue-error.ts";

/** How far a chain of causes is followed. It may be circular. */
const deepest = 16;

/**
 * Writes the message of an error made by `loadError`, and those of its causes. Each error stays the same object.
 *
 * @param error - Any caught value.
 * @param messages - The catalogue; without one the message is the code with the details.
 */
export function explain(error: unknown, messages: Partial<Messages> = {}): void {
  for (const one of unexplained(error)) {
    const make = ownValue<Partial<Messages>, ErrorCode>(messages, one.code);
    const message = make?.(ownMembers(one.details) as never, ownValue(one, "cause"));
    rewrite(one, message ?? `${one.code}: ${JSON.stringify(one.toJSON().details)}`);
  }
}

/**
 * Makes an async function explain its errors. The catalogue is fetched on the first error.
 *
 * @param call - The function.
 */
export function explained<Args extends unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (error) {
      await explainLater(error);
      throw error;
    }
  };
}

/**
 * Explains an error once the catalogue is loaded. If it cannot be fetched, because of a lost connection or because
 * `import()` is forbidden, the error is explained without it.
 *
 * @param error - Any caught value.
 */
export async function explainLater(error: unknown): Promise<void> {
  if (unexplained(error).length === 0) return;
  const chunk = await import("./messages/index.ts").catch(() => undefined);
  explain(error, chunk?.messages);
}

/** Returns the errors in a chain of causes whose messages are still their codes. */
function unexplained(error: unknown): UnglueError[] {
  const found: UnglueError[] = [];
  for (let at = error, depth = 0; at !== undefined && depth < deepest; at = causeOf(at), depth++) {
    if (isUnexplained(at)) found.push(at);
  }
  return found;
}

function isUnexplained(error: unknown): error is UnglueError {
  try {
    return error instanceof UnglueError && error.message === error.code;
  } catch {
    // An import may throw a proxy with traps that throw.
    return false;
  }
}

/**
 * Sets the message, and the first line of the stack, where V8 has written the message of the time when the error was made. A
 * frozen error, or a program whose way of making stacks throws, must not put another error in its place.
 *
 * @param error - The error.
 * @param text - The message, without the address in the docs.
 */
export function rewrite(error: UnglueError, text: string): void {
  const message = withAddress(text, error.code);
  const start = `${error.name}: ${error.message}`;
  try {
    error.message = message;
    const { stack } = error;
    if (typeof stack !== "string" || !stack.startsWith(start)) return;
    const value = `${error.name}: ${message}${stack.slice(start.length)}`;
    define(error, "stack", { value, configurable: true, writable: true });
  } catch {
    // The message stays as it is, or the stack.
  }
}
