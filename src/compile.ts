import { explain, explained } from "./errors/explain.ts";
import { messages } from "./errors/messages/index.ts";
import { beginLives, instantiate, instantiateSync, withAdapter } from "./instance/index.ts";
import { compileSyncOptions, instantiateOptions, readOptions, sourceOptions } from "./options.ts";
import { ownMembers } from "./base/own.ts";
import { instanceBuiltins } from "./builtins/declared.ts";
import { readBuiltins } from "./builtins/index.ts";
import { allChunks } from "./instance/all-chunks.ts";
import { createInstantiables, type Described, refuseForeign } from "./instance/instantiables.ts";
import { lendable } from "./instance/lend.ts";
import * as declaration from "./reflect/declaration.ts";
import { fetchAdapters, inform, refuseDropped } from "./toolchains/adapters.ts";
import type { Platform } from "./platform/platform.ts";
import { moduleFacts, preview } from "./base/preview.ts";
import { createPool, readPoolOptions, readTakeOptions } from "./pool/index.ts";
import { compileSource } from "./source/index.ts";
import * as reader from "./source/reader.ts";
import { compileSourceSync } from "./source/sync.ts";
import { advise } from "./toolchains/advice.ts";
import { identifyCompiled, identifyModule } from "./toolchains/identify.ts";
import type {
  Adapter,
  BuiltinOptions,
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
    refuseDropped("compile", options);
    const compiled = await compileSource(
      platform,
      source,
      options,
      () => undefined,
      () => reader,
    );
    const shape = await identifyModule(compiled, options);
    return createModule({ ...compiled, shape }, await fetchAdapters(shape, options, { isShared: true }), options);
  });
}

/** Makes a platform's `compileSync`. */
export function createCompileSync(platform: Platform): CompileSync {
  return explainedSync((source, given) => {
    const options = readOptions("compileSync", given, compileSyncOptions);
    refuseDropped("compileSync", options);
    const compiled = compileAtHand(platform, source, options);
    return createModule(compiled, options.adapters, options);
  });
}

/** Makes a platform's `loadSync`. */
export function createLoadSync(platform: Platform): LoadSync {
  const loadSync = (source: Parameters<LoadSync>[0], given?: Parameters<LoadSync>[1]): Instance => {
    const options = readOptions("loadSync", given, [...compileSyncOptions, ...instantiateOptions]);
    refuseDropped("loadSync", options);
    const compiled = compileAtHand(platform, source, options);
    const adapters = inform(options.adapters ?? [], options);
    return instantiateSync(withAdapter(compiled, adapters, options), options, allChunks);
  };
  return explainedSync(loadSync) as LoadSync;
}

/** Compiles what is at hand, and tells its toolchain. */
function compileAtHand(
  platform: Platform,
  source: Parameters<CompileSync>[0],
  options: BuiltinOptions & Pick<LoadOptions, "fingerprint" | "limits" | "shape">,
): Described {
  const terms = { limiter: createLimiter(options.limits), builtins: readBuiltins(options) };
  const { given, ...read } = compileSourceSync(platform, source, options, terms, declaration);
  if (!read.isBare) refuseForeign(read.shape, options);
  return { ...read, shape: given ?? advise(identifyCompiled({ ...read, given })) };
}

function createModule(
  compiled: Described,
  adapters: readonly Adapter[] | undefined,
  given: CompileSyncOptions,
): Module {
  const instantiables = createInstantiables(compiled, adapters, given);
  const { raw, shape } = instantiables.first;
  const completed = <Options extends InstantiateOptions>(call: string, options: Options): Options => {
    const limits = mergeLimits(given.limits, options.limits);
    if (options.limits) createLimiter(limits)?.requireCapped(shape);
    const known = options.known ?? given.known;
    return ownMembers({
      ...options,
      ...(limits && { limits }),
      ...(known && { known }),
      ...instanceBuiltins(call, options, given, compiled.isBare),
    });
  };
  const make = async (given?: InstantiateOptions) => {
    const options = completed("instantiate", readOptions("instantiate", given, instantiateOptions));
    return instantiate(await instantiables.fetch(options), options, allChunks);
  };
  const makeSync = (given?: InstantiateOptions) => {
    const options = completed("instantiateSync", readOptions("instantiateSync", given, instantiateOptions));
    return instantiateSync(instantiables.of(options), options, allChunks);
  };
  const pool = (given: PoolOptions): Pool => {
    const options = completed("pool", readPoolOptions(given));
    instantiables.refuseForeign(options);
    return createPool({
      make: explained(async () => lendable(await beginLives(await instantiables.fetch(options), options, allChunks))),
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
function mergeLimits(compiled: Limits | undefined, given: Limits | undefined): Limits | undefined {
  if (!given) return compiled;
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
