import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";

/** The end of an import that the plugin serves. */
const query = "?unglue";

/** Looks a path up as the bundler does, with its aliases. */
export type BundlerResolver = (path: string, importer: string | undefined) => Promise<string | undefined>;

/**
 * Finds the module that an import names: a relative or absolute path, an installed package or a file or folder in it, or
 * whatever the bundler makes of it.
 *
 * @param specifier - The text of the import.
 * @param importer - The file that imports; `undefined` for an entry.
 * @param root - The folder that entries are looked up from.
 * @param resolveByBundler - The bundler's own way.
 * @returns The file: a module, or a script that embeds one.
 * @throws Error if there is none, or more than one.
 */
export async function locate(
  specifier: string,
  importer: string | undefined,
  root: string,
  resolveByBundler: BundlerResolver,
): Promise<string> {
  const path = specifier.slice(0, -query.length);
  const folder = folderOf(importer, root);
  const isFile = /^\.{1,2}(?:[\\/]|$)/.test(path) || isAbsolute(path);
  const found = isFile ? await inFolder(path, folder) : await inPackage(path, folder);
  if (found !== undefined) return found;
  const resolved = await resolveByBundler(path, importer);
  if (resolved !== undefined && isAbsolute(resolved)) {
    const file = await inFolder(resolved, folder);
    if (file !== undefined) return file;
  }
  const what = isFile
    ? `There is no file ${resolve(folder, path)}.`
    : `No package of the name of ${JSON.stringify(path)} is installed.`;
  throw new Error(`${what} ${JSON.stringify(specifier)} needs a .wasm file, or an installed package with one.`);
}

/** The folder that an import's path is relative to. */
function folderOf(importer: string | undefined, root: string): string {
  if (importer === undefined || !isAbsolute(importer)) return root;
  return dirname(existsSync(importer) ? importer : importer.replace(/[?#].*$/s, ""));
}

async function inFolder(path: string, folder: string): Promise<string | undefined> {
  // A name may have a backslash, except on Windows.
  const file = [path, path.replaceAll("\\", "/")].map((one) => resolve(folder, one)).find((one) => existsSync(one));
  if (file === undefined || !statSync(file).isDirectory()) return file;
  const { readInput } = await import("../cli/input.ts");
  return (await readInput(file)).path;
}

async function inPackage(path: string, folder: string): Promise<string | undefined> {
  const { readInstalled } = await import("../cli/input.ts");
  return readInstalled(path, folder)?.path;
}
