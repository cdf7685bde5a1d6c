import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "./command-error.ts";
import { printable } from "./output.ts";

/** A folder with more entries is no package, and would be searched for minutes. */
const maximumEntries = 200_000;

/**
 * Finds the files in a folder, without those of packages in it. A link counts as the file that it leads to. Pipes, devices,
 * links that lead nowhere and folders that may not be read are passed over.
 *
 * @param folder - The folder.
 * @param accepts - Whether a file is wanted, by its name.
 * @param maximumSize - Larger files are left out.
 * @returns Their paths, sorted.
 */
export function findFiles(
  folder: string,
  accepts: (name: string) => boolean,
  maximumSize = Number.POSITIVE_INFINITY,
): string[] {
  const files: string[] = [];
  const open = [folder];
  let left = maximumEntries;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of entriesOf(next)) {
      if (left-- === 0) {
        throw new CommandError(
          `${printable(folder)} has more than ${maximumEntries} entries. Name the file, or its package.`,
        );
      }
      const path = join(next, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && entry.name !== ".git") open.push(path);
      } else if (accepts(entry.name) && isFile(path, maximumSize)) files.push(path);
    }
  }
  return files.sort();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isFile(path: string, maximumSize: number): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= maximumSize;
  } catch {
    return false;
  }
}
