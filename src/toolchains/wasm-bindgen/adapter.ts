import { ownTree } from "../../base/own.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { Adapter, Deferred, ImportShape, ProvideContext, Shape } from "../../public/index.ts";
import { shimsFor } from "./closures.ts";
import { readClosure } from "./codes.ts";
import type { Identify, Tables } from "./known/index.ts";
import { createCalling } from "./calling.ts";
import type { createHosting } from "./hosting.ts";
import { beginRuntime } from "./begin-runtime.ts";
import { identifyNothing } from "./known/identify-nothing.ts";
import { intrinsicName, intrinsics } from "./intrinsics.ts";
import type { WasmBindgenKnown, WasmBindgenOptions } from "./options.ts";
import { findPanicHooks } from "./panic-hooks.ts";
import { planImports, type ImportPlan } from "./plan.ts";
import { isExceptionTag, readVersion } from "./abi.ts";
import { exceptionTag } from "./exception-tag.ts";
import { isHashed } from "./toolchain-names.ts";
import type { Planned } from "./planned.ts";
import type { Readings } from "./readings.ts";
import type { Runtime } from "./runtime.ts";
import { combineStatements, readKnown, type Statements } from "./statements.ts";
import { adviseTakers, type Taker } from "./takers.ts";

/** The knowledge of imports that only modules need whose imports are not all stated. */
export interface KnowledgeSource {
  /** The knowledge by name and hash, if it is at hand. */
  readonly tables: Tables | undefined;
  /** Fetches it. Errors: `chunk-unavailable`. */
  readonly fetch: () => Promise<Tables>;
  /** The functions that read a module's bytes, if they are at hand. */
  readonly readings: Readings | undefined;
  /** Fetches them. Errors: `chunk-unavailable`. */
  readonly fetchReadings: () => Promise<Readings>;
  /** Makes host functions for imports, if any may be served by them. */
  readonly createHosting: typeof createHosting | undefined;
}

/**
 * Makes the adapter for modules written by the CLI of wasm-bindgen 0.2.68 and later.
 *
 * @param source - The knowledge of imports.
 * @param given - The user's statements.
 * @param known - What is known of the module, if the adapter is for a single one.
 * @param isIdentified - Whether that is of this very module.
 */
export function createAdapter(
  source: KnowledgeSource,
  given: WasmBindgenOptions = {},
  known?: WasmBindgenKnown,
  isIdentified = false,
): Adapter {
  const statements = combineStatements(ownTree(given), known, isIdentified);
  const stated = known && identifyNothing(known.version);
  let { tables, readings } = source;
  // All instances of a module share its plan, which is released with the module.
  const plans = new WeakMap<Shape["imports"], ImportPlan>();
  const runtimes = new WeakMap<ProvideContext, Runtime>();
  const unprocessed = new WeakMap<Shape, boolean>();
  const isUnprocessed = (shape: Shape): boolean => {
    const known = unprocessed.get(shape) ?? looksUnprocessed(shape);
    unprocessed.set(shape, known);
    return known;
  };
  const planOf = (shape: Shape): ImportPlan => {
    // A module's shape is copied to add the toolchain's name or more advice, but its imports are shared.
    const known = plans.get(shape.imports);
    if (known) return known;
    const unsupported = unsupportedIn(shape);
    if (unsupported) throw unsupported;
    const first = stated && planImports(shape, stated, statements, readings);
    const isEnough = first && !(tables && openIn(shape, statements).some((one) => !first.planned(one)?.make));
    const made = isEnough
      ? first
      : planImports(shape, tables ? tables.identify(shape) : identifyNothing(undefined), statements, readings);
    if (!statements.areReadLater) refuseMisstated(shape, made, statements);
    plans.set(shape.imports, made);
    return made;
  };
  const runtimeOf = (context: ProvideContext): Runtime => {
    const known = runtimes.get(context);
    if (known) return known;
    const made = beginRuntime(planOf(context.shape).abi, context);
    runtimes.set(context, made);
    return made;
  };
  const plannedFor = (wanted: ImportShape, { shape }: ProvideContext) => planOf(shape).planned(wanted);
  return {
    name: "wasm-bindgen",
    detect: ({ toolchain }) => (toolchain.name === "wasm-bindgen" ? toolchain : undefined),
    withKnown: (facts, isThis) =>
      createAdapter({ ...source, tables, readings }, given, readKnown(facts, isThis), isThis),
    prepare: async (shape) => {
      if (isUnprocessed(shape)) return;
      if (tables || !isRead(shape, statements)) readings ??= await source.fetchReadings();
      if (stated && isStated(shape, statements)) return;
      const lacking = stated
        ? openIn(shape, statements).filter(isUnknown(shape, stated, statements, readings))
        : openBeyondOwn(shape, statements);
      if (lacking.length === 0) return;
      tables ??= await source.fetch();
      readings ??= await source.fetchReadings();
      await tables.complete(shape, lacking, (identify) => isUnknown(shape, identify, statements, readings));
    },
    defer(wanted, { shape }) {
      if (isUnprocessed(shape)) return undefined;
      const { planned } = planOf(shape);
      return () => describePlanned(planned(wanted));
    },
    provide(wanted, context) {
      if (isUnprocessed(context.shape)) return undefined;
      if (isExceptionTag(wanted))
        return { value: exceptionTag(), evidence: "the engine's tag of what JavaScript throws" };
      const planned = plannedFor(wanted, context);
      // Only a meaning that is read later can be found here. Without this a stub would stand in its place.
      if (planned?.misstated) throw misstatement(wanted, planned.misstated, statements);
      if (!planned?.make) return undefined;
      const { make, meaning, evidence } = planned;
      if (!meaning) return { value: make(runtimeOf(context)), evidence };
      const given = context.byMeaning?.(meaning.text);
      return {
        value: make(runtimeOf(context), given && meaning.actionBy(given)),
        evidence: given ? `${evidence}; the function was given by meaning` : evidence,
        meaning: meaning.text,
      };
    },
    hint(wanted, context) {
      if (isUnprocessed(context.shape)) return unprocessedHint;
      return plannedFor(wanted, context)?.hint;
    },
    advise: (shape) => {
      if (isUnprocessed(shape)) return [];
      const isTold = (one: ImportShape) => tellsTask(one, statements);
      if (unsupportedIn(shape)) return readings?.closureAdvice(shape, isTold, () => new Set()) ?? [];
      const plan = (): ImportPlan => planOf(shape);
      // Then each import that makes closures or casts is stated.
      if (!readings) return adviseTakers(takersIn(shape, plan()));
      return readings.closureAdvice(
        shape,
        isTold,
        () => plan().decided(),
        () => takersIn(shape, plan()),
      );
    },
    calling: (shape) => {
      const { abi } = planOf(shape);
      return { ...createCalling(abi), hosting: source.createHosting?.(abi, shape) };
    },
    // Without the CLI's part of the module, its functions of C are all that can be called.
    attach: (_, context) => (isUnprocessed(context.shape) ? {} : runtimeOf(context).convention),
  };
}

/** Returns the imports that take closures which it is not known how to run. */
function takersIn({ imports }: Shape, { abi, planned }: ImportPlan): readonly Taker[] {
  return imports.flatMap((one) => {
    const code = planned(one)?.takes;
    const signature = code === undefined ? undefined : readClosure(code);
    if (code === undefined || !signature) return [];
    return [{ name: one.name, code, runners: shimsFor(abi, signature).map(({ name }) => name) }];
  });
}

/** Describes what is provided for an import, or why nothing is. */
function describePlanned(planned: Planned | undefined): Deferred {
  if (!planned?.make) return { hint: planned?.hint };
  return { evidence: planned.evidence, meaning: planned.meaning?.text };
}

/** Fails with `invalid-option` if a statement does not fit its import. */
function refuseMisstated({ imports }: Shape, { planned }: ImportPlan, statements: Statements): void {
  for (const one of imports) {
    const { name } = one;
    if (!Object.hasOwn(statements.meanings, name) && !Object.hasOwn(statements.casts, name)) continue;
    const misstated = planned(one)?.misstated;
    if (misstated) throw misstatement(one, misstated, statements);
  }
}

/** Makes the error of a statement that does not fit its import. */
function misstatement(
  { name }: ImportShape,
  { option, expected }: NonNullable<Planned["misstated"]>,
  statements: Statements,
): UnglueError<"invalid-option"> {
  return statements.refuse(`${option}[${JSON.stringify(name)}]`, expected, statements[option][name]);
}

/** Whether each import with a hash is stated, or wasm-bindgen's own. A plan would tell more, and takes longer. */
function isStated(shape: Shape, statements: Statements): boolean {
  return openIn(shape, statements).every((one) => Object.hasOwn(statements.meanings, one.name) || isIntrinsic(one));
}

/**
 * Whether no import is left whose task the module's bytes may tell: one that makes closures or casts, or has a hash that
 * nothing is stated of.
 */
function isRead(shape: Shape, statements: Statements): boolean {
  const { meanings, holes } = statements;
  const hooks = findPanicHooks(shape.imports);
  return shape.imports.every((one) => {
    const { name } = one;
    if (/^__wbindgen_(closure_wrapper|cast_|generic_)/.test(name)) return tellsTask(one, statements);
    return !isHashed(one) || Object.hasOwn(meanings, name) || holes.has(name) || isIntrinsic(one) || hooks.has(one);
  });
}

/** Whether a statement tells the task of an import that makes closures or casts, or that it is a hole. A cast may run any function. */
function tellsTask({ name }: ImportShape, { meanings, casts, closures, holes }: Statements): boolean {
  return holes.has(name) || [casts, closures, meanings].some((stated) => Object.hasOwn(stated, name));
}

function isIntrinsic({ name }: Pick<ImportShape, "name">): boolean {
  const short = intrinsicName(name);
  return short !== undefined && intrinsics.has(short);
}

/** Returns the imports that a table may know. */
function openIn({ imports }: Shape, { holes }: Statements): readonly ImportShape[] {
  return imports.filter((one) => isHashed(one) && !holes.has(one.name));
}

/** Returns those that are not known to be wasm-bindgen's own. A hash of these tells the version if nothing states it. */
function openBeyondOwn(shape: Shape, statements: Statements): readonly ImportShape[] {
  const open = openIn(shape, statements);
  if (readVersion(shape) === undefined || !isEmpty(statements)) return open;
  const hooks = findPanicHooks(shape.imports);
  return open.filter((one) => !isIntrinsic(one) && !hooks.has(one));
}

function isEmpty({ meanings, casts, closures }: Statements): boolean {
  return [meanings, casts, closures].every((stated) => Object.keys(stated).length === 0);
}

/** Makes the function that tells which imports need more knowledge. */
function isUnknown(
  shape: Shape,
  identify: Identify,
  statements: Statements,
  readings: Readings | undefined,
): (wanted: ImportShape) => boolean {
  if (isEmpty(statements)) {
    // Without statements, an import is wasm-bindgen's own by its name, or the tables know it. A part is fetched in vain if they
    // know it by an unlikely version, which takes longer to find.
    const hooks = findPanicHooks(shape.imports);
    return (wanted) => !isIntrinsic(wanted) && !hooks.has(wanted) && !identify.isLikely(wanted);
  }
  try {
    const { planned } = planImports(shape, identify, statements, readings);
    return (wanted) => planned(wanted)?.make === undefined;
  } catch {
    // A statement may fit only declarations of another table. If it fits none, the plan with all tables fails again.
    return () => true;
  }
}

const unprocessedHint =
  "The module is what cargo built, and the wasm-bindgen CLI has not run on it, which gives this import its meaning. Run " +
  '`wasm-bindgen --target web` and load the `_bg.wasm`, or call only functions of extern "C" that do not need it.';

/**
 * Whether the CLI has not run on a module. While the module streams, only its imports are known. The advice says the same, but
 * reading it may take a search.
 */
function looksUnprocessed({
  customSections = [],
  exports = [],
  imports,
}: Partial<Shape> & Pick<Shape, "imports">): boolean {
  return (
    customSections.some(({ name }) => name.startsWith("__wasm_bindgen_unstable")) ||
    exports.some(({ name }) => name.startsWith("__wbindgen_describe")) ||
    imports.some(
      ({ module, name }) => module === "__wbindgen_externref_xform__" || name.startsWith("__wbindgen_describe"),
    )
  );
}

/** Makes the error of an unsupported module. */
function unsupportedIn(shape: Shape): UnglueError<"unsupported-module"> | undefined {
  const { imports } = shape;
  if (looksUnprocessed(shape)) {
    const message = shape.advice.find(({ code }) => code === "unprocessed")?.message ?? unprocessedHint;
    return new UnglueError("unsupported-module", message, { toolchain: "wasm-bindgen", feature: "unprocessed" });
  }
  if (imports.some((wanted) => wanted.kind === "memory" && wanted.type?.shared)) {
    return new UnglueError(
      "unsupported-module",
      "This wasm-bindgen module was built for threads: it imports a shared memory and starts workers of its own. That is not " +
        "supported. Build it without the target features atomics and bulk-memory, and make an instance in each worker.",
      { toolchain: "wasm-bindgen", feature: "threads" },
    );
  }
  return undefined;
}
