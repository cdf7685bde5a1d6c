import { basename } from "node:path";
import { loadCommand, wasi, type WasiOptions } from "../entries/wasi-node.ts";
import type { BuiltinOptions, Imports, Instance, LoadOptions, Shape } from "../public/index.ts";
import { CommandError } from "./command-error.ts";
import { printable } from "./output.ts";

/** The environment and directories of a program, as the options of the command say them. */
export interface ProgramOptions {
  /** Variables as `NAME=value`. */
  readonly env?: readonly string[];
  /** Directories as `host::guest`, or one path for both. */
  readonly dir?: readonly string[];
}

/** Whether a module is a program, which runs from its beginning to its end. */
export function isProgram({ exports }: Shape): boolean {
  return exports.some(
    ({ name, kind, type }) =>
      name === "_start" && kind === "function" && type?.params.length === 0 && type.results.length === 0,
  );
}

/**
 * Runs a program with the terminal's streams.
 *
 * @param bytes - The module.
 * @param argument - The module as the user named it.
 * @param args - Its arguments.
 * @param given - Its environment and directories.
 * @param options - The builtins that it is compiled with, and the policies for its other imports.
 * @param isKept - Whether its output is returned, and not written to the standard output.
 * @returns An exit code for this process, and the output that was kept.
 */
export async function runProgram(
  bytes: Uint8Array<ArrayBuffer>,
  argument: string,
  args: readonly string[],
  given: ProgramOptions,
  options: Pick<LoadOptions, "missing" | "trace" | "warn" | keyof BuiltinOptions>,
  isKept: boolean,
): Promise<{ readonly exitCode: number; readonly stdout?: string }> {
  const program = await loadCommand(bytes, options);
  const chunks: Uint8Array[] = [];
  const kept = isKept && { stdout: (bytes: Uint8Array): void => void chunks.push(bytes.slice()) };
  const { exitCode } = await program.run({ args, name: basename(argument), ...terminalOptions(given), ...kept });
  // A shell sees 8 bits, and a failure must not look like success.
  const code = exitCode & 0xff || (exitCode === 0 ? 0 : 1);
  return { exitCode: code, ...(isKept && { stdout: Buffer.concat(chunks).toString() }) };
}

/** Returns the imports of a library that is no program, with the terminal's streams. */
export function terminalImports(given: ProgramOptions): (instance: Instance) => Imports {
  return wasi(terminalOptions(given));
}

function terminalOptions({ env = [], dir = [] }: ProgramOptions): WasiOptions {
  withoutWarning();
  return {
    env: Object.fromEntries(env.map((text) => split(text, "=", "--env"))),
    preopens: Object.fromEntries(
      dir.map((text) => {
        const [host, guest] = text.includes("::") ? split(text, "::", "--dir") : [text, text];
        return [guest, host];
      }),
    ),
    stdin: 0,
    stdout: 1,
    stderr: 2,
  };
}

function split(text: string, separator: string, option: string): readonly [string, string] {
  const at = text.indexOf(separator);
  if (at > 0) return [text.slice(0, at), text.slice(at + separator.length)];
  throw new CommandError(
    `${option} takes ${option === "--env" ? "NAME=value" : "a directory, or host::guest"}, got ${printable(text)}.`,
  );
}

/** Node warns that its WASI is experimental, on the standard error of the program that is run. */
function withoutWarning(): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: never[]) => {
    if (!/\bWASI is an experimental feature\b/.test(String(warning))) emitWarning(warning, ...rest);
  };
}
