/**
 * Compiles bytes that the engine cannot take directly. This is a separate chunk: a module in memory, or one with the right
 * MIME type, does not need it, unless progress, a hash or a limit is requested.
 */
import { type Origin, readModule, type ReadShape } from "../reflect/index.ts";
import type { Task } from "./abort.ts";
import { type Body, type Chunks, discard, prepend, readStream, tooLarge } from "./body.ts";
import {
  begin,
  cap,
  count,
  type FirstError,
  follow,
  gather,
  gunzip,
  isGzip,
  keepOpen,
  openChunks,
  toStream,
  totalOf,
} from "./chunks.ts";
import { compileBytes, compileStream, engine, headOf, type Compiled } from "./compile.ts";
import { Head, type OnShape } from "./head.ts";
import type { Terms } from "./terms.ts";
import type { Chunk } from "./source.ts";
import type { Limiter } from "../binary/limiter.ts";

/** The maximum decompressed size if no limit is given, in bytes. */
const defaultDecompressed = 2 ** 28;

/**
 * Compiles bytes as they arrive, or all together if they are already there or have to be hashed first. Errors: `not-wasm`,
 * `truncated`, `malformed`, `integrity-mismatch`, `integrity-unavailable`, `compile-failed`, `compile-forbidden`,
 * `fetch-failed`, `read-failed`, `invalid-source`, `limit-exceeded`, and those of `onProgress`.
 *
 * @param body - The bytes. Nobody else writes to those that are already there.
 * @param terms - The other requirements.
 * @param task - The task that this is part of.
 * @param onShape - Receives the shape.
 */
export async function compileBody(body: Body, terms: Terms, task: Task, onShape: OnShape): Promise<Compiled> {
  const { onProgress, ceiling } = terms;
  const integrity = body.isChecked ? undefined : terms.integrity;
  const total = totalOf(body);
  // Checked before anything is opened that would have to be closed.
  if (ceiling !== undefined && total !== undefined && total > ceiling) {
    if (body.stream) discard(body.stream);
    throw tooLarge(total, ceiling, body.from);
  }
  let received = openChunks(body, task);
  if (ceiling !== undefined) received = cap(received, ceiling, body.from);
  const hash = integrity?.follow?.();
  const followed = { isWhole: false };
  if (hash) received = follow(received, hash, followed);
  if (onProgress) received = count(received, total, onProgress);
  if (integrity && !hash) {
    const bytes = await gather(received);
    await integrity.check(bytes, body.from);
    return compileChunks({ ...body, bytes }, prepend(bytes, none()), terms, onShape);
  }
  if (!hash) return compileChunks(body, received, terms, onShape);

  const verify = async (): Promise<void> => {
    while (!(await received.next()).done);
    if (followed.isWhole) hash.check(body.from);
  };
  if (body.bytes) {
    await verify();
    return compileChunks(body, prepend(body.bytes, none()), terms, onShape);
  }
  let compiled: Compiled;
  try {
    compiled = await compileChunks(body, keepOpen(received), terms, onShape);
  } catch (error) {
    // If the bytes were changed, that error takes precedence over any other.
    await verify().catch((cause: unknown) => {
      if (followed.isWhole) throw cause;
    });
    throw error;
  }
  await verify();
  return compiled;
}

async function* none(): Chunks {
  // There is nothing more.
}

/** Compiles bytes, decompressed if necessary. */
async function compileChunks(
  body: Body,
  received: AsyncIterableIterator<Chunk, void, undefined>,
  { limiter, builtins, ceiling = defaultDecompressed }: Terms,
  onShape: OnShape,
): Promise<Compiled> {
  const first: FirstError = {};
  try {
    const start = await begin(received);
    const isCompressed = isGzip(start);
    if (body.bytes && !isCompressed) return await compileAll(start, body, onShape, limiter, builtins?.engine);
    let chunks = prepend(start, received);
    if (isCompressed) chunks = gunzip(chunks, body, first, ceiling);
    const canStream = [WebAssembly.compileStreaming, globalThis.Response, globalThis.ReadableStream].every(isFunction);
    return canStream
      ? await compileArriving(chunks, first, new Head(body, onShape, limiter !== undefined), limiter, builtins?.engine)
      : await compileAll(await gather(chunks), body, onShape, limiter, builtins?.engine);
  } catch (error) {
    throw first.thrown ? first.thrown.error : error;
  }
}

/** Compiles bytes that are all in memory. */
async function compileAll(
  bytes: Chunk,
  origin: Origin,
  onShape: OnShape,
  limiter: Limiter | undefined,
  options: object | undefined,
): Promise<Compiled> {
  if (!limiter) return compileBytes(bytes, origin, onShape, options);
  const capped = limiter.cap(bytes, readModule(bytes, origin));
  const compiled = await compileBytes(capped.bytes, origin, onShape, options);
  return { ...compiled, shape: capped.shape };
}

/** Lets the engine read a stream of the bytes that have passed the reader. */
async function compileArriving(
  chunks: Chunks,
  first: FirstError,
  head: Head,
  limiter: Limiter | undefined,
  options: object | undefined,
): Promise<Compiled> {
  let size: number | undefined;
  let shape: ReadShape | undefined;
  // Only the head is held back: all definitions that have limits come before the code.
  const capHead = (): Chunk => {
    const capped = (limiter as Limiter).cap(head.bytes, head.end());
    shape = capped.shape;
    return capped.bytes;
  };
  const scan = async function* (): Chunks {
    for await (const chunk of chunks) {
      const isComplete = head.push(chunk);
      if (!limiter || shape) yield chunk;
      else if (isComplete) {
        yield capHead();
        yield chunk.subarray(chunk.length - head.behind);
      }
    }
    size = head.passed;
    head.end();
    if (limiter && !shape) yield capHead();
  };
  const stream = toStream(scan(), first);
  const response = responseOf(stream);
  let module: WebAssembly.Module | undefined;
  try {
    module = response && (await compileStream(response, options));
    // The global `Response` was replaced by one that the engine does not know.
    module ??= await engine().compile(await gather(readStream(stream, (cause) => cause)), options);
  } catch (cause) {
    throw first.thrown ? first.thrown.error : head.refused(cause, size);
  }
  return headOf(module, shape ?? head.end());
}

function responseOf(stream: ReadableStream): Response | undefined {
  try {
    return new Response(stream, { headers: { "Content-Type": "application/wasm" } });
  } catch {
    return undefined;
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}
