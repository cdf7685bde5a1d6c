import { explained } from "./errors/explain.ts";
import type * as step from "./instance/index.ts";
import type { Early, Needs } from "./instance/index.ts";
import { instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { fetchChunk, keepChunk } from "./platform/chunk.ts";
import type { Platform } from "./platform/platform.ts";
import type { Instance, Load, Shape } from "./public/index.ts";
import type { ReadShape } from "./reflect/index.ts";
import { abortable, compileSource, refuseAborted } from "./source/index.ts";

const dispose = (instance: Instance): void => {
  instance.dispose();
};

/** The step after a module is compiled, which also reads modules. */
type Step = typeof step;

/**
 * Makes a platform's `load`.
 *
 * @param platform - The platform.
 * @param askStep - Returns the step to instances, or a promise of it until it is at hand.
 */
export function createLoad(
  platform: Platform,
  askStep: () => Step | Promise<Step> = keepChunk(() => import("./instance/index.ts")),
): Load {
  const load = async (source: Parameters<Load>[0], given?: Parameters<Load>[1]): Promise<Instance> => {
    const options = readOptions("load", given, [...sourceOptions, ...instantiateOptions]);
    // Fetched while the source is, and counts only if the module compiles. The binder is asked for again once the module is known.
    const step = askStep();
    if (options.api) fetchChunk(() => import("./instance/binder.ts")).catch(() => undefined);
    const fetchNeeds = async (shape: Omit<Shape, "advice">): Promise<Needs> => {
      const { fetchAdapters, fetchChunks } = await step;
      const fetched = [fetchChunks(shape, options), fetchAdapters(shape, options, { isShared: false })] as const;
      const [chunks, adapters] = await Promise.all(fetched);
      return { chunks, adapters, plans: new WeakMap() };
    };
    const meetNeeds = async (read: ReadShape, bytes: Uint8Array | undefined): Promise<Needs> => {
      // Bytes that the reader did not have to copy may change after this turn, in which the step is at hand as well.
      const asked = askStep();
      const { identifyEarly, planEarly } = asked instanceof Promise ? await asked : asked;
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
      askStep,
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
