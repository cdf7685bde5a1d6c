import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ownValue } from "../base/own.ts";
import { messageOf } from "../errors/caught.ts";
import { inspect } from "../node.ts";
import { quotation, urlText } from "../errors/describe.ts";
import { CommandError } from "./command-error.ts";
import { codeOf } from "./files.ts";
import { printable } from "./output.ts";
import { embeddedIn, embeddedInPackage, embeddedName, listText, mayEmbed, type ScriptLimits } from "./scripts.ts";

/** A module that a command works on. */
export interface Input {
  /** Its name as the user knows it: a path, a URL, or a package with the file in it. */
  readonly name: string;
  /** The file, if it is one; of the JavaScript file if the module is embedded there. */
  readonly path?: string;
  /** Its number among the modules of the script that it is embedded in, from 1. */
  readonly embedded?: number;
  /** The package that it belongs to, if the user named one. */
  readonly package?: Package;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An installed package. */
export interface Package {
  readonly name: string;
  readonly version?: string;
  /** The licence's SPDX name, as the package states it. */
  readonly license?: string;
  /** The folder. */
  readonly folder: string;
}

/**
 * Reads the module that an argument names: a file, a URL, or a package and perhaps a file in it. Only a URL is fetched. A
 * module of a script with several is named by its number, as in `app.js#2`.
 *
 * @param argument - The argument, as in `./app.wasm`, `https://example.com/app.wasm`, `prqlc`, `prqlc/dist/web/x.wasm`.
 * @param from - The folder that paths and packages are looked up from.
 * @param limits - How large scripts may be that are searched for a module.
 */
export async function readInput(argument: string, from = process.cwd(), limits?: ScriptLimits): Promise<Input> {
  if (argument === "") throw new CommandError("Name a file, an installed package, or a URL.");
  if (/^https?:/i.test(argument)) return readUrl(argument, limits);
  const [scheme] = /^[a-z][a-z\d+.-]+:/i.exec(argument) ?? [];
  const isFileUrl = /^file:$/i.test(scheme ?? "") && URL.canParse(argument);
  const path = isFileUrl ? fileURLToPath(argument) : resolve(from, argument);
  if (existsSync(path)) return fromPath(argument, path, isFileUrl ? selectionOf(argument).number : undefined, limits);
  // A file may have a number sign in its name.
  const { name: script, number } = selectionOf(argument);
  const scriptPath = resolve(from, script);
  if (number !== undefined && existsSync(scriptPath)) return fromPath(script, scriptPath, number, limits);
  if (scheme !== undefined && !isFileUrl) {
    throw new CommandError(
      `URLs that begin with ${printable(scheme)} cannot be read. Name a file, or an http: or https: URL.`,
    );
  }
  const installed = readInstalled(argument, from);
  if (installed) return installed;
  const [, name, rest] = partsOf(argument);
  const what = name === undefined || rest === undefined ? "" : ` of an installed package ${printable(name)}`;
  throw new CommandError(
    `There is no file ${printable(argument)}${what}, and no installed package of that name. ` +
      "Name a file, an installed package, or a URL.",
  );
}

/**
 * Reads the module that the name of an installed package tells, or a file or folder in it. A file that is not there is looked up
 * in the package's `exports`.
 *
 * @param argument - The name, as in `prqlc`, `prqlc/dist/web/x.wasm`.
 * @param from - The folder that the package is looked up from.
 * @returns The module; `undefined` if no such package is installed.
 */
export function readInstalled(argument: string, from: string): Input | undefined {
  const { name: plain, number } = selectionOf(argument);
  const [, name, rest] = partsOf(plain);
  const folder = name === undefined ? undefined : findPackage(name, from);
  if (name === undefined || folder === undefined) return undefined;
  const found = readPackage(folder) ?? { name, folder };
  if (rest === undefined) return fromFolder(name, folder, found, number);
  const file = [join(folder, rest), exportedFile(plain, from)].find((one) => one !== undefined && existsSync(one));
  if (file === undefined) {
    throw new CommandError(
      `The package ${name} has no file ${printable(rest)}.${namesText(name, folder, wasmFiles(folder))}`,
    );
  }
  return { ...fromPath(plain, file, number), package: found };
}

/** A name, and the number of the module in it that is wanted. */
function selectionOf(argument: string): { readonly name: string; readonly number?: number } {
  const [, name, number] = /^(.+)#(\d{1,9})$/s.exec(argument) ?? [];
  return name === undefined ? { name: argument } : { name, number: Number(number) };
}

/** The name of a package, and the path in it. */
function partsOf(argument: string): readonly (string | undefined)[] {
  return /^((?:@[^/]+\/)?[^/@.][^/@]*)(?:\/(.+))?$/.exec(argument.replaceAll("\\", "/")) ?? [];
}

/** The file that the `exports` of a package give a name. */
function exportedFile(name: string, from: string): string | undefined {
  try {
    return createRequire(join(from, "package.json")).resolve(name);
  } catch {
    return undefined;
  }
}

async function readUrl(url: string, limits: ScriptLimits | undefined): Promise<Input> {
  const { name, number } = selectionOf(url);
  const shown = printable(urlText(name));
  const response = await reached(shown, fetch(name));
  if (!response.ok)
    throw new CommandError(`${shown} answered with ${response.status} ${printable(response.statusText)}.`);
  const bytes = new Uint8Array(await reached(shown, response.arrayBuffer()));
  const path = URL.canParse(name) ? new URL(name).pathname : name;
  const input = fromBytes(urlText(name), path, bytes, number, limits);
  return {
    name: input.name,
    bytes: input.bytes,
    ...(input.embedded !== undefined && { embedded: input.embedded }),
  };
}

/** Turns a failure of the network into an error for the user. */
async function reached<Result>(shown: string, step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    // The cause has the reason: no such host, a refused connection.
    const { cause = error } = error as Error;
    throw new CommandError(`${shown} cannot be fetched: ${quotation(messageOf(cause))}`);
  }
}

function fromPath(name: string, path: string, number: number | undefined, limits?: ScriptLimits): Input {
  if (statSync(path).isDirectory()) return fromFolder(name, path, readPackage(path), number);
  return fromBytes(name, path, new Uint8Array(readFileSync(path)), number, limits);
}

function fromBytes(
  name: string,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  number?: number,
  limits?: ScriptLimits,
): Input {
  if (!mayEmbed(path)) {
    if (number !== undefined) throw noScript(name, number);
    return { name, path, bytes };
  }
  const found = embeddedIn(name, bytes, number, limits);
  return { name: embeddedName(name, found), path, bytes: found.bytes, embedded: found.number };
}

function noScript(name: string, number: number): CommandError {
  return new CommandError(
    `${printable(name)} is no script: #${number} selects a module of a script. Name the script, as in app.js#${number}.`,
  );
}

/** Takes the only module of a folder; copies of one module count as one. */
function fromFolder(name: string, folder: string, found: Package | undefined, number: number | undefined): Input {
  if (number !== undefined) throw noScript(name, number);
  const files = wasmFiles(folder);
  const different: (readonly [path: string, bytes: Uint8Array<ArrayBuffer>])[] = [];
  for (const path of files) {
    const bytes = new Uint8Array(readFileSync(path));
    if (!different.some(([, other]) => Buffer.compare(bytes, other) === 0)) different.push([path, bytes]);
  }
  const [first] = different;
  const owner = found && { package: found };
  if (!first) {
    const nameOf = (path: string): string => nameIn(name, folder, path);
    const one = embeddedInPackage(name, [...filesIn(folder)].sort(), nameOf);
    const script = embeddedName(nameOf(one.path), one);
    return { name: script, path: one.path, bytes: one.bytes, embedded: one.number, ...owner };
  }
  if (different.length > 1) {
    const own = new Set(different.filter(([, bytes]) => isGlued(bytes)).map(([path]) => path));
    const sorted = [...different.map(([path]) => path)].sort((a, b) => Number(own.has(b)) - Number(own.has(a)));
    throw new CommandError(
      `${printable(name)} has ${different.length} different modules. Name one:${namesText(name, folder, sorted)}`,
      { modules: sorted.map((path) => nameIn(name, folder, path)) },
    );
  }
  const [path, bytes] = first;
  return { name: nameIn(name, folder, path), path, bytes, ...owner };
}

/** Whether wasm-bindgen made a module. Most commands are about these, so they are listed first. */
function isGlued(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    return inspect(bytes).toolchain.name === "wasm-bindgen";
  } catch {
    return false;
  }
}

function namesText(name: string, folder: string, files: readonly string[]): string {
  return listText(files.map((path) => printable(nameIn(name, folder, path))));
}

/** The name of a file of a package or folder, as the command takes it. */
function nameIn(name: string, folder: string, path: string): string {
  return `${name}/${relative(folder, path).split(sep).join("/")}`;
}

function wasmFiles(folder: string): string[] {
  return [...filesIn(folder)].filter((path) => path.endsWith(".wasm")).sort();
}

/**
 * Lists the files of a folder, without those of packages in it. Links that lead nowhere, pipes and folders that may not be read
 * are passed over.
 *
 * @param folder - The folder.
 */
export function* filesIn(folder: string): Generator<string> {
  for (const entry of unlessRefused(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules" && entry.name !== ".git") yield* filesIn(path);
    } else if (entry.isFile() || unlessRefused(() => statSync(path))?.isFile()) yield path;
  }
}

/** Returns the result of a call of the file system; `undefined` if that refuses it. */
function unlessRefused<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (codeOf(error) !== undefined) return undefined;
    throw error;
  }
}

/**
 * Finds the folder of an installed package by the module system: a map of `exports` is no wall, and pnpm's links and Yarn's
 * Plug'n'Play work.
 *
 * @param name - The package's name.
 * @param from - The folder that it is looked up from.
 */
export function findPackage(name: string, from: string): string | undefined {
  const issuer = join(from, "package.json");
  const require = createRequire(issuer);
  if (process.versions["pnp"] !== undefined) {
    const { resolveToUnqualified } = require("pnpapi") as {
      readonly resolveToUnqualified: (request: string, issuer: string) => string | null;
    };
    try {
      return resolveToUnqualified(name, issuer) ?? undefined;
    } catch {
      return undefined;
    }
  }
  const folders = require.resolve.paths(name) ?? [];
  const folder = folders.map((one) => join(one, name)).find((one) => existsSync(join(one, "package.json")));
  if (folder !== undefined) return realpathSync(folder);
  // The package that the command is run in.
  const folderAbove = ownFolder(from);
  const own = folderAbove === undefined ? undefined : readPackage(folderAbove);
  return own?.name === name ? own.folder : undefined;
}

/**
 * Returns the package that a folder belongs to: the next one upwards that has a name and a version. A folder of a package may
 * have a `package.json` for its kind of modules alone.
 *
 * @param from - The folder.
 */
export function nearestPackage(from: string): Package | undefined {
  // An installed package may have folders that are packages by themselves.
  const [, installed] = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)/.exec(resolve(from)) ?? [];
  if (installed !== undefined) return readPackage(installed);
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = existsSync(join(folder, "package.json")) ? readPackage(folder) : undefined;
    if (found?.version !== undefined) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Returns the kind of modules that the `.js` files of a folder are, if its package says so.
 *
 * @param from - The folder.
 */
export function packageType(from: string): string | undefined {
  const folder = ownFolder(from);
  return folder === undefined ? undefined : textsIn(folder)?.("type");
}

/** The next folder upwards that has a `package.json`. */
function ownFolder(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Reads what a package says of itself; `undefined` without a readable `package.json`. */
function readPackage(folder: string): Package | undefined {
  const text = textsIn(folder);
  if (!text) return undefined;
  const [version, license] = [text("version"), text("license")];
  return {
    name: text("name") ?? basename(folder),
    folder,
    ...(version !== undefined && { version }),
    ...(license !== undefined && { license }),
  };
}

/** Returns the texts of a folder's `package.json` by their names. */
function textsIn(folder: string): ((key: string) => string | undefined) | undefined {
  try {
    const data: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return (key) => {
      const value = ownValue(Object(data) as object, key);
      return typeof value === "string" ? value : undefined;
    };
  } catch {
    return undefined;
  }
}
