import { describe } from "../../errors/describe.ts";
import { invalidOption, requireKnownOptions } from "../../errors/invalid.ts";
import { readGiven } from "../../errors/given.ts";
import { refuseUncalled } from "../uncalled.ts";
import { isMemoryDirectory } from "./memory-directory.ts";
import type { RunOptions, WasiOptions } from "./options.ts";
import { environmentOf, inputOf, isText, nameOf, outputsOf, recordOf, textsOf } from "./standard.ts";

/** The options that describe a program's surroundings. */
export const runOptions = ["args", "name", "env", "stdin", "stdout", "stderr", "preopens"] as const;

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
  const { args, name = "main.wasm", env, stdin, stdout, stderr, preopens } = read(call, given);
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
  return {
    args: [nameOf(call, name), ...textsOf(call, args)],
    env: environmentOf(call, env),
    stdin: inputOf(call, stdin, takesStreams),
    ...outputsOf(call, { stdout, stderr }, takesStreams),
    real: kinds[0] === "real" ? (directories as Record<string, string>) : undefined,
    inMemory: kinds[0] === "memory" ? directories : undefined,
  };
}

/** Reads the options, each once. */
function read(call: string, given: unknown): { readonly [Name in (typeof runOptions)[number]]?: unknown } {
  refuseUncalled(given, "imports: wasi()");
  const options = readGiven(call, given);
  requireKnownOptions(call, Object.keys(options), runOptions);
  return options;
}

/** An input that is no stream. */
export type PlainInput = WasiOptions["stdin"];
