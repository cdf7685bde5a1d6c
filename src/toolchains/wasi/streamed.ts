import type { ByteWritableLike } from "./options.ts";

/** An output that writes to a stream of the caller's. */
export interface Streamed {
  /** Writes bytes. The promise need not be awaited: `end` has its rejection, too. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Waits until everything is written, and gives the stream back. Errors: the stream's. */
  readonly end: () => Promise<void>;
}

/**
 * Makes an output that writes to a stream, which stays open.
 *
 * @param stream - The stream.
 */
export function createStreamed(stream: ByteWritableLike): Streamed {
  const writer = stream.getWriter();
  const pending: Promise<void>[] = [];
  return {
    write(bytes) {
      const written = writer.write(bytes);
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
