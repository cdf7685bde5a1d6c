import { basename, dirname } from "node:path";
import { builtinsOf } from "../options.ts";
import type { Advice, BuiltinOptions, ImportReport, ImportShape, Shape } from "../public/index.ts";
import { missingFlags } from "./builtins.ts";
import { type Remaining, statusText } from "./declare/accepted.ts";
import { saysTooOld } from "./declare/calls.ts";
import type { Declared, Remark } from "./declare/declared.ts";
import { globalsOf } from "./declare/globals.ts";
import type { Inputs } from "./declare/inputs.ts";
import { findTexts, type TableTexts } from "./declare/texts.ts";
import { place, usageLines } from "./declare/usage.ts";
import type { Written } from "./declare/write.ts";
import { isExceptionTag } from "../toolchains/wasm-bindgen/abi.ts";
import { findKnownExports } from "../toolchains/known-exports.ts";
import { wayIn } from "../toolchains/way-in.ts";
import { packageType } from "./input.ts";
import { type Output, plural, printable, shellWord, sizeText, wrap } from "./output.ts";
import { findProviders } from "./providers.ts";
import { findStartCalls } from "./start-calls.ts";

/** Groups of remarks that are shown for people, and names in a group; the files and the JSON have all. */
const shown = 8;
/** Imports that are shown for people. */
const shownImports = 3;

/** The pages of the documentation that show how to declare by hand. */
const pages: ReadonlyMap<string, string> = new Map([
  ["wasm-bindgen", "unglue/docs/wasm-bindgen.md"],
  ["emscripten", "unglue/docs/emscripten.md"],
  ["assemblyscript", "unglue/docs/assemblyscript.md"],
]);

/** The result of a declaration, in numbers. */
export interface Findings {
  readonly functions: number;
  readonly classes: number;
  readonly enumerations: number;
  /** Functions, enumerations, and the members of classes. */
  readonly members: number;
  /** All imports, and those that somebody provides: an adapter, the engine, the package. */
  readonly imports: number;
  readonly known: number;
  /** The others, which the user supplies. */
  readonly supply: readonly ImportReport[];
  /** Imports that read a global which some runtime lacks. */
  readonly globals: readonly Remark[];
  /** Advice on the module as it is loaded with the file. */
  readonly advice: readonly Advice[];
  /** The calls that the module makes while it is loaded, of imports that nobody provides. */
  readonly start: StartNeeds;
  /** The constant texts that a load needs; absent if the module has none. */
  readonly texts: TableTexts | undefined;
  /** The reason why `load` refuses the module; absent if it does not. */
  readonly refused: string | undefined;
}

/** The functions of the module that a load runs, and the imports that these need and the user supplies. */
export interface StartNeeds {
  /** The functions that a load runs, in words. */
  readonly runs: string;
  /** The imports that these may call, by direct calls. */
  readonly calls: readonly ImportReport[];
  /** Whether they may call any of the imports. */
  readonly isOpen: boolean;
}

/** The rest of a summary. */
export interface Outcome {
  /** The files that were written: the declaration, its types, and perhaps the module. */
  readonly paths: readonly string[];
  /** The module as the user named it. */
  readonly argument: string;
  /** The members that are left out and accepted. */
  readonly accepted: readonly string[];
  readonly remaining: Remaining;
}

/**
 * Counts what is declared, and finds out who provides each import when the module is loaded with its file. None of the module's
 * code runs.
 *
 * @param inputs - The module.
 * @param written - The file.
 */
export async function findingsOf({ module, shape }: Inputs, { declared, known, file }: Written): Promise<Findings> {
  const providers = await findProviders(module.bytes, file.known, builtinsOf(file));
  const ofPackage = new Set((known?.foreign ?? []).map(({ module, name }) => JSON.stringify([module, name])));
  const supply =
    "reports" in providers
      ? providers.reports.filter(
          ({ module, name, provider }) => provider === "stub" && !ofPackage.has(JSON.stringify([module, name])),
        )
      : [];
  const imports = shape.imports.length;
  const refused = "reason" in providers && providers.isRefused ? providers.reason : undefined;
  return {
    ...countsOf(declared),
    imports,
    known: "reports" in providers ? imports - supply.length : (known?.identified ?? 0),
    supply,
    globals: [...tagOf(shape), ...globalsOf(file.known)],
    advice: [...("advice" in providers ? providers.advice : []), ...flagAdvice(shape, file)],
    start: startNeeds(module.bytes, shape, supply),
    texts: findTexts(shape, known?.texts),
    refused,
  };
}

function startNeeds(bytes: Uint8Array, shape: Shape, supply: readonly ImportReport[]): StartNeeds {
  const functions = shape.imports.filter(({ kind }) => kind === "function");
  const isSupplied = (of: ImportShape): boolean =>
    supply.some(({ module, name, kind }) => kind === "function" && module === of.module && name === of.name);
  // The code is read only if somebody has to supply a function.
  if (!functions.some(isSupplied)) return { runs: "", calls: [], isOpen: false };
  const { runs, imports, isOpen } = findStartCalls(bytes, shape);
  const called = functions.filter((one, index) => imports.has(index) && isSupplied(one));
  const isCalled = (of: ImportReport): boolean =>
    called.some(({ module, name }) => module === of.module && name === of.name);
  return { runs: runs.join(" and "), calls: supply.filter(isCalled), isOpen };
}

/** Names the options of the command that are missing for what the module takes from the engine. */
function flagAdvice(shape: Shape, file: BuiltinOptions): readonly Advice[] {
  const flags = missingFlags(shape, file);
  if (flags.length === 0) return [];
  const message = `The module takes strings from the engine. Declare it with ${flags.join(" ")}.`;
  return [{ code: "string-builtins", message }];
}

/** The tag of JavaScript's exceptions, which only newer engines have. */
function tagOf({ imports }: Shape): readonly Remark[] {
  const reason = "is the engine's WebAssembly.JSTag, which some engines lack: a load is refused there";
  return imports.filter(isExceptionTag).map(({ name }) => ({ member: name, reason }));
}

function countsOf({ members }: Declared): Pick<Findings, "functions" | "classes" | "enumerations" | "members"> {
  const of = (kind: string): number => members.filter((one) => one.kind === kind).length;
  const inClasses = members.flatMap((one) => (one.kind === "class" ? Object.keys(one.data.members) : []));
  const [functions, classes, enumerations] = [of("function"), of("class"), of("enumeration")];
  return { functions, classes, enumerations, members: functions + enumerations + inClasses.length };
}

/**
 * Describes what was written, for people.
 *
 * @param inputs - The module, and the texts that belong to it.
 * @param written - The file.
 * @param findings - What was found.
 * @param outcome - The files, and the reasons for the exit code.
 * @param output - The terminal.
 */
export function summaryOf(
  inputs: Inputs,
  written: Written,
  findings: Findings,
  { paths: [path = "", ...others], argument, accepted, remaining }: Outcome,
  { strong, width }: Output,
): string {
  const { declared, js, uses } = written;
  const status = statusText(remaining);
  const files = [printable(place(path)), ...others.map((one) => printable(basename(one)))];
  const module = others.find((one) => one.endsWith(".wasm"));
  const entry = (title: string, text: string): string => wrap(`  ${title.padEnd(11)} ${text}`, width, 14);
  const nameOf = (one: { readonly name: string } | undefined): string => (one ? printable(one.name) : "not found");
  const isRead = ["wasm-bindgen", "assemblyscript"].includes(inputs.shape.toolchain.name);
  const textName = (kind: "glue" | "dts"): string =>
    inputs.unwanted?.[kind] ? `not wanted: --no-${kind}` : nameOf(uses[kind] ? inputs[kind] : undefined);
  const needed = findings.supply.map(nameText);
  return [
    strong(`${files.slice(0, -1).join(", ")} and ${files.at(-1) ?? ""}, ${sizeText(Buffer.byteLength(js))}`),
    `  ${"module".padEnd(11)} ${nameOf(inputs.module)}`,
    entry("made by", makersText(inputs.shape)),
    ...findings.advice.filter(saysTooOld).map(({ message }) => entry("too old", message)),
    `  ${"JavaScript".padEnd(11)} ${isRead || uses.glue ? textName("glue") : "none of this toolchain is read"}`,
    `  ${"types".padEnd(11)} ${textName("dts")}`,
    entry("interface", interfaceText(findings)),
    ...(findings.imports > 0 ? [entry("imports", `${findings.known} of ${findings.imports} known`)] : []),
    ...(needed.length > 0
      ? [
          entry(
            "you supply",
            `${needed.length}: ${listText(needed, shownImports)}. Pass them as the option \`imports\`; ${withoutImports(findings)}.`,
          ),
        ]
      : []),
    ...remarksText("globals", findings.globals, width),
    // The refusal of the whole module stands below, once.
    ...remarksText("left out", holesOf(declared, findings), width),
    ...(accepted.length > 0
      ? [entry("accepted", `${accepted.length}: ${listText(accepted.map(printable), shown)}`)]
      : []),
    ...remarksText("guessed", declared.guesses, width),
    ...remarksText("other types", declared.differences, width),
    ...remarksText("noted", declared.notes, width),
    ...remarksText(
      "advice",
      findings.advice.filter((one) => !saysTooOld(one)).map(({ code, message }) => ({ member: code, reason: message })),
      width,
    ),
    "",
    ...typeRemark(path, width),
    ...embeddedRemark(inputs, path, module, width),
    ...nextSteps(inputs, written, findings, argument, width),
    ...loadText(inputs, written, findings, path, module, width),
    ...(status === undefined ? [] : [wrap(status, width)]),
  ]
    .join("\n")
    .trimEnd();
}

/**
 * Returns what is left out, without the refusal of the whole module.
 *
 * @param declared - The declaration.
 * @param findings - The findings, with the reason of the refusal.
 */
export function holesOf({ holes }: Declared, { refused }: Pick<Findings, "refused">): readonly Remark[] {
  return refused === undefined ? holes : holes.filter(({ reason }) => reason !== refused);
}

/** Says what happens without the option `imports`. */
function withoutImports({ supply, start: { runs, calls, isOpen } }: Findings): string {
  if (supply.some(({ kind }) => kind !== "function")) return "a load without it is refused";
  const names = listText(calls.map(nameText), shownImports);
  const atStart =
    calls.length > 0
      ? `, and a load fails if ${runs}, which it runs, calls ${names}`
      : isOpen
        ? `, and a load fails if ${runs}, which it runs, calls one`
        : "";
  return `without it each throws when it is called${atStart}`;
}

function nameText({ module, name }: ImportReport): string {
  return `${printable(module)}.${printable(name)}`;
}

/** Shows how to load the module, or says that it cannot be loaded. */
function loadText(
  inputs: Inputs,
  { known }: Written,
  { members, supply, start, texts, refused }: Findings,
  path: string,
  module: string | undefined,
  width: number,
): string[] {
  if (refused !== undefined) return [wrap(`load refuses this module: ${refused}`, width), ""];
  if (members === 0 || wayIn(inputs.shape) !== undefined) return [];
  const given = (known?.foreign ?? []).map((one) => one.module);
  const required = supply.filter((one) => one.kind !== "function" || start.calls.includes(one));
  const isTold = texts === undefined || [...texts.texts.values()].every((text) => text !== undefined);
  const trap =
    "A call that traps, as a panic does, ends the instance, and later calls throw. The option `onTrap` says otherwise: see unglue/docs/traps.md.";
  return [
    required.length > 0 || !isTold ? "Give what the comments name first, and load it:" : "Now load it:",
    "",
    ...usageLines(inputs, path, { given, required, texts, width, written: module }),
    "",
    wrap(trap, width),
    "",
    ...(findKnownExports(inputs.shape).has("_start")
      ? [
          wrap(
            "The module is a program: a load does not run `_start`, which may set up what its functions need.",
            width,
          ),
          "",
        ]
      : []),
  ];
}

/** The toolchain, and the compilers and tools that the module names. */
function makersText({ toolchain, producers }: Shape): string {
  const { name, version } = toolchain;
  const main = name === "unknown" ? "an unknown toolchain" : [name, version].filter(Boolean).join(" ");
  const others = (producers?.processedBy ?? [])
    .filter((one) => !one.name.toLowerCase().includes(name))
    .map((one) => [one.name, one.version.replace(/ \(.*\)$/, "")].filter(Boolean).join(" "))
    .slice(0, shown);
  return [printable(main), ...(others.length > 0 ? [others.map(unquoted).join(", ")] : [])]
    .join("; ")
    .replace(/^"(.*)"/, "$1");
}

/** A name of several words needs no quotes where nothing else is in it. */
function unquoted(name: string): string {
  return /^[\w .+-]+$/.test(name) ? name : printable(name);
}

/** Numbers that add up: each class has some of the members, and is none itself. */
function interfaceText({ functions, classes, enumerations, members }: Findings): string {
  const inClasses = members - functions - enumerations;
  const parts = [
    plural(functions, "function"),
    ...(classes > 0 ? [`${inClasses} in ${plural(classes, "class", "classes")}`] : []),
    ...(enumerations > 0 ? [plural(enumerations, "enumeration")] : []),
  ];
  return `${plural(members, "member")}: ${parts.join(", ")}`;
}

/** Lists remarks. Members with the same reason share a line. */
function remarksText(title: string, remarks: readonly Remark[], width: number): string[] {
  if (remarks.length === 0) return [];
  const groups = new Map<string, string[]>();
  for (const { member, reason } of remarks) groups.set(reason, [...(groups.get(reason) ?? []), printable(member)]);
  const all = [...groups];
  const lines = all
    .slice(0, shown)
    .map(([reason, members]) => wrap(`    - ${listText(members, shown)}: ${reason}`, width, 6));
  const left = all.slice(shown).reduce((sum, [, members]) => sum + members.length, 0);
  const rest = left > 0 ? [`    and ${left} more, which the file lists`] : [];
  return [`  ${title.padEnd(11)} ${remarks.length}`, ...lines, ...rest];
}

/** As in `a, b, c, and 10 more`. */
function listText(names: readonly string[], most: number): string {
  const rest = names.length > most ? [`and ${names.length - most} more`] : [];
  return [...names.slice(0, most), ...rest].join(", ");
}

/** Says that Node takes the file for CommonJS. */
function typeRemark(path: string, width: number): string[] {
  if (!path.endsWith(".js") || packageType(dirname(path)) !== "commonjs") return [];
  const text = `Node reads ${printable(basename(path))} as CommonJS here, because package.json says "type": "commonjs". Name the file .mjs with --output.`;
  return [wrap(text, width), ""];
}

/** Says how to get a file of a module that is in a script. */
function embeddedRemark({ module }: Inputs, path: string, written: string | undefined, width: number): string[] {
  if (module.embedded === undefined || written !== undefined) return [];
  const name = basename(path);
  const text = `The module is inside of a script. The same command with -o ${shellWord(name)} also writes ${printable(name.replace(/m?js$/, "wasm"))}.`;
  return [wrap(text, width), ""];
}

/** Says what to do about a file without members, or with guesses. */
function nextSteps(
  { glue, shape }: Inputs,
  { declared }: Written,
  { members }: Findings,
  argument: string,
  width: number,
): string[] {
  const page = pages.get(shape.toolchain.name) ?? "unglue/docs/c.md";
  // A file with an interface would hide what the module registers.
  const steps =
    wayIn(shape) !== undefined
      ? "The module registers its functions when it runs, so no file can declare them: load it without this file, as the advice says."
      : members === 0
        ? `Nothing is declared. \`npx unglue inspect ${shellWord(argument)}\` lists the exports: declare those that you need by hand, as ${page} shows` +
          (glue || shape.toolchain.name !== "wasm-bindgen" ? "." : ", or name the generated JavaScript with --glue.")
        : declared.guesses.length === 0 || glue || shape.advice.some(saysTooOld)
          ? undefined
          : shape.toolchain.name === "wasm-bindgen"
            ? "Compare the guessed members with the module's source, or name the generated JavaScript with --glue."
            : `Numbers are all that the bytes tell: write the types of the source, such as a C header, over the guessed ones, as ${page} shows.`;
  return steps === undefined ? [] : [wrap(steps, width), ""];
}
