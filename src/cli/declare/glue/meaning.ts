import type { Function as FunctionNode } from "@babel/types";
import type { FunctionType, Shape } from "../../../public/index.ts";
import { elementArrays } from "../../../bind/types/arrays.ts";
import { isElement, plainNameOf } from "../../../toolchains/wasm-bindgen/codes.ts";
import type { Declaration, DeclarationKind } from "../../../toolchains/wasm-bindgen/known/declaration.ts";
import type { StatedClosure } from "../../../toolchains/wasm-bindgen/options.ts";
import { isBookkeeping, isConversion, rethrows, type Strange, strangeEffect } from "./accounted.ts";
import { type GlueClosure, readClosure, typeOfExport } from "./closures.ts";
import { runsAsStated } from "./concrete/closures.ts";
import { lendsClosures } from "./concrete/lent.ts";
import { freedBy } from "./classes.ts";
import { codeOf } from "./codes.ts";
import { classNameOf, type Effect, type Evaluation, type Glue } from "./evaluation.ts";
import { lifted } from "./lift.ts";
import { isMoved, loweredType } from "./lower.ts";
import { classOf, type ClassTerm } from "./members.ts";
import type { GlueImport, GlueType } from "./model.ts";
import { type Path, pathOf } from "./paths.ts";
import { releaseOf } from "./release.ts";
import { isCaught, type Returned, returnedWords } from "./returned.ts";
import { allParts, isConstant, isSame, type Term } from "./term.ts";

/** A function that was evaluated as an import. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly result: Term;
  readonly name: string;
  /** The function. */
  readonly node: FunctionNode;
  readonly type: FunctionType | undefined;
  readonly shape: Shape | undefined;
}

/**
 * Reads the operation that an import is about. Returns the part that is not understood, in words or as its place, if there is
 * one.
 */
export function readMeaning(evaluated: Evaluated): GlueImport | string | Strange {
  const { evaluation } = evaluated;
  const returned = returnedWords(evaluated);
  if (!returned) return "the result";
  if (hidesErrors(evaluated)) return "the handling of errors";
  const unwrapped = unwrapOf(returned, evaluated);
  if (unwrapped) return strangeEffect(evaluation, undefined) ?? unwrapped;
  const value = operationOf(returned, evaluation);
  if (value === "several") return "the operation";
  const strange = strangeEffect(evaluation, value?.kind === "value" ? undefined : value);
  if (strange) return strange;
  if (value?.kind === "call" || value?.kind === "set" || value?.kind === "delete") {
    return describe(evaluated, returned, value, undefined);
  }
  return value ? describe(evaluated, returned, value.effect, value.term) : "the operation";
}

/** The address of an object, if it is one of a class, and else 0. */
function unwrapOf(
  { words: [word, second] }: Returned,
  { evaluation: { effects, glue }, name }: Evaluated,
): GlueImport | undefined {
  if (second || word?.kind !== "either" || !isConstant(word.otherwise, 0)) return undefined;
  const { test, then } = word;
  const [of, checked] = test.kind === "operation" && test.operator === "instanceof" ? test.args : [];
  const isOwn = of && then.kind === "member" && isSame(then.of, of) && isMoved(then, effects);
  const known = isOwn ? classOf(checked) : undefined;
  return known && isNamedBy(glue, name, known) ? { kind: "unwrap", class: classNameOf(glue, known) } : undefined;
}

type Operation = Extract<Effect, { kind: "call" | "set" | "delete" }>;
/** An operation whose result is the value; or a value that is only read. */
interface Valued {
  readonly kind: "value";
  readonly term: Term;
  readonly effect: undefined;
}

/** Finds the one operation that an import performs. */
function operationOf({ words }: Returned, evaluation: Evaluation): Operation | Valued | "several" | undefined {
  const operations = evaluation.effects.filter(
    (one): one is Operation => (one.kind === "call" || one.kind === "set" || one.kind === "delete") && !isCaught(one),
  );
  // Errors about wrong values are checks.
  const thrown = new Set(evaluation.effects.flatMap((one) => (one.kind === "throw" ? [one.value] : [])));
  const real = operations.filter(
    (one) => !isBookkeeping(one, evaluation) && !(one.kind === "call" && thrown.has(one.term)),
  );
  const main = real.filter((one) => !isConversion(one));
  const [first, second] = main.length > 0 ? main : real;
  if (words.length > 0) {
    const value = loweredValue(words, evaluation);
    if (!value) return undefined;
    const call = operations.find((one) => one.kind === "call" && one.term === value);
    const others = main.filter((one) => one !== call);
    return others.length > 0 ? "several" : (call ?? { kind: "value", term: value, effect: undefined });
  }
  return second ? "several" : first;
}

/** Finds the value that a result was made of. */
function loweredValue(words: readonly Term[], evaluation: Evaluation): Term | undefined {
  const [first] = words;
  if (!first) return undefined;
  const parts = [...new Set(words.flatMap((word) => [...allParts(word)]))].filter(({ kind }) =>
    /^(call|member|index|global|foreign|operation|handled|param|text|items|copy|function|either|instance|wide|record|list)$/.test(
      kind,
    ),
  );
  let plain: Term | undefined;
  for (const part of parts) {
    const type = loweredType(words, part, evaluation);
    if (!type) continue;
    if (type.kind !== "plain" || part !== first) return part;
    plain = part;
  }
  return plain;
}

/** How an argument is passed. */
interface Argument {
  readonly code: string;
  readonly words: readonly Term[];
  readonly closure?: GlueClosure;
}

function describe(
  evaluated: Evaluated,
  returned: Returned,
  effect: Operation | undefined,
  value: Term | undefined,
): GlueImport | string {
  const { evaluation, type } = evaluated;
  const result = resultCode(returned, effect?.kind === "call" ? effect.term : value, evaluation);
  if (result === undefined) return "the result";
  const own = value && ownImport(evaluated, value);
  if (own) return own;
  const form = effect ? formOfEffect(effect, evaluated) : value ? formOfValue(value, evaluated) : undefined;
  if (!form) return "the operation";
  const read: Argument[] = [];
  if (form.receiver) read.push(form.receiver);
  for (const [at, arg] of form.args.entries()) {
    const argument = argumentOf(evaluated, arg.kind === "spread" ? arg.of : arg);
    if (!argument) return `argument ${at + 1}`;
    read.push(argument);
  }
  // All words of the module's call have their place.
  const words = read.flatMap((one) => one.words);
  const first = returned.isStored ? 1 : 0;
  const isWhole = words.every((word, at) => word.kind === "param" && word.index === first + at);
  if (!isWhole || (type && first + words.length !== type.params.length)) return "the arguments";
  const closures = read.flatMap(({ closure }): StatedClosure[] => (closure ? [closure.stated] : []));
  if (closures.length > 0 && !lends(evaluated, returned, read, form.path)) return "the closures";
  const { module, names } = form.path;
  // The first name of a path in another module is what that module exports.
  const inside = module === undefined ? names : names.slice(1);
  const declaration: Omit<Declaration, "crate"> = {
    kind: form.kind,
    path: inside.slice(0, form.isMember ? -1 : undefined),
    name: form.name ?? (form.isMember ? (inside.at(-1) ?? "") : ""),
    params: read.slice(form.receiver ? 1 : 0).map(({ code }) => code),
    receiver: form.receiver !== undefined,
    result,
    catch: catches(evaluation),
    variadic: form.args.at(-1)?.kind === "spread",
    closure: undefined,
  };
  const taken = closures.length > 0 ? { closures } : {};
  return module === undefined
    ? { kind: "meaning", declaration, ...taken }
    : { kind: "foreign", module, name: names[0] ?? "*", declaration, ...taken };
}

/** Whether the closures among the arguments run as wasm-bindgen's do, as far as can be tried. */
function lends(
  { evaluation: { glue }, node, type, shape }: Evaluated,
  { isStored }: Returned,
  read: readonly Argument[],
  { module, names }: Path,
): boolean {
  const args = read.map(({ code, words, closure }) => ({
    code,
    count: words.length,
    closure: closure && {
      stated: closure.stated,
      codes: closure.codes,
      type: typeOfExport(shape, closure.stated.call),
    },
  }));
  const global = module === undefined ? names[0] : undefined;
  return lendsClosures(glue, node, { type, isStored, args, global });
}

/** An import that only changes how a value is passed. */
function ownImport(evaluated: Evaluated, value: Term): GlueImport | undefined {
  const { evaluation, name, node, shape } = evaluated;
  if (value.kind === "function") {
    const closure = readClosure(evaluation, value, shape);
    if (!closure || !isInOrder(closure.words)) return undefined;
    const { stated, codes } = closure;
    // Whoever owns a closure destroys it.
    const isOwn = stated.destroy !== undefined;
    const type = typeOfExport(shape, stated.call);
    return isOwn && runsAsStated(evaluation.glue, node, { stated, codes, type })
      ? { kind: "closure", closure: stated }
      : undefined;
  }
  if (value.kind === "instance") {
    const made = lifted(value, { isWord: isParam, evaluation });
    const { glue } = evaluation;
    return made && isNamedBy(glue, name, value.class)
      ? { kind: "wrap", class: classNameOf(glue, value.class) }
      : undefined;
  }
  const argument = argumentOf(evaluated, value);
  if (!argument || argument.closure || !isInOrder(argument.words)) return undefined;
  const { code } = argument;
  if (/^__wbindgen_(cast|generic)_/.test(evaluated.name)) return { kind: "cast", type: code };
  // A copy of an array of the module's is an array as the class makes it.
  const array = value.kind === "copy" ? arrayOf(code) : undefined;
  return array === undefined ? undefined : { kind: "meaning", declaration: constructorOf(array, code) };
}

/** Whether an import has the name of a class, as far as its name and the one of the export that frees the class tell. */
function isNamedBy(glue: Glue, name: string, term: ClassTerm): boolean {
  const [, named] = /^__wbg_(.+)_(?:new|unwrap)$/.exec(name) ?? [];
  const [, freed] = /^__wbg_(.+)_free$/.exec(freedBy(glue, term) ?? "") ?? [];
  return named === undefined || freed === undefined || named === freed;
}

/** Whether words are the first parameters, one after the other. */
function isInOrder(words: readonly Term[]): boolean {
  return words.every((word, at) => word.kind === "param" && word.index === at);
}

/** The class that has the numbers of a code. */
function arrayOf(code: string): string | undefined {
  const element = plainNameOf(code.replace(/^&?\[/, ""));
  return isElement(element) ? elementArrays[element].name : undefined;
}

function constructorOf(name: string, code: string): Omit<Declaration, "crate"> {
  const none = { name: "", receiver: false, catch: false, variadic: false, closure: undefined };
  return { kind: "constructor", path: [name], params: [code], result: "H", ...none };
}

const isParam = (term: Term): boolean => term.kind === "param";

/** An operation, its subject and its arguments. */
interface Form {
  readonly kind: DeclarationKind;
  readonly path: Path;
  /** Whether the path ends with the member's name. */
  readonly isMember: boolean;
  readonly name?: string;
  readonly receiver?: Argument;
  readonly args: readonly Term[];
}

const nowhere: Path = { module: undefined, names: [] };

function formOfEffect(effect: Operation, evaluated: Evaluated): Form | undefined {
  if (effect.kind === "call") {
    const { callee, isNew, args } = effect.term;
    const path = pathOf(callee);
    if (isNew) return path && { kind: "constructor", path, isMember: false, args };
    if (path) return { kind: "function", path, isMember: true, args };
    if (callee.kind !== "member") return undefined;
    return withReceiver(evaluated, callee.of, {
      kind: "method",
      path: nowhere,
      isMember: false,
      name: callee.name,
      args,
    });
  }
  const { target } = effect;
  const values = effect.kind === "set" ? [effect.value] : [];
  if (target.kind === "index") {
    const kind = effect.kind === "set" ? "index-setter" : "index-deleter";
    return withReceiver(evaluated, target.of, { kind, path: nowhere, isMember: false, args: [target.at, ...values] });
  }
  if (target.kind !== "member" || effect.kind === "delete") return undefined;
  const path = pathOf(target);
  if (path) return { kind: "static-setter", path, isMember: true, args: values };
  return withReceiver(evaluated, target.of, {
    kind: "setter",
    path: nowhere,
    isMember: false,
    name: target.name,
    args: values,
  });
}

function formOfValue(value: Term, evaluated: Evaluated): Form | undefined {
  const path = pathOf(value);
  if (path) {
    const isAccessor = path.names.length < 2 || evaluated.name.startsWith("__wbg_static_accessor_");
    return { kind: isAccessor ? "accessor" : "static-getter", path, isMember: true, args: [] };
  }
  switch (value.kind) {
    case "member":
      return withReceiver(evaluated, value.of, {
        kind: "getter",
        path: nowhere,
        isMember: false,
        name: value.name,
        args: [],
      });
    case "index":
      return withReceiver(evaluated, value.of, {
        kind: "index-getter",
        path: nowhere,
        isMember: false,
        args: [value.at],
      });
    // A minifier shortens `new Object()` and `new Array()`.
    case "record":
    case "list": {
      const names = [value.kind === "list" ? "Array" : "Object"];
      const isEmpty = value.kind === "list" ? value.items.length === 0 : value.fields.size === 0;
      return isEmpty
        ? { kind: "constructor", path: { module: undefined, names }, isMember: false, args: [] }
        : undefined;
    }
    case "operation": {
      const [left, right] = value.args;
      const [inner] = value.operator === "!" && left?.kind === "operation" && left.operator === "!" ? left.args : [];
      // So it does with `Boolean(x)`.
      if (inner) {
        return { kind: "function", path: { module: undefined, names: ["Boolean"] }, isMember: true, args: [inner] };
      }
      if (value.operator !== "instanceof" || !left || !right) return undefined;
      const of = pathOf(right);
      return of && withReceiver(evaluated, left, { kind: "instanceof", path: of, isMember: false, args: [] });
    }
    default:
      return undefined;
  }
}

function withReceiver(evaluated: Evaluated, of: Term, form: Form): Form | undefined {
  const receiver = argumentOf(evaluated, of);
  return receiver && { ...form, receiver };
}

/** Tells how an argument of the operation is passed. */
function argumentOf({ evaluation, type, shape }: Evaluated, term: Term): Argument | undefined {
  if (term.kind === "function") {
    const closure = readClosure(evaluation, term, shape);
    return closure && { code: closure.code, words: closure.words, closure };
  }
  const made = lifted(term, { isWord: isParam, evaluation });
  if (!made) return undefined;
  const last = made.words.at(-1);
  const word = last?.kind === "param" ? type?.params[last.index] : undefined;
  const release = releaseOf(evaluation.effects, made);
  if (release === "other" || (release === "once" && made.isView)) return undefined;
  const code = codeOf(made.type, { word, isOwned: release === "once" });
  return code === undefined ? undefined : { code, words: made.words };
}

/** Whether exceptions end somewhere else than in the module or its caller. A test of a class may be false instead. */
function hidesErrors({ evaluation, result }: Evaluated): boolean {
  const { effects, hasHandler } = evaluation;
  const instead = result.kind === "either" && result.test.kind === "caught" ? result.then : undefined;
  if (catches(evaluation)) return instead !== undefined && !isConstant(instead, undefined);
  const isFalse = instead !== undefined && isConstant(instead, false);
  const isTest = isFalse && result.kind === "either" && isQuestion(result.otherwise);
  if (effects.some(isCaught)) return !rethrows(effects) || (instead !== undefined && !isTest);
  return hasHandler && !isTest;
}

/** Whether an exception is stored for the module. */
function catches({ effects }: Evaluation): boolean {
  return effects.some(
    (one) =>
      one.kind === "wasm" &&
      isCaught(one) &&
      one.args.some((arg) => arg.kind === "handle" && arg.value.kind === "caught"),
  );
}

/** The code of a result. */
function resultCode({ words, types }: Returned, value: Term | undefined, evaluation: Evaluation): string | undefined {
  if (words.length === 0) return "";
  if (!value) return undefined;
  const type: GlueType | undefined = loweredType(words, value, evaluation);
  if (!type) return undefined;
  if (type.kind === "plain" && isQuestion(value)) return "b";
  return codeOf(type, { word: types.at(-1), isOwned: true });
}

/** Whether a value is `true` or `false`. */
function isQuestion(value: Term): boolean {
  return value.kind === "operation" && /^(instanceof|in|===|!)$/.test(value.operator);
}
