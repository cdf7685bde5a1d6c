import { instantiate, withAdapter } from "./instance/index.ts";
import { instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { fetchParts, type Parts } from "./instance/parts.ts";
import type { Platform } from "./platform/platform.ts";
import { abortable, compileSource, refuseAborted } from "./source/index.ts";
import type { Instance, Load } from "./public/index.ts";
import { inWords } from "./errors/words.ts";

const dispose = (instance: Instance): void => {
  instance.dispose();
};

/** Makes a platform's `load`. */
export function createLoad(platform: Platform): Load {
  const load = async (source: Parameters<Load>[0], given?: Parameters<Load>[1]): Promise<Instance> => {
    const options = readOptions("load", given, [...sourceOptions, ...instantiateOptions]);
    let parts: Promise<Parts> | undefined;
    const compiled = await compileSource(platform, source, options, (shape) => {
      parts = fetchParts({ ...shape, advice: [] }, options);
      // It counts only if the module compiles.
      parts.catch(() => undefined);
    });
    const needed = await (parts ?? fetchParts(compiled.shape, options));
    return abortable(options.signal, async ({ onFailure }) => {
      const making = instantiate(withAdapter(compiled, needed.adapters), options, needed);
      // An abort does not wait for what the option `initialize` waits for.
      onFailure(() => void making.then(dispose, () => undefined));
      const instance = await making;
      refuseAborted(options.signal);
      return instance;
    });
  };
  return inWords(load) as Load;
}
