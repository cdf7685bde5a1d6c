import { errno } from "./errno.ts";
import { failWith, type Guest, type SystemCall, systemCall } from "./guest.ts";

/** The standard input. */
export interface Input {
  /**
   * Returns the next bytes.
   *
   * @param size - The maximum number, from 1.
   * @returns The bytes; none at the end.
   */
  readonly read: (size: number) => Uint8Array;
}

/** A standard output. */
export interface Output {
  /**
   * Receives bytes.
   *
   * @param bytes - The bytes, which are the receiver's.
   */
  readonly write: (bytes: Uint8Array) => void;
  /** Whether C libraries should write each line when it ends, as to a terminal. */
  readonly isTerminal: boolean;
  /** Receives what a line without its end still holds, when the program has ended. */
  readonly end?: () => void;
}

/** The standard streams that this library serves, by file descriptor. The others are the file system's. */
export interface Streams {
  readonly 0?: Input;
  readonly 1?: Output;
  readonly 2?: Output;
}

/** The bytes that one call writes at most. C libraries write the rest by another call. */
const mostAtOnce = 2 ** 20;

const unknownType = 0;
const characterDevice = 2;
const mayRead = 1n << 1n;
const mayWrite = 1n << 6n;

/** The standard streams of one life, as functions of the system interface. */
export interface OpenStreams {
  /** Whether a file descriptor is one of them, open or closed. */
  readonly has: (descriptor: number) => boolean;
  /** The functions that take one as their first argument. */
  readonly calls: ReadonlyMap<string, SystemCall>;
}

/**
 * Opens the standard streams of a life.
 *
 * @param streams - The streams.
 * @param guest - The module's memory.
 */
export function openStreams(streams: Streams, guest: Guest): OpenStreams {
  const open = new Map<number, Input | Output>();
  for (const descriptor of [0, 1, 2] as const) {
    const stream = streams[descriptor];
    if (stream) open.set(descriptor, stream);
  }
  // A closed one stays closed: the file system may have another stream of that number.
  const own = new Set(open.keys());

  const inputOf = (descriptor: number): Input => {
    const stream = open.get(descriptor);
    return stream && isInput(stream) ? stream : failWith(errno.badFile);
  };
  const outputOf = (descriptor: number): Output => {
    const stream = open.get(descriptor);
    return stream && !isInput(stream) ? stream : failWith(errno.badFile);
  };
  const notSeekable = (): number => errno.isPipe;
  const done = (): number => errno.success;

  return {
    has: (descriptor) => own.has(descriptor),
    calls: new Map(
      Object.entries({
        fd_read: systemCall((descriptor: number, list: number, count: number, size: number) => {
          const input = inputOf(descriptor);
          let total = 0;
          for (const { address, length } of guest.ranges(list, count)) {
            if (length === 0) continue;
            guest.bytes(address, length);
            const bytes = input.read(length);
            // The input is the user's, and may have grown the memory.
            guest.bytes(address, length).set(bytes);
            total += bytes.length;
            if (bytes.length < length) break;
          }
          guest.setU32(size, total);
          return errno.success;
        }),
        fd_write: systemCall((descriptor: number, list: number, count: number, size: number) => {
          const output = outputOf(descriptor);
          const bytes = gather(guest, list, count);
          guest.view(size, 4);
          if (bytes.length > 0) output.write(bytes);
          guest.setU32(size, bytes.length);
          return errno.success;
        }),
        fd_fdstat_get: systemCall((descriptor: number, address: number) => {
          const stream = open.get(descriptor) ?? failWith(errno.badFile);
          const view = guest.view(address, 24);
          clear(guest, address, 24);
          view.setUint8(0, typeOf(stream));
          view.setBigUint64(8, isInput(stream) ? mayRead : mayWrite, true);
          return errno.success;
        }),
        fd_filestat_get: systemCall((descriptor: number, address: number) => {
          const stream = open.get(descriptor) ?? failWith(errno.badFile);
          clear(guest, address, 64);
          guest.view(address, 64).setUint8(16, typeOf(stream));
          return errno.success;
        }),
        fd_close: systemCall((descriptor: number) => (open.delete(descriptor) ? errno.success : errno.badFile)),
        fd_seek: notSeekable,
        fd_tell: notSeekable,
        fd_pread: notSeekable,
        fd_pwrite: notSeekable,
        fd_advise: notSeekable,
        fd_sync: done,
        fd_datasync: done,
        fd_fdstat_set_flags: done,
      }),
    ),
  };
}

function isInput(stream: Input | Output): stream is Input {
  return Object.hasOwn(stream, "read");
}

function typeOf(stream: Input | Output): number {
  return !isInput(stream) && stream.isTerminal ? characterDevice : unknownType;
}

function clear(guest: Guest, address: number, length: number): void {
  guest.bytes(address, length).fill(0);
}

/** Copies the bytes of a list of buffers, up to a limit. The same buffer may stand in it any number of times. */
function gather(guest: Guest, list: number, count: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const { address, length } of guest.ranges(list, count)) {
    if (length === 0) continue;
    const part = guest.bytes(address, length).subarray(0, mostAtOnce - total);
    parts.push(part);
    total += part.length;
    if (total === mostAtOnce) break;
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
