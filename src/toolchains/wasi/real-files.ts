import { describe } from "../../errors/describe.ts";
import { messageOf } from "../../errors/caught.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { RealFiles } from "./files.ts";
import type { SystemCall } from "./guest.ts";

/** The class of `node:wasi`, as far as it is used. */
interface NodeWasi {
  new (options: object): Wasi;
  readonly prototype: Partial<Wasi>;
}
interface Wasi {
  readonly wasiImport: Readonly<Record<string, SystemCall>>;
  initialize(instance: { readonly exports: { readonly memory: WebAssembly.Memory } }): void;
}

/** The first file descriptor that is a directory. */
const firstPreopen = 3;

/** Real files, by Node's own implementation. */
export const realFiles: RealFiles = {
  prepare(preopens, descriptors) {
    const NodeWasi = find();
    const [stdin = 0, stdout = 1, stderr = 2] = descriptors;
    const options = { version: "preview1", preopens, stdin, stdout, stderr };
    return (memory) => {
      const wasi = open(NodeWasi, options);
      let isReady = false;
      // It must know the memory, which is there once the module runs; and it must not run the initializer, which this library
      // does.
      const prepared = (name: string): SystemCall => {
        const call = wasi.wasiImport[name] as SystemCall;
        return (...args) => {
          if (!isReady) wasi.initialize({ exports: { memory: memory() } });
          isReady = true;
          return call(...args);
        };
      };
      const calls = new Map(Object.keys(wasi.wasiImport).map((name) => [name, prepared(name)]));
      return {
        calls,
        close() {
          // It holds real descriptors until it is collected, and a process has few.
          if (isReady) Object.keys(preopens).forEach((_, at) => calls.get("fd_close")?.(firstPreopen + at));
        },
      };
    };
  },
};

/** The options of the class, as far as they are known here. */
interface NodeOptions {
  readonly preopens: Readonly<Record<string, string>>;
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: number;
}

function open(NodeWasi: NodeWasi, options: NodeOptions) {
  try {
    return new NodeWasi(options);
  } catch (cause) {
    const paths = Object.values(options.preopens);
    if (paths.length === 0) throw notOpen(options, cause);
    throw new UnglueError(
      "read-failed",
      `Cannot open the directories ${paths.map(describe).join(", ")} for the program: ${messageOf(cause)}. ` +
        "Check that each exists, and that this process may read it.",
      { path: paths[0] ?? "" },
      { cause },
    );
  }
}

function notOpen({ stdin, stdout, stderr }: NodeOptions, cause: unknown): UnglueError<"read-failed"> {
  const path = `${stdin}, ${stdout}, ${stderr}`;
  return new UnglueError(
    "read-failed",
    `Cannot use the file descriptors ${path} as stdin, stdout and stderr of the program: ${messageOf(cause)}. Check that each is open.`,
    { path },
    { cause },
  );
}

/** Finds the class when it is needed: Node warns that it is experimental as soon as it is imported. */
function find(): NodeWasi {
  const { process } = globalThis as {
    readonly process?: { readonly getBuiltinModule?: (name: string) => { readonly WASI?: NodeWasi } | undefined };
  };
  const found = process?.getBuiltinModule?.("node:wasi")?.WASI;
  // Bun has a class of this name without the method that gives it the memory.
  const isWhole = typeof found?.prototype.initialize === "function";
  if (found && isWhole) return found;
  throw new UnglueError(
    "unavailable-here",
    `Real directories and file descriptors need node:wasi, which this runtime ${found ? "has only in part" : "lacks"}. Give directories in memory ` +
      "(memoryDirectory), and functions for the standard streams.",
    { what: "node:wasi" },
  );
}
