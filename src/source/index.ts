/** Step 1: turns any source into a compiled module with its shape. Makes one request, unless the options ask for retries. */
import { ownMembers } from "../base/own.ts";
import { fetchChunk } from "../platform/chunk.ts";
import { needsBuiltins } from "../options.ts";
import { requireEngine } from "../platform/engine.ts";
import { describe } from "../errors/describe.ts";
import { loadError } from "../errors/load-error.ts";
import { isReadable } from "../base/own.ts";
import type { Platform } from "../platform/platform.ts";
import type { Source, SourceOptions } from "../public/index.ts";
import { abortable, type Task } from "./abort.ts";
import type { Body } from "./body.ts";
import type { Compiled } from "./compile.ts";
import type { OnShape } from "./head.ts";
import type { Integrity } from "./integrity.ts";
import { openRequest, openResponse } from "./request.ts";
import type { Terms } from "./terms.ts";
import type * as reader from "./reader.ts";
import { type Chunk, gzip, type Input, isPromise, membersOf, recognise } from "./source.ts";

export { abortable, createAborts, refuseAborted } from "./abort.ts";
export type { Compiled } from "./compile.ts";

/**
 * Downloads and compiles. A shape in the options counts only for a compiled module: otherwise the bytes decide. Errors:
 * those of {@link Compile}, and those of `onProgress`, or of a function or promise that is the source.
 *
 * @param platform - Where this runs.
 * @param source - Where the module comes from.
 * @param options - How to get it.
 * @param onShape - Receives the shape as soon as it is read; not called for a compiled module.
 * @param askReader - Returns the reader of modules.
 */
export function compileSource(
  platform: Platform,
  source: Source,
  options: SourceOptions,
  onShape: OnShape,
  askReader: AskReader,
): Promise<Compiled> {
  const { retry, signal } = options;
  let isRepeatable = false;
  const attempt = () =>
    abortable(signal, (task) =>
      compileOnce(
        platform,
        source,
        options,
        task,
        onShape,
        askReader,
        (input) => (isRepeatable = membersOf(source, () => canRepeat(source, input))),
      ),
    );
  const first = attempt();
  if (!retry) return first;
  return first.catch(async (error: unknown) => {
    if (!isRepeatable) throw error;
    const { attemptAgain } = await fetchChunk(() => import("./retry.ts"));
    return attemptAgain(attempt, error, retry, signal, () => isRepeatable);
  });
}

/** Whether a source can be read again: by a request that changes nothing, or by calling the function that returned it. */
function canRepeat(source: Source, { request, response, stream }: Input): boolean {
  if (request === undefined) return typeof source === "function" && Boolean(response ?? stream);
  if (typeof request === "string") return !/^\s*(data|blob|file):/i.test(request);
  return request.method === "GET" || request.method === "HEAD";
}

async function compileOnce(
  platform: Platform,
  source: Source,
  options: SourceOptions,
  task: Task,
  onShape: OnShape,
  askReader: AskReader,
  onInput: (input: Input) => void,
): Promise<Compiled> {
  requireEngine("Module", "instantiate");
  const asked = readTerms(platform, options);
  const fetching = askReader();
  // It may fail while the source is awaited.
  asked?.catch(() => undefined);
  // Bytes belong to their owner, who may change or transfer them later. So they go to the engine, which copies them, or are
  // copied here, in the same turn of events.
  const take = (value: unknown): { readonly input: Input; readonly compiling: Promise<Compiled> | undefined } => {
    const input = membersOf(value, () => recognise(platform, value));
    if (!input) throw loadError("invalid-source", { received: describe(value), problem: "kind" });
    if (!input.module) requireEngine("compile");
    const { bytes } = input;
    if (!bytes) return { input, compiling: undefined };
    if (asked || bytes[0] === gzip) return { input: ownMembers({ bytes: bytes.slice() }), compiling: undefined };
    const reader = askReader();
    const compiling =
      reader instanceof Promise ? compileEarly(bytes, reader, onShape) : reader.compileBytes(bytes, {}, onShape);
    compiling.catch(() => undefined);
    return { input, compiling };
  };
  let value: unknown = source;
  if (typeof source === "function") {
    // A bad option is refused before any request.
    if (asked) await asked;
    if (!isCallable(source)) throw loadError("invalid-source", { received: describe(source), problem: "kind" });
    value = source();
  }
  const { input, compiling } = isPromise(value) ? await Promise.resolve(value).then(take) : take(value);
  task.refuseFailed();
  if (compiling) return compiling;
  onInput(input);
  const terms = await asked;
  task.refuseFailed();
  if (input.module) {
    const { describeModule, needsDeclaration } = await fetchChunk(() => import("./describe-module.ts"));
    const declared = needsDeclaration(options)
      ? await fetchChunk(() => import("../reflect/declaration.ts"))
      : undefined;
    return describeModule(input.module, options, terms, declared);
  }
  const body = await open(platform, input, options, terms?.integrity, task);
  return compileOpened(await fetching, ownMembers(body), terms, task, terms?.builtins?.checked(onShape) ?? onShape);
}

/** The reader of modules. */
type Reader = typeof reader;

/** Returns the reader of modules, or a promise of it until it is at hand. */
export type AskReader = () => Reader | Promise<Reader>;

/** Compiles bytes while their reader is fetched. Their owner may change them meanwhile, so it reads a copy. */
async function compileEarly(bytes: Chunk, reader: Promise<Reader>, onShape: OnShape): Promise<Compiled> {
  const begun = WebAssembly.compile(bytes);
  begun.catch(() => undefined);
  const copy = bytes.slice();
  return (await reader).compileBytes(copy, {}, onShape, undefined, begun);
}

async function compileOpened(
  { compileBytes, compileResponse }: Reader,
  body: Body,
  terms: Terms | undefined,
  task: Task,
  onShape: OnShape,
): Promise<Compiled> {
  const isPlain = !terms || (!terms.onProgress && !terms.limiter && terms.ceiling === undefined);
  if (isPlain && (!terms?.integrity || body.isChecked)) {
    const { bytes, response } = body;
    if (bytes && bytes[0] !== gzip) return compileBytes(bytes, body, onShape, terms?.builtins?.engine);
    const compiled = response && (await compileResponse(response, body, task, onShape, terms?.builtins?.engine));
    if (compiled && isCompiled(compiled)) return compiled;
    if (compiled) body = ownMembers({ ...body, ...compiled });
  }
  const { compileBody } = await fetchChunk(() => import("./restream.ts"));
  return compileBody(body, terms ?? noTerms, task, onShape);
}

function isCompiled(one: Compiled | Pick<Body, "chunks" | "stream">): one is Compiled {
  return Object.hasOwn(one, "module");
}

const noTerms: Terms = {
  onProgress: undefined,
  integrity: undefined,
  limiter: undefined,
  builtins: undefined,
  ceiling: undefined,
};

/** Reads the requirements besides the module itself; `undefined` if there are none. */
function readTerms(platform: Platform, options: SourceOptions): Promise<Terms> | undefined {
  const { integrity, onProgress, limits } = options;
  const { bytes, memoryPages, tableElements } = limits ?? {};
  const stated = [integrity, onProgress, bytes, memoryPages, tableElements];
  if (!needsBuiltins(options) && stated.every((one) => one === undefined)) return undefined;
  return fetchChunk(() => import("./read-terms.ts")).then((chunk) => chunk.readTerms(platform, options));
}

/** Whether a function can be called at all. The error of calling a class or a revoked proxy would pass for the function's own. */
function isCallable(source: object): boolean {
  return isReadable(source) && !/^class\b/.test(Function.prototype.toString.call(source));
}

/** Opens the bytes of a source; streams are not read yet. */
async function open(
  platform: Platform,
  input: Input,
  options: SourceOptions,
  integrity: Integrity | undefined,
  task: Task,
): Promise<Body> {
  const { path, request, response } = input;
  if (request !== undefined) return openRequest(request, options, integrity, task, platform);
  if (response) return openResponse(response, "", !options.signal);
  if (path !== undefined && platform.files) return platform.files.read(path, task.signal, options.limits?.bytes);
  const { bytes, blob, stream } = input;
  return { bytes, blob, stream };
}
