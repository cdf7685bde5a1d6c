import type * as shim from "@bjorn3/browser_wasi_shim";
import { invalidArgument } from "../../errors/invalid.ts";
import { describe } from "../../errors/describe.ts";
import { isBuiltIn, messageOf } from "../../errors/caught.ts";
import { hasMembers, isReadable, memberOf, ownMembers } from "../../base/own.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { errno } from "./errno.ts";
import type { OpenFiles } from "./files.ts";
import { type SystemCall, unsigned } from "./guest.ts";
import { isBytes } from "./is-bytes.ts";
import type { MemoryDirectory } from "./options.ts";

type Shim = typeof shim;
type Contents = Map<string, shim.Inode>;

/** The package that has the file system in memory, and the versions of it that fit. */
const peer = { name: "@bjorn3/browser_wasi_shim", install: "npm install @bjorn3/browser_wasi_shim@0.4" };

/** The inner part of a directory, which only this library reads. */
interface Inner {
  readonly shim: Shim;
  readonly contents: Contents;
}

class Directory implements MemoryDirectory {
  readonly #inner: Inner;

  constructor(inner: Inner) {
    this.#inner = inner;
  }

  /** Returns the inner part of a directory; `undefined` for any other value. */
  static innerOf(value: unknown): Inner | undefined {
    return typeof value === "object" && value !== null && #inner in value ? value.#inner : undefined;
  }

  get paths(): readonly string[] {
    const { shim, contents } = this.#inner;
    return walk(shim, contents).sort();
  }

  bytes(path: string): Uint8Array<ArrayBuffer> | undefined {
    const { shim, contents } = this.#inner;
    const parts = partsOf("memoryDirectory.bytes", path);
    let at: shim.Inode | undefined = undefined;
    let within: Contents | undefined = contents;
    for (const part of parts) {
      at = within?.get(part);
      within = at instanceof shim.Directory ? at.contents : undefined;
    }
    return at instanceof shim.File ? at.data.slice() : undefined;
  }

  text(path: string): string | undefined {
    const bytes = this.bytes(path);
    return bytes && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  write(path: string, contents: string | Uint8Array): void {
    put(this.#inner, "memoryDirectory.write", path, contents);
  }
}

/** The type of `memoryDirectory`. */
export type CreateMemoryDirectory = (
  files?:
    Readonly<Record<string, string | Uint8Array>> | Iterable<readonly [path: string, contents: string | Uint8Array]>,
) => Promise<MemoryDirectory>;

/** Makes a directory in memory. */
export const createMemoryDirectory: CreateMemoryDirectory = async (files = []) => {
  const loaded = await loadShim();
  const inner: Inner = { shim: loaded, contents: new Map() };
  for (const [path, contents] of entriesOf(files)) put(inner, "memoryDirectory", path, contents);
  return new Directory(inner);
};

/** Reads the files of a new directory. Errors: `invalid-argument`, and whatever an iterator throws. */
function entriesOf(files: unknown): readonly (readonly [path: string, contents: unknown])[] {
  const refuse = (expected: string, value: unknown, cause?: unknown) =>
    invalidArgument("memoryDirectory", "files", expected, value, cause);
  if (isIterable(files)) {
    return Array.from(files, (pair) => {
      if (isReadable(pair) && Array.isArray(pair)) return [pair[0] as string, pair[1] as unknown];
      throw refuse("pairs of a path and its contents", pair);
    });
  }
  if (!hasMembers(files)) throw refuse("an object of texts and Uint8Arrays by path, or pairs of both", files);
  try {
    return Object.entries(ownMembers(files));
  } catch (cause) {
    // A getter or a proxy may throw anything.
    throw refuse("an object whose members can be read", files, cause);
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  if (typeof value !== "object" || value === null || !isReadable(value)) return false;
  return typeof memberOf(value, Symbol.iterator) === "function";
}

/** Whether a value is a directory in memory. */
export function isMemoryDirectory(value: unknown): boolean {
  return Directory.innerOf(value) !== undefined;
}

/**
 * Returns what opens the file system of directories in memory.
 *
 * @param preopens - The directories by the paths that the program knows.
 */
export function memoryFiles(preopens: Readonly<Record<string, unknown>>): OpenFiles {
  const inner = Object.entries(preopens).map(([name, one]) => ({ name, ...(Directory.innerOf(one) as Inner) }));
  return (memory) => {
    const [first] = inner;
    if (!first) return { calls: new Map(), close: () => undefined };
    // The standard streams are served before these functions are called.
    const open = inner.map(({ shim, name, contents }) => new shim.PreopenDirectory(name, contents));
    const { ConsoleStdout, WASI } = first.shim;
    const none = new ConsoleStdout(() => undefined);
    const wasi = new WASI([], [], [none, none, none, ...open], { debug: false });
    const { wasiImport } = wasi;
    const checked = (name: string): SystemCall => {
      const call = wasiImport[name];
      // These throw.
      if (!call || name.startsWith("sock_")) return () => errno.notImplemented;
      return (...args) => {
        wasi.inst = { exports: { memory: memory() } };
        try {
          return (call(...args.map(unsigned)) as number | undefined) ?? errno.success;
        } catch (error) {
          return isBuiltIn(error, "RangeError") ? errno.fault : errno.io;
        }
      };
    };
    return { calls: new Map(Object.keys(wasiImport).map((name) => [name, checked(name)])), close: () => undefined };
  };
}

/** The classes of the package that are used. */
const used = [
  "ConsoleStdout",
  "Directory",
  "File",
  "PreopenDirectory",
  "WASI",
] as const satisfies readonly (keyof Shim)[];

/** Loads the package. Errors: `peer-missing`, `unavailable-here`. */
async function loadShim(): Promise<Shim> {
  // The package decodes each path.
  if (typeof TextEncoder !== "function" || typeof TextDecoder !== "function") {
    throw new UnglueError(
      "unavailable-here",
      "Directories in memory need TextEncoder and TextDecoder, which this runtime lacks. Use them in a page or a worker; in " +
        "tests, give the environment both.",
      { what: "TextDecoder" },
    );
  }
  // A bundler that does not find an optional package leaves an import whose failure is handled.
  const loaded = await import("@bjorn3/browser_wasi_shim").catch((cause: unknown) => {
    throw peerMissing(`could not be loaded: ${messageOf(cause)}`, cause);
  });
  const lacks = used.find((name) => typeof loaded[name] !== "function");
  if (lacks !== undefined) throw peerMissing(`is there in a version without ${lacks}`);
  return loaded;
}

function peerMissing(problem: string, cause?: unknown): UnglueError<"peer-missing"> {
  return new UnglueError(
    "peer-missing",
    `Directories in memory need the package ${peer.name}, which ${problem}. Install it: \`${peer.install}\`.`,
    { package: peer.name, install: peer.install },
    cause === undefined ? undefined : { cause },
  );
}

/** Writes a file. Errors: `invalid-argument`. */
function put({ shim, contents }: Inner, call: string, path: string, file: unknown): void {
  const parts = partsOf(call, path);
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  if (!isBytes(bytes)) {
    throw invalidArgument(call, `the file ${describe(path)}`, "text or a Uint8Array", file);
  }
  const name = parts.pop() ?? "";
  let within = contents;
  for (const part of parts) {
    let next = within.get(part);
    if (!next) within.set(part, (next = new shim.Directory(new Map())));
    if (!(next instanceof shim.Directory)) {
      throw invalidArgument(call, "path", `in a directory, and ${describe(part)} is a file`, path);
    }
    within = next.contents;
  }
  const old = within.get(name);
  if (old instanceof shim.Directory) throw invalidArgument(call, "path", "a file's, and this is a directory", path);
  // An open file stays the same one.
  if (old instanceof shim.File) old.data = new Uint8Array(bytes);
  else within.set(name, new shim.File(bytes));
}

/** Splits a path. Errors: `invalid-argument`. */
function partsOf(call: string, path: unknown): string[] {
  const parts = typeof path === "string" ? path.split("/") : [];
  if (parts.length === 0 || parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0"))) {
    throw invalidArgument(call, "path", 'a path inside the directory, such as "data/in.txt"', path);
  }
  return parts;
}

/** Lists the paths of files. A program may have linked a directory into itself, so none is entered twice. */
function walk(shim: Shim, root: Contents): string[] {
  const paths: string[] = [];
  const entered = new Set([root]);
  const left: { readonly contents: Contents; readonly prefix: string }[] = [{ contents: root, prefix: "" }];
  for (let at = left.pop(); at; at = left.pop()) {
    for (const [name, entry] of at.contents) {
      if (entry instanceof shim.File) paths.push(`${at.prefix}${name}`);
      if (!(entry instanceof shim.Directory) || entered.has(entry.contents)) continue;
      entered.add(entry.contents);
      left.push({ contents: entry.contents, prefix: `${at.prefix}${name}/` });
    }
  }
  return paths;
}
