import { isReadable, memberOf } from "../../base/own.ts";
import { invalidOption } from "../../errors/invalid.ts";
import { isBytes } from "./is-bytes.ts";
import type { ByteReadableLike, ByteWritableLike } from "./options.ts";

/** An output that writes to a stream of the caller's. */
export interface Streamed {
  /** Writes bytes. The promise need not be awaited: `end` has its rejection, too. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Waits until everything is written, and gives the stream back. Errors: the stream's, and `invalid-option` if it was closed. */
  readonly end: () => Promise<void>;
}

/**
 * Makes an output that writes to a stream, which stays open. Errors: `invalid-option`.
 *
 * @param call - The call that takes the stream.
 * @param option - The option that has it.
 * @param stream - The stream.
 */
export function createStreamed(call: string, option: string, stream: ByteWritableLike): Streamed {
  const refuse = (expected: string, cause?: unknown) => invalidOption(call, option, expected, stream, cause);
  const writer = stream.getWriter();
  if (!hasFunctions(writer, "write", "releaseLock")) throw refuse("a writable stream");
  let isClosed = false;
  // Nobody else can close it while it has this writer.
  const closed = memberOf(writer as Partial<WritableStreamDefaultWriter>, "closed");
  Promise.resolve(closed).then(
    () => (isClosed = closed !== undefined),
    () => undefined,
  );
  const attempt = async (bytes: Uint8Array): Promise<void> => {
    try {
      await writer.write(bytes);
    } catch (cause) {
      throw isClosed ? refuse("a writable stream that is open", cause) : cause;
    }
  };
  const pending: Promise<void>[] = [];
  return {
    write(bytes) {
      const written = attempt(bytes);
      // It is awaited at the end.
      written.catch(() => undefined);
      pending.push(written);
      return written;
    },
    async end() {
      try {
        await Promise.all(pending);
      } finally {
        writer.releaseLock();
      }
    },
  };
}

/** An input that reads a stream of the caller's. */
export interface StreamedInput {
  /** Returns the next bytes; `undefined` at the end. Errors: the stream's, and `invalid-option`. */
  readonly next: () => Promise<Uint8Array | undefined>;
  /** Gives the stream back. */
  readonly end: () => void;
}

/**
 * Makes an input that reads a stream. Errors: `invalid-option`.
 *
 * @param call - The call that takes the stream.
 * @param option - The option that has it.
 * @param stream - The stream.
 */
export function openStreamed(call: string, option: string, stream: ByteReadableLike): StreamedInput {
  const reader = stream.getReader();
  if (!hasFunctions(reader, "read", "releaseLock")) throw invalidOption(call, option, "a readable stream", stream);
  return {
    async next() {
      const reading: unknown = reader.read();
      const result: unknown = isReadable(reading) ? await reading : undefined;
      const { done, value } = (isObject(result) ? result : {}) as Record<string, unknown>;
      if (done) return undefined;
      if (!isBytes(value)) throw invalidOption(call, option, "a stream of Uint8Arrays", value);
      return value;
    },
    end() {
      try {
        reader.releaseLock();
      } catch {
        // Older engines refuse while a read is pending, and the stream stays with its reader.
      }
    },
  };
}

function hasFunctions(object: unknown, ...names: readonly string[]): boolean {
  return isObject(object) && names.every((name) => typeof memberOf(object, name) === "function");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && isReadable(value);
}
