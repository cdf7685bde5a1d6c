import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UnglueError } from "../errors.ts";
import type { Platform } from "./platform.ts";

/** Node, and what is like it. The only file of the library that imports Node's own modules. */
export const nodePlatform: Platform = {
  name: "node",
  files: {
    async read(path, signal) {
      try {
        const from = toPath(path);
        return { bytes: await readFile(from, { signal }), from };
      } catch (cause) {
        throw readFailed(path, cause);
      }
    },
    readSync(path) {
      try {
        const from = toPath(path);
        return { bytes: readFileSync(from), from };
      } catch (cause) {
        throw readFailed(path, cause);
      }
    },
  },
};

function toPath(path: string): string {
  return isUrl(path) ? fileURLToPath(path) : resolve(path);
}

function isUrl(path: string): boolean {
  return /^file:/i.test(path);
}

function readFailed(given: string, cause: unknown): UnglueError<"read-failed"> {
  const relative = !isUrl(given) && !isAbsolute(given);
  const path = relative ? resolve(given) : given;
  // The system's message repeats the path at its end.
  const why = cause instanceof Error ? cause.message.split(", ")[0] : String(cause);
  const hint = relative
    ? `"${given}" was taken relative to the working directory, ${resolve(".")}. For a file beside your code pass new URL("${given}", import.meta.url).`
    : "Check the path, and that this process may read the file.";
  return new UnglueError("read-failed", `Cannot read ${path}: ${why}. ${hint}`, { path }, { cause });
}
