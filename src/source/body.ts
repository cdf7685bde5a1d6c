import { UnglueError } from "../errors.ts";
import { Failure } from "../failure.ts";
import { bytesOf, type Origin } from "../reflect/index.ts";
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
  /** What waits for all of them, where there is no stream. */
  readonly arrayBuffer?: () => Promise<ArrayBuffer>;
  /** How many there are, where a header tells. */
  readonly total?: number | undefined;
  /** A response that the engine may read itself; `stream` is then that of its clone. */
  readonly response?: Response | undefined;
  /** Whether `fetch` has compared them with `integrity`. */
  readonly checked?: boolean;
}

/** Bytes in order, as they arrive. They can be read once. */
export type Chunks = AsyncGenerator<Chunk, void, undefined>;

/**
 * Reads a stream. It is cancelled when the reading stops before its end, or the task fails.
 *
 * @param stream - The stream.
 * @param task - What this is for.
 * @param failure - Makes the error for a stream that fails.
 */
export async function* readStream(stream: ReadableStream, task: Task, failure: (cause: unknown) => unknown): Chunks {
  const reader = stream.getReader();
  const close = () => discard(reader, task.signal.reason);
  task.signal.addEventListener("abort", close);
  try {
    while (!task.signal.aborted) {
      const next: ReadableStreamReadResult<unknown> = await reader.read().catch((cause: unknown) => {
        throw failure(cause);
      });
      if (next.done) return;
      const chunk = bytesOf(next.value);
      if (!chunk) throw new Failure("invalid-source", { source: next.value, problem: "chunk" });
      yield unshared(chunk);
    }
  } finally {
    close();
  }
}

/** Cancels a stream, or one's reader, and does not wait for it. */
export function discard(stream: Pick<ReadableStream, "cancel">, reason?: unknown): void {
  stream.cancel(reason).catch(() => undefined);
}

/** The error for a body that broke off. Its words are at hand, since the network may be gone. */
export function brokenOff(from: string | undefined, cause: unknown): UnglueError {
  return from
    ? new UnglueError(
        "fetch-failed",
        `The download of ${from} broke off: ${reasonOf(cause)}. Try again.`,
        { url: from },
        { cause },
      )
    : new UnglueError(
        "read-failed",
        `The source's stream failed: ${reasonOf(cause)}.`,
        { path: "(stream)" },
        { cause },
      );
}

/** An error's message, with the one underneath, where Node has the reason. */
export function reasonOf(error: unknown): string {
  const { message = error, cause } = Object(error) as Partial<Error>;
  return cause === undefined ? String(message) : `${String(message)} (${reasonOf(cause)})`;
}
