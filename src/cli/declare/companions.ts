import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { CommandError } from "../command-error.ts";
import type { Package } from "../input.ts";
import { type Effect, readCompanion } from "./companion.ts";
import type { Remark } from "./declared.ts";
import type { LoadedFile } from "./glue/loads.ts";
import type { TextFile } from "./inputs.ts";

/** Larger files are none that a toolchain prints around the generated JavaScript. */
const maximumSize = 2 * 1024 * 1024;
/** No more files are read around it. */
const maximumFiles = 32;

/**
 * Reads the files that run with the generated JavaScript: the entry that the bundler target has beside it, and the files of the
 * package that either of them loads. Returns a remark for everything that they change of it.
 *
 * @param glue - The generated JavaScript.
 * @param owner - Its package.
 * @param names - The names that it exports functions, classes and enumerations by.
 * @param loads - The files that it loads.
 */
export function companionRemarks(
  glue: TextFile,
  owner: Package | undefined,
  names: ReadonlySet<string>,
  loads: readonly LoadedFile[],
): readonly Remark[] {
  const folder = owner?.folder ?? dirname(glue.path);
  const nameOf = (path: string): string =>
    join(dirname(glue.name), relative(dirname(glue.path), path))
      .split(sep)
      .join("/");
  const remarks: Remark[] = [];
  const note = ({ member, place, what }: Effect): void => {
    const reason = `${place} ${what}, which the declaration does not follow: it is that of the generated JavaScript`;
    remarks.push({ member: member ?? glue.name, reason });
  };
  const seen = new Set([resolve(glue.path)]);
  const open: { readonly path: string; readonly isEntry: boolean }[] = [];
  const add = (path: string, isEntry: boolean): void => {
    if (seen.has(path)) return;
    seen.add(path);
    open.push({ path, isEntry });
  };
  /** Takes the files of the package that a file loads, and notes those that it loads for what they do. */
  const follow = (from: string, isEntry: boolean, loads: readonly LoadedFile[]): void => {
    for (const { source, place, isBare, isPassedOn } of loads) {
      const path = fileOf(from, source);
      if (path === undefined || !path.startsWith(folder + sep) || isGenerated(path, glue.path)) continue;
      if (isBare) note({ member: undefined, place, what: `loads ${source} for what it does` });
      else add(path, isEntry && isPassedOn);
    }
  };
  const read = (path: string, isEntry: boolean): void => {
    const isGlue = (source: string): boolean => fileOf(path, source) === resolve(glue.path);
    const found = readCompanion(readFileSync(path, "utf8"), nameOf(path), { names, isEntry, isGlue });
    // Another target may have its own JavaScript by the name of an entry, which does without this one.
    if (beside.includes(path) && !found.loads.some(({ source }) => isGlue(source))) return;
    for (const one of found.effects) note(one);
    follow(path, isEntry, found.loads);
  };

  // The reader of the generated JavaScript knows its own changes.
  follow(resolve(glue.path), false, loads);
  const beside = entriesOf(glue);
  for (const path of beside) add(path, true);
  for (let count = 0, next = open.shift(); next; count++, next = open.shift()) {
    const { path, isEntry } = next;
    const name = nameOf(path);
    try {
      if (count >= maximumFiles) throw new CommandError(`${name} cannot be read: more than ${maximumFiles} files`);
      const { size } = statSync(path);
      if (size > maximumSize) throw new CommandError(`${name} cannot be read: it has ${size} bytes`);
      read(path, isEntry);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const why = error.message.replace(/^.*cannot be (?:parsed|read): /, "").replace(/\.$/, "");
      remarks.push({
        member: glue.name,
        reason: `${name} cannot be read: ${why}; it may change the generated JavaScript, which it loads or runs with`,
      });
      if (count >= maximumFiles) break;
    }
  }
  return unique(remarks);
}

/** Finds the entries beside the JavaScript of the bundler target, by its name. */
function entriesOf(glue: TextFile): readonly string[] {
  const [, stem] = /^(.+)_bg\.[cm]?js$/.exec(basename(glue.path)) ?? [];
  if (stem === undefined) return [];
  return [".js", ".mjs", ".cjs"].map((end) => join(dirname(resolve(glue.path)), stem + end)).filter(isFile);
}

/** The file that a script loads by a relative name, with the endings that Node and bundlers add. */
function fileOf(from: string, source: string): string | undefined {
  if (!/^\.{1,2}\//.test(source)) return undefined;
  const path = resolve(dirname(from), source.replace(/[?#].*$/, ""));
  return [path, `${path}.js`, `${path}.cjs`, `${path}.mjs`, join(path, "index.js")].find(
    (one) => /\.[cm]?js$/.test(one) && isFile(one),
  );
}

/** Whether the tool has written a file beside the JavaScript: it copies snippets there, and prints the module as one. */
function isGenerated(path: string, glue: string): boolean {
  return (
    path === resolve(glue) ||
    path.startsWith(join(dirname(resolve(glue)), "snippets") + sep) ||
    /\.wasm\.[cm]?js$/.test(path)
  );
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function unique(remarks: readonly Remark[]): readonly Remark[] {
  return [...new Map(remarks.map((one) => [JSON.stringify([one.member, one.reason]), one])).values()];
}
