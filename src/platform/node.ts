import { closeSync, createReadStream, openSync, readFileSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ownValue } from "../base/own.ts";
import { permissionIn, reasonOf } from "../errors/caught.ts";
import { withoutCredentials } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Platform } from "./platform.ts";

/** Node and similar runtimes. This is the only file of the library that imports Node's own modules. */
export const nodePlatform: Platform = {
  checksIntegrity: undefined,
  files: {
    async read(path, signal, ceiling) {
      try {
        const from = toPath(path);
        const bytes = ceiling === undefined ? readFile(from, { signal }) : readUpTo(from, ceiling + 1, signal);
        return { bytes: await bytes, from };
      } catch (cause) {
        throw readFailed(path, cause);
      }
    },
    readSync(path, ceiling) {
      try {
        const from = toPath(path);
        return { bytes: ceiling === undefined ? readFileSync(from) : readUpToSync(from, ceiling + 1), from };
      } catch (cause) {
        throw readFailed(path, cause);
      }
    },
  },
  async loadHash() {
    // Node can be built without it.
    const crypto = await import("node:crypto").catch(() => undefined);
    if (!crypto) return undefined;
    return (algorithm) => {
      const hash = crypto.createHash(algorithm.replace("-", "").toLowerCase());
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest("base64") };
    };
  },
};

/** Reads the first bytes of a file. It does not ask for the size: a device has none, and never ends. */
async function readUpTo(
  path: string,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  if (length > 0) {
    for await (const piece of createReadStream(path, { end: length - 1, signal })) pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

function readUpToSync(path: string, length: number): Uint8Array<ArrayBuffer> {
  const file = openSync(path, "r");
  try {
    const pieces: Buffer[] = [];
    for (let left = length; left > 0;) {
      const piece = Buffer.allocUnsafeSlow(Math.min(left, 2 ** 20));
      const count = readSync(file, piece);
      if (count === 0) break;
      pieces.push(piece.subarray(0, count));
      left -= count;
    }
    return Buffer.concat(pieces);
  } finally {
    closeSync(file);
  }
}

function toPath(path: string): string {
  return isUrl(path) ? fileURLToPath(path) : resolve(path);
}

function isUrl(path: string): boolean {
  return /^file:/i.test(path);
}

function readFailed(asked: string, cause: unknown): UnglueError<"read-failed"> {
  // A URL with a typo in its scheme counts as a path.
  const given = withoutCredentials(asked);
  const relative = !isUrl(given) && !isAbsolute(given);
  const path = relative ? resolve(given) : given;
  // The system's message ends with the path. Deno's names the permission. Either quotes the path in its own way, so none is
  // quoted where the path has a password.
  const why = given === asked ? reasonOf(cause).replace(/, \w+(?: '[^]*')?$/, "") : (codeOf(cause) ?? "it is no path");
  const flag = permissionIn(cause);
  const hint = flag
    ? `This process may not read the file: allow it with ${flag}.`
    : relative
      ? `"${given}" was taken relative to the working directory, ${resolve(".")}. For a file beside your code pass new URL("${given}", import.meta.url).`
      : isMissing(cause) && !isUrl(given)
        ? 'Check the path. For a path of a server\'s URL pass the whole URL; for a file beside your code pass new URL("./file.wasm", import.meta.url).'
        : "Check the path, and that this process may read the file.";
  return new UnglueError(
    "read-failed",
    `Cannot read ${path}: ${why}. ${hint}`,
    { path },
    { cause: given === asked ? cause : new Error(why) },
  );
}

function isMissing(cause: unknown): boolean {
  return codeOf(cause) === "ENOENT";
}

/** The system's code for an error, such as `ENOENT`. */
function codeOf(cause: unknown): string | undefined {
  const code: unknown = ownValue(Object(cause) as object, "code");
  return typeof code === "string" ? code : undefined;
}
