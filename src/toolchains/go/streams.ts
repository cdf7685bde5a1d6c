import { invalidArgument } from "../../errors/invalid.ts";
import type { ByteReadableLike } from "../wasi/options.ts";
import { isBytes } from "../wasi/is-bytes.ts";
import { consoleLines, createInput, pieceOf } from "../wasi/sinks.ts";
import { isReadableStream, isWritableStream } from "../wasi/standard.ts";
import { createStreamed, openStreamed } from "../wasi/streamed.ts";
import type { CheckedOptions } from "./check.ts";
import { failure } from "./failure.ts";
import type { GoOptions } from "./options.ts";

/** Where a program's input comes from. */
interface Input {
  /** Returns at most `size` bytes; none at the end. */
  readonly read: (size: number) => Uint8Array | Promise<Uint8Array>;
  readonly end: () => void;
}

/** Where a program's output goes. */
interface Output {
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => unknown;
  readonly end: () => unknown;
}

/** Serves a function of the file system for a standard stream: its callback, and its arguments after the descriptor. */
type Serve = (callback: (error: unknown, result?: unknown) => void, args: readonly unknown[]) => void;

/** The standard streams of a life. */
export interface OpenStreams {
  /** Returns what serves a descriptor, by the names of the functions; `undefined` if that is left to the file system. */
  readonly calls: (descriptor: unknown) => { readonly [name: string]: Serve } | undefined;
  /** Returns the descriptor of the file system for one of the program. */
  readonly real: (descriptor: unknown) => unknown;
  /** Writes to a standard stream; returns false if the file system has it. */
  readonly write: (descriptor: number, bytes: Uint8Array) => boolean;
  /** Waits until everything is written, and gives the caller's streams back. */
  readonly end: () => Promise<void>;
}

/**
 * Opens the standard streams of a life.
 *
 * @param options - The caller's.
 * @param fail - Ends the life with an error of the caller's function or stream.
 */
export function openStreams(
  { stdin, stdout, stderr }: Pick<CheckedOptions, "stdin" | "stdout" | "stderr">,
  fail: (error: unknown) => void,
): OpenStreams {
  const lines = consoleLines();
  const input = typeof stdin === "number" ? stdin : openInput(stdin);
  const open: (Input | Output | number)[] = [input];
  const openOutput = (given: CheckedOptions["stdout"], at: 1 | 2): Output | number => {
    if (typeof given === "number") return given;
    if (isWritableStream(given)) return createStreamed("loadProgram", at === 1 ? "stdout" : "stderr", given);
    const line = lines[at];
    return given ? { write: given, end: () => undefined } : { write: line.write, end: () => line.end?.() };
  };
  try {
    open.push(openOutput(stdout, 1));
    open.push(openOutput(stderr, 2));
  } catch (error) {
    // The caller's streams are given back.
    for (const one of open) if (typeof one !== "number") void one.end();
    throw error;
  }
  const closed = new Set<unknown>();

  const answer: Answer = (callback, work, resultOf) => {
    let done: unknown;
    try {
      done = work();
    } catch (error) {
      fail(error);
      return;
    }
    // The program does not throw where it is called back.
    if (isPromise(done)) done.then((value) => callback(null, resultOf(value)), fail);
    else callback(null, resultOf(done));
  };
  const common = (descriptor: unknown): { readonly [name: string]: Serve } => ({
    close(callback) {
      closed.add(descriptor);
      callback(null);
    },
    fsync: (callback) => callback(null),
    fstat: (callback) => callback(null, statOfPipe()),
    fchmod: (callback) => callback(failure("ENOSYS")),
    fchown: (callback) => callback(failure("ENOSYS")),
    ftruncate: (callback) => callback(failure("EINVAL")),
    read: (callback) => callback(failure("EBADF")),
    write: (callback) => callback(failure("EBADF")),
  });
  const serving = open.map((stream, descriptor) => {
    if (typeof stream === "number") return undefined;
    if ("read" in stream) return { ...common(descriptor), read: reading(stream, answer) };
    return { ...common(descriptor), write: writing(stream, answer) };
  });
  const shut = Object.fromEntries(
    Object.keys(common(0)).map((name): [string, Serve] => [name, (callback) => callback(failure("EBADF"))]),
  );
  return {
    calls: (descriptor) => (closed.has(descriptor) ? shut : serving[descriptor as number]),
    real: (descriptor) => (typeof open[descriptor as number] === "number" ? open[descriptor as number] : descriptor),
    write(descriptor, bytes) {
      const stream = open[descriptor];
      if (stream === undefined || typeof stream === "number" || !("write" in stream)) return false;
      const done = stream.write(bytes as Uint8Array<ArrayBuffer>);
      if (isPromise(done)) done.then(undefined, fail);
      return true;
    },
    async end() {
      await Promise.all(open.map((one) => (typeof one === "number" ? undefined : one.end())));
    },
  };
}

type Answer = (callback: Parameters<Serve>[0], work: () => unknown, resultOf: (value: unknown) => unknown) => void;

/** Serves `read(fd, buffer, offset, length, position, callback)`. */
function reading(input: Input, answer: Answer): Serve {
  return (callback, [buffer, offset, length, position]) => {
    if (position !== null) {
      callback(failure("ESPIPE"));
      return;
    }
    const place = (buffer as Uint8Array).subarray(offset as number, (offset as number) + (length as number));
    if (place.length === 0) {
      callback(null, 0);
      return;
    }
    answer(
      callback,
      () => input.read(place.length),
      (bytes) => {
        place.set(bytes as Uint8Array);
        return (bytes as Uint8Array).length;
      },
    );
  };
}

/** Serves `write(fd, buffer, offset, length, position, callback)`. */
function writing(output: Output, answer: Answer): Serve {
  return (callback, [buffer, offset, length, position]) => {
    if (position !== null) {
      callback(failure("ESPIPE"));
      return;
    }
    // The program may write to its buffer again before a stream has taken the bytes.
    const bytes = (buffer as Uint8Array<ArrayBuffer>).slice(offset as number, (offset as number) + (length as number));
    answer(
      callback,
      () => output.write(bytes),
      () => bytes.length,
    );
  };
}

function openInput(given: Exclude<GoOptions["stdin"], number>): Input {
  if (isReadableStream(given)) return openStream(given);
  const plain = typeof given === "function" ? { read: given } : createInput(given);
  return {
    read(size) {
      const bytes: unknown = plain.read(size);
      return isPromise(bytes) ? Promise.resolve(bytes).then((one) => checked(one, size)) : checked(bytes, size);
    },
    end: () => undefined,
  };
}

/** Checks what the caller's function returned. */
function checked(bytes: unknown, size: number): Uint8Array {
  if (bytes === undefined || bytes === null) return new Uint8Array();
  if (isBytes(bytes) && bytes.length <= size) return bytes;
  throw invalidArgument("loadProgram", "the result of stdin", pieceOf(bytes, size), bytes);
}

/** Reads a stream as the program asks for it. */
function openStream(stream: ByteReadableLike): Input {
  const { next, end } = openStreamed("loadProgram", "stdin", stream);
  let left: Uint8Array = new Uint8Array();
  return {
    async read(size) {
      while (left.length === 0) {
        const bytes = await next();
        if (!bytes) return left;
        left = bytes;
      }
      const bytes = left.subarray(0, size);
      left = left.subarray(bytes.length);
      return bytes;
    },
    end,
  };
}

/** Describes a standard stream to a program: a pipe, which its owner can read and write. */
function statOfPipe(): object {
  const zeros = Object.fromEntries(
    ["dev", "ino", "uid", "gid", "rdev", "size", "blocks", "atimeMs", "mtimeMs", "ctimeMs"].map((name) => [name, 0]),
  );
  return { ...zeros, mode: 0o010600, nlink: 1, blksize: 4096, isDirectory: () => false };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
