import { readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import { inspect } from "../node.ts";
import { CommandError } from "./command-error.ts";
import { compressionIn, findEmbedded } from "./embedded.ts";
import { printable, sizeText } from "./output.ts";

/** Files that may embed a module. */
const scripts = new Set([".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".html"]);
/** The sizes of scripts, and of all scripts of a package together, that are searched. */
const searched = { script: 256 * 1024 * 1024, package: 1024 * 1024 * 1024 };
/** How many candidates a message lists. */
const listed = 8;

/** How large scripts may be that are searched. */
export type ScriptLimits = Partial<typeof searched>;

/** A module in a script. */
export interface EmbeddedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its number among the modules of the script, from 1. */
  readonly number: number;
  /** How many modules the script has. */
  readonly count: number;
}

/** Whether a file is a script that may embed a module. */
export function mayEmbed(path: string): boolean {
  return scripts.has(extname(path));
}

/**
 * Takes a module out of a script: the one of a number, or else the only one. A module that exports nothing does not count
 * beside others: scripts compile such modules to find out what the engine supports.
 *
 * @param name - The script's name, for messages.
 * @param content - Its content.
 * @param number - The number of the wanted module, from 1.
 * @param limits - How large the script may be.
 */
export function embeddedIn(
  name: string,
  content: Uint8Array,
  number: number | undefined,
  { script = searched.script }: ScriptLimits = {},
): EmbeddedModule {
  if (content.length > script) {
    throw new CommandError(
      `${printable(name)} has ${sizeText(content.length)}. Scripts of more than ${sizeText(script)} are not searched: ` +
        "write the module into a .wasm file.",
    );
  }
  const text = new TextDecoder().decode(content);
  const found = numbered(findEmbedded(text));
  if (found.length === 0) throw new CommandError(noneText(name, text));
  if (number !== undefined) {
    const one = found[number - 1];
    if (one) return one;
    const count = found.length === 1 ? "one module" : `${found.length} modules`;
    throw new CommandError(`${printable(name)} has ${count} in it: there is no #${number}.`);
  }
  const [only, ...others] = candidates(found);
  if (only && others.length === 0) return only;
  const lines = found.map((one) => lineOf(name, one));
  throw new CommandError(
    `${printable(name)} has ${found.length} different modules in it. Name one:${listText(lines)}`,
    { modules: found.map((one) => embeddedName(name, one)) },
  );
}

/** A module in a script of a package. */
export interface FoundModule extends EmbeddedModule {
  readonly path: string;
}

/**
 * Finds the only module in the scripts of a package. Several builds of a package contain the same one.
 *
 * @param name - The package's name, for messages.
 * @param paths - Its files.
 * @param nameOf - Names a file as the command takes it.
 */
export function embeddedInPackage(
  name: string,
  paths: readonly string[],
  nameOf: (path: string) => string,
): FoundModule {
  const all: FoundModule[] = [];
  let compressed: string | undefined;
  let [total, passedOver] = [0, 0];
  for (const path of paths) {
    if (!mayEmbed(path) || /\.d\.[cm]?ts$/.test(path)) continue;
    const { size } = statSync(path);
    total += size;
    if (size > searched.script || total > searched.package) {
      passedOver++;
      continue;
    }
    const text = readFileSync(path, "utf8");
    for (const one of numbered(findEmbedded(text))) {
      if (!all.some(({ bytes }) => Buffer.compare(bytes, one.bytes) === 0)) all.push({ ...one, path });
    }
    if (compressionIn(text) !== undefined) compressed ??= noneText(nameOf(path), text);
  }
  const found = candidates(all);
  const [only, ...others] = found;
  if (!only) {
    const rest = passedOver > 0 ? ` The largest were not searched: ${passedOver}.` : "";
    throw new CommandError(compressed ?? `${printable(name)} has no .wasm file, and no module in its scripts.${rest}`);
  }
  if (others.length === 0) return only;
  const lines = found.map((one) => lineOf(nameOf(one.path), one));
  throw new CommandError(
    `${printable(name)} has no .wasm file, and ${found.length} different modules in its scripts. Name one:${listText(lines)}`,
    { modules: found.map((one) => embeddedName(nameOf(one.path), one)) },
  );
}

/**
 * Names a module in a script so that the command takes it again.
 *
 * @param script - The script's name.
 * @param module - The module.
 */
export function embeddedName(script: string, { number, count }: EmbeddedModule): string {
  return count === 1 ? script : `${script}#${number}`;
}

/**
 * Lists candidates, a line each.
 *
 * @param lines - The lines.
 */
export function listText(lines: readonly string[]): string {
  const rest = lines.length > listed ? `\n  and ${lines.length - listed} more` : "";
  return (
    lines
      .slice(0, listed)
      .map((line) => `\n  ${line}`)
      .join("") + rest
  );
}

function numbered(modules: readonly Uint8Array<ArrayBuffer>[]): readonly EmbeddedModule[] {
  return modules.map((bytes, at) => ({ bytes, number: at + 1, count: modules.length }));
}

/** Without the modules that export nothing, unless all are like that. */
function candidates<Module extends EmbeddedModule>(modules: readonly Module[]): readonly Module[] {
  const exporting = modules.filter(({ bytes }) => exportsOf(bytes) !== 0);
  return exporting.length > 0 ? exporting : modules;
}

/** The number of a module's exports; `undefined` if it cannot be read. */
function exportsOf(bytes: Uint8Array<ArrayBuffer>): number | undefined {
  try {
    return inspect(bytes).exports.length;
  } catch {
    return undefined;
  }
}

function lineOf(script: string, one: EmbeddedModule): string {
  const exported = exportsOf(one.bytes);
  const remark = exported === undefined ? ", damaged" : exported === 0 ? ", exports nothing" : "";
  return `${printable(embeddedName(script, one))}, ${sizeText(one.bytes.length)}${remark}`;
}

function noneText(name: string, text: string): string {
  const compression = compressionIn(text);
  return compression === undefined
    ? `${printable(name)} has no WebAssembly module in it, as Base64 or as an array of bytes.`
    : `${printable(name)} has a module in it that is compressed with ${compression}. Decompress it into a .wasm file, and name that.`;
}
