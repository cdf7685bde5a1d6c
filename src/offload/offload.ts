import { nodesOf } from "../bind/types/node.ts";
import { fetchChunk } from "../platform/chunk.ts";
import { loadError } from "../errors/load-error.ts";
import { invalidArgument } from "../errors/invalid.ts";
import { moduleFacts, preview } from "../base/preview.ts";
import { abortable, compileSource } from "../source/index.ts";
import type { Source } from "../public/index.ts";
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
  const offload = async (source: Source, given?: unknown): Promise<Offload> => {
    const options = readOffloadOptions(given);
    const compiled = await compileSource(host.platform, source, options.source);
    const { module } = compiled;
    const { identifyModule } = await fetchChunk(() => import("../toolchains/identify.ts"));
    const shape = await identifyModule(compiled);
    const { imports, api: declared } = options;
    if (declared && !shape.complete) throw loadError("needs-bytes", { option: "api" });
    const setup: Setup = { module, options: { ...options.instance, shape }, imports, api: declared };
    // Loads while the workers start.
    const coming = declared && fetchChunk(() => import("./api.ts"));
    coming?.catch(() => undefined);
    const make = createMaker(host, options.worker);
    const slots = Array.from({ length: options.workers }, (_, i) =>
      createSlot(i + 1, () => createThread(make()), setup),
    );
    const queue = createQueue(slots);
    const readTerms = (terms: unknown): CallTerms => readCallOptions(terms, options.timeout);
    const api = await abortable(options.source.signal, async ({ onFailure }) => {
      onFailure(() => slots.forEach((slot) => void slot.end()));
      await Promise.all(slots.map((slot) => slot.open()));
      return declared && (await coming)?.createRemoteApi(nodesOf(declared.members), queue, readTerms);
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
