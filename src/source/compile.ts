import { isBuiltIn } from "../caught.ts";
import { Failure } from "../failure.ts";
import type { Limiter } from "../limits/index.ts";
import { completeShape, type Origin, readModule, type UnadvisedShape } from "../reflect/index.ts";
import type { Shape } from "../types/index.ts";
import type { Task } from "./abort.ts";
import { type Body, brokenOff, type Chunks, discard, prepend, readStream, stopOf } from "./body.ts";
import { Head, type OnShape } from "./head.ts";
import type { Chunk } from "./source.ts";

/** A compiled module, and what it says of itself. */
export interface Compiled<Known extends UnadvisedShape | Shape = Shape> {
  readonly module: WebAssembly.Module;
  readonly shape: Known;
}

/** A compiled module whose advice is not yet in words. */
export type Unadvised = Compiled<UnadvisedShape>;

/** The first byte of what is compressed with gzip. No module begins with it. */
export const gzip = 0x1f;

/**
 * Compiles bytes. Errors: `not-wasm`, `truncated`, `malformed`, `compile-failed`, `compile-forbidden`.
 *
 * @param bytes - The module. It is not copied by the library.
 * @param origin - Where it came from, for errors.
 * @param onShape - Told of the shape.
 */
export async function compileBytes(bytes: Chunk, origin: Origin, onShape: OnShape): Promise<Unadvised> {
  // The engine compiles in threads of its own, and the reader reads meanwhile. What the reader has to say comes first.
  const compiling = WebAssembly.compile(bytes);
  compiling.catch(() => undefined);
  const shape = readModule(bytes, origin);
  onShape(shape);
  try {
    return { module: await compiling, shape };
  } catch (cause) {
    throw new Failure("compile-failed", { from: origin.from }, cause);
  }
}

/** Compiles bytes at once. Errors: as `compileBytes`, `sync-too-large`, and those of the limiter. */
export function compileBytesSync(given: Chunk, origin: Origin, limiter: Limiter | undefined): Unadvised {
  const read = readModule(given, origin);
  const { bytes, shape } = limiter?.cap(given, read) ?? { bytes: given, shape: read };
  try {
    return { module: new WebAssembly.Module(bytes), shape };
  } catch (cause) {
    throw isBuiltIn(cause, "RangeError")
      ? new Failure("sync-too-large", { size: bytes.length }, cause)
      : new Failure("compile-failed", { from: origin.from }, cause);
  }
}

/**
 * Lets the engine read a response, and reads the head from its clone. Errors: as `compileBytes`, and `fetch-failed`.
 *
 * @param response - The response.
 * @param body - What is known of it.
 * @param task - What this is for.
 * @param onShape - Told of the shape.
 * @returns The module; or its bytes, if they may be compressed.
 */
export async function compileResponse(
  response: Response,
  body: Body,
  task: Task,
  onShape: OnShape,
): Promise<Unadvised | Chunks> {
  const failure = (cause: unknown): unknown => brokenOff(body.from, cause);
  const stop = stopOf(body, task);
  const chunks = readStream(response.clone().body as ReadableStream, failure, stop);
  const compile = () => {
    const compiling = WebAssembly.compileStreaming(response);
    // It may fail before anybody waits for it, or where nobody does.
    compiling.catch(() => undefined);
    return compiling;
  };
  // An engine that fails keeps hold of the stream, which only an abort of the request closes then. Where there is such an
  // abort the engine begins at once, which in Chromium saves a twentieth of the time; elsewhere no page reaches it.
  const early = stop ? undefined : compile();
  const close = () => discard(response.body as ReadableStream);
  stop?.onFailure(close);
  let next = await chunks.next();
  if (next.value?.[0] === gzip) {
    if (!early) close();
    return prepend(next.value, chunks);
  }
  const head = new Head(body, onShape);
  const push = () => next.done === true || head.push(next.value);
  let isComplete = push();
  const scan = async (): Promise<UnadvisedShape> => {
    while (!isComplete) {
      next = await chunks.next();
      isComplete = push();
    }
    await chunks.return();
    return head.end();
  };
  const scanning = scan();
  const compiling = (early ?? compile()).catch(async (cause: unknown) => {
    // What the reader has to say of it comes first: it tells the byte.
    await scanning;
    if (!isBuiltIn(cause, "CompileError")) throw failure(cause);
    // Another origin's encoding is hidden, and then the length may be that of encoded bytes.
    throw head.refused(cause, response.type === "cors" ? undefined : body.total);
  });
  const [shape, module] = await Promise.all([scanning, compiling]);
  return { module, shape: completeShape(shape, module) };
}
