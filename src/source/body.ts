import { causeOf, messageOf } from "../caught.ts";
import { bytesOf } from "../buffers.ts";
import { UnglueError } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { Origin } from "../reflect/index.ts";
import type { Task } from "./abort.ts";
import { type Chunk, type Input, unshared } from "./source.ts";

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
  /** Whether the platform's own `fetch` brought them: it has compared them with `integrity`, and an abort closes it. */
  readonly checked?: boolean;
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
  const reader = stream.getReader();
  const close = (reason?: unknown) => discard(reader, reason);
  stop?.onFailure(close);
  for (;;) {
    const next: ReadableStreamReadResult<unknown> = await reader.read().catch((cause: unknown) => {
      throw failure(cause);
    });
    if (next.done) return;
    let goesOn = false;
    try {
      const chunk = bytesOf(next.value);
      if (!chunk) throw new Failure("invalid-source", { source: next.value, problem: "chunk" });
      if (chunk.length) yield unshared(chunk);
      goesOn = true;
    } finally {
      if (!goesOn) close();
    }
  }
}

/** Puts a chunk back before those that follow it. */
export async function* prepend(chunk: Chunk, chunks: Chunks): Chunks {
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
export function stopOf({ checked }: Body, task: Task): Pick<Task, "onFailure"> | undefined {
  return checked ? undefined : task;
}

/** Cancels a stream, or one's reader, and does not wait for it. */
export function discard(stream: Pick<ReadableStream, "cancel">, reason?: unknown): void {
  stream.cancel(reason).catch(() => undefined);
}

/** What to throw for a body that broke off. */
export function brokenOff(from: string | undefined, cause: unknown): Error | Failure {
  return from
    ? fetchFailed(from, cause, "The connection broke off: try again.")
    : new Failure("read-failed", { path: "(stream)" }, cause);
}

/** The error `fetch-failed`. Its words are at hand: the network may be gone, and with it the chunk that has the others. */
export function fetchFailed(url: string, cause: unknown, advice: string): UnglueError<"fetch-failed"> {
  return new UnglueError("fetch-failed", `Fetching ${url} failed: ${reasonOf(cause)}. ${advice}`, { url }, { cause });
}

/** An error's message, with the one underneath, where Node has the reason. */
export function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
}
