import { Failure } from "../failure.ts";
import { completeShape, type Origin, readModule } from "../reflect/index.ts";
import type { Shape } from "../types/index.ts";
import type { Task } from "./abort.ts";
import { type Body, brokenOff, discard, readStream, stopOf } from "./body.ts";
import { Head } from "./head.ts";
import type { Chunk } from "./source.ts";

/** A compiled module, and what it says of itself. */
export interface Compiled {
  readonly module: WebAssembly.Module;
  readonly shape: Shape;
}

/** The first byte of what is compressed with gzip. No module begins with it. */
export const gzip = 0x1f;

/**
 * Compiles bytes. Errors: `not-wasm`, `truncated`, `malformed`, `compile-failed`, `compile-forbidden`.
 *
 * @param bytes - The module. It is not copied by the library.
 * @param origin - Where it came from, for errors.
 */
export async function compileBytes(bytes: Chunk, origin: Origin): Promise<Compiled> {
  const shape = readModule(bytes, origin);
  try {
    return { module: await WebAssembly.compile(bytes), shape };
  } catch (cause) {
    throw new Failure("compile-failed", { from: origin.from }, cause);
  }
}

/** Compiles bytes at once. Errors: as `compileBytes`, and `sync-too-large`. */
export function compileBytesSync(bytes: Chunk, origin: Origin): Compiled {
  const shape = readModule(bytes, origin);
  try {
    return { module: new WebAssembly.Module(bytes), shape };
  } catch (cause) {
    throw (cause as Error).name === "RangeError"
      ? new Failure("sync-too-large", { size: bytes.length }, cause)
      : new Failure("compile-failed", { from: origin.from }, cause);
  }
}

/**
 * Lets the engine read a response, and reads the head from its clone. Errors: as `compileBytes`, and `fetch-failed`.
 *
 * @param response - The response; its body is not used up where `undefined` is returned.
 * @param body - What is known of it.
 * @param task - What this is for.
 * @returns The module; `undefined` if the bytes may be compressed.
 */
export async function compileResponse(response: Response, body: Body, task: Task): Promise<Compiled | undefined> {
  const failure = (cause: unknown): unknown => brokenOff(body.from, cause);
  const stop = stopOf(body, task);
  const chunks = readStream(response.clone().body as ReadableStream, failure, stop);
  stop?.addEventListener("abort", () => discard(response.body as ReadableStream));
  let next = await chunks.next();
  if (next.value?.[0] === gzip) {
    await chunks.return();
    return undefined;
  }
  const head = new Head(body);
  const push = () => next.done === true || head.push(next.value);
  // A page that is served instead shows at once, and never reaches the engine.
  let isComplete = push();
  const scan = async (): Promise<Shape> => {
    while (!isComplete) {
      next = await chunks.next();
      isComplete = push();
    }
    await chunks.return();
    return head.end();
  };
  const scanning = scan();
  const compiling = WebAssembly.compileStreaming(response).catch(async (cause: unknown) => {
    // What the reader has to say of it comes first: it tells the byte.
    await scanning;
    if ((cause as Error | undefined)?.name !== "CompileError") throw failure(cause);
    // Another origin's encoding is hidden, and then the length may be that of encoded bytes.
    throw head.refused(cause, response.type === "cors" ? undefined : body.total);
  });
  const [shape, module] = await Promise.all([scanning, compiling]);
  return { module, shape: completeShape(shape, module) };
}
