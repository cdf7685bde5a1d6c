import { instantiate, withAdapter } from "./instance/index.ts";
import { instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { fetchParts } from "./parts.ts";
import type { Platform } from "./platform/platform.ts";
import { compileSource, refuseAborted } from "./source/index.ts";
import type { Instance, Load } from "./types/index.ts";
import { inWords } from "./words.ts";

/** Makes a platform's `load`. */
export function createLoad(platform: Platform): Load {
  const load = async (source: Parameters<Load>[0], given?: Parameters<Load>[1]): Promise<Instance> => {
    const options = readOptions("load", given, [...sourceOptions, ...instantiateOptions]);
    const module = withAdapter(await compileSource(platform, source, options), options.adapters);
    const instance = await instantiate(module, options, await fetchParts(module.shape));
    refuseAborted(options.signal);
    return instance;
  };
  return inWords(load) as Load;
}
