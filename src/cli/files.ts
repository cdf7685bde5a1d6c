import { randomUUID } from "node:crypto";
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CommandError } from "./command-error.ts";
import { printable } from "./output.ts";

/** Milliseconds after which the lock of a process that cannot be asked counts as left behind. */
const staleAfter = 5000;
/** Milliseconds between two looks at a lock. */
const pause = 20;
/** The system's codes for a folder that takes no new file, while a file in it may be writable. */
const closedFolder: ReadonlySet<unknown> = new Set(["EACCES", "EPERM", "EBUSY", "EROFS", "ENOENT"]);

/**
 * Replaces a file as a whole: a reader sees the old text or the new one, and a process that is stopped leaves one of them. A
 * link is followed, and the file's permissions are kept. A device or a pipe is written to, and so is a file whose folder
 * takes no new one.
 *
 * @param path - The file.
 * @param text - Its text.
 */
export function replaceFile(path: string, text: string): void {
  const prepared = prepareFile(path, text);
  try {
    prepared.finish();
  } finally {
    prepared.giveUp();
  }
}

/** The new text of a file beside it, before it takes its place. */
interface Prepared {
  /** Puts it into its place. */
  readonly finish: () => void;
  /** Removes it, if it is still beside the file. */
  readonly giveUp: () => void;
}

/** Writes the new content of a file beside it. Throws if the file could not be replaced. */
function prepareFile(path: string, text: string | Uint8Array): Prepared {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new CommandError(`${printable(path)} is a folder. Name a file with --output.`);
  // If it fails, its error names the user's file.
  const plainly: Prepared = { finish: () => writeFileSync(path, text), giveUp: () => undefined };
  if (found && !found.isFile()) return plainly;
  if (found) accessSync(path, constants.W_OK);
  const target = found ? realpathSync(path) : path;
  const temporary = join(dirname(target), `.unglue-${randomUUID()}.tmp`);
  const giveUp = (): void => rmSync(temporary, { force: true });
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    if (found) chmodSync(temporary, found.mode);
    return { finish: () => renameSync(temporary, target), giveUp };
  } catch (error) {
    giveUp();
    if (closedFolder.has(codeOf(error))) return plainly;
    throw error;
  }
}

/**
 * Replaces the file that a command writes.
 *
 * @param path - The file.
 * @param text - Its text.
 * @param input - The file that the command has read, if it is one. It is not written over.
 * @param isOwn - Whether a text was written by the same command. Another one is not written over.
 */
export function replaceOutput(
  path: string,
  text: string,
  input: string | undefined,
  isOwn: (text: string) => boolean,
): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && input !== undefined && realpathSync(path) === realpathSync(input)) {
    throw new CommandError(`${printable(path)} is the module. Name another file with --output.`);
  }
  if (found?.isFile() && found.size > 0 && !isOwn(readFileSync(path, "utf8"))) {
    throw new CommandError(
      `${printable(path)} exists, and this command has not written it. Name another file with --output.`,
    );
  }
  replaceFile(path, text);
}

/**
 * Waits until no other process of this library has the lock of a file, and takes it. A lock whose process has ended is
 * removed; a folder that takes no new file has no locks.
 *
 * @param path - The file.
 * @returns A function that gives the lock back.
 */
export async function lockFile(path: string): Promise<() => void> {
  const lock = `${path}.lock`;
  for (;;) {
    try {
      const file = openSync(lock, "wx");
      try {
        writeFileSync(file, String(process.pid));
      } finally {
        closeSync(file);
      }
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (closedFolder.has(codeOf(error))) return () => undefined;
      if (codeOf(error) !== "EEXIST") throw error;
      if (isLeftBehind(lock)) rmSync(lock, { force: true });
      else await setTimeout(pause);
    }
  }
}

/** A file's path, and its content. */
export type FileContent = readonly [path: string, content: string | Uint8Array];

/**
 * Replaces files that belong together, as one process at a time: whichever is the last, all of them are its. If one cannot be
 * written, none is. A process that is stopped between two of them leaves whole files of different runs.
 *
 * @param files - Their paths and texts. The folder of the first is made.
 * @param check - Throws if the files may not be replaced. No other process replaces them meanwhile.
 */
export async function replaceFiles(files: readonly [FileContent, ...FileContent[]], check: () => void): Promise<void> {
  const [[first]] = files;
  mkdirSync(dirname(first), { recursive: true });
  const unlock = await lockFile(first);
  try {
    check();
    const prepared: Prepared[] = [];
    try {
      for (const [path, content] of files) prepared.push(prepareFile(path, content));
      for (const { finish } of prepared) finish();
    } finally {
      for (const { giveUp } of prepared) giveUp();
    }
  } finally {
    unlock();
  }
}

/**
 * Returns the code of an error of the system, as in `ENOENT`.
 *
 * @param error - The error.
 */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && Object.hasOwn(error, "code") ? (error as NodeJS.ErrnoException).code : undefined;
}

/** Whether a lock's process has ended, or may be one of another system and is late. */
function isLeftBehind(lock: string): boolean {
  const found = statSync(lock, { throwIfNoEntry: false });
  if (!found) return false;
  return Date.now() - found.mtimeMs > staleAfter || hasEnded(processOf(lock));
}

/** The process that a lock names; `undefined` if it has not written that yet, or has given the lock back. */
function processOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function hasEnded(process_: number | undefined): boolean {
  if (process_ === undefined) return false;
  try {
    process.kill(process_, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}
