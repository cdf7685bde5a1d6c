import { readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import { inspect } from "../../node.ts";
import type { Shape } from "../../public/index.ts";
import { CommandError } from "../command-error.ts";
import { withoutModules } from "../embedded.ts";
import { filesIn, type Input, nearestPackage, type Package, readInput } from "../input.ts";
import { printable } from "../output.ts";
import { packageTypes } from "./package-types.ts";
import { isPrinted } from "./print-js.ts";

/** A text that belongs to a module. */
export interface TextFile {
  /** Its name for people: its place in the package, or the path that the user gave. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** Whether the user named it; otherwise it was found beside the module. */
  readonly isGiven?: boolean;
}

/** Everything that is known of a module's origin. */
export interface Inputs {
  readonly module: Input;
  readonly shape: Shape;
  readonly package: Package | undefined;
  readonly dts: TextFile | undefined;
  readonly glue: TextFile | undefined;
  /** Which texts the user wants to go without. */
  readonly unwanted?: Readonly<Record<"glue" | "dts", boolean>>;
}

/** Larger files are not what a toolchain prints beside a module. */
const maximumText = 32 * 1024 * 1024;
/** A file that has a smaller share of a module's names belongs to something else. */
const leastShare = 1 / 3;
/** A folder with more files is searched no further. */
const maximumFiles = 20_000;

/**
 * Finds a module and the texts that belong to it: by their names, as toolchains name them, else by what they contain.
 *
 * @param argument - The module, as for every command.
 * @param options - Files that the user names.
 * @param options.dts - The `.d.ts`, or that none is wanted.
 * @param options.glue - The generated JavaScript, or that none is wanted.
 */
export async function findInputs(
  argument: string,
  { dts, glue }: { readonly dts?: string | false; readonly glue?: string | false },
): Promise<Inputs> {
  const module = await readInput(argument);
  const shape = inspect(module.bytes, { names: true });
  const found = module.path === undefined ? undefined : nearestPackage(dirname(module.path));
  const owner = module.package ?? found;
  const folder = module.path === undefined ? undefined : (owner?.folder ?? dirname(module.path));
  const files = folder === undefined ? [] : textFiles(folder);
  const nameOf = (path: string): string =>
    owner ? `${owner.name}/${relative(owner.folder, path).split(sep).join("/")}` : relative(process.cwd(), path);
  const read = (path: string | undefined): TextFile | undefined =>
    path === undefined ? undefined : { name: nameOf(path), path, text: readFileSync(path, "utf8") };
  return {
    module,
    shape,
    package: owner,
    glue: textOf(glue, () => read(findGlue(module, shape, files))),
    dts: textOf(dts, () => read(findDts(module, shape, files, owner?.folder))),
    unwanted: { glue: glue === false, dts: dts === false },
  };
}

function textOf(given: string | false | undefined, find: () => TextFile | undefined): TextFile | undefined {
  if (given === undefined) return find();
  return given === false ? undefined : readGiven(given);
}

function readGiven(path: string): TextFile {
  const full = resolve(path);
  const found = path === "" ? undefined : statSync(full, { throwIfNoEntry: false });
  if (!found) throw new CommandError(`There is no file ${printable(path)}.`);
  if (found.isDirectory()) throw new CommandError(`${printable(path)} is a folder. Name a file in it.`);
  return { name: path, path: full, text: readFileSync(full, "utf8"), isGiven: true };
}

/**
 * Finds the JavaScript that was generated for a module: that which mentions its imports. A script that embeds the module may
 * be a bundle that has both.
 */
function findGlue(
  { path, embedded }: Input,
  { imports, exports, toolchain }: Shape,
  files: readonly string[],
): string | undefined {
  if (path === undefined) return undefined;
  if (toolchain.name === "assemblyscript") return beside(path, files, /\.[cm]?js$/, "adaptedExports");
  if (toolchain.name !== "wasm-bindgen") return undefined;
  const names = new Set(imports.map(({ name }) => name).filter((name) => name.startsWith("__wb")));
  // A module without such imports is known by the calls of its exports.
  const score = (text: string): number =>
    names.size > 0 ? count(names, text) / names.size : /wasm/i.test(text) ? shareCalled(exports, text) : 0;
  if (embedded !== undefined && score(withoutModules(readFileSync(path, "utf8")).text) >= leastShare) return path;
  const stem = stemOf(path);
  return best(
    files.filter((file) => /\.[cm]?js$/.test(file)),
    path,
    (file) => (["_bg.js", "_internal.js", ".js", ".mjs", ".cjs"].some((end) => basename(file) === stem + end) ? 1 : 0),
    score,
  );
}

/** Finds the `.d.ts` of a module: that which declares its exports. */
function findDts(
  { path }: Input,
  { exports, toolchain, classes = [] }: Shape,
  files: readonly string[],
  folder: string | undefined,
): string | undefined {
  if (path === undefined) return undefined;
  if (toolchain.name === "assemblyscript") return beside(path, files, /\.d\.[cm]?ts$/, "export declare ");
  if (toolchain.name !== "wasm-bindgen") return undefined;
  // The functions of a class have names of their own in the module.
  const ofClasses = classes.map(({ name }) => `${name}_`).sort((a, b) => b.length - a.length);
  const inTypes = (name: string): string => {
    const start = ofClasses.find((one) => name.startsWith(one));
    if (start === undefined) return name;
    const member = name.slice(start.length);
    return member === "new" ? "constructor" : member;
  };
  const names = new Set(
    exports
      .filter(({ kind, name }) => kind === "function" && !name.startsWith("__wb"))
      .map(({ name }) => inTypes(name)),
  );
  const stem = stemOf(path);
  const declarations = files.filter((file) => /\.d\.[cm]?ts$/.test(file) && !file.endsWith(".wasm.d.ts"));
  const found = best(
    declarations,
    path,
    (file) => (basename(file).replace(/\.d\.[cm]?ts$/, "") === stem ? 1 : 0),
    (text, byName) => {
      const share = count(names, text) / Math.max(1, names.size);
      // The first line of generated declarations. A package may have those of several modules.
      const isGenerated = text.startsWith("/* tslint:disable */") && (byName > 0 || share >= leastShare);
      return (isGenerated ? 0.5 : 0) + share / 2;
    },
  );
  if (found !== undefined || folder === undefined) return found;
  // Types that were written by hand or bundled may show a part of the module alone, so one declaration that fits is enough.
  // Exports name classes in small letters.
  const own = new Set([...names, ...classes.map(({ name }) => name.toLowerCase())]);
  const [first] = packageTypes(folder, declarations)
    .map((file) => ({ file, text: readFileSync(file, "utf8") }))
    .filter(({ text }) => !isPrinted(text))
    .map(({ file, text }) => ({
      file,
      score: declaredNames(text).filter((name) => own.has(name) || own.has(name.toLowerCase())).length,
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  return first?.file;
}

/** Finds the file of the module's name that contains a text, in its folder. */
function beside(module: string, files: readonly string[], ending: RegExp, contains: string): string | undefined {
  const stem = stemOf(module);
  return files.find(
    (file) =>
      dirname(file) === dirname(resolve(module)) &&
      basename(file)
        .replace(ending, "")
        .replace(/\.bindings$/, "") === stem &&
      ending.test(file) &&
      readFileSync(file, "utf8").includes(contains),
  );
}

/** `app` of `app_bg.wasm` and of `app.js`. */
function stemOf(path: string): string {
  return basename(path, extname(path)).replace(/_bg$/, "");
}

/** How many of the names a text mentions. */
function count(names: ReadonlySet<string>, text: string): number {
  let found = 0;
  for (const name of names) if (text.includes(name)) found++;
  return found;
}

/** The share of a module's exported functions that a text calls as members of something. */
function shareCalled(exports: Shape["exports"], text: string): number {
  const names = exports.filter(({ kind, name }) => kind === "function" && !name.startsWith("__wb"));
  const called = new Set([...text.matchAll(/\.([\w$]+)/g)].map(([, name]) => name));
  return names.filter(({ name }) => called.has(name)).length / Math.max(1, names.length);
}

/** The functions, classes and other values and types that a text declares, as far as a search tells. */
function declaredNames(text: string): readonly string[] {
  const found = text.matchAll(/\b(?:class|function|const|let|var|interface)\s+([\w$]+)/g);
  return [...new Set([...found].flatMap(([, name]) => name ?? []))];
}

/**
 * Chooses the file that fits best: the nearest, then by its name, then by what it contains: two builds in one folder contain the
 * same.
 */
function best(
  files: readonly string[],
  module: string,
  byName: (file: string) => number,
  byText: (text: string, byName: number) => number,
): string | undefined {
  const rated = files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    // A file that was written before mentions the same names.
    const name = byName(file);
    const score = isPrinted(text) ? 0 : byText(text, name);
    const distance = relative(dirname(module), dirname(file)).split(sep).filter(Boolean).length;
    return score < leastShare ? [] : [{ file, score, distance, name }];
  });
  rated.sort(
    (a, b) =>
      a.distance - b.distance ||
      b.name - a.name ||
      b.score - a.score ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
  );
  return rated[0]?.file;
}

/** The scripts and declarations in a folder, without those of packages in it. */
function textFiles(folder: string): string[] {
  const files: string[] = [];
  for (const path of filesIn(folder)) {
    if (files.length === maximumFiles) break;
    if (/\.([cm]?js|[cm]?ts)$/.test(path) && statSync(path).size <= maximumText) files.push(path);
  }
  return files.sort();
}
