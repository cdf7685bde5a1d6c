import { explain, explained } from "./errors/explain.ts";
import { messages } from "./errors/messages/index.ts";
import { beginLives, instantiate, instantiateSync, type Known, withAdapter } from "./instance/index.ts";
import { compileSyncOptions, instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { ownMembers } from "./base/own.ts";
import { allChunks } from "./instance/all-chunks.ts";
import { lendable } from "./instance/lend.ts";
import { fetchAdapters } from "./toolchains/adapters.ts";
import type { Platform } from "./platform/platform.ts";
import { moduleFacts, preview } from "./base/preview.ts";
import { createPool, readPoolOptions, readTakeOptions } from "./pool/index.ts";
import { compileSource, compileSourceSync } from "./source/index.ts";
import { advise } from "./toolchains/advice.ts";
import { identifyCompiled, identifyModule } from "./toolchains/identify.ts";
import type {
  Adapter,
  Compile,
  CompileSync,
  Instance,
  InstantiateOptions,
  Limits,
  LoadOptions,
  LoadSync,
  Module,
  Pool,
  PoolOptions,
} from "./public/index.ts";
import { createLimiter } from "./binary/limiter.ts";

// Whatever can be called synchronously is here, apart from `load`, because it cannot wait for a chunk.

/** Makes a platform's `compile`. */
export function createCompile(platform: Platform): Compile {
  return explained(async (source, given) => {
    const options = readOptions("compile", given, sourceOptions);
    const compiled = await compileSource(platform, source, options);
    const known = { module: compiled.module, shape: await identifyModule(compiled) };
    return createModule(known, await fetchAdapters(known.shape, options.adapters), options.limits);
  });
}

/** Makes a platform's `compileSync`. */
export function createCompileSync(platform: Platform): CompileSync {
  return explainedSync((source, given) => {
    const options = readOptions("compileSync", given, compileSyncOptions);
    const compiled = compileAtHand(platform, source, options);
    return createModule(compiled, options.adapters, options.limits);
  });
}

/** Makes a platform's `loadSync`. */
export function createLoadSync(platform: Platform): LoadSync {
  const loadSync = (source: Parameters<LoadSync>[0], given?: Parameters<LoadSync>[1]): Instance => {
    const options = readOptions("loadSync", given, [...compileSyncOptions, ...instantiateOptions]);
    const compiled = compileAtHand(platform, source, options);
    return instantiateSync(withAdapter(compiled, options.adapters), options, allChunks);
  };
  return explainedSync(loadSync) as LoadSync;
}

/** Compiles what is at hand, and tells its toolchain. */
function compileAtHand(
  platform: Platform,
  source: Parameters<CompileSync>[0],
  options: Pick<LoadOptions, "limits" | "shape">,
): Known {
  const limiter = createLimiter(options.limits);
  const compiled = compileSourceSync(platform, source, options, limiter);
  return { module: compiled.module, shape: compiled.given ?? advise(identifyCompiled(compiled)) };
}

function createModule(
  compiled: Known,
  adapters: readonly Adapter[] | undefined,
  compiledLimits: Limits | undefined,
): Module {
  const module = withAdapter(compiled, adapters);
  const { raw, shape } = module;
  const limited = <Options extends InstantiateOptions>(options: Options): Options => {
    if (!options.limits) return compiledLimits ? ownMembers({ ...options, limits: compiledLimits }) : options;
    const limits = mergeLimits(compiledLimits, options.limits);
    createLimiter(limits)?.requireCapped(shape);
    return ownMembers({ ...options, limits });
  };
  const make = async (given?: InstantiateOptions) =>
    instantiate(module, limited(readOptions("instantiate", given, instantiateOptions)), allChunks);
  const makeSync = (given?: InstantiateOptions) =>
    instantiateSync(module, limited(readOptions("instantiateSync", given, instantiateOptions)), allChunks);
  const pool = (given: PoolOptions): Pool => {
    const options = limited(readPoolOptions(given));
    return createPool({
      make: explained(async () => lendable(await beginLives(module, options, allChunks))),
      options,
      readTakeOptions: explainedSync(readTakeOptions),
    });
  };
  const made: Module = {
    raw,
    shape,
    instantiate: explained(make) as Module["instantiate"],
    instantiateSync: explainedSync(makeSync) as Module["instantiateSync"],
    pool: explainedSync(pool) as Module["pool"],
  };
  return preview(made, "Module", () => moduleFacts(shape));
}

/** The limits of an instance over those of its module. One that is set to `undefined` is not set. */
function mergeLimits(compiled: Limits | undefined, given: Limits): Limits {
  const set = Object.entries(given).filter(([, limit]) => limit !== undefined);
  return ownMembers({ ...compiled, ...Object.fromEntries(set) });
}

/** Makes a synchronous function explain its errors. */
function explainedSync<Args extends unknown[], Result>(call: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      explain(error, messages);
      throw error;
    }
  };
}
