/**
 * Step 1: a source of any kind becomes a compiled module with its shape, by one request at the most.
 */
import { Failure } from "../failure.ts";
import type { Limiter } from "../limits/index.ts";
import type { Platform } from "../platform/platform.ts";
import { advise, fetchAdvice } from "../reflect/index.ts";
import type { Source, SourceOptions, SyncSource } from "../types/index.ts";
import { abortable, type Task } from "./abort.ts";
import type { Body } from "./body.ts";
import { compileBytes, compileBytesSync, type Compiled, compileResponse, gzip, type Unadvised } from "./compile.ts";
import { describeModule } from "./describe-module.ts";
import type { OnShape } from "./head.ts";
import type { Integrity } from "./integrity.ts";
import { openRequest, openResponse } from "./request.ts";
import { type Input, recognise } from "./source.ts";

export { abortable, onAbort, refuseAborted } from "./abort.ts";
export type { Compiled } from "./compile.ts";

/**
 * Downloads and compiles. A shape given in the options counts only for a compiled module: bytes speak for themselves.
 * Errors: those of {@link Compile}; and what `onProgress`, or a function or promise as source, fails with.
 *
 * @param platform - Where this runs.
 * @param source - Where the module comes from.
 * @param options - How to get it.
 * @param onShape - Told of the shape as soon as it is read; not for a compiled module.
 */
export function compileSource(
  platform: Platform,
  source: Source,
  options: SourceOptions,
  onShape: OnShape = () => undefined,
): Promise<Compiled> {
  return abortable(options.signal, async (task) => {
    const { integrity: hashes, onProgress, limits } = options;
    const integrity = hashes === undefined ? undefined : (await import("./integrity.ts")).readIntegrity(hashes);
    const limiter = limits && (await import("../limits/index.ts")).createLimiter(limits);
    const value: unknown = await (typeof source === "function" ? source() : source);
    task.refuseFailed();
    const input = recognise(platform, value);
    if (!input) throw new Failure("invalid-source", { source: value, problem: "kind" });
    if (input.module) return (await import("./describe-module.ts")).describeModule(input.module, options, limiter);

    const compileOpened = async (body: Body): Promise<Unadvised> => {
      const { bytes, response } = body;
      if (!onProgress && !limiter && (!integrity || body.checked)) {
        if (bytes && bytes[0] !== gzip) return compileBytes(bytes, body, onShape);
        const compiled = response && (await compileResponse(response, body, task, onShape));
        if (compiled && "module" in compiled) return compiled;
        if (compiled) body = { ...body, chunks: compiled };
      }
      return (await import("./restream.ts")).compileBody(body, { onProgress, integrity, limiter }, task, onShape);
    };
    const { module, shape } = await compileOpened(await open(platform, input, options, integrity, task));
    return { module, shape: await fetchAdvice(shape) };
  });
}

/**
 * Compiles what is at hand, at once. Errors: those of {@link CompileSync}.
 *
 * @param platform - Where this runs.
 * @param source - Bytes, a compiled module, or a file where there are files.
 * @param options - The shape of a compiled module.
 * @param limiter - What caps the module's memories and tables, where the options have limits for them.
 */
export function compileSourceSync(
  platform: Platform,
  source: SyncSource,
  options: Pick<SourceOptions, "shape">,
  limiter: Limiter | undefined,
): Compiled {
  const { module, bytes, path } = recognise(platform, source) ?? {};
  if (module) return describeModule(module, options, limiter);
  if (bytes) return advised(compileBytesSync(bytes, {}, limiter));
  if (path === undefined || !platform.files) throw new Failure("invalid-source", { source, problem: "sync" });
  const file = platform.files.readSync(path);
  return advised(compileBytesSync(file.bytes, file, limiter));
}

function advised({ module, shape }: Unadvised): Compiled {
  return { module, shape: advise(shape) };
}

/** Gets at the bytes of a source; streams are not read yet. */
async function open(
  { files }: Platform,
  input: Input,
  options: SourceOptions,
  integrity: Integrity | undefined,
  task: Task,
): Promise<Body> {
  const { path, request, response } = input;
  if (request !== undefined) return openRequest(request, options, integrity, task);
  if (response) return openResponse(response, "", !options.signal);
  if (path !== undefined && files) return files.read(path, task.signal);
  const { bytes, blob, stream } = input;
  return { bytes, blob, stream };
}
