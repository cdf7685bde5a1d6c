import { bytesOf } from "../base/buffers.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import { type Origin } from "../reflect/index.ts";
import type { Progress } from "../public/index.ts";
import type { Task } from "./abort.ts";
import { type Body, brokenOff, type Chunks, readStream, stopOf, tooLarge } from "./body.ts";
import type { Followed } from "./integrity.ts";
import { Outline } from "./outline.ts";
import { type Chunk, gzip, isStream, membersOf } from "./source.ts";

/** The first error of a source of bytes. A reader of a stream may replace it with another. */
export interface FirstError {
  thrown?: { readonly error: unknown };
}

/** Returns the size of a body, if it is known. */
export function totalOf({ bytes, blob, total }: Body): number | undefined {
  if (!blob) return bytes?.length ?? total;
  // It may be any object that resembles a Blob.
  const size: unknown = membersOf(blob, () => blob.size);
  return typeof size === "number" ? size : undefined;
}

/** Returns the bytes of a body in order. */
export function openChunks(body: Body, task: Task): Chunks {
  const { from, bytes, blob, stream, chunks, arrayBuffer } = body;
  if (bytes) return readOnce(() => bytes);
  if (chunks) return chunks;
  const failure = (cause: unknown) => brokenOff(from, cause);
  const streamed = blob ? streamOf(blob, failure) : stream;
  if (streamed && membersOf(streamed, () => streamed.locked))
    throw loadError("invalid-source", { received: describe(streamed), problem: "used" });
  return streamed
    ? readStream(streamed, failure, stopOf(body, task))
    : readOnce(() => readAll(blob ?? { arrayBuffer }, failure));
}

function streamOf(blob: NonNullable<Body["blob"]>, failure: (cause: unknown) => unknown): ReadableStream | undefined {
  try {
    const stream = blob.stream?.();
    return isStream(stream) ? stream : undefined;
  } catch (cause) {
    throw failure(cause);
  }
}

async function readAll(
  body: { readonly arrayBuffer?: (() => Promise<ArrayBuffer>) | undefined },
  failure: (cause: unknown) => unknown,
): Promise<Chunk> {
  let whole: unknown;
  try {
    whole = await body.arrayBuffer?.();
  } catch (cause) {
    throw failure(cause);
  }
  const bytes = bytesOf(whole);
  if (!bytes) throw loadError("invalid-source", { received: describe(whole), problem: "chunk" });
  // A copy, like the chunks of a stream: the maker of the buffer may write to it.
  return bytes.slice();
}

/** Reads only on demand: a read that nobody awaits would hide its failure. */
async function* readOnce(read: () => Chunk | Promise<Chunk>): Chunks {
  yield await read();
}

/**
 * Passes bytes on up to a ceiling. Fails with `limit-exceeded`.
 *
 * @param chunks - The bytes.
 * @param allowed - The maximum number of bytes.
 * @param from - Where they come from.
 * @param isDecompressed - Whether they were decompressed.
 */
export async function* cap(
  chunks: AsyncIterable<Chunk>,
  allowed: number,
  from: string | undefined,
  isDecompressed = false,
): Chunks {
  let asked = 0;
  for await (const chunk of chunks) {
    asked += chunk.length;
    if (asked > allowed) throw tooLarge(asked, allowed, from, isDecompressed);
    yield chunk;
  }
}

/** Passes bytes on and hashes them; `followed.isWhole` is true once the last one has passed. */
export async function* follow(chunks: Chunks, hash: Followed, followed: { isWhole: boolean }): Chunks {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  followed.isWhole = true;
}

/** Passes bytes on and reports their number, at least once. The last report has the total. */
export async function* count(chunks: Chunks, total: number | undefined, report: (progress: Progress) => void): Chunks {
  const outline = new Outline();
  let loaded = 0;
  let told: number | undefined;
  for await (const chunk of chunks) {
    loaded += chunk.length;
    outline.push(chunk);
    const least = outline.end;
    // There are more bytes than the header says: it counts encoded bytes, and the encoding is hidden from other origins.
    if (Math.max(loaded, least ?? 0) > (total ?? 0)) total = undefined;
    told = total ?? (least === undefined ? undefined : Math.max(least, loaded));
    report({ loaded, total: told });
    yield chunk;
  }
  if (told !== loaded) report({ loaded, total: loaded });
}

/** Takes the first two bytes, if there are that many, and any others that came with them. */
export async function begin(chunks: AsyncIterator<Chunk, void, undefined>): Promise<Chunk> {
  let start = new Uint8Array(0);
  while (start.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    start = start.length ? joined([start, value], start.length + value.length) : value;
  }
  return start;
}

/** Passes bytes on to a reader that may stop early, so that others can read the rest. */
export function keepOpen(chunks: Chunks): AsyncIterableIterator<Chunk, void, undefined> {
  const open = { next: () => chunks.next(), [Symbol.asyncIterator]: () => open };
  return open;
}

/**
 * Decompresses bytes. Errors: `not-wasm`, also for bytes that are compressed twice or if the host cannot decompress.
 *
 * @param chunks - The compressed bytes.
 * @param origin - Where they come from.
 * @param first - Receives the error of the source of the bytes.
 * @param ceiling - The maximum size after decompression.
 */
export async function* gunzip(
  chunks: AsyncIterator<Chunk, void>,
  origin: Origin,
  first: FirstError,
  ceiling: number,
): Chunks {
  const lacks = ["DecompressionStream", "ReadableStream"].find((name) => typeof ownGlobal(name) !== "function");
  if (lacks)
    throw gzipError(
      `is compressed with gzip, and this host has no ${lacks}. Decompress it first, or serve it with Content-Encoding: gzip.`,
      origin,
    );
  const plain = toStream(chunks, first).pipeThrough(new DecompressionStream("gzip"));
  const failure = (cause: unknown) =>
    gzipError("is compressed with gzip, and damaged or cut short. Get it again, or compress it again.", origin, cause);
  const decompressed = cap(readStream(plain, failure), ceiling, origin.from, true);
  const start = await begin(decompressed);
  if (isGzip(start)) {
    await decompressed.return();
    throw gzipError("is compressed with gzip twice. Compress it once.", origin);
  }
  if (start.length > 0) yield start;
  yield* decompressed;
}

/** Whether bytes begin like gzip data. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === gzip && start[1] === 0x8b;
}

function ownGlobal(name: string): unknown {
  return Reflect.get(globalThis, name);
}

function gzipError(what: string, { from, contentType }: Origin, cause?: unknown): UnglueError<"not-wasm"> {
  const details = { found: "gzip" as const, ...(from && { from }), ...(contentType && { contentType }) };
  return new UnglueError("not-wasm", `${from ?? "The source"} ${what}`, details, { cause });
}

/** Returns all bytes in one piece. */
export async function gather(chunks: AsyncIterable<Chunk>): Promise<Chunk> {
  const pieces: Chunk[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    size += chunk.length;
  }
  return pieces.length === 1 ? (pieces[0] as Chunk) : joined(pieces, size);
}

/** Joins pieces. Each is released as it is copied: the sum may be large. */
function joined(pieces: Chunk[], size: number): Chunk {
  const whole = new Uint8Array(size);
  // From the end, since removing the first of many moves all the others.
  for (let at = size; pieces.length > 0;) {
    const piece = pieces.pop() as Chunk;
    at -= piece.length;
    whole.set(piece, at);
  }
  return whole;
}

/** Makes a stream of chunks. */
export function toStream(chunks: AsyncIterator<Chunk, void>, first: FirstError): ReadableStream<Chunk> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        first.thrown ??= { error };
        throw error;
      }
    },
  });
}
