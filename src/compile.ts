import { explain, explained } from "./errors/explain.ts";
import { messages } from "./errors/messages/index.ts";
import {
  beginLives,
  type Instantiable,
  instantiate,
  instantiateSync,
  type Known,
  withAdapter,
} from "./instance/index.ts";
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
  CompileSyncOptions,
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
    return createModule(known, await fetchAdapters(known.shape, options), options);
  });
}

/** Makes a platform's `compileSync`. */
export function createCompileSync(platform: Platform): CompileSync {
  return explainedSync((source, given) => {
    const options = readOptions("compileSync", given, compileSyncOptions);
    const compiled = compileAtHand(platform, source, options);
    return createModule(compiled, options.adapters, options);
  });
}

/** Makes a platform's `loadSync`. */
export function createLoadSync(platform: Platform): LoadSync {
  const loadSync = (source: Parameters<LoadSync>[0], given?: Parameters<LoadSync>[1]): Instance => {
    const options = readOptions("loadSync", given, [...compileSyncOptions, ...instantiateOptions]);
    const compiled = compileAtHand(platform, source, options);
    return instantiateSync(withAdapter(compiled, options.adapters, options.toolchain), options, allChunks);
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
  { limits: compiledLimits, toolchain: compiledFor }: CompileSyncOptions,
): Module {
  const module = withAdapter(compiled, adapters, compiledFor);
  const { raw, shape } = module;
  const byToolchain = new Map([[compiledFor, module]]);
  const forToolchain = (chosen: string | undefined, atHand = adapters): Instantiable => {
    const known = byToolchain.get(chosen ?? compiledFor);
    if (known) return known;
    const made = withAdapter(compiled, atHand, chosen);
    byToolchain.set(chosen, made);
    return made;
  };
  const fetchFor = async (chosen: string | undefined): Promise<Instantiable> =>
    byToolchain.has(chosen ?? compiledFor)
      ? forToolchain(chosen)
      : forToolchain(
          chosen,
          await fetchAdapters(compiled.shape, {
            adapters: adapters ?? [],
            ...(chosen !== undefined && { toolchain: chosen }),
          }),
        );
  const limited = <Options extends InstantiateOptions>(options: Options): Options => {
    if (!options.limits) return compiledLimits ? ownMembers({ ...options, limits: compiledLimits }) : options;
    const limits = mergeLimits(compiledLimits, options.limits);
    createLimiter(limits)?.requireCapped(shape);
    return ownMembers({ ...options, limits });
  };
  const make = async (given?: InstantiateOptions) => {
    const options = limited(readOptions("instantiate", given, instantiateOptions));
    return instantiate(await fetchFor(options.toolchain), options, allChunks);
  };
  const makeSync = (given?: InstantiateOptions) => {
    const options = limited(readOptions("instantiateSync", given, instantiateOptions));
    return instantiateSync(forToolchain(options.toolchain), options, allChunks);
  };
  const pool = (given: PoolOptions): Pool => {
    const options = limited(readPoolOptions(given));
    return createPool({
      make: explained(async () => lendable(await beginLives(await fetchFor(options.toolchain), options, allChunks))),
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
