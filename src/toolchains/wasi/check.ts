import { describe } from "../../errors/describe.ts";
import { invalidOption, requireKnownOptions } from "../../errors/invalid.ts";
import { hasMembers, isReadable, isRecord, memberOf, ownMembers } from "../../base/own.ts";
import { isBytes } from "./is-bytes.ts";
import { isMemoryDirectory } from "./memory-directory.ts";
import type { ByteReadableLike, ByteWritableLike, OutputSink, RunOptions, WasiOptions } from "./options.ts";

const names = ["args", "name", "env", "stdin", "stdout", "stderr", "preopens"] as const;
/** A limit, because a sparse array of any length costs its maker nothing. */
const mostItems = 65536;

/** Options that have been read once and checked. */
export interface CheckedOptions {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly stdin: RunOptions["stdin"];
  readonly stdout: RunOptions["stdout"];
  readonly stderr: RunOptions["stderr"];
  /** Paths of real directories by the paths that the program knows; `undefined` if there are none. */
  readonly real: Readonly<Record<string, string>> | undefined;
  /** Directories in memory, likewise. */
  readonly inMemory: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads and checks options. Errors: `invalid-option`, `unknown-option`.
 *
 * @param call - The call that takes them.
 * @param given - The caller's.
 * @param takesStreams - Whether the call can wait for streams.
 */
export function checkOptions(call: string, given: RunOptions | undefined, takesStreams: boolean): CheckedOptions {
  const { args, name, env, stdin, stdout, stderr, preopens } = read(call, given);
  const directories = recordOf(call, "preopens", preopens, "an object of directories by the program's paths");
  const kinds = Object.entries(directories).map(([guest, one]) => {
    if (typeof one === "string" && one !== "" && !one.includes("\0") && isText(guest)) return "real";
    if (isMemoryDirectory(one) && isText(guest)) return "memory";
    throw invalidOption(
      call,
      `preopens[${describe(guest)}]`,
      "the path of a directory in Node, or a directory that memoryDirectory made (await it)",
      one,
    );
  });
  if (new Set(kinds).size > 1) {
    throw invalidOption(
      call,
      "preopens",
      "all real directories or all in memory, since each kind has its own file system",
      preopens,
    );
  }
  const variables = recordOf(call, "env", env, "an object of texts by name");
  return {
    args: [nameOf(call, name), ...textsOf(call, args)],
    env: Object.entries(variables).map(([variable, value]) => {
      if (isText(value) && isText(variable) && variable !== "" && !variable.includes("="))
        return `${variable}=${value}`;
      throw invalidOption(
        call,
        `env[${describe(variable)}]`,
        "a text without a zero character, and its name without =",
        value,
      );
    }),
    stdin: checked(
      call,
      "stdin",
      // Each life reads them, and the caller may change its own.
      isBytes(stdin) ? stdin.slice() : stdin,
      isInput(takesStreams),
      `text, a Uint8Array, a function${takesStreams ? ", a readable stream" : ""} or a file descriptor`,
    ),
    stdout: outputOf(call, "stdout", stdout, takesStreams),
    stderr: outputOf(call, "stderr", stderr, takesStreams),
    real: kinds[0] === "real" ? (directories as Record<string, string>) : undefined,
    inMemory: kinds[0] === "memory" ? directories : undefined,
  };
}

function outputOf(call: string, option: string, value: unknown, takesStreams: boolean): RunOptions["stdout"] {
  const expected = `a function of bytes${takesStreams ? ", a writable stream" : ""} or a file descriptor`;
  return checked(call, option, value, isOutput(takesStreams), expected);
}

/** Reads the options, each once. */
function read(call: string, given: unknown = {}): { readonly [Name in (typeof names)[number]]?: unknown } {
  if (!hasMembers(given)) throw invalidOption(call, "options", "an object", given);
  const options = ownMembers(given);
  requireKnownOptions(call, Object.keys(options), names);
  return options;
}

function recordOf(call: string, option: string, value: unknown, expected: string): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw invalidOption(call, option, expected, value);
  return ownMembers(value) as Record<string, unknown>;
}

function nameOf(call: string, value: unknown = "main.wasm"): string {
  if (isText(value)) return value;
  throw invalidOption(call, "name", "a text without a zero character", value);
}

function textsOf(call: string, value: unknown = []): readonly string[] {
  if (!isReadable(value) || !Array.isArray(value) || value.length > mostItems) {
    throw invalidOption(call, "args", "an array of texts", value);
  }
  return Array.from(value, (one: unknown, at) => {
    if (isText(one)) return one;
    throw invalidOption(call, `args[${at}]`, "a text without a zero character", one);
  });
}

function checked<Value>(
  call: string,
  option: string,
  value: unknown,
  check: (value: unknown) => value is Value,
  expected: string,
): Value | undefined {
  if (value === undefined || check(value)) return value;
  throw invalidOption(call, option, expected, value);
}

/** Whether a value is a text that C can hold, which ends at a zero character. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function isDescriptor(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}

const isInput =
  (takesStreams: boolean) =>
  (value: unknown): value is RunOptions["stdin"] =>
    typeof value === "string" ||
    typeof value === "function" ||
    isDescriptor(value) ||
    isBytes(value) ||
    (takesStreams && isStream(value, "getReader"));

const isOutput =
  (takesStreams: boolean) =>
  (value: unknown): value is RunOptions["stdout"] =>
    typeof value === "function" || isDescriptor(value) || (takesStreams && isStream(value, "getWriter"));

function isStream(value: unknown, method: string): boolean {
  return (
    typeof value === "object" && value !== null && isReadable(value) && typeof memberOf(value, method) === "function"
  );
}

/** Whether an input is a stream. */
export function isReadableStream(value: RunOptions["stdin"]): value is ByteReadableLike {
  return typeof value === "object" && !isBytes(value);
}

/** Whether an output is a stream. */
export function isWritableStream(value: OutputSink | ByteWritableLike | undefined): value is ByteWritableLike {
  return typeof value === "object";
}

/** An input that is no stream. */
export type PlainInput = WasiOptions["stdin"];
