import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ownValue } from "../../base/own.ts";

/** Data that is nested deeper is no map of files. */
const maximumDepth = 20;
/** Files that pass on the types of others are followed so often. */
const maximumSteps = 4;

/**
 * Lists the `.d.ts` files that a package names as its types: by `types` and `typings`, by `types` in `exports`, by
 * `typesVersions`, and beside its entry points. Files that they pass on with `export … from "./file"` follow.
 *
 * @param folder - The package's folder.
 * @param files - The declarations in it.
 */
export function packageTypes(folder: string, files: readonly string[]): readonly string[] {
  const data = readData(folder);
  if (!data) return [];
  const named = [ownValue(data, "types"), ownValue(data, "typings"), ...typesOfExports(ownValue(data, "exports"))];
  const versions = textsIn(ownValue(data, "typesVersions"));
  const entries = [
    ...["main", "module", "browser"].map((key) => ownValue(data, key)),
    ...textsIn(ownValue(data, "exports")),
    "index.js",
  ];
  const all = new Set(files.map((file) => resolve(file)));
  const found = [...named, ...versions, ...entries].flatMap((one) =>
    typeof one === "string" ? declarationsOf(resolve(folder, one), all) : [],
  );
  return withPassedOn([...new Set(found)], all);
}

function readData(folder: string): Readonly<Record<string, unknown>> | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  try {
    const data: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof data === "object" && data !== null ? (data as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** The values of all conditions whose name begins with `types`, such as `types@>=5.0`. */
function typesOfExports(value: unknown, depth = 0): readonly string[] {
  if (depth > maximumDepth || typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    /^types(@|$)/.test(key) ? textsIn(one) : typesOfExports(one, depth + 1),
  );
}

/** All texts in data. */
function textsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === "string") return [value];
  if (depth > maximumDepth || typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((one) => textsIn(one, depth + 1));
}

/** The declarations that a path names: itself, those of a script or a folder, or all that a `*` in it stands for. */
function declarationsOf(path: string, files: ReadonlySet<string>): readonly string[] {
  const star = path.indexOf("*");
  if (star >= 0) {
    const [start, end] = [path.slice(0, star), path.slice(star + 1)];
    return [...files].filter((file) => file.startsWith(start) && file.endsWith(end) && file.length >= path.length - 1);
  }
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const stem = path.replace(/\.[cm]?[jt]s$/, "");
  const tried = [
    path,
    ...[".d.ts", ".d.mts", ".d.cts"].map((end) => stem + end),
    ...[".d.ts", ".d.mts", ".d.cts"].map((end) => path + end),
    ...(isFolder ? [join(path, "index.d.ts")] : []),
  ];
  return tried.filter((file) => files.has(file));
}

/** Adds the files that these pass on. */
function withPassedOn(found: readonly string[], files: ReadonlySet<string>): readonly string[] {
  const all = new Set(found);
  let latest = found;
  for (let step = 0; step < maximumSteps && latest.length > 0; step++) {
    latest = latest.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/^\s*export\b[^;"'`]*\bfrom\s*["'](\.[^"'\n]*)["']/gm)]
        .flatMap(([, source = ""]) => declarationsOf(join(dirname(file), ...source.split("/")), files))
        .filter((one) => !all.has(one)),
    );
    for (const one of latest) all.add(one);
  }
  return [...all];
}
