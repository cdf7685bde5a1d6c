import { explained } from "./errors/explain.ts";
import type { Early, Needs } from "./instance/index.ts";
import { instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { fetchChunk, keepChunk } from "./platform/chunk.ts";
import type { Platform } from "./platform/platform.ts";
import type { Instance, Load, Shape } from "./public/index.ts";
import type { ReadShape } from "./reflect/index.ts";
import { abortable, compileSource, keepReader, refuseAborted } from "./source/index.ts";

const dispose = (instance: Instance): void => {
  instance.dispose();
};

/** Makes a platform's `load`. */
export function createLoad(platform: Platform): Load {
  const askReader = keepReader();
  const askStep = keepChunk(() => import("./instance/index.ts"));
  const load = async (source: Parameters<Load>[0], given?: Parameters<Load>[1]): Promise<Instance> => {
    const options = readOptions("load", given, [...sourceOptions, ...instantiateOptions]);
    // Fetched while the source is, and counts only if the module compiles. The binder is asked for again once the module is known.
    const step = askStep();
    if (step instanceof Promise) step.catch(() => undefined);
    if (options.api) fetchChunk(() => import("./instance/binder.ts")).catch(() => undefined);
    const fetchNeeds = async (shape: Omit<Shape, "advice">): Promise<Needs> => {
      const { fetchAdapters, fetchChunks } = await step;
      const fetched = [fetchChunks(shape, options), fetchAdapters(shape, options, { isShared: false })] as const;
      const [chunks, adapters] = await Promise.all(fetched);
      return { chunks, adapters, plans: new WeakMap() };
    };
    const meetNeeds = async (read: ReadShape, bytes: Uint8Array | undefined): Promise<Needs> => {
      const { identifyEarly, planEarly } = await step;
      early = identifyEarly(read, bytes);
      const fetched = await fetchNeeds(early.identified);
      return bytes ? planEarly(early.identified, fetched, options) : fetched;
    };
    let early: Early | undefined;
    let needs: Promise<Needs> | undefined;
    const compiled = await compileSource(
      platform,
      source,
      options,
      (read, bytes) => {
        needs = meetNeeds(read, bytes);
        needs.catch(() => undefined);
      },
      askReader,
    );
    const { module } = compiled;
    const { identifyModule, instantiate, withAdapter } = await step;
    const shape = await identifyModule(compiled, options, early);
    const { chunks, adapters, plans } = await (needs ?? fetchNeeds(shape));
    return abortable(options.signal, async ({ onFailure }) => {
      const making = instantiate(withAdapter({ module, shape }, adapters, options, plans), options, chunks);
      // An abort does not wait for what the option `initialize` waits for.
      onFailure(() => void making.then(dispose, () => undefined));
      const instance = await making;
      refuseAborted(options.signal);
      return instance;
    });
  };
  return explained(load) as Load;
}
