import { hasMembers, ownTree } from "../base/own.ts";
import { invalidOption } from "./invalid.ts";
import type { UnglueError } from "./unglue-error.ts";

/**
 * Reads the options of a call, each once, and returns those that are set in an object that inherits nothing. It is for the caller
 * to check which of them the call takes. Errors: `invalid-option`.
 *
 * @param call - The call's name, for messages.
 * @param given - The options that the user passed.
 */
export function readGiven(call: string, given: unknown = {}): Readonly<Record<string, unknown>> {
  const options = Object.create(null) as Record<string, unknown>;
  let refusal: UnglueError | undefined;
  try {
    if (!hasMembers(given)) refusal = invalidOption(call, "options", "an object", given);
    else {
      for (const option of Object.getOwnPropertyNames(given)) {
        const value: unknown = Reflect.get(given, option);
        if (value !== undefined) options[option] = value;
      }
    }
  } catch (cause) {
    refusal = unreadable(call, "options", given, cause);
  }
  if (refusal) throw refusal;
  return options;
}

/**
 * Copies an object that the user passed, so that the copy inherits nothing. Errors: `invalid-option`.
 *
 * @param call - The call's name, for messages.
 * @param option - The option that has it, or `"options"`.
 * @param value - The object.
 * @param copy - Copies it; by default plain data at any depth.
 */
export function copyGiven<Value>(
  call: string,
  option: string,
  value: Value,
  copy: (value: Value) => Value = ownTree,
): Value {
  try {
    return copy(value);
  } catch (cause) {
    throw unreadable(call, option, value, cause);
  }
}

/** Makes the error of an object whose getters throw, or that is a proxy, which may throw anything. */
function unreadable(call: string, option: string, given: unknown, cause: unknown): UnglueError<"invalid-option"> {
  return invalidOption(call, option, "an object whose members can be read", given, cause);
}
