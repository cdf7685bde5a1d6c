import { bytesOf } from "../base/buffers.ts";
import { reasonOf, shownCause } from "../errors/caught.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import type { Origin } from "../reflect/index.ts";
import type { Task } from "./abort.ts";
import type { Chunk, Input } from "./source.ts";

/** Bytes to compile, in one of several forms. */
export interface Body extends Origin {
  /** All of them, if they are already in memory. */
  readonly bytes?: Chunk | undefined;
  /** A blob that contains them. */
  readonly blob?: Input["blob"] | undefined;
  /** A stream that brings them. */
  readonly stream?: ReadableStream | undefined;
  /** The rest of them, once reading has begun. */
  readonly chunks?: Chunks | undefined;
  /** Waits for all of them, if there is no stream. */
  readonly arrayBuffer?: () => Promise<ArrayBuffer>;
  /** Their number, if a header tells. */
  readonly total?: number | undefined;
  /** The response, if the engine may read it itself. */
  readonly response?: Response | undefined;
  /** Whether the global `fetch` brought them, so that an abort closes it. */
  readonly isFetched?: boolean;
  /** Whether the platform has compared them with `integrity`. */
  readonly isChecked?: boolean;
}

/** Bytes in order as they arrive. They can be read only once. */
export type Chunks = AsyncGenerator<Chunk, void, undefined>;

/**
 * Reads a stream. It is cancelled when the reading stops before its end.
 *
 * @param stream - The stream.
 * @param failure - Makes the error for a stream that fails.
 * @param stop - Its failure cancels the stream at any time.
 */
export async function* readStream(
  stream: ReadableStream,
  failure: (cause: unknown) => unknown,
  stop?: Pick<Task, "onFailure">,
): Chunks {
  const reader = readerOf(stream);
  const close = (reason?: unknown) => discard(reader, reason);
  stop?.onFailure(close);
  for (;;) {
    let next: ReadableStreamReadResult<unknown>;
    try {
      next = await reader.read();
      if (next.done) return;
    } catch (cause) {
      throw failure(cause);
    }
    let goesOn = false;
    try {
      const chunk = bytesOf(next.value);
      if (!chunk) throw loadError("invalid-source", { received: describe(next.value), problem: "chunk" });
      // A copy: the maker of the chunk may write to it or transfer it while it is hashed, read and compiled.
      if (chunk.length) yield chunk.slice();
      goesOn = true;
    } finally {
      if (!goesOn) close();
    }
  }
}

function readerOf(stream: ReadableStream): ReadableStreamDefaultReader {
  try {
    return stream.getReader();
  } catch (cause) {
    // Another reader has started after the check.
    throw loadError("invalid-source", { received: describe(stream), problem: "used" }, cause);
  }
}

/** Puts a chunk back before the ones that follow it. */
export async function* prepend(chunk: Chunk, chunks: AsyncIterable<Chunk>): Chunks {
  yield chunk;
  yield* chunks;
}

/**
 * Returns the task that has to close a body when it fails.
 *
 * @param body - The body.
 * @param task - The task that reads it.
 * @returns `undefined` if `fetch` closes the body itself. A clone must not be cancelled as well: under an abort, Node 20 and
 *   22 report that as an unhandled rejection.
 */
export function stopOf({ isFetched }: Body, task: Task): Pick<Task, "onFailure"> | undefined {
  return isFetched ? undefined : task;
}

/** Cancels a stream or its reader without waiting. It may be any object, and need not support this. */
export function discard(stream: Pick<ReadableStream, "cancel">, reason?: unknown): void {
  const cancel = async (): Promise<void> => stream.cancel(reason);
  cancel().catch(() => undefined);
}

/** Makes the error for a body that broke off. */
export function brokenOff(from: string | undefined, cause: unknown): UnglueError {
  return from
    ? fetchFailed(from, cause, "The connection broke off: try again.")
    : loadError("read-failed", { path: "(stream)" }, cause);
}

/**
 * Makes the error `fetch-failed`. Its text is not in a chunk: if the network is gone, the chunk with the other texts is too.
 *
 * @param url - The URL, as messages show it.
 * @param cause - The platform's error.
 * @param advice - The advice to give.
 * @param asked - The URL as requested, which the platform's error may quote.
 */
export function fetchFailed(url: string, cause: unknown, advice: string, asked = url): UnglueError<"fetch-failed"> {
  const reason = reasonOf(cause, asked);
  const message = `Fetching ${url} failed: ${reason}. ${advice}`;
  return new UnglueError("fetch-failed", message, { url }, { cause: shownCause(cause, asked) });
}

/** Makes the error for a source that is larger than `limits.bytes` allows. */
export function tooLarge(
  asked: number,
  allowed: number,
  from: string | undefined,
  isDecompressed = false,
): UnglueError<"limit-exceeded"> {
  return loadError("limit-exceeded", {
    limit: "bytes",
    asked,
    allowed,
    of: { kind: "source", ...(from !== undefined && { from }), isDecompressed },
  });
}
