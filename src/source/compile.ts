import type { UnglueError } from "../errors/unglue-error.ts";
import { refusedError } from "../errors/refused.ts";
import { ownValue } from "../base/own.ts";
import { isBuiltIn, messageOf } from "../errors/caught.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import { type Origin, readModule, type ReadShape } from "../reflect/index.ts";
import type { Shape } from "../public/index.ts";
import type { Task } from "./abort.ts";
import { type Body, brokenOff, discard, prepend, readStream, stopOf, tooLarge } from "./body.ts";
import { Head, type OnShape } from "./head.ts";
import type { Chunk } from "./source.ts";
import type { Limiter } from "../binary/limiter.ts";

/** A compiled module, and what it says of itself. */
export interface Compiled {
  readonly module: WebAssembly.Module;
  readonly shape: ReadShape;
  /** Whether the custom sections behind the code were not read. */
  readonly isHead: boolean;
  /** The shape that the caller gave with a compiled module. */
  readonly given: Shape | undefined;
}

/** A module of which all bytes were read. */
function fully(module: WebAssembly.Module, shape: ReadShape): Compiled {
  return { module, shape, isHead: false, given: undefined };
}

/** A module of which the bytes up to the code were read. */
export function headOf(module: WebAssembly.Module, shape: ReadShape): Compiled {
  return { module, shape, isHead: true, given: undefined };
}

/** The first byte of what is compressed with gzip. No module begins with it. */
export const gzip = 0x1f;

/**
 * Compiles bytes. Errors: `not-wasm`, `truncated`, `malformed`, `compile-failed`, `compile-forbidden`.
 *
 * @param bytes - The module. It is not copied by the library.
 * @param origin - Where it came from, for errors.
 * @param onShape - Receives the shape.
 */
export async function compileBytes(bytes: Chunk, origin: Origin, onShape: OnShape): Promise<Compiled> {
  // The engine compiles in threads of its own, and the reader reads meanwhile. What the reader has to say comes first.
  const compiling = WebAssembly.compile(bytes);
  compiling.catch(() => undefined);
  const shape = readModule(bytes, origin);
  onShape(shape);
  try {
    return fully(await compiling, shape);
  } catch (cause) {
    throw refusedError(cause, ownValue(origin, "from"));
  }
}

/** Compiles bytes synchronously. Errors: as `compileBytes`, `sync-too-large`, `limit-exceeded`, and those of the limiter. */
export function compileBytesSync(
  given: Chunk,
  origin: Origin,
  limiter: Limiter | undefined,
  ceiling = Infinity,
): Compiled {
  if (given.length > ceiling) throw tooLarge(given.length, ceiling, ownValue(origin, "from"));
  const read = readModule(given, origin);
  const { bytes, shape } = limiter?.cap(given, read) ?? { bytes: given, shape: read };
  try {
    return fully(new WebAssembly.Module(bytes), shape);
  } catch (cause) {
    throw isBuiltIn(cause, "RangeError")
      ? loadError("sync-too-large", { size: bytes.length }, cause)
      : refusedError(cause, ownValue(origin, "from"));
  }
}

/**
 * Has the engine compile a response while it arrives.
 *
 * @param response - The response.
 * @returns The module; `undefined` if the engine refuses to read it, as it does with a response of another
 *   implementation. Nothing of its body is used then.
 */
export async function compileStream(response: Response): Promise<WebAssembly.Module | undefined> {
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (cause) {
    // Nothing tells beforehand: the global `Response` may be a test environment's, and the engine wants its own.
    if (isBuiltIn(cause, "TypeError") && !isUsed(response)) return undefined;
    throw cause;
  }
}

/**
 * Lets the engine read a response, and reads the head from its clone. Errors: as `compileBytes`, `fetch-failed`, and
 * `invalid-source` if somebody else reads it.
 *
 * @param response - The response.
 * @param body - What is known of it.
 * @param task - What this is for.
 * @param onShape - Receives the shape.
 * @returns The module; or where its bytes are to be had, if the engine does not take them.
 */
export async function compileResponse(
  response: Response,
  body: Body,
  task: Task,
  onShape: OnShape,
): Promise<Compiled | Pick<Body, "chunks" | "stream">> {
  if (!(await isEngines())) return { stream: response.body as ReadableStream };
  task.refuseFailed();
  const failure = (cause: unknown): unknown => brokenOff(body.from, cause);
  const stop = stopOf(body, task);
  const chunks = readStream(cloneOf(response).body as ReadableStream, failure, stop);
  const compile = () => {
    const compiling = compileStream(response);
    // It may fail before anybody waits for it, or where nobody does.
    compiling.catch(() => undefined);
    return compiling;
  };
  // An engine that fails keeps hold of the stream, which only an abort of the request closes then. Where there is such an
  // abort the engine begins immediately, which in Chromium saves a twentieth of the time; elsewhere no page reaches it.
  const early = stop ? undefined : compile();
  const close = () => discard(response.body as ReadableStream);
  stop?.onFailure(close);
  let next = await chunks.next();
  if (next.value?.[0] === gzip) {
    if (!early) close();
    return { chunks: prepend(next.value, chunks) };
  }
  const head = new Head(body, onShape);
  const push = () => next.done === true || head.push(next.value);
  let isComplete = push();
  const scan = async (): Promise<ReadShape> => {
    while (!isComplete) {
      next = await chunks.next();
      isComplete = push();
    }
    await chunks.return();
    return head.end();
  };
  const scanning = scan();
  // Another load of the same response may have got ahead meanwhile.
  if (!early && isUsed(response)) {
    scanning.catch(() => undefined);
    throw used(response);
  }
  const compiling = (early ?? compile()).catch(async (cause: unknown) => {
    // What the reader has to say of it comes first: it tells the byte.
    await scanning;
    if (!isBuiltIn(cause, "CompileError")) {
      // Of two that begin at a time neither sees the other: one is refused by the engine.
      const isTaken = /already (been )?(read|used|consumed)|\bdisturbed\b|\blocked\b/i.test(messageOf(cause));
      throw isTaken ? used(response, cause) : failure(cause);
    }
    // Another origin's encoding is hidden, and then the length may be that of encoded bytes.
    throw head.refused(cause, response.type === "cors" ? undefined : body.total);
  });
  const [shape, module] = await Promise.all([scanning, compiling]);
  return module ? headOf(module, shape) : { stream: response.body as ReadableStream };
}

/**
 * Whether the engine takes responses of the global class, told by an empty one. Nothing is cloned before it is known: a clone of a
 * test environment's may empty the original.
 */
async function isEngines(): Promise<boolean> {
  // A browser's own class is no JavaScript. That of Node is, and so is what takes its place.
  if (Function.prototype.toString.call(Response).includes("[native code]")) return true;
  const empty = new Response(null, { headers: { "Content-Type": "application/wasm" } });
  return WebAssembly.compileStreaming(empty).then(
    () => true,
    (cause: unknown) => !isBuiltIn(cause, "TypeError"),
  );
}

function cloneOf(response: Response): Response {
  try {
    return response.clone();
  } catch (cause) {
    if (isUsed(response)) throw used(response, cause);
    throw loadError("read-failed", { path: "(stream)" }, cause);
  }
}

function isUsed({ bodyUsed, body }: Response): boolean {
  return bodyUsed || body?.locked === true;
}

function used(response: Response, cause?: unknown): UnglueError {
  return loadError("invalid-source", { received: describe(response), problem: "used" }, cause);
}
