import { once } from "../../base/once.ts";
import type { ImportShape, Shape } from "../../public/index.ts";
import { type Abi, readAbi } from "./abi.ts";
import type { CastCode } from "./casts.ts";
import { createClosure, type KnownClosure } from "./closures.ts";
import type { Declaration } from "./known/index.ts";
import { actionOf, declarationText, type Meaning, meaningOf } from "./declared.ts";
import { type HelperFacts, settleHelpers } from "./settle-helpers.ts";
import { intrinsicName, intrinsics, oldBooleanGet } from "./intrinsics.ts";
import { type Action, hasType, lowerImport } from "./lowered.ts";
import type { Identify } from "./known/index.ts";
import { closureFor } from "./closure-for.ts";
import { expectedMeaning } from "./check.ts";
import type { Decided } from "./decide.ts";
import { deferring } from "./deferred.ts";
import type { Descriptor } from "./descriptors.ts";
import { readableMeaning } from "./options.ts";
import { findPanicHooks, hearing, type PanicHook } from "./panic-hooks.ts";
import { readMeaning } from "./meaning.ts";
import { type Planned, unidentified, unknown } from "./planned.ts";
import type { Fitting, Readings } from "./readings.ts";
import {
  castGrammar,
  closureHint,
  exampleMeaning,
  holeHint,
  listedMeanings,
  listedShims,
  statementText,
  typeOfImport,
} from "./stating.ts";
import type { Statements } from "./statements.ts";
import { readClosures, refuseUnused, requireImports, type Stated } from "./stated.ts";
import type { Type } from "./type.ts";
import { isClosure, typeOf } from "./codes.ts";

/** The plan for a module, which each of its instances uses. An import is planned when it is asked for. */
export interface ImportPlan {
  readonly abi: Abi;
  /** Returns the plan of a function import; `undefined` for one that is not wasm-bindgen's. */
  readonly planned: (wanted: ImportShape) => Planned | undefined;
  /** Returns the imports whose closures are known without a statement. */
  readonly decided: () => ReadonlySet<string>;
}

/**
 * Determines the meaning of each function import of a module. Those that the user's statements are about are looked at
 * immediately, unless the statements are read later. Fails with `invalid-option`.
 *
 * @param shape - The module's shape.
 * @param identify - The knowledge of imports by name and hash.
 * @param options - The user's statements.
 * @param readings - The functions that read the rest from the bytes. Without them the statements must be about every import
 *   that they would be asked about.
 */
export function planImports(
  shape: Shape,
  identify: Identify,
  options: Statements,
  readings: Readings | undefined,
): ImportPlan {
  const abi = readAbi(shape, identify.bindgen);
  const functions = shape.imports.filter(({ kind }) => kind === "function");
  const stated = readClosures(shape, abi, options);
  requireImports("meanings", functions, options);
  requireImports("casts", functions, options);
  requireImports("holes", functions, options);
  const hooks = once(() => findPanicHooks(functions));
  const descriptors = once(() => readings?.readDescriptors(shape) ?? new Map<string, Descriptor>());
  const casts = once(() => {
    const read = new Map(readings?.readAllCasts(functions, abi.version, descriptors()));
    for (const [name, code] of Object.entries(options.casts)) read.set(name, [code]);
    return read;
  });
  const decided = once(
    () => readings?.decideClosures(functions, abi, identify, casts(), descriptors()) ?? new Map<string, Decided>(),
  );
  const found: PlanContext["found"] = { shims: new Set(), stated: new Set(), catches: false, owns: false };
  const known = { abi, identify, options, readings, hints: new Map(), stated, casts, descriptors, decided, found };
  const plans = new Map<ImportShape, Planned | undefined>();
  const planned = (wanted: ImportShape): Planned | undefined => {
    if (wanted.kind !== "function" || plans.has(wanted)) return plans.get(wanted);
    const made = planImport({ ...known, wanted, hook: hooks().get(wanted) });
    plans.set(wanted, made);
    return made;
  };
  if (!options.areReadLater) {
    for (const one of functions) if (isStated(one, options)) planned(one);
    refuseUnused(stated, found.stated, options);
  }
  const facts: HelperFacts = {
    destroyers: new Set([...stated.values()].map(({ destroy }) => destroy)),
    ranShims: once(() => {
      for (const one of functions) {
        if (isMaker(one) || isStated(one, options) || identify.candidates(one).some((item) => item.takesClosure))
          planned(one);
      }
      return found.shims;
    }),
    catches: once(
      () =>
        found.catches ||
        functions.some((one) => {
          if (hooks().has(one) || isStated(one, options) || identify.candidates(one).some((item) => item.catch))
            planned(one);
          return found.catches;
        }),
    ),
    owns: once(() => {
      for (const one of functions) if (isMaker(one)) planned(one);
      return found.owns;
    }),
    isWhole: once(() => functions.every((one) => planned(one)?.make !== undefined)),
  };
  return {
    abi: { ...abi, helpers: settleHelpers(abi, facts) },
    planned,
    decided: once(() => new Set([...decided().keys()].filter((name) => !stated.has(name)))),
  };
}

interface PlanContext {
  readonly abi: Abi;
  readonly identify: Identify;
  readonly options: Statements;
  readonly readings: Readings | undefined;
  readonly wanted: ImportShape;
  /** Its part in a panic hook, if it has one. */
  readonly hook: PanicHook | undefined;
  /** The possible meanings of imports. */
  readonly hints: Fitting["hints"];
  /** The user's statements about closures, by the import's name. */
  readonly stated: ReadonlyMap<string, Stated>;
  /** The possible conversions of the module's casts. */
  readonly casts: () => ReadonlyMap<string, readonly CastCode[]>;
  /** The casts that the `name` section describes. */
  readonly descriptors: () => ReadonlyMap<string, Descriptor>;
  /** The closures that need no statement. */
  readonly decided: () => ReadonlyMap<string, Decided>;
  /**
   * Findings from the imports: the exports that run closures, the imports whose statements were used, and whether any import
   * catches exceptions or makes closures.
   */
  readonly found: { readonly shims: Set<string>; readonly stated: Set<string>; catches: boolean; owns: boolean };
}

function planImport(context: PlanContext): Planned | undefined {
  const { name } = context.wanted;
  const { meanings, casts, holes } = context.options;
  const meaning = meanings[name];
  if (meaning !== undefined) return planStated(context, meaning);
  if (holes.has(name) && !isStated(context.wanted, context.options))
    return unknown(holeHint(context.abi, context.wanted));
  if (casts[name] !== undefined && !/^__wbindgen_(cast|generic)_/.test(name)) {
    return misstated("casts", "stated of casts, whose names begin with __wbindgen_cast_ or __wbindgen_generic_");
  }
  if (!/^__wb(g|indgen)_/.test(name)) return undefined;
  return (
    planIntrinsic(context) ?? planClass(context) ?? planCast(context) ?? planPanicHook(context) ?? planKnown(context)
  );
}

/** Whether an import may make closures, as far as its name tells. */
function isMaker({ name }: ImportShape): boolean {
  return /^__wbindgen_(closure_wrapper|cast_|generic_)/.test(name);
}

/** Whether the user states something about an import. */
function isStated({ name }: ImportShape, { meanings, closures, casts }: Statements): boolean {
  return meanings[name] !== undefined || closures[name] !== undefined || casts[name] !== undefined;
}

/** Plans a function by its type codes, if the import's type in the module follows from them. */
function plan(
  { abi, wanted, stated, found }: PlanContext,
  codes: readonly string[],
  code: string,
  action: Action,
  evidence: string,
  catches = false,
  meaning?: Meaning,
): Planned | undefined {
  const closures: KnownClosure[] = [];
  const findClosure = (text: string) => {
    const closure = closureFor(abi, text, stated.get(wanted.name)?.shim);
    if (closure) closures.push(closure);
    return closure;
  };
  const params = codes.map((one) => typeOf(one, findClosure));
  const result = code === "" ? undefined : typeOf(code, findClosure);
  if (params.includes(undefined) || (code !== "" && !result)) {
    const closure = codes.find(isClosure);
    return closure === undefined ? undefined : unknown(closureHint(abi, wanted.name, closure), closure);
  }
  const lowered = { params: params as readonly Type[], result, action, catches: catches && !abi.catchesInside };
  if (wanted.kind === "function" && wanted.type && !hasType(lowered, abi, wanted.type)) return undefined;
  // Without evidence, only the fit of the codes is checked.
  if (evidence !== "") {
    for (const { shim } of closures) found.shims.add(shim.name);
    if (closures.length > 0) found.stated.add(wanted.name);
    found.catches ||= catches;
  }
  return {
    evidence,
    make: lowerImport(lowered, abi),
    meaning,
    hint: undefined,
    misstated: undefined,
    takes: undefined,
  };
}

function planIntrinsic(context: PlanContext): Planned | undefined {
  const { name } = context.wanted;
  const short = intrinsicName(name);
  if (short === undefined) return undefined;
  const intrinsic = name === "__wbindgen_boolean_get" ? oldBooleanGet : intrinsics.get(short);
  return intrinsic && plan(context, ...intrinsic, "wasm-bindgen's own, by its name");
}

/** Plans an import that wraps an address of the module in an object of an exported class, or takes one back. */
function planClass(context: PlanContext): Planned | undefined {
  const [, className = "", verb] = /^__wbg_(\w+?)_(new|unwrap)$/.exec(context.wanted.name) ?? [];
  if (verb === undefined) return undefined;
  const evidence = `the exported class ${className}, by its name`;
  return verb === "new"
    ? plan(context, ["u"], "H", (runtime, [pointer]) => runtime.wrap(className, pointer as number), evidence)
    : plan(context, ["H"], "u", (runtime, [value]) => runtime.unwrap(className, value), evidence);
}

/** Plans an import that makes closures, or casts a Rust value to a JavaScript value. */
function planCast(context: PlanContext): Planned | undefined {
  const { abi, options, readings, wanted, stated, casts, descriptors, decided, found } = context;
  const { name } = wanted;
  if (name.startsWith("__wbg__wbg_cb_unref_")) {
    const unref: Action = (_, [closure]) => (closure as { _wbg_cb_unref?: () => void })._wbg_cb_unref?.();
    return plan(context, ["h"], "", unref, "wasm-bindgen's own, by its name");
  }
  const [, kind] = /^__wbindgen_(closure_wrapper|cast_|generic_)/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  const own = stated.get(name);
  const closure = own ?? decided().get(name);
  if (closure) {
    found.shims.add(closure.shim.name);
    found.stated.add(name);
    found.owns = true;
    const words = kind === "closure_wrapper" ? ["i", "i", "i"] : ["i", "i"];
    const { isOwned, evidence } = { isOwned: true, evidence: `a closure, ${options.evidence}`, ...closure };
    const make: Action = (runtime, [data, table]) => {
      const owner = isOwned ? { destroy: runtime.destroyer(closure.destroy) } : undefined;
      return createClosure(runtime, closure, data as number, table as number, owner);
    };
    return plan(context, words, "H", make, evidence);
  }
  const cast = (evidence: string, of: string) => plan(context, [of], "H", (_, [value]) => value, evidence);
  const codes = casts().get(name) ?? [];
  const [first] = codes;
  if (options.casts[name] !== undefined && first !== undefined) {
    return cast(options.evidence, first) ?? misstated("casts", castGrammar(wanted));
  }
  const certain = readings?.certainCast(codes);
  const descriptor = descriptors().get(name);
  const evidence = descriptor
    ? `a cast, as the name section describes it: ${descriptor.text}`
    : "a cast, by its hash, or its type and its place among the others";
  const known = certain === undefined ? undefined : cast(evidence, certain);
  if (known) return known;
  if (descriptor && readings) return unknown(readings.describedHint(abi, wanted, descriptor));
  return unknown(
    kind === "closure_wrapper" || !readings ? closureHint(abi, name) : readings.castHint(abi, wanted, codes),
  );
}

/** Plans a function of a panic hook. */
function planPanicHook(context: PlanContext): Planned | undefined {
  const { hook } = context;
  const evidence = "console_error_panic_hook, whose three imports stand side by side";
  return hook && planDeclared(context, hook.declaration, evidence, hook.action);
}

function planKnown(context: PlanContext): Planned {
  const { identify, wanted } = context;
  const identified = identify.identified(wanted);
  if (identified?.declaration.kind === "intrinsic") {
    return unknown(`It is wasm-bindgen's own ${identified.declaration.name}, which is not supported.`);
  }
  if (identified) {
    const { declaration, evidence } = identified;
    const planned = planDeclared(context, declaration, `${evidence}, ${declarationText(declaration)}`);
    if (planned) return planned;
  }
  return unidentified(() => meaningHint(context));
}

function meaningHint(context: PlanContext): string {
  const { abi, wanted } = context;
  const texts = fittingMeanings(context);
  const [first = exampleMeaning(abi, wanted)] = texts;
  const rest = texts.length > listedMeanings ? " and others" : "";
  const could = texts.length === 0 ? "" : ` It could be ${texts.slice(0, listedMeanings).join(", ")}${rest}.`;
  const state = texts.length === 0 ? "its meaning, with the function's name and types" : "which it is";
  const statement = statementText("meanings", wanted.name, JSON.stringify(first));
  return (
    `Its hash is of no declaration that is known here.${could} It may also be a function of the package's own JavaScript. ` +
    `Give it in \`imports\`${first === undefined ? "" : `, or state ${state}: ${statement}`}.`
  );
}

/** Returns the meanings that an import could have by its name and type. Without the tables, nothing is known of a name. */
function fittingMeanings(context: PlanContext): readonly string[] {
  return context.readings?.fittingMeanings(fittingOf(context)) ?? [];
}

function fittingOf(context: PlanContext): Fitting {
  const { identify, wanted, hints } = context;
  return { identify, wanted, hints, isFit: (one) => planDeclared(context, one, "") !== undefined };
}

function planDeclared(
  context: PlanContext,
  declaration: Declaration,
  evidence: string,
  action = actionOf(declaration),
): Planned | undefined {
  const { receiver, params, result } = declaration;
  const codes = receiver ? ["h", ...params] : params;
  const heard = hearing(declaration, deferring(declaration, action));
  return plan(context, codes, result, heard, evidence, declaration.catch, meaningOf(declaration));
}

/** Plans an import by the user's statement. */
function planStated(context: PlanContext, stated: string): Planned {
  const { hook, options, readings, wanted } = context;
  const { evidence } = options;
  const expected = options.isUnread(wanted.name) ? expectedMeaning(stated, wanted.name) : undefined;
  if (expected !== undefined) return misstated("meanings", expected);
  const own = readMeaning(stated);
  // The hook also tells the message of a panic.
  if (hook && own?.kind === hook.declaration.kind && own.name === hook.declaration.name) {
    const planned = planPanicHook(context);
    if (planned) return planned;
  }
  const chosen = readings?.chooseStated(fittingOf(context), stated);
  if (chosen?.expected !== undefined) return misstated("meanings", chosen.expected);
  const read = chosen?.safest ?? own;
  return (read && planDeclared(context, read, evidence)) ?? misstated("meanings", meaningGrammar(context));
}

function misstated(option: "meanings" | "casts", expected: string): Planned {
  return { ...unknown(`The statement about it must be ${expected}.`), misstated: { option, expected } };
}

/** Describes a valid meaning for the current import, to follow "must be". */
function meaningGrammar(context: PlanContext): string {
  const [first, ...rest] = fittingMeanings(context).map((text) => JSON.stringify(text));
  const others = rest.length > 0 ? `, ${rest.slice(0, listedShims - 1).join(", ")}` : "";
  const some = first === undefined ? "" : ` (it could be ${first}${others})`;
  return `${readableMeaning}, that fits its type${typeOfImport(context.wanted)}${some}`;
}
