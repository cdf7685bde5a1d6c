import type { UnglueError } from "../errors/unglue-error.ts";
import { refusedError } from "../errors/refused.ts";
import { ownValue } from "../base/own.ts";
import { isBuiltIn, messageOf } from "../errors/caught.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import { type Origin, readModule, type ReadShape } from "../reflect/index.ts";
import type { Shape } from "../public/index.ts";
import type { Task } from "./abort.ts";
import { type Body, brokenOff, discard, prepend, readStream, stopOf } from "./body.ts";
import { Head, type OnShape } from "./head.ts";
import { type Chunk, gzip } from "./source.ts";

/** A compiled module, with its shape. */
export interface Compiled {
  readonly module: WebAssembly.Module;
  readonly shape: ReadShape;
  /** Whether the custom sections after the code were not read. */
  readonly isHead: boolean;
  /** Whether none of its bytes were read. */
  readonly isBare: boolean;
  /** The shape that the caller gave with a compiled module. */
  readonly given: Shape | undefined;
}

/** A module whose bytes were all read. */
export function fully(module: WebAssembly.Module, shape: ReadShape): Compiled {
  return { module, shape, isHead: false, isBare: false, given: undefined };
}

/** A module whose bytes were read up to the code. */
export function headOf(module: WebAssembly.Module, shape: ReadShape): Compiled {
  return { module, shape, isHead: true, isBare: false, given: undefined };
}

/** The engine's compilers, which TypeScript's library has without options yet. */
interface Engine {
  readonly Module: new (bytes: Chunk, options?: object) => WebAssembly.Module;
  compile(bytes: Chunk, options?: object): Promise<WebAssembly.Module>;
  compileStreaming(response: Response, options?: object): Promise<WebAssembly.Module>;
}

/** Returns them. */
export const engine = (): Engine => WebAssembly;

/**
 * Compiles bytes. Errors: `not-wasm`, `truncated`, `malformed`, `compile-failed`, `compile-forbidden`.
 *
 * @param bytes - The module. The library does not copy it.
 * @param origin - Where it came from, for errors.
 * @param onShape - Receives the shape.
 * @param options - The engine's.
 * @param begun - The engine's work, if it has begun.
 */
export async function compileBytes(
  bytes: Chunk,
  origin: Origin,
  onShape: OnShape,
  options?: object,
  begun?: Promise<WebAssembly.Module>,
): Promise<Compiled> {
  // The engine compiles in its own threads while the reader reads. The reader's error takes precedence.
  const compiling = begun ?? engine().compile(bytes, options);
  compiling.catch(() => undefined);
  const shape = readModule(bytes, origin);
  onShape(shape, bytes);
  try {
    return fully(await compiling, shape);
  } catch (cause) {
    throw refusedError(cause, ownValue(origin, "from"));
  }
}

/**
 * Lets the engine compile a response while it arrives.
 *
 * @param response - The response.
 * @param options - The engine's.
 * @returns The module; `undefined` if the engine refuses to read the response, as it does with one of another
 *   implementation. Nothing of its body is used then.
 */
export async function compileStream(
  response: Response,
  options: object | undefined,
): Promise<WebAssembly.Module | undefined> {
  try {
    return await engine().compileStreaming(response, options);
  } catch (cause) {
    // There is no way to tell beforehand: the global `Response` may be a test environment's, and the engine needs its own.
    if (isBuiltIn(cause, "TypeError") && !isUsed(response)) return undefined;
    throw cause;
  }
}

/**
 * Lets the engine read a response, and reads the head from its clone. Errors: as `compileBytes`, `fetch-failed`, and
 * `invalid-source` if another reader has it.
 *
 * @param response - The response.
 * @param body - The known facts about it.
 * @param task - The task that this is part of.
 * @param onShape - Receives the shape.
 * @param options - The engine's.
 * @returns The module; or the source of its bytes, if the engine does not take the response.
 */
export async function compileResponse(
  response: Response,
  body: Body,
  task: Task,
  onShape: OnShape,
  options: object | undefined,
): Promise<Compiled | Pick<Body, "chunks" | "stream">> {
  if (!(await isEngines())) return { stream: response.body as ReadableStream };
  task.refuseFailed();
  const failure = (cause: unknown): unknown => brokenOff(body.from, cause);
  const stop = stopOf(body, task);
  const chunks = readStream(cloneOf(response).body as ReadableStream, failure, stop);
  const compile = () => {
    const compiling = compileStream(response, options);
    // It may fail before anyone awaits it, or if nobody does.
    compiling.catch(() => undefined);
    return compiling;
  };
  // An engine that fails keeps hold of the stream, which then only aborting the request can close. If an abort can reach it,
  // the engine begins immediately, which in Chromium saves a twentieth of the time. No page takes the other path.
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
  // Another load of the same response may have started reading meanwhile.
  if (!early && isUsed(response)) {
    scanning.catch(() => undefined);
    throw used(response);
  }
  const compiling = (early ?? compile()).catch(async (cause: unknown) => {
    // The reader's error takes precedence: it tells the byte.
    await scanning;
    if (!isBuiltIn(cause, "CompileError")) {
      // Two loads that begin together do not see each other: the engine refuses one of them.
      const isTaken = /already (been )?(read|used|consumed)|\bdisturbed\b|\blocked\b/i.test(messageOf(cause));
      throw isTaken ? used(response, cause) : failure(cause);
    }
    // Another origin's encoding is hidden, so the length may count encoded bytes.
    throw head.refused(cause, response.type === "cors" ? undefined : body.total);
  });
  const [shape, module] = await Promise.all([scanning, compiling]);
  return module ? headOf(module, shape) : { stream: response.body as ReadableStream };
}

/**
 * Whether the engine takes responses of the global class, tried with an empty one. Nothing is cloned before that: the clone
 * of a test environment's response may empty the original.
 */
async function isEngines(): Promise<boolean> {
  // A browser's own class is native code. Node's class is JavaScript, and so is any replacement.
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
