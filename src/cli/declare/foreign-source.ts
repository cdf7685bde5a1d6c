import { existsSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import type { Package } from "../input.ts";
import { entryOf } from "./entry-of.ts";
import { parseText } from "./parse.ts";

/** A module that the generated JavaScript imports, as the declaration file imports it. */
export interface ForeignSource {
  readonly address: string;
  /** Whether it is a CommonJS module. */
  readonly isCommonJs: boolean;
}

/** The place of the generated JavaScript. */
interface Importer {
  readonly glue: { readonly path: string } | undefined;
  readonly package: Package | undefined;
}

/**
 * Finds a module that the generated JavaScript imports: a file through its package, if a program in the folder may import it
 * so, or else from the folder; another package by its name.
 *
 * @param name - The name that the JavaScript has.
 * @param importer - The JavaScript.
 * @param folder - The folder of the declaration file; without one, files have their whole paths.
 */
export function findForeignSource(name: string, { glue, package: owner }: Importer, folder?: string): ForeignSource {
  if (!glue) return { address: name, isCommonJs: false };
  if (!/^\.{0,2}\//.test(name)) {
    const path = isBuiltin(name) ? undefined : entryOf(name, dirname(glue.path));
    return { address: name, isCommonJs: path !== undefined && isCommonJs(path) };
  }
  const path = join(dirname(glue.path), name);
  return { address: folder === undefined ? path : addressOf(path, owner, folder), isCommonJs: isCommonJs(path) };
}

function addressOf(path: string, owner: Package | undefined, folder: string): string {
  if (owner && path.startsWith(owner.folder + sep) && owner.folder.split(sep).includes("node_modules")) {
    const throughPackage = `${owner.name}/${relative(owner.folder, path).split(sep).join("/")}`;
    // The package's `exports` may hide it.
    if (resolveFrom(join(resolve(folder), "program.js"), throughPackage) !== undefined) return throughPackage;
  }
  const beside = relative(folder, path).split(sep).join("/");
  return beside.startsWith(".") ? beside : `./${beside}`;
}

function resolveFrom(importer: string, name: string): string | undefined {
  try {
    return createRequire(importer).resolve(name);
  } catch {
    return undefined;
  }
}

/** Whether a file is a CommonJS module, as Node decides it: by its name, its package, or what is in it. */
function isCommonJs(path: string): boolean {
  const end = extname(path);
  if (end === ".cjs" || end === ".mjs") return end === ".cjs";
  if (end !== ".js" || !existsSync(path)) return false;
  return parseText(readFileSync(path, "utf8"), path, "script").file.program.sourceType === "script";
}
