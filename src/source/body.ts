import { bytesOf } from "../base/buffers.ts";
import { reasonOf } from "../errors/caught.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import type { Origin } from "../reflect/index.ts";
import type { Task } from "./abort.ts";
import type { Chunk, Input } from "./source.ts";

/** Bytes to compile, in one form or another. */
export interface Body extends Origin {
  /** All of them, if they are at hand. */
  readonly bytes?: Chunk | undefined;
  /** A blob of them. */
  readonly blob?: Input["blob"] | undefined;
  /** A stream of them. */
  readonly stream?: ReadableStream | undefined;
  /** What is left of them, where reading has begun. */
  readonly chunks?: Chunks | undefined;
  /** What waits for all of them, where there is no stream. */
  readonly arrayBuffer?: () => Promise<ArrayBuffer>;
  /** How many there are, where a header tells. */
  readonly total?: number | undefined;
  /** The response, if the engine may read it itself. */
  readonly response?: Response | undefined;
  /** Whether the global `fetch` brought them: an abort closes it. */
  readonly isFetched?: boolean;
  /** Whether the platform has compared them with `integrity`. */
  readonly isChecked?: boolean;
}

/** Bytes in order, as they arrive. They can be read once. */
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
      // A copy: who made the chunk may write to it or transfer it while it is hashed, read and compiled in turn.
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
    // Somebody else began to read it after it had been looked at.
    throw loadError("invalid-source", { received: describe(stream), problem: "used" }, cause);
  }
}

/** Puts a chunk back before those that follow it. */
export async function* prepend(chunk: Chunk, chunks: AsyncIterable<Chunk>): Chunks {
  yield chunk;
  yield* chunks;
}

/**
 * What has to close a body once the task has failed.
 *
 * @param body - The body.
 * @param task - What it is for.
 * @returns `undefined` where `fetch` closes what it has opened. A clone must not be cancelled then as well: under an
 *   abort, Node 20 and 22 report that as an unhandled rejection.
 */
export function stopOf({ isFetched }: Body, task: Task): Pick<Task, "onFailure"> | undefined {
  return isFetched ? undefined : task;
}

/** Cancels a stream, or one's reader, and does not wait for it. It may be anybody's, and need not know how. */
export function discard(stream: Pick<ReadableStream, "cancel">, reason?: unknown): void {
  const cancel = async (): Promise<void> => stream.cancel(reason);
  cancel().catch(() => undefined);
}

/** What to throw for a body that broke off. */
export function brokenOff(from: string | undefined, cause: unknown): UnglueError {
  return from
    ? fetchFailed(from, cause, "The connection broke off: try again.")
    : loadError("read-failed", { path: "(stream)" }, cause);
}

/**
 * The error `fetch-failed`. Its words are at hand: the network may be gone, and with it the chunk that has the others.
 *
 * @param url - The URL, as messages show it.
 * @param cause - The platform's error.
 * @param advice - What to do.
 * @param asked - The URL as it was asked for, which the platform's error may quote.
 */
export function fetchFailed(url: string, cause: unknown, advice: string, asked = url): UnglueError<"fetch-failed"> {
  const reason = reasonOf(cause, asked);
  // Whoever prints an error prints its cause, its causes and its own members: one that may have a password is not passed on.
  const shown = `${url} ${reason}`.includes("***@") ? new TypeError(reason) : cause;
  return new UnglueError("fetch-failed", `Fetching ${url} failed: ${reason}. ${advice}`, { url }, { cause: shown });
}

/** The failure of a source that is larger than `limits.bytes` allows. */
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
