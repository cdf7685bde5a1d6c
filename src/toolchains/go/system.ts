import { define, memberOf } from "../../base/own.ts";
import { failure } from "./failure.ts";
import type { OpenStreams } from "./streams.ts";

/** A callback of a function of a file system. */
type Callback = (error: unknown, result?: unknown) => void;

/** The functions of `node:fs` that Go calls, whose first argument is a file descriptor. */
const ofDescriptors = ["close", "fchmod", "fchown", "fstat", "fsync", "ftruncate", "read", "write"] as const;
/** The others. */
const ofPaths = [
  "chmod",
  "chown",
  "lchown",
  "link",
  "lstat",
  "mkdir",
  "open",
  "readdir",
  "readlink",
  "rename",
  "rmdir",
  "stat",
  "symlink",
  "truncate",
  "unlink",
  "utimes",
] as const;

/** The flags that Go asks a file system for. Without one they mean nothing. */
const flags = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_EXCL", "O_DIRECTORY"] as const;

/** Above the numbers that file systems give. */
const firstRenumbered = 2 ** 20;

/** The files of a life. */
export interface Files {
  /** The object that Go knows as `fs`. */
  readonly object: object;
  /** Its functions, which call their last argument once. */
  readonly functions: ReadonlySet<unknown>;
  /** Writes to a descriptor of the caller's file system before it returns, if that can. */
  readonly writeSync: (descriptor: unknown, bytes: Uint8Array) => void;
}

/**
 * Makes the files of a life: the standard streams are served here, and anything else by the caller's file system.
 *
 * @param given - The caller's, if there is one.
 * @param streams - The standard streams.
 */
export function createFiles(given: object | undefined, streams: OpenStreams): Files {
  const forward = (name: string, args: readonly unknown[]): unknown => {
    // Read at each call: a program may replace functions of its file system.
    const own = given && memberOf(given, name);
    if (typeof own === "function") return Reflect.apply(own, given, args);
    (args.at(-1) as Callback)(failure("ENOSYS"));
    return undefined;
  };
  /** Numbers of the program's for files of a file system that counts from 0, where the standard streams are. */
  const renumbered = new Map<unknown, unknown>();
  const functions = new Map<string, unknown>();
  for (const name of ofPaths) functions.set(name, (...args: unknown[]) => forward(name, args));
  functions.set("open", (...args: unknown[]) => {
    const callback = args.at(-1) as Callback;
    const opened: Callback = (error, descriptor) => {
      const isTaken = error === null && typeof descriptor === "number" && descriptor < 3;
      const own = isTaken ? descriptor + firstRenumbered : descriptor;
      if (isTaken) renumbered.set(own, descriptor);
      callback(error, own);
    };
    return forward("open", [...args.slice(0, -1), opened]);
  });
  for (const name of ofDescriptors) {
    functions.set(name, (descriptor: unknown, ...rest: unknown[]) => {
      const serve = streams.calls(descriptor)?.[name];
      if (serve) serve(rest.at(-1) as Callback, rest);
      else forward(name, [renumbered.get(descriptor) ?? streams.real(descriptor), ...rest]);
    });
  }
  const object = Object.create(given ?? null) as object;
  const constants = (given && memberOf(given, "constants")) ?? Object.fromEntries(flags.map((name) => [name, -1]));
  for (const [name, value] of [...functions, ["constants", constants] as const]) {
    // An inherited member may be read-only.
    define(object, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return {
    object,
    functions: new Set(functions.values()),
    writeSync(descriptor, bytes) {
      const own = given && memberOf(given, "writeSync");
      if (typeof own === "function") Reflect.apply(own, given, [descriptor, bytes]);
    },
  };
}

/** Makes the process of a program that the caller gives none: without a user and a working directory. */
export function createProcess(): object {
  const none = (): number => -1;
  const refuse = (): never => {
    throw failure("ENOSYS");
  };
  const members = { getuid: none, getgid: none, geteuid: none, getegid: none, pid: -1, ppid: -1 };
  return { ...members, getgroups: refuse, umask: refuse, cwd: refuse, chdir: refuse };
}

/** Makes what works with the paths of a program that the caller gives nothing for it. */
export function createPath(): object {
  return { resolve: (...segments: readonly string[]) => segments.join("/") };
}
