import { isReadable, isRecord, memberOf, ownMembers } from "../../base/own.ts";
import { describe } from "../../errors/describe.ts";
import { copyGiven } from "../../errors/given.ts";
import { invalidOption } from "../../errors/invalid.ts";
import { isBytes } from "./is-bytes.ts";
import type { ByteReadableLike, ByteWritableLike, RunOptions } from "./options.ts";

// Checks of the options that describe a program's surroundings: arguments, environment, standard streams. Each throws
// `invalid-option` with the call that takes the option.

/** A limit, because a sparse array of any length costs its maker nothing. */
const mostItems = 65536;

/** Copies the own members of an option; none if it is not set. */
export function recordOf(
  call: string,
  option: string,
  value: unknown,
  expected: string,
): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw invalidOption(call, option, expected, value);
  return copyGiven(call, option, value, ownMembers) as Record<string, unknown>;
}

/** Checks a program's name. */
export function nameOf(call: string, value: unknown): string {
  if (isText(value)) return value;
  throw invalidOption(call, "name", "a text without a zero character", value);
}

/** Checks the arguments. */
export function textsOf(call: string, value: unknown = []): readonly string[] {
  if (!isReadable(value) || !Array.isArray(value) || value.length > mostItems) {
    throw invalidOption(call, "args", "an array of texts", value);
  }
  return Array.from(value, (one: unknown, at) => {
    if (isText(one)) return one;
    throw invalidOption(call, `args[${at}]`, "a text without a zero character", one);
  });
}

/** Checks the environment. Returns it as `NAME=value`. */
export function environmentOf(call: string, value: unknown): readonly string[] {
  const variables = recordOf(call, "env", value, "an object of texts by name");
  return Object.entries(variables).map(([variable, text]) => {
    if (isText(text) && isText(variable) && variable !== "" && !variable.includes("=")) return `${variable}=${text}`;
    throw invalidOption(
      call,
      `env[${describe(variable)}]`,
      "a text without a zero character, and its name without =",
      text,
    );
  });
}

/** Checks the standard input. Bytes are copied: each life reads them, and the caller may change its own. */
export function inputOf(call: string, value: unknown, takesStreams: boolean): RunOptions["stdin"] {
  if (isBytes(value)) return value.slice();
  if (value === undefined || isInput(value) || (takesStreams && isStream(value, "getReader"))) {
    return value as RunOptions["stdin"];
  }
  const expected = `text, a Uint8Array, a function${takesStreams ? ", a readable stream which nothing else has locked" : ""} or a file descriptor`;
  throw invalidOption(call, "stdin", expected, value);
}

/** Checks the standard outputs. */
export function outputsOf(
  call: string,
  { stdout, stderr }: { readonly stdout: unknown; readonly stderr: unknown },
  takesStreams: boolean,
): { readonly stdout: RunOptions["stdout"]; readonly stderr: RunOptions["stderr"] } {
  const checked = {
    stdout: outputOf(call, "stdout", stdout, takesStreams),
    stderr: outputOf(call, "stderr", stderr, takesStreams),
  };
  // A stream has one writer at a time.
  if (isWritableStream(stdout) && stdout === stderr)
    throw invalidOption(call, "stderr", "another stream than stdout, or two functions that write to one", stderr);
  return checked;
}

function outputOf(call: string, option: string, value: unknown, takesStreams: boolean): RunOptions["stdout"] {
  if (
    value === undefined ||
    typeof value === "function" ||
    isDescriptor(value) ||
    (takesStreams && isStream(value, "getWriter"))
  ) {
    return value as RunOptions["stdout"];
  }
  const expected = `a function of bytes${takesStreams ? ", a writable stream which nothing else has locked" : ""} or a file descriptor`;
  throw invalidOption(call, option, expected, value);
}

/** Whether a value is a text that C can hold, which ends at a zero character. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

/** Whether an input is a stream. */
export function isReadableStream(value: unknown): value is ByteReadableLike {
  return typeof value === "object" && !isBytes(value);
}

/** Whether an output is a stream. */
export function isWritableStream(value: unknown): value is ByteWritableLike {
  return typeof value === "object";
}

function isInput(value: unknown): boolean {
  return typeof value === "string" || typeof value === "function" || isDescriptor(value);
}

function isDescriptor(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}

/** Whether a value is a stream that nobody else reads or writes. */
function isStream(value: unknown, method: string): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    isReadable(value) &&
    typeof memberOf(value, method) === "function" &&
    memberOf(value, "locked") !== true
  );
}
