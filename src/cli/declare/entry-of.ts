import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ownValue } from "../../base/own.ts";
import { findPackage } from "../input.ts";

/** The conditions that hold for an `import` in Node. */
const conditions: readonly string[] = ["node", "import", "module-sync", "default"];

/**
 * Finds the file that an `import` of a package gets in Node. Node has a call for it, but only from the importing module
 * itself; `require` gets another file of a package that has one for each.
 *
 * @param name - The package, or a path in it.
 * @param folder - The folder of the file that imports.
 * @returns The file; `undefined` if none is found.
 */
export function entryOf(name: string, folder: string): string | undefined {
  const [, owner = name, rest = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/s.exec(name) ?? [];
  const home = findPackage(owner, folder);
  const entries = home === undefined ? undefined : exportsIn(home);
  if (home === undefined || entries === undefined) return required(name, folder);
  const target = targetIn(entries, `.${rest}`);
  return target === undefined ? undefined : join(home, target);
}

/** The map `exports` of a package; `undefined` if it has none. */
function exportsIn(home: string): unknown {
  try {
    const data: unknown = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    return ownValue(Object(data) as object, "exports") ?? undefined;
  } catch {
    return undefined;
  }
}

/** The file that a map has for a path, by itself or by a pattern with a star. */
function targetIn(entries: unknown, path: string): string | undefined {
  const hasPaths =
    typeof entries === "object" && Object.keys(Object(entries) as object).some((key) => key.startsWith("."));
  if (!hasPaths) return path === "." ? chosen(entries) : undefined;
  const paths = entries as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(paths, path)) return chosen(paths[path]);
  const patterns = Object.keys(paths).filter((key) => {
    const [before = "", after, ...others] = key.split("*");
    return (
      after !== undefined &&
      others.length === 0 &&
      path.length >= key.length &&
      path.startsWith(before) &&
      path.endsWith(after)
    );
  });
  const [best] = patterns.sort((a, b) => b.indexOf("*") - a.indexOf("*") || b.length - a.length);
  if (best === undefined) return undefined;
  const star = path.slice(best.indexOf("*"), path.length - (best.length - best.indexOf("*") - 1));
  return chosen(paths[best])?.replaceAll("*", () => star);
}

/** The target of an entry: the first in a list, or the first condition that holds. */
function chosen(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  if (typeof entry !== "object" || entry === null) return undefined;
  const choices: readonly unknown[] = Array.isArray(entry)
    ? entry
    : Object.entries(entry).flatMap(([condition, one]) => (conditions.includes(condition) ? [one as unknown] : []));
  for (const one of choices) {
    const target = chosen(one);
    if (target !== undefined) return target;
  }
  return undefined;
}

function required(name: string, folder: string): string | undefined {
  try {
    return createRequire(join(folder, "importer.js")).resolve(name);
  } catch {
    return undefined;
  }
}
