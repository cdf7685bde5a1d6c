import { isReadable, memberOf } from "../../base/own.ts";
import { readGiven } from "../../errors/given.ts";
import { invalidOption, requireKnownOptions } from "../../errors/invalid.ts";
import { environmentOf, inputOf, nameOf, outputsOf, recordOf, textsOf } from "../wasi/standard.ts";
import { refuseUncalled } from "../uncalled.ts";
import type { GoOptions } from "./options.ts";

/** The options that describe a program's surroundings. */
export const goOptions = [
  "args",
  "name",
  "env",
  "stdin",
  "stdout",
  "stderr",
  "fs",
  "process",
  "path",
  "globals",
] as const satisfies readonly (keyof GoOptions)[];

/** Options that have been read once and checked. */
export interface CheckedOptions {
  readonly stdin: GoOptions["stdin"] | undefined;
  readonly stdout: GoOptions["stdout"] | undefined;
  readonly stderr: GoOptions["stderr"] | undefined;
  /** The arguments, the program's name first. */
  readonly args: readonly string[];
  /** The environment, as `NAME=value`. */
  readonly env: readonly string[];
  readonly fs: object | undefined;
  readonly process: object | undefined;
  readonly path: object | undefined;
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Reads and checks options. Errors: `invalid-option`, `unknown-option`.
 *
 * @param call - The call that takes them.
 * @param given - The caller's, in the order in which later ones replace earlier ones.
 */
export function checkOptions(call: string, ...given: readonly (GoOptions | undefined)[]): CheckedOptions {
  const {
    args,
    name = "js",
    env,
    stdin,
    stdout,
    stderr,
    fs,
    process,
    path,
    globals,
  } = Object.assign(
    Object.create(null) as { readonly [Name in keyof GoOptions]?: unknown },
    ...given.map((one) => read(call, one)),
  ) as { readonly [Name in keyof GoOptions]?: unknown };
  const checked: CheckedOptions = {
    args: [nameOf(call, name), ...textsOf(call, args)],
    // Go's runtime finds them in the order of their names.
    env: [...environmentOf(call, env)].sort(),
    stdin: inputOf(call, stdin, true),
    ...outputsOf(call, { stdout, stderr }, true),
    fs: objectOf(call, "fs", fs, "write", "a file system like node:fs, whose functions take callbacks"),
    process: objectOf(call, "process", process, undefined, "an object like Node's process"),
    path: objectOf(call, "path", path, "resolve", "an object with a function resolve, like node:path"),
    globals: recordOf(call, "globals", globals, "an object of values by name"),
  };
  for (const stream of ["stdin", "stdout", "stderr"] as const) {
    if (typeof checked[stream] === "number" && !checked.fs) {
      const others = stream === "stdin" ? "text, bytes, a function or a stream" : "a function or a stream";
      const expected = `${others}, or a file descriptor of the option fs, which is not set`;
      throw invalidOption(call, stream, expected, checked[stream]);
    }
  }
  return checked;
}

/** Reads options, each once. One that is `undefined` is not set. */
function read(call: string, given: unknown): Readonly<Record<string, unknown>> {
  refuseUncalled(given, "adapters: [go()], or leave it out of loadProgram, which takes its options");
  const options = readGiven(call, given);
  requireKnownOptions(call, Object.keys(options), goOptions);
  return options;
}

/** Checks an object that has a function, if one is named. A module's namespace counts. */
function objectOf(
  call: string,
  option: string,
  value: unknown,
  member: string | undefined,
  expected: string,
): object | undefined {
  if (value === undefined) return undefined;
  const isObject = typeof value === "object" && value !== null && isReadable(value) && !Array.isArray(value);
  if (isObject && (member === undefined || typeof memberOf(value, member) === "function")) return value;
  throw invalidOption(call, option, expected, value);
}
