import type { Node } from "@babel/types";
import { CommandError } from "../../command-error.ts";
import { unaccountedEffect } from "./accounted.ts";
import { type Evaluation, evaluationOf, type Glue, isPointer, unlessTooLong } from "./evaluation.ts";
import { isDropped, type Lifted, lifted } from "./lift.ts";
import { isMoved, loweredType } from "./lower.ts";
import { plainWord, sizeOf, splitAddress } from "./memory.ts";
import type { Method } from "./members.ts";
import { isResultOf, type ModuleCall, moduleCall } from "./module-call.ts";
import type { GlueFunction, GlueParameter, GlueType, Hole, Read } from "./model.ts";
import { releaseOf } from "./release.ts";
import { unbalancedStack } from "./stack.ts";
import { callFunction } from "./statements.ts";
import { allParts, isConstant, isSame, type Term } from "./term.ts";

/** The place of a function in a class. */
export interface Member {
  readonly class: Extract<Term, { kind: "class" }>;
  readonly kind: "method" | "static" | "constructor";
}

/** Makes a hole of a place that could not be read. */
export function holeAt({ parsed }: Glue, node: Node, subject: string): Hole {
  const words = parsed.textOf(node).replace(/\s+/g, " ");
  return {
    kind: "hole",
    subject,
    text: words.length > 80 ? `${words.slice(0, 80)}…` : words,
    ...parsed.positionOf(node),
  };
}

/**
 * Reads a function that calls an export.
 *
 * @param glue - The generated JavaScript.
 * @param method - The function.
 * @param name - Its name, for holes.
 * @param member - Its place in a class.
 * @returns `undefined` if it calls none.
 */
export function readFunction(
  glue: Glue,
  { node, frame }: Method,
  name: string,
  member?: Member,
): Read<GlueFunction> | undefined {
  const evaluation = evaluationOf(glue);
  const params = node.params.map((param, index): Extract<Term, { kind: "param" }> => ({
    kind: "param",
    index,
    name: param.type === "Identifier" ? param.name : `arg${index}`,
  }));
  const self: Term =
    member?.kind === "constructor" ? { kind: "instance", class: member.class, fields: new Map() } : { kind: "this" };
  if (member?.kind === "method") evaluation.classes.push({ of: self, class: member.class });
  if (member?.kind === "static") evaluation.classes.push({ of: member.class, class: member.class });
  const receiver = member?.kind === "static" ? member.class : self;
  const result = unlessTooLong(() => callFunction(evaluation, { node, frame }, params, receiver));
  if (!result) return holeAt(glue, node, name);
  const call = moduleCall(evaluation);
  if (!call) return undefined;
  if (typeof call.effect.callee === "number") return holeAt(glue, call.effect.node, name);
  // JavaScript of another build is no set of holes.
  requireFit(glue, call, result, name);
  const unknown = evaluation.effects.find(({ kind }) => kind === "unknown");
  if (unknown) return holeAt(glue, unknown.node, name);
  const words = [...call.words];
  let passesSelf: GlueFunction["self"];
  if (member?.kind === "method") {
    const [first] = words;
    if (first?.kind === "member" && first.of.kind === "this") {
      if (!isPointer(glue, member.class, first.name)) return holeAt(glue, call.effect.node, `the object of ${name}`);
      words.shift();
      passesSelf = isMoved(first, evaluation.effects) ? "moved" : "lent";
    }
  }
  const read = readParameters(evaluation, words, params);
  if (typeof read === "number") return holeAt(glue, call.effect.node, `${name}, parameter ${read + 1}`);
  const error = errorOf(evaluation, call);
  if (error === "unknown") return holeAt(glue, node, `the errors of ${name}`);
  const throws = error !== undefined;
  const returned =
    member?.kind === "constructor" && (isConstant(result, undefined) || result.kind === "this") ? self : result;
  const returnsSelf = member?.kind === "method" && result.kind === "this" && !hasResult(glue, call);
  const type: GlueType | undefined = returnsSelf ? { kind: "void" } : resultType(evaluation, call, returned);
  if (!type || (type.kind === "void" && !returnsSelf && isLost(glue, call, throws))) {
    return holeAt(glue, node, `the result of ${name}`);
  }
  const other =
    unaccountedEffect(evaluation, call)?.node ??
    unbalancedStack(evaluation, call) ??
    ownCheck(evaluation.effects) ??
    node.params.find(isDefaulted);
  if (other) return holeAt(glue, other, `a part of ${name} that wasm-bindgen does not print`);
  return {
    kind: "function",
    export: call.effect.callee,
    params: read,
    result: type,
    ...(passesSelf && { self: passesSelf }),
    ...(returnsSelf && { returnsSelf }),
    throws,
  };
}

/**
 * The first part that depends on the class of something that is no argument. A compiler asks for the class of the object that a
 * constructor makes, where the answer is known: any other such check fails, or is no check of the compiler's.
 */
function ownCheck(effects: Evaluation["effects"]): Node | undefined {
  const isOwn = (one: Term): boolean =>
    one.kind === "operation" &&
    one.operator === "instanceof" &&
    /^(this|instance|constant|class|function|record|list|arguments|exports?|result)$/.test(one.args[0]?.kind ?? "");
  return effects.find(({ guards }) =>
    guards.some((guard) => guard.kind === "test" && [...allParts(guard.test)].some(isOwn)),
  )?.node;
}

/** Whether a parameter has a default value, which no type states. */
function isDefaulted(param: Node): boolean {
  return param.type === "AssignmentPattern" && !(param.right.type === "Identifier" && param.right.name === "undefined");
}

/** Whether the result of a call goes nowhere. A call that may fail returns its error only. */
function isLost(glue: Glue, call: ModuleCall, throws: boolean): boolean {
  return !throws && (call.area !== undefined || hasResult(glue, call));
}

/** Whether an export returns something, as far as the module tells. */
function hasResult({ shape }: Glue, { effect }: ModuleCall): boolean {
  const found = shape?.exports.find(({ name }) => name === effect.callee);
  return found?.kind === "function" && (found.type?.results.length ?? 0) > 0;
}

/** Fails if the JavaScript calls an export that the module does not have, or that has another type. */
function requireFit({ shape, parsed }: Glue, { effect, area }: ModuleCall, result: Term, name: string): void {
  if (!shape || typeof effect.callee !== "string") return;
  const { callee, args, node } = effect;
  const fail = (fact: string): never => {
    throw new CommandError(
      `${parsed.placeOf(node)}: ${name} ${fact}. The JavaScript and the module come from different builds: give files of one.`,
    );
  };
  const found = shape.exports.find((one) => one.name === callee);
  if (found?.kind !== "function") return fail(`calls the export ${callee}, which the module does not have`);
  const { type } = found;
  if (!type) return;
  if (type.params.length !== args.length) {
    fail(`passes ${args.length} words to the export ${callee}, which takes ${type.params.length}`);
  }
  const count = type.results.length;
  const isTuple = [...allParts(result)].some((one) => one.kind === "member" && one.of === effect.result);
  if (area ? count > 0 : isTuple && count < 2) {
    const expected = area ? "results in memory" : "several results";
    fail(`expects ${expected} of the export ${callee}, which returns ${count} values`);
  }
}

/** Tells how the parameters are passed; or the index of the one that is not understood. */
function readParameters(
  evaluation: Evaluation,
  words: readonly Term[],
  params: readonly Extract<Term, { kind: "param" }>[],
): readonly GlueParameter[] | number {
  const read: GlueParameter[] = [];
  let at = 0;
  for (const param of params) {
    const found = takeWords(evaluation, words, at, param);
    if (!found) {
      // A parameter that is not passed: it must not be mentioned.
      if (words.some((word) => [...allParts(word)].some((part) => isSame(part, param)))) return param.index;
      return param.index;
    }
    read.push({ name: param.name, type: copiedBack(evaluation, found.type, param) });
    at += found.count;
  }
  return at === words.length ? read : params.length;
}

/** Takes as many words as belong to a value. */
export function takeWords(
  evaluation: Evaluation,
  words: readonly Term[],
  at: number,
  value: Term,
): { readonly type: GlueType; readonly count: number } | undefined {
  for (let count = Math.min(3, words.length - at); count > 0; count--) {
    const type = loweredType(words.slice(at, at + count), value, evaluation);
    if (type) return { type, count };
  }
  return undefined;
}

/** Until 0.2.83, the module's writes to an array were copied back by the JavaScript. */
function copiedBack({ effects }: Evaluation, type: GlueType, param: Term): GlueType {
  if (type.kind !== "array") return type;
  const isMutable = effects.some(
    (one) =>
      one.kind === "call" &&
      one.term.callee.kind === "member" &&
      one.term.callee.name === "set" &&
      isSame(one.term.callee.of, param),
  );
  return isMutable ? { ...type, isMutable } : type;
}

/** The place of the error that the module reports and the call throws, if it does. */
export function errorOf(evaluation: Evaluation, call: ModuleCall): number | "unknown" | undefined {
  const isWord = isResultOf(call);
  for (const effect of evaluation.effects) {
    if (effect.kind !== "throw") continue;
    const last = effect.guards.at(-1);
    if (last?.kind !== "test" || !isWord(plainWord(last.test))) continue;
    if (!last.is || effect.value.kind !== "handled" || !isWord(plainWord(effect.value.word))) return "unknown";
    const [flag, error] = [placeOf(plainWord(last.test)), placeOf(plainWord(effect.value.word))];
    const next = flag && error && flag.at === error.at + error.size && isDropped(effect.value.word, evaluation.effects);
    return next ? error.at : "unknown";
  }
  return undefined;
}

/** The place of a word among the results: its offset in memory, or its index. */
function placeOf(word: Term): { readonly at: number; readonly size: number } | undefined {
  if (word.kind === "read") return { at: splitAddress(word.address).offset, size: sizeOf(word.element) };
  return word.kind === "member" ? { at: Number(word.name), size: 1 } : undefined;
}

/** Whether an error has its place after the words of a result, of which there may be none. */
function isAfter(error: number, words: readonly Term[]): boolean {
  const last = words.at(-1);
  const place = last && placeOf(plainWord(last));
  const end = place ? place.at + place.size : 0;
  return error === end || (last?.kind === "read" && error === Math.ceil(end / 4) * 4);
}

/** Tells how a result is passed. */
export function resultType(evaluation: Evaluation, call: ModuleCall, result: Term): GlueType | undefined {
  const error = errorOf(evaluation, call);
  const isFree = (words: readonly Term[]): boolean => typeof error !== "number" || isAfter(error, words);
  if (isConstant(result, undefined)) return isFree([]) ? { kind: "void" } : undefined;
  const found = lifted(result, { isWord: isResultOf(call), evaluation });
  const isWhole = found && isInOrder(call, found.words) && isOwned(found, evaluation) && isFree(found.words);
  return isWhole ? found.type : undefined;
}

/** Whether a value is made of the first words of a result, one after the other. */
function isInOrder({ area }: ModuleCall, words: readonly Term[]): boolean {
  const places = words.map((word) => {
    const plain = plainWord(word);
    if (plain.kind === "read") return area ? splitAddress(plain.address).offset : 0;
    return plain.kind === "member" ? Number(plain.name) : 0;
  });
  return places.every((place, at) => (at === 0 ? place === 0 : place > (places[at - 1] ?? 0)));
}

/** Whether the JavaScript keeps a value that it takes over: a text or list is copied and freed, a handle is given back. */
function isOwned(found: Lifted, { effects }: Evaluation): boolean {
  const { type } = found;
  const inner = type.kind === "optional" ? type.item : type;
  if (inner.kind === "js") return !inner.isLent;
  if (!/^(string|array|list)$/.test(inner.kind)) return true;
  return releaseOf(effects, found) === "once" && !found.isView;
}
