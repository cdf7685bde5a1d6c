import { explain } from "./explain/index.ts";
import { instantiate, instantiateSync, withAdapter } from "./instance/index.ts";
import { compileSyncOptions, instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { allParts } from "./all-parts.ts";
import { fetchAdapters } from "./parts.ts";
import type { Platform } from "./platform/platform.ts";
import { type Compiled, compileSource, compileSourceSync } from "./source/index.ts";
import type { Adapter, Compile, CompileSync, Instance, InstantiateOptions, LoadSync, Module } from "./types/index.ts";
import { inWords } from "./words.ts";

// Whatever can be called synchronously is here, apart from `load`, because it cannot wait for a chunk.

/** Makes a platform's `compile`. */
export function createCompile(platform: Platform): Compile {
  return inWords(async (source, given) => {
    const options = readOptions("compile", given, sourceOptions);
    const compiled = await compileSource(platform, source, options);
    return createModule(compiled, await fetchAdapters(compiled.shape, options.adapters));
  });
}

/** Makes a platform's `compileSync`. */
export function createCompileSync(platform: Platform): CompileSync {
  return inWordsSync((source, given) => {
    const options = readOptions("compileSync", given, compileSyncOptions);
    return createModule(compileSourceSync(platform, source, options), options.adapters);
  });
}

/** Makes a platform's `loadSync`. */
export function createLoadSync(platform: Platform): LoadSync {
  const loadSync = (source: Parameters<LoadSync>[0], given?: Parameters<LoadSync>[1]): Instance => {
    const options = readOptions("loadSync", given, [...compileSyncOptions, ...instantiateOptions]);
    return instantiateSync(
      withAdapter(compileSourceSync(platform, source, options), options.adapters),
      options,
      allParts,
    );
  };
  return inWordsSync(loadSync) as LoadSync;
}

function createModule(compiled: Compiled, adapters: readonly Adapter[] | undefined): Module {
  const module = withAdapter(compiled, adapters);
  const { raw, shape } = module;
  const make = async (given?: InstantiateOptions) =>
    instantiate(module, readOptions("instantiate", given, instantiateOptions), allParts);
  const makeSync = (given?: InstantiateOptions) =>
    instantiateSync(module, readOptions("instantiateSync", given, instantiateOptions), allParts);
  return {
    raw,
    shape,
    instantiate: inWords(make) as Module["instantiate"],
    instantiateSync: inWordsSync(makeSync) as Module["instantiateSync"],
  };
}

/** A function whose failures are put into words at once. */
function inWordsSync<Args extends unknown[], Result>(call: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    try {
      return call(...args);
    } catch (failure) {
      throw explain(failure);
    }
  };
}
