import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { urlText } from "../errors/describe.ts";
import { UnglueError } from "../node.ts";
import { type BuiltinFlags, declaredBuiltins } from "./builtins.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { acceptedOf, isComplete, type Remaining } from "./declare/accepted.ts";
import { saysTooOld } from "./declare/calls.ts";
import { compareFiles } from "./declare/check.ts";
import { findInputs, type Inputs } from "./declare/inputs.ts";
import { isPrinted } from "./declare/print-js.ts";
import { commandWord } from "./declare/text.ts";
import { place } from "./declare/usage.ts";
import { writeDeclaration, type Written } from "./declare/write.ts";
import { type Findings, findingsOf, holesOf, summaryOf } from "./declare-summary.ts";
import { type FileContent, replaceFiles } from "./files.ts";
import { type Output, printable, toJson, wrap } from "./output.ts";
import { mayEmbed } from "./scripts.ts";

/** The options of `unglue declare`. */
export interface DeclareOptions extends BuiltinFlags {
  readonly dts?: string | false;
  readonly glue?: string | false;
  readonly output?: string;
  readonly docs?: boolean;
  readonly shape?: boolean;
  /** The members that may be left out; `*` is all. */
  readonly accept?: readonly string[];
  readonly check?: boolean;
  readonly json?: boolean;
}

/** Differences that `--check` shows to people; the JSON has all. */
const listed = 16;

/**
 * Runs `unglue declare`. The exit code tells findings if a member is left out and not accepted, or guessed, or if `load` refuses
 * the module, or, with `check`, if the files differ from those that would be written.
 *
 * @param argument - The module.
 * @param options - The other inputs, and where and how to write.
 * @param version - The tool's version.
 * @param output - The terminal.
 */
export async function declareCommand(
  argument: string,
  options: DeclareOptions,
  version: string,
  output: Output,
): Promise<number> {
  const { docs = true, shape = true, accept = [], check = false, json = false } = options;
  output.remark(`Looking for the module of ${printable(argument)} …`);
  const inputs = await findInputs(argument, options);
  const builtins = declaredBuiltins(inputs.shape, options);
  const path = resolve(options.output ?? `${defaultName(inputs)}.js`);
  if (!/\.m?js$/.test(path)) throw new CommandError(`${printable(basename(path))} must end with .js or .mjs.`);
  output.remark(
    // A script that embeds its module is both.
    `Reading ${[...new Set([inputs.module, inputs.glue, inputs.dts].flatMap((one) => (one ? [printable(one.name)] : [])))].join(", ")} …`,
  );
  const written = await writeDeclaration(inputs, {
    withDocs: docs,
    withShape: shape,
    version,
    command: commandOf(argument, options),
    folder: dirname(path),
    builtins,
  });
  refuseUnsupported(inputs, written);
  const accepted = acceptedOf(written.declared.holes, accept);
  const dtsPath = path.replace(/js$/, "ts").replace(/\.(m?ts)$/, ".d.$1");
  // Without --output nobody has said where files of the program go.
  const bytes = inputs.module.embedded === undefined || options.output === undefined ? undefined : inputs.module.bytes;
  const wasmPath = bytes && path.replace(/m?js$/, "wasm");
  const differences = check ? [...compare(path, written.js), ...compare(dtsPath, written.dts)] : [];
  if (check && wasmPath) differences.push(...compareModule(wasmPath, bytes));
  const files: readonly [FileContent, ...FileContent[]] = [
    [path, written.js],
    [dtsPath, written.dts],
    ...(wasmPath ? [[wasmPath, bytes] as const] : []),
  ];
  if (!check) {
    await replaceFiles(files, () => {
      for (const file of [path, dtsPath]) refuseOther(file);
      if (wasmPath) refuseOtherModule(wasmPath, bytes, path);
    });
  }
  const paths = files.map(([file]) => file);
  const isSame = differences.length === 0;
  if (check && !json) {
    output.write(`${checkText(path, differences, output)}\n`);
    return isSame ? exitCodes.fine : exitCodes.findings;
  }
  const findings = await findingsOf(inputs, written);
  const remaining = remainingOf(written, findings, accepted);
  output.write(
    json
      ? toJson(reportOf(inputs, written, findings, { paths, accepted, differences }))
      : `${summaryOf(inputs, written, findings, { paths, argument, accepted, remaining }, output)}\n`,
  );
  const isFine = check ? isSame : isComplete(remaining);
  return isFine ? exitCodes.fine : exitCodes.findings;
}

function remainingOf({ declared }: Written, findings: Findings, accepted: readonly string[]): Remaining {
  const open = holesOf(declared, findings).filter(({ member }) => !accepted.includes(member));
  return { holes: open.length, guesses: declared.guesses.length, isRefused: findings.refused !== undefined };
}

/** Refuses a module of a version whose values are passed in other ways, if that leaves nothing to declare. Errors: `unsupported-module`. */
function refuseUnsupported({ module, shape }: Inputs, { declared }: Written): void {
  const advice = shape.advice.find(saysTooOld);
  if (!advice || declared.members.length > 0) return;
  const details = { toolchain: shape.toolchain.name, feature: "version" };
  throw new UnglueError("unsupported-module", `${printable(module.name)}: ${advice.message}`, details);
}

/** Refuses to write over a file that is not the command's: the JavaScript of a package may have the same name. */
function refuseOther(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found || (!found.isDirectory() && isPrinted(readFileSync(file, "utf8")))) return;
  throw new CommandError(
    `${printable(place(file))} exists and is no declaration file. Name another file with --output.`,
  );
}

/** Refuses to write over a module, unless the declaration file beside it says that it was taken out of a script, too. */
function refuseOtherModule(file: string, bytes: Uint8Array, declaration: string): void {
  if (!existsSync(file) || (statSync(file).isFile() && Buffer.compare(readFileSync(file), bytes) === 0)) return;
  const header = existsSync(declaration) ? readFileSync(declaration, "utf8").slice(0, 40_000) : "";
  const [, module = ""] = /^ \* Read from (.*) by unglue /m.exec(header) ?? [];
  if (statSync(file).isFile() && mayEmbed(module.replace(/#\d+$/, ""))) return;
  throw new CommandError(
    `${printable(place(file))} exists, and this command has not written it. Name another file with --output.`,
  );
}

function compareModule(file: string, bytes: Uint8Array): string[] {
  if (!existsSync(file)) return [`${printable(basename(file))} does not exist`];
  const isSame = statSync(file).isFile() && Buffer.compare(readFileSync(file), bytes) === 0;
  return isSame ? [] : [`${printable(basename(file))} is not the module that the script contains`];
}

/** `prqlc` for the package, `app` for `app_bg.wasm`. */
function defaultName({ module, package: owner }: Inputs): string {
  if (module.package && owner) return owner.name.replace(/^@/, "").replaceAll("/", "-");
  const name = basename(module.path ?? new URL(module.name).pathname);
  return basename(name, extname(name)).replace(/_bg$/, "");
}

/**
 * Returns the command that writes the files again, with the options that change them, for their first comment. A password in an address is left out.
 *
 * @param argument - The command's argument.
 * @param options - Its options.
 */
export function commandOf(
  argument: string,
  { dts, glue, output, docs, shape, builtins, stringConstants, accept = [] }: DeclareOptions,
): string {
  const words = [
    "npx unglue declare",
    argument,
    ...optionWords("dts", dts),
    ...optionWords("glue", glue),
    ...(output === undefined ? [] : ["-o", output]),
    ...(docs === false ? ["--no-docs"] : []),
    ...(shape === false ? ["--no-shape"] : []),
    ...(builtins === undefined ? [] : ["--builtins", builtins]),
    ...(stringConstants === undefined ? [] : ["--string-constants", stringConstants]),
    ...accept.flatMap((one) => (one.startsWith("-") ? [`--accept=${one}`] : ["--accept", one])),
  ];
  const [start, ...rest] = words.map((word) => (/^[a-z]+:\/\//i.test(word) ? urlText(word) : word));
  return [start, ...rest.map(commandWord)].join(" ");
}

function optionWords(name: string, value: string | false | undefined): readonly string[] {
  if (value === undefined) return [];
  return value === false ? [`--no-${name}`] : [`--${name}`, value];
}

function compare(path: string, now: string): string[] {
  const name = basename(path);
  if (!existsSync(path)) return [`${printable(name)} does not exist`];
  return compareFiles(readFileSync(path, "utf8"), now, name).map((one) => `${printable(name)}: ${one}`);
}

function checkText(path: string, differences: readonly string[], { strong, width }: Output): string {
  const name = printable(place(path));
  if (differences.length === 0) return `${strong(name)} is what would be written now.`;
  const rest = differences.length > listed ? [`  and ${differences.length - listed} more, which --json lists`] : [];
  return [
    `${strong(name)} is not what would be written now:`,
    ...differences.slice(0, listed).map((one) => wrap(`  - ${one}`, width, 4)),
    ...rest,
    "Write it again without --check, and look at the difference.",
  ].join("\n");
}

function reportOf(
  { module, glue, dts, package: owner, shape }: Inputs,
  { declared, js, file, uses }: Written,
  findings: Findings,
  { paths, accepted, differences }: Record<"paths" | "accepted" | "differences", readonly string[]>,
): object {
  const { supply, globals, advice, start, texts, refused, ...counts } = findings;
  const nameOf = ({ module, name }: { readonly module: string; readonly name: string }) => ({ module, name });
  return {
    files: paths,
    bytes: Buffer.byteLength(js),
    module: module.name,
    toolchain: { name: shape.toolchain.name, version: shape.toolchain.version },
    glue: uses.glue ? glue?.name : undefined,
    dts: uses.dts ? dts?.name : undefined,
    package: owner && { name: owner.name, version: owner.version, license: owner.license },
    fingerprint: file.fingerprint,
    ...counts,
    supply: supply.map((one) => ({ ...nameOf(one), kind: one.kind })),
    calledAtLoad: start.calls.map(nameOf),
    constantTexts: texts && {
      table: texts.table,
      places: Object.fromEntries([...texts.texts].map(([at, text = null]) => [at, text])),
    },
    globals,
    refused,
    holes: holesOf(declared, findings),
    accepted,
    guesses: declared.guesses,
    typeDifferences: declared.differences,
    advice,
    notes: declared.notes,
    differences,
  };
}
