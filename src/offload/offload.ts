import { nodesOf } from "../bind/types/node.ts";
import { fetchChunk, keepChunk } from "../platform/chunk.ts";
import { loadError } from "../errors/load-error.ts";
import { invalidArgument } from "../errors/invalid.ts";
import { ownValue } from "../base/own.ts";
import { moduleFacts, preview } from "../base/preview.ts";
import { abortable, compileSource } from "../source/index.ts";
import { builtinsOf } from "../options.ts";
import type { Shape, Source } from "../public/index.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { explained } from "../errors/explain.ts";
import type { Setup } from "./worker-server.ts";
import { readCallOptions, readOffloadOptions } from "./options.ts";
import { type CallTerms, createQueue } from "./queue.ts";
import { createSlot } from "./slot.ts";
import type { Terms } from "./objects.ts";
import { notCloneable } from "./packed.ts";
import { createMaker, type Host } from "./host.ts";
import { createThread } from "./thread.ts";
import type { CallOptions, Offload, OffloadFunction } from "./types.ts";
import { messageOf } from "../errors/caught.ts";

/** Makes a platform's `offload`. */
export function createOffload(host: Host): OffloadFunction {
  const askReader = keepChunk(() => import("../source/reader.ts"));
  const offload = async (source: Source, given?: unknown): Promise<Offload> => {
    const options = readOffloadOptions(given);
    const compiled = await compileSource(host.platform, source, options.source, () => undefined, askReader);
    const { module } = compiled;
    const { identifyModule, isProgram, registersFunctions } = await fetchChunk(
      () => import("../toolchains/identify.ts"),
    );
    const shape = await identifyModule(compiled, options.source);
    const { imports, hosts: local, api: declared, givenApi } = options;
    if (declared && !shape.complete) throw loadError("needs-bytes", { option: "api" });
    if (!declared && options.instance.toolchain === undefined && registersFunctions(shape)) throw registering(shape);
    // The caller's imports may start it.
    if (!imports && !local && isProgram(shape)) throw registering(shape);
    const { signal } = options.source;
    const caller = local || mentions(declared, "closure") ? await fetchChunk(() => import("./caller.ts")) : undefined;
    let early: Thrown | undefined;
    const functions = caller?.createFunctions((slot) => {
      const fail = queue.failing(slot);
      return (error) => {
        if (fail(error)) return;
        if (!isOpen) early ??= { error };
        // No call waits for it, so the platform reports it.
        else
          void Promise.resolve().then(() => {
            throw error;
          });
      };
    }, !declared);
    const hosts = local && functions && caller?.postImports(local, shape, givenApi, functions);
    const hasFunctions = functions !== undefined;
    const setup: Setup = {
      module,
      options: { ...options.instance, ...builtinsOf(options.source), shape },
      imports,
      hosts,
      api: declared,
      hasFunctions,
    };
    // Loads while the workers start.
    const coming = declared && fetchChunk(() => import("./api.ts"));
    coming?.catch(() => undefined);
    const make = createMaker(host, options.worker);
    const slots = Array.from({ length: options.workers }, (_, i) =>
      createSlot(i + 1, (slot) => createThread(make(), functions?.connect(slot)), setup),
    );
    const queue = createQueue(slots, () => functions?.running);
    const readTerms = (terms: unknown): CallTerms => readCallOptions(terms, options.timeout);
    let isOpen = false;
    const api = await abortable(signal, async ({ onFailure }) => {
      onFailure(() => slots.forEach((slot) => void slot.end()));
      const createApi = async () =>
        declared && (await coming)?.createRemoteApi(nodesOf(declared.members), queue, readTerms, functions);
      // A start function may call functions, whose values the interface converts.
      const made = functions ? await createApi() : undefined;
      await Promise.all(slots.map((slot) => slot.open()));
      if (early) throw early.error;
      isOpen = true;
      return made ?? createApi();
    });

    const names = shape.exports.filter(({ kind }) => kind === "function").map(({ name }) => name);
    const known = new Set(names);
    const call = async (name: string, args: readonly unknown[], terms?: CallOptions): Promise<unknown> => {
      if (!known.has(name)) throw invalidArgument("call", "name", "the name of an exported function", name);
      return (await queue.add({ kind: "export", name, args: copyArgs(name, args) }, readTerms(terms))).value;
    };
    const callExport = explained(call);
    const exportsUnder = (terms: CallOptions | undefined): object => {
      const exports = Object.create(null) as { [name: string]: (...args: unknown[]) => Promise<unknown> };
      for (const name of names) exports[name] = (...args) => callExport(name, args, terms);
      return Object.freeze(exports);
    };

    const apiUnder = (terms: Terms | undefined): object => api?.under(terms) ?? Object.freeze({});
    const dispose = (): Promise<void> => queue.dispose();
    const offloaded: Offload = {
      exports: exportsUnder(undefined) as Offload["exports"],
      api: apiUnder(undefined),
      shape,
      call: callExport,
      with(terms) {
        // Each call reads them again, since a signal may be aborted by then.
        readTerms(terms);
        return {
          get exports() {
            return exportsUnder(terms) as Offload["exports"];
          },
          get api() {
            return apiUnder({ options: terms }) as Offload["api"];
          },
          of(object) {
            if (!api) throw invalidArgument("of", "object", "an object in a worker of this offload", object);
            return api.of(object, { options: terms }) as typeof object;
          },
        };
      },
      dispose,
      // Without the symbol, the key is a harmless second "dispose".
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
      [Symbol.asyncDispose ?? "dispose"]: dispose,
    };
    return preview(offloaded, "Offload", () => moduleFacts(shape));
  };
  return explained(offload) as OffloadFunction;
}

/** Makes the error of a module whose functions exist as JavaScript functions only, which cannot be posted. */
function registering({ toolchain: { name } }: Shape): UnglueError<"unsupported-module"> {
  return new UnglueError(
    "unsupported-module",
    `offload: a module of the toolchain ${name} registers its functions when it runs, and they stay on the thread that loads it. ` +
      "Load it in a worker of yours, with load and the adapter, and post what you need of its results.",
    { toolchain: name, feature: "offload" },
  );
}

interface Thrown {
  readonly error: unknown;
}

/** Whether a declaration contains a type, at any depth. */
function mentions(declared: unknown, type: string, seen = new Set<unknown>()): boolean {
  if (typeof declared !== "object" || declared === null || seen.has(declared)) return false;
  seen.add(declared);
  if (ownValue(declared, "type") === type) return true;
  return Object.values(declared).some((inner) => mentions(inner, type, seen));
}

/** The maximum number of parameters of a module's function. */
const mostParameters = 1000;

/** A copy: a call may wait for a worker, and its arguments must not change meanwhile. */
function copyArgs(name: string, args: unknown): readonly unknown[] {
  try {
    if (Array.isArray(args)) {
      return Array.from({ length: Math.min(args.length, mostParameters) }, (_, at): unknown => args[at]);
    }
  } catch (cause) {
    throw notCloneable(name, "arguments", messageOf(cause), cause);
  }
  throw invalidArgument("call", "args", "an array of the arguments", args);
}
