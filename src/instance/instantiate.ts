import { refusedError } from "../errors/refused.ts";
import { invalidOption } from "../errors/invalid.ts";
import { memberOf } from "../base/own.ts";
import { isBuiltIn, isShortage, isTrap, messageOf, forbidsCompiling } from "../errors/caught.ts";
import { warnBy } from "../platform/finalization.ts";
import { requireEngine } from "../platform/engine.ts";
import { loadError } from "../errors/load-error.ts";
import { importMismatch, importObject, type Resolved, resolveImports } from "../imports/index.ts";
import { userImports } from "../imports/user-imports.ts";
import { type Chunks, fetchExtras, restarts } from "./chunks.ts";
import type { Beginning, Life, NextLife } from "./life.ts";
import type { Succession } from "./restart/succession.ts";
import type {
  Adapter,
  BuiltinOptions,
  Convention,
  ExportedFunction,
  ImportFunction,
  ImportShape,
  Instance,
  InstantiateOptions,
  ProvideContext,
  Shape,
  ValueType,
} from "../public/index.ts";
import type { BoundApi } from "../bind/index.ts";
import type { KnownExport } from "../toolchains/known-exports.ts";
import { adapterLine, hintFor } from "../toolchains/hints.ts";
import { answerOf, unwindsModule } from "../toolchains/registry.ts";
import { bindInterface, type BindTarget, completeChunks } from "./bind-interface.ts";
import { trapError } from "./guard.ts";
import { initialize } from "./initialize.ts";
import { createLife } from "./create-life.ts";
import { fetchHosting, lacksHosting, linkHosts } from "./link-hosts.ts";
import type { Trampolines } from "../binary/trampoline.ts";

/** A compiled module with the state that its instances share. */
export interface Instantiable extends BindTarget {
  /** The adapters that provide its imports, in the order in which they are asked. */
  readonly adapters: readonly Adapter[];
  readonly raw: WebAssembly.Module;
  /** The toolchain that its bytes show. */
  readonly madeBy: string;
  readonly trampolines: Trampolines;
  /** The exports that linkers and C libraries add to it. */
  readonly knownExports: ReadonlySet<KnownExport>;
}

/**
 * Makes an instance: resolves its imports, lets the engine instantiate, and runs the initializers.
 *
 * @param module - The compiled module.
 * @param options - Imports, policies and limits, already checked.
 * @param chunks - The chunks that the module needs.
 */
export async function instantiate(
  module: Instantiable,
  options: InstantiateOptions & BuiltinOptions,
  chunks: Chunks,
): Promise<Instance> {
  return (await beginLives(module, options, chunks)).instance;
}

/** The same, but also returns the lives behind the instance. */
export async function beginLives(
  module: Instantiable,
  options: InstantiateOptions & BuiltinOptions,
  chunks: Chunks,
): Promise<Beginning> {
  const beginning = prepare(module, options, await completeChunks(module, chunks, options));
  await beginning.begin();
  return beginning;
}

/**
 * Makes an instance synchronously.
 *
 * @param module - The compiled module.
 * @param options - Imports, policies and limits, already checked.
 * @param chunks - The chunks that the module needs.
 */
export function instantiateSync(
  module: Instantiable,
  options: InstantiateOptions & BuiltinOptions,
  chunks: Chunks,
): Instance {
  const { instance, beginSync } = prepare(module, options, chunks);
  const pending = beginSync();
  if (pending) {
    // The call fails here, so the promise's outcome no longer matters.
    pending.catch(() => undefined);
    instance.dispose();
    throw invalidOption(
      "instantiateSync",
      "what initialize returns",
      "no promise, since a synchronous call cannot wait: load or instantiate asynchronously",
      pending,
    );
  }
  return instance;
}

function prepare(module: Instantiable, options: InstantiateOptions & BuiltinOptions, chunks: Chunks): Beginning {
  const bound = bindInterface(options.api, module, chunks, {
    allocator: options.allocator,
    isIdentified: options.fingerprint !== undefined,
    warn: warnBy(options),
    isLogged: options.ledger !== undefined,
    onBusy: options.onBusy,
  });
  // A chunk that the first life fetches is at hand for those that follow.
  const kept: KeptChunks = { ...chunks };
  const beginning =
    restarts(options) && chunks.extras
      ? chunks.extras.createLives(
          (succession) => prepareLife(module, options, kept, bound, succession),
          options,
          chunks.messages,
        )
      : prepareLife(module, options, kept, bound);
  bound?.of(beginning.instance);
  return beginning;
}

/** The chunks at hand. */
type KeptChunks = { -readonly [Name in keyof Chunks]: Chunks[Name] };

function prepareLife(
  { raw, shape, toolchain, adapter, adapters, madeBy, trampolines, knownExports }: Instantiable,
  options: InstantiateOptions & BuiltinOptions,
  chunks: KeptChunks,
  bound: BoundApi | undefined,
  succession?: Succession,
): NextLife {
  const life = createLife({ shape, options, madeBy, trampolines, knownExports, chunks, bound, succession });
  const { instance } = life;
  const given = userImports("instantiate", options.imports, instance);
  const meanings = chunks.extras?.createMeanings(options);
  // One object for each life: adapters tell lives apart by it.
  const provided = {
    instance,
    shape,
    module: raw,
    exports: () => life.exports("the exports"),
    objects: bound?.objects,
    guard: (name: string, call: ExportedFunction) => life.guardCall(name, call),
    continuation: (call: ImportFunction) => life.continuation(call),
    byMeaning: meanings?.find,
    warn: warnBy(options),
    limits: options.limits,
    allocator: options.allocator === "grow" ? undefined : options.allocator,
  };
  const context = {
    shape,
    adapters,
    life: provided,
    options,
    given,
    builtins: chunks.builtins?.beginBuiltins(raw, options),
    externs: chunks.extras,
    patterns: new Map(),
    needsMeanings: meanings !== undefined,
    stubs: { warn: warnBy(options), threw: life.guard.stubThrew, answerOf },
    hintFor: hintsFor(shape, adapter !== undefined, options.builtins !== undefined),
    described: new Map(),
  };
  const resolved = resolveImports(context);
  meanings?.refuseUnused(adapter ? undefined : adapterLine(shape));
  life.resolve(resolved);
  let linked: readonly Resolved[] = resolved;
  const link = (): WebAssembly.Imports => {
    const { allocator, api, trace } = options;
    const { extras } = chunks;
    const watch = trace && extras ? (one: Resolved) => extras.traced(one, trace) : undefined;
    linked = linkHosts(resolved, { shape, toolchain, adapter, allocator, api, bound, life }, chunks);
    life.resolve(linked);
    return importObject(life.ownsCalls ? ownCalls(life, linked, shape, chunks) : linked, watch);
  };
  const start = (made: WebAssembly.Instance): Promise<void> | undefined => {
    const { exports } = made;
    life.begin(made, () => adapter && attach(adapter, provided));
    const { convention, guard } = life;
    const calleeOf = succession ? undefined : guard.calleeOf;
    const of = { instance, exports, guard: guard.wrap, memory: () => life.parts.cMemory };
    life.pending = bound?.begin(convention && memberOf(convention, "life"), of, calleeOf, life.log, guard.calls);
    const pending = initialize({
      knownExports,
      exports,
      instance,
      option: options.initialize,
      last: convention && memberOf(convention, "initializer"),
    });
    const end = (): void => {
      life.initialized();
      // An initializer may have disposed of the instance, which is then unusable.
      life.exports("the exports");
    };
    if (pending) return pending.then(end);
    end();
    return undefined;
  };
  const next: NextLife = {
    instance,
    lives: life,
    async begin() {
      requireEngine("instantiate");
      if (lacksHosting(resolved, chunks)) Object.assign(chunks, await fetchHosting(chunks));
      const imports = link();
      let made: WebAssembly.Instance;
      try {
        made = await WebAssembly.instantiate(raw, imports);
      } catch (error) {
        const externs = chunks.extras ?? (await fetchExtras());
        throw failureOf(error, linked, shape, externs);
      }
      await start(made);
    },
    beginSync() {
      requireEngine("Instance");
      // Only a life that follows another can lack them here, and it may begin later.
      if (lacksHosting(resolved, chunks)) return next.begin();
      const imports = link();
      let made: WebAssembly.Instance;
      try {
        made = new WebAssembly.Instance(raw, imports);
      } catch (error) {
        throw failureOf(error, linked, shape, chunks.extras);
      }
      return start(made);
    },
  };
  return next;
}

/** Makes the function that describes missing imports. It outlives the life, of which it must hold nothing. */
function hintsFor(
  shape: Shape,
  hasAdapter: boolean,
  hasBuiltins: boolean,
): (wanted: ImportShape) => string | undefined {
  return (wanted) => hintFor(wanted, shape, hasAdapter, hasBuiltins);
}

/** Wraps the functions among the imports for a life. Fails with `import-mismatch`. */
function ownCalls(life: Life, resolved: readonly Resolved[], shape: Shape, { extras }: Chunks): readonly Resolved[] {
  // The engine does not compare the type of a function that is wrapped.
  const misfit = extras?.findMisfit(
    resolved.filter((one) => extras.isExported(one.value) && isGiven(one)).map(toGiven),
    shape,
  );
  if (misfit && extras) throw importMismatch(misfit.wanted, extras.describeSeen(misfit.value, misfit.wanted));
  return resolved.map((one) => one.with(life.ownCall(one.value, resultsOf(one.wanted), isUnwinding(one))));
}

function resultsOf({ kind, type }: ImportShape): readonly ValueType[] | undefined {
  return kind === "function" ? type?.results : undefined;
}

function isUnwinding({ wanted, unwinds }: Resolved): boolean {
  return unwinds === true || unwindsModule(wanted);
}

/** Attaches an adapter, which anyone can write. */
function attach(adapter: Adapter, provided: ProvideContext): Convention | undefined {
  const convention: unknown = memberOf(adapter, "attach")?.call(adapter, provided.instance, provided);
  if (convention === undefined || (typeof convention === "object" && convention !== null)) {
    return convention;
  }
  throw invalidOption("instantiate", "what attach of an adapter returns", "a convention or undefined", convention);
}

/** Converts an error that the engine threw while instantiating; errors of an import pass through. */
function failureOf(error: unknown, resolved: readonly Resolved[], shape: Shape, externs: Chunks["extras"]): unknown {
  if (isTrap(error)) return trapError("(start)", error);
  if (isBuiltIn(error, "LinkError")) {
    // The engine names one import in its own words. Probing them one by one tells which.
    const misfit = externs?.findMisfit(resolved.filter(isGiven).map(toGiven), shape);
    return misfit && externs
      ? importMismatch(misfit.wanted, externs.describeSeen(misfit.value, misfit.wanted), error)
      : loadError("link-failed", {}, error);
  }
  // WebKit applies a page's policy here. Any other such error can only come from an import that the start function called.
  if (isBuiltIn(error, "CompileError") && (!startsWithCalls(shape) || forbidsCompiling(messageOf(error)))) {
    return refusedError(error);
  }
  // This is not an import's error: the start function may call an import that makes or grows a memory.
  if (isShortage(error)) return loadError("out-of-memory", {}, error);
  const isRefused = isBuiltIn(error, "RangeError") && /disallowed|main thread/i.test(messageOf(error));
  return isRefused ? loadError("sync-too-large", {}, error) : error;
}

function isGiven(one: Resolved): boolean {
  return one.wanted.type !== undefined && ["user", "adapter", "polyfill"].includes(one.provider);
}

function toGiven({ wanted, value }: Resolved): { readonly wanted: ImportShape; readonly value: unknown } {
  return { wanted, value };
}

/** Whether instantiating may call an import. This is unknown for a module whose bytes were never read. */
function startsWithCalls({ complete, start }: Shape): boolean {
  return !complete || start !== undefined;
}
