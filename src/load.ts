import { explained } from "./errors/explain.ts";
import type { Chunks, Early } from "./instance/index.ts";
import { instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { fetchChunk } from "./platform/chunk.ts";
import type { Platform } from "./platform/platform.ts";
import type { Adapter, Instance, Load } from "./public/index.ts";
import type { ReadShape } from "./reflect/index.ts";
import { abortable, compileSource, refuseAborted } from "./source/index.ts";

const dispose = (instance: Instance): void => {
  instance.dispose();
};

/** Makes a platform's `load`. */
export function createLoad(platform: Platform): Load {
  const load = async (source: Parameters<Load>[0], given?: Parameters<Load>[1]): Promise<Instance> => {
    const options = readOptions("load", given, [...sourceOptions, ...instantiateOptions]);
    // Fetched while the source is, and counts only if the module compiles. The binder is asked for again once the module is known.
    const step = fetchChunk(() => import("./instance/index.ts"));
    step.catch(() => undefined);
    if (options.api) fetchChunk(() => import("./instance/binder.ts")).catch(() => undefined);
    const fetchNeeds = async (read: ReadShape): Promise<[Chunks, readonly Adapter[]]> => {
      const { fetchAdapters, fetchChunks, identify } = await step;
      early = { read, identified: identify(read) };
      return Promise.all([fetchChunks(early.identified, options), fetchAdapters(early.identified, options)]);
    };
    let early: Early | undefined;
    let needs: ReturnType<typeof fetchNeeds> | undefined;
    const compiled = await compileSource(platform, source, options, (read) => {
      needs = fetchNeeds(read);
      needs.catch(() => undefined);
    });
    const { fetchAdapters, fetchChunks, identifyModule, instantiate, withAdapter } = await step;
    const shape = await identifyModule(compiled, options, early);
    const [chunks, adapters] = await (needs ??
      Promise.all([fetchChunks(shape, options), fetchAdapters(shape, options)]));
    return abortable(options.signal, async ({ onFailure }) => {
      const making = instantiate(withAdapter({ module: compiled.module, shape }, adapters, options), options, chunks);
      // An abort does not wait for what the option `initialize` waits for.
      onFailure(() => void making.then(dispose, () => undefined));
      const instance = await making;
      refuseAborted(options.signal);
      return instance;
    });
  };
  return explained(load) as Load;
}
