import type { Effect, Evaluation } from "./evaluation.ts";
import { classNameOf, isPointer, leavesOf } from "./evaluation.ts";

import type { GlueType } from "./model.ts";
import { type Element, isConstant, isSame, type Passed, type Term } from "./term.ts";

/** The types of elements by the views that write them. */
export function arrayElement(element: Element): Extract<GlueType, { kind: "array" }>["element"] {
  return element === "c8" ? "u8-clamped" : element;
}

/**
 * Tells how a value is passed, from the words that are made of it.
 *
 * @param words - The words, one after the other.
 * @param value - The value.
 * @param evaluation - The evaluation that the words come from.
 * @returns `undefined` if these are not all the words of the value.
 */
export function loweredType(words: readonly Term[], value: Term, evaluation: Evaluation): GlueType | undefined {
  const [first, second, third] = words.map(unconverted);
  if (!first) return undefined;
  if (!second) {
    const type = oneWord(first, value, evaluation);
    if (type?.kind !== "plain" || first === words[0]) return type;
    const isLong = words[0]?.kind === "operation" && words[0].operator === "asIntN";
    return { ...type, isConverted: true, ...(isLong && { bits: 64 }) };
  }
  const isValue = (term: Term) => isSame(term, value);
  if (!third) {
    return (
      passedType(first, second, value) ??
      flagged(first, [second], value, evaluation) ??
      halves(first, second, value) ??
      (isValue(first) && isShifted(second, value) ? { kind: "int128", isUnsigned: false } : undefined)
    );
  }
  if (words.length > 3) return undefined;
  const array = passedType(first, second, value);
  const inner = array?.kind === "optional" ? array.item : array;
  if (
    array &&
    inner?.kind === "array" &&
    leavesOf(third).some((one) => isValue(one.kind === "handle" ? one.value : one))
  ) {
    const item: GlueType = { ...inner, isMutable: true };
    return array.kind === "optional" ? { ...array, item } : item;
  }
  return flagged(first, [second, third], value, evaluation);
}

/**
 * The word that is converted as a call of the module converts it. Since 0.2.130 that stands before the first value that is copied
 * into memory, so that nothing leaks if it throws.
 */
function unconverted(word: Term): Term {
  if (word.kind !== "operation") return word;
  const [first, second] = word.args;
  if (word.operator === "+" && first && !second) return first;
  return word.operator === "asIntN" && isConstant(first, 64) && second ? second : word;
}

/** A value of one word. */
function oneWord(word: Term, value: Term, evaluation: Evaluation): GlueType | undefined {
  const isValue = (term: Term | undefined) => term !== undefined && isSame(term, value);
  if (isValue(word)) return { kind: "plain" };
  switch (word.kind) {
    case "handle":
      return isValue(word.value) ? { kind: "js", isLent: word.isLent } : undefined;
    case "operation": {
      const [operand, by] = word.args;
      if (/^(>>>?|\|)$/.test(word.operator) && isConstant(by, 0) && isValue(operand)) {
        return { kind: "plain", isUnsigned: word.operator === ">>>", bits: 32 };
      }
      const found = numberOfText(word);
      return found && isValue(found.text) ? { kind: "text-enum", values: found.values } : undefined;
    }
    case "call": {
      if (word.callee.kind !== "member") return undefined;
      const { of, name } = word.callee;
      if (name === "codePointAt" && isValue(of) && isConstant(word.args[0], 0)) return { kind: "char" };
      if (name === "fround" && of.kind === "global" && isValue(word.args[0])) return { kind: "plain", isFloat: true };
      return undefined;
    }
    case "either":
      if (isNoneTest(word.test, value) && isConstant(word.then) && typeof word.then.value === "number") {
        const item = oneWord(word.otherwise, value, evaluation);
        const isAddress = item?.kind === "js" || item?.kind === "object";
        if (!item || (isAddress && word.then.value !== 0)) return undefined;
        return { kind: "optional", item, none: word.then.value };
      }
      if (isValue(word.test) && isConstant(word.then, 1) && isConstant(word.otherwise, 0)) return { kind: "bool" };
      return undefined;
    case "member":
      return isValue(word.of) ? objectType(word, evaluation) : undefined;
    default:
      return undefined;
  }
}

/** An object of a class whose address is passed. */
function objectType(word: Extract<Term, { kind: "member" }>, evaluation: Evaluation): GlueType | undefined {
  const known = evaluation.classes.find(({ of }) => isSame(of, word.of));
  if (known && !isPointer(evaluation.glue, known.class, word.name)) return undefined;
  return (
    known && {
      kind: "object",
      class: classNameOf(evaluation.glue, known.class),
      isMoved: isMoved(word, evaluation.effects),
    }
  );
}

/** Whether 0 is left in the place of an address. */
export function isMoved(address: Term, effects: readonly Effect[]): boolean {
  return effects.some((one) => one.kind === "set" && isSame(one.target, address) && isConstant(one.value, 0));
}

/** The condition that there is no value. */
function isNoneTest(test: Term, value: Term): boolean {
  return test.kind === "is-none" && isSame(test.of, value);
}

/** The number of a text in a list: `(texts.indexOf(x) + 1 || n + 1) - 1`. */
function numberOfText(
  word: Extract<Term, { kind: "operation" }>,
): { readonly text: Term; readonly values: readonly string[] } | undefined {
  if (word.operator !== "-" || !isConstant(word.args[1], 1)) return undefined;
  const [sum] = word.args;
  const [plusOne, unknown] = sum?.kind === "operation" && sum.operator === "||" ? sum.args : [];
  const [call, one] = plusOne?.kind === "operation" && plusOne.operator === "+" ? plusOne.args : [];
  if (call?.kind !== "call" || call.callee.kind !== "member" || call.callee.name !== "indexOf") return undefined;
  const { of } = call.callee;
  const [text, ...others] = call.args;
  if (of.kind !== "texts" || !text || others.length > 0) return undefined;
  // Any other text is the number after the last one.
  const isKnown = isConstant(one, 1) && isConstant(unknown, of.values.length + 1);
  return isKnown ? { text, values: of.values } : undefined;
}

/** Text, an array or a list that was copied into memory. */
function passedType(pointer: Term, length: Term, value: Term): GlueType | undefined {
  if (pointer.kind === "either" && isNoneTest(pointer.test, value) && isConstant(pointer.then, 0)) {
    const item = passedType(pointer.otherwise, length, value);
    return item && { kind: "optional", item };
  }
  if (pointer.kind !== "pointer" || !isSame(pointer.of.value, value)) return undefined;
  const { of } = pointer;
  const isLength = (one: Term) =>
    (one.kind === "length" && one.of === of) ||
    (of.type === "array" && one.kind === "member" && one.name === "length" && isSame(one.of, of.value));
  if (!leavesOf(length).some(isLength)) return undefined;
  return typeOfPassed(of);
}

function typeOfPassed({ type, element }: Passed): GlueType {
  if (type === "text") return { kind: "string" };
  if (type === "list" || !element) return { kind: "list", item: { kind: "js", isLent: false } };
  return { kind: "array", element: arrayElement(element), isMutable: false };
}

/** A word that tells whether there is a value, and its words. */
function flagged(flag: Term, words: readonly Term[], value: Term, evaluation: Evaluation): GlueType | undefined {
  const [test] = flag.kind === "operation" && flag.operator === "!" ? flag.args : [];
  if (!test || !isNoneTest(test, value)) return undefined;
  const inner: Term[] = [];
  for (const word of words) {
    if (word.kind !== "either" || !isNoneTest(word.test, value)) return undefined;
    if (!isConstant(word.then, 0, 0n)) return undefined;
    inner.push(word.otherwise);
  }
  const item = loweredType(inner, value, evaluation);
  return item && { kind: "optional", item };
}

function halves(low: Term, high: Term, value: Term): GlueType | undefined {
  if (low.kind !== "half" || high.kind !== "half" || low.isHigh || !high.isHigh) return undefined;
  return isSame(low.of, value) && isSame(high.of, value)
    ? { kind: "int64-halves", isUnsigned: low.isUnsigned }
    : undefined;
}

/** The upper 64 bits of a bigint. */
function isShifted(word: Term, value: Term): boolean {
  return (
    word.kind === "operation" &&
    word.operator === ">>" &&
    isSame(word.args[0] ?? word, value) &&
    isConstant(word.args[1], 64n)
  );
}
