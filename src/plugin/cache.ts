import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../cli/files.ts";

/** Declarations that are kept, at most. */
const kept = 64;

/** Keeps texts in a folder from one run to the next. A folder that cannot be read or written keeps nothing. */
export class Cache {
  readonly #folder: string | undefined;

  /**
   * Takes a folder.
   *
   * @param folder - The folder; `undefined` for a cache that keeps nothing.
   */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /**
   * Returns the text that is kept under a key.
   *
   * @param key - A name of letters and digits.
   */
  read(key: string): string | undefined {
    if (this.#folder === undefined) return undefined;
    try {
      return readFileSync(join(this.#folder, `${key}.json`), "utf8");
    } catch {
      return undefined;
    }
  }

  /**
   * Keeps a text.
   *
   * @param key - A name of letters and digits.
   * @param text - The text.
   */
  write(key: string, text: string): void {
    if (this.#folder === undefined) return;
    try {
      mkdirSync(this.#folder, { recursive: true });
      replaceFile(join(this.#folder, `${key}.json`), text);
      this.#forget(this.#folder);
    } catch {
      // The file system may be read-only or full. The next run declares again.
    }
  }

  /** Removes the oldest files. */
  #forget(folder: string): void {
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
      .sort((a, b) => b.time - a.time);
    for (const { path } of files.slice(kept)) rmSync(path, { force: true });
  }
}

/**
 * Returns a folder for caches below the system's temporary one, which no other user can write to: its files become parts of
 * programs.
 *
 * @returns The folder; `undefined` if there is none that can be trusted.
 */
export function temporaryCache(): string | undefined {
  try {
    const { uid } = userInfo();
    const folder = join(tmpdir(), uid < 0 ? "unglue-cache" : `unglue-cache-${uid}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const isOwn = uid < 0 || (found.uid === uid && (found.mode & 0o022) === 0);
    return found.isDirectory() && isOwn ? folder : undefined;
  } catch {
    return undefined;
  }
}
