/**
 * Compiles what the engine cannot be given as it is. A chunk of its own: a module that is served with its MIME type, or
 * that is there as bytes, does without it, unless progress, a hash or a limit is asked
 * for.
 */
import { UnglueError } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { Limiter } from "../limits/index.ts";
import { completeShape, notWasmError, type Origin, readModule, type UnadvisedShape } from "../reflect/index.ts";
import type { Progress, SourceOptions } from "../types/index.ts";
import type { Task } from "./abort.ts";
import { type Body, brokenOff, type Chunks, prepend, readStream, stopOf } from "./body.ts";
import { compileBytes, gzip, type Unadvised } from "./compile.ts";
import { Head, type OnShape } from "./head.ts";
import type { Integrity } from "./integrity.ts";
import type { Chunk } from "./source.ts";

/** What is asked for besides the module. */
interface Wishes {
  /** What to tell how many bytes there were. */
  readonly onProgress: SourceOptions["onProgress"];
  /** What to compare them with, if `fetch` has not. */
  readonly integrity: Integrity | undefined;
  /** What caps the module's memories and tables. */
  readonly limiter: Limiter | undefined;
}

/**
 * Compiles bytes as they arrive, or at once if they are there, or if all of them have to be hashed first.
 * Errors: `not-wasm`, `truncated`, `malformed`, `integrity-mismatch`, `integrity-unavailable`, `compile-failed`,
 * `compile-forbidden`, `fetch-failed`, `read-failed`, `limit-exceeded`, and what `onProgress` throws.
 *
 * @param body - The bytes.
 * @param wishes - What is asked for besides.
 * @param task - What this is for.
 * @param onShape - Told of the shape.
 */
export async function compileBody(
  body: Body,
  { onProgress, integrity, limiter }: Wishes,
  task: Task,
  onShape: OnShape,
): Promise<Unadvised> {
  let { bytes } = body;
  const [received, total] = open(body, task);
  let chunks = onProgress ? count(received, total, onProgress) : received;
  if (integrity && !body.checked) {
    // A copy also of bytes that are there: their owner could change them after the check.
    bytes = await gather(chunks, task);
    await integrity.check(bytes);
    chunks = readOnce(bytes);
  }
  const start = await begin(chunks);
  const isCompressed = start[0] === gzip && start[1] === 0x8b;
  if (bytes && !isCompressed) return compileAll(start, body, onShape, limiter);
  chunks = prepend(start, chunks);
  if (isCompressed) chunks = gunzip(chunks, body, task);
  const canStream = typeof WebAssembly.compileStreaming === "function";
  return canStream
    ? compileChunks(chunks, task, new Head(body, onShape), limiter)
    : compileAll(await gather(chunks, task), body, onShape, limiter);
}

/** Compiles bytes that are all there. */
async function compileAll(
  bytes: Chunk,
  origin: Origin,
  onShape: OnShape,
  limiter: Limiter | undefined,
): Promise<Unadvised> {
  if (!limiter) return compileBytes(bytes, origin, onShape);
  const capped = limiter.cap(bytes, readModule(bytes, origin));
  const { module } = await compileBytes(capped.bytes, origin, onShape);
  return { module, shape: capped.shape };
}

/** The engine reads a stream of what has passed the reader. */
async function compileChunks(chunks: Chunks, task: Task, head: Head, limiter: Limiter | undefined): Promise<Unadvised> {
  let size: number | undefined;
  let shape: UnadvisedShape | undefined;
  // All that has limits comes before the code: only so much is held back.
  const cap = (): Chunk => {
    const capped = (limiter as Limiter).cap(head.bytes, head.end());
    shape = capped.shape;
    return capped.bytes;
  };
  const scan = async function* (): Chunks {
    for await (const chunk of chunks) {
      const isComplete = head.push(chunk);
      if (!limiter || shape) yield chunk;
      else if (isComplete) {
        yield cap();
        yield chunk.subarray(chunk.length - head.passed + head.bytes.length);
      }
    }
    size = head.passed;
    head.end();
    if (limiter && !shape) yield cap();
  };
  const headers = { "Content-Type": "application/wasm" };
  const response = new Response(toStream(scan(), task), { headers });
  const module = await WebAssembly.compileStreaming(response).catch((cause: unknown) => {
    throw head.refused(cause, size);
  });
  return { module, shape: completeShape(shape ?? head.end(), module) };
}

/** The bytes in order, and how many there are. */
function open(body: Body, task: Task): [Chunks, total: number | undefined] {
  const { from, bytes, blob, stream, chunks, arrayBuffer, total } = body;
  if (bytes) return [readOnce(bytes), bytes.length];
  if (chunks) return [chunks, total];
  const failure = (cause: unknown) => brokenOff(from, cause);
  const streamed = blob ? blob.stream?.() : stream;
  if (streamed?.locked) throw new Failure("invalid-source", { source: streamed, problem: "used" });
  const read = streamed
    ? readStream(streamed, failure, stopOf(body, task))
    : readOnce(readAll(blob ?? { arrayBuffer }, failure));
  return [read, blob?.size ?? total];
}

async function readAll(
  body: { readonly arrayBuffer?: (() => Promise<ArrayBuffer>) | undefined },
  failure: (cause: unknown) => unknown,
): Promise<Chunk> {
  try {
    return new Uint8Array((await body.arrayBuffer?.()) ?? []);
  } catch (cause) {
    throw failure(cause);
  }
}

async function* readOnce(bytes: Chunk | Promise<Chunk>): Chunks {
  yield await bytes;
}

/** Passes bytes on and reports how many there were, at least once. */
async function* count(chunks: Chunks, total: number | undefined, report: (progress: Progress) => void): Chunks {
  let loaded = 0;
  let isReported = false;
  for await (const chunk of chunks) {
    loaded += chunk.length;
    // More than there can be: the length was that of encoded bytes, in an encoding that is hidden from another origin's page.
    if (loaded > (total ?? 0)) total = undefined;
    report({ loaded, total });
    isReported = true;
    yield chunk;
  }
  if (!isReported) report({ loaded, total });
}

/** Takes the first two bytes, if there are so many, and what came with them. */
async function begin(chunks: Chunks): Promise<Chunk> {
  let start = new Uint8Array(0);
  while (start.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    start = start.length ? Uint8Array.of(...start, ...value) : value;
  }
  return start;
}

function gunzip(chunks: Chunks, { from, contentType }: Origin, task: Task): Chunks {
  if (typeof DecompressionStream !== "function") throw notWasmError(Uint8Array.of(gzip, 0x8b), { from, contentType });
  const plain = toStream(chunks, task).pipeThrough(new DecompressionStream("gzip"));
  const failure = (cause: unknown) =>
    new UnglueError(
      "not-wasm",
      `${from ?? "The source"} is compressed with gzip, and damaged or cut short. Get it again, or compress it again.`,
      { found: "gzip", ...(from && { from }), ...(contentType && { contentType }) },
      { cause },
    );
  return readStream(plain, failure);
}

async function gather(chunks: Chunks, task: Task): Promise<Chunk> {
  return new Uint8Array(await new Response(toStream(chunks, task)).arrayBuffer());
}

/** A stream of chunks. Who reads it may put another error in the place of theirs, so the task gets theirs first. */
function toStream(chunks: Chunks, task: Task): ReadableStream<Chunk> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        task.fail(error);
        throw error;
      }
    },
  });
}
