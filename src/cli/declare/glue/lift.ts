import type { Effect, Evaluation } from "./evaluation.ts";
import { classNameOf, isPointer, valueIn } from "./evaluation.ts";
import { arrayElement } from "./lower.ts";
import { isSameWord, plainWord, splitAddress } from "./memory.ts";
import type { GlueType } from "./model.ts";
import { isConstant, nothing, type Term } from "./term.ts";

/** A value that is made of words. */
export interface Lifted {
  readonly type: GlueType;
  /** The words, in order. */
  readonly words: readonly Term[];
  /** Whether it is a view of the module's memory rather than a copy, so that it ends with that memory. */
  readonly isView?: boolean;
}

/** The context of words. */
export interface Words {
  /** Whether a term is one of the words. */
  readonly isWord: (term: Term) => boolean;
  readonly evaluation: Evaluation;
}

/** Tells how a value is passed, from what is made of the words. Returns `undefined` for an unknown form. */
export function lifted(term: Term, words: Words): Lifted | undefined {
  const { isWord, evaluation } = words;
  if (isWord(term)) return plain(term);
  switch (term.kind) {
    case "operation":
      return liftedOperation(term, words);
    case "call": {
      const [word = nothing] = term.args;
      const { callee } = term;
      const isChar = callee.kind === "member" && callee.name === "fromCodePoint" && callee.of.kind === "global";
      return isChar && isWord(word) ? { type: { kind: "char" }, words: [word] } : undefined;
    }
    case "handled": {
      const word = plainWord(term.word);
      if (!isWord(word)) return undefined;
      return { type: { kind: "js", isLent: !isDropped(word, evaluation.effects) }, words: [word] };
    }
    case "instance": {
      // Anything else that the object gets is no part of the module.
      const fields = [...term.fields.values()].map((cell) => plainWord(valueIn(evaluation, cell)));
      const isOwn = [...term.fields.keys()].every((name) => isPointer(evaluation.glue, term.class, name));
      const word = isOwn && fields.every(isWord) ? fields[0] : undefined;
      return (
        word && {
          type: { kind: "object", class: classNameOf(evaluation.glue, term.class), isMoved: true },
          words: [word],
        }
      );
    }
    case "text":
      return pair({ kind: "string" }, term, words);
    case "copy":
    case "items": {
      const items = term.kind === "copy" ? term.of : term;
      if (items.kind !== "items") return undefined;
      const { element } = items;
      if (element === "handle") return pair({ kind: "list", item: { kind: "js", isLent: false } }, items, words);
      const array = pair({ kind: "array", element: arrayElement(element), isMutable: false }, items, words);
      return array && { ...array, isView: term.kind === "items" };
    }
    case "index": {
      const word = plainWord(term.at);
      if (term.of.kind !== "texts" || !isWord(word)) return undefined;
      return { type: { kind: "text-enum", values: term.of.values }, words: [word] };
    }
    case "wide": {
      const { low, high, isUnsigned } = term;
      if (!isWord(low) || !isWord(high)) return undefined;
      return { type: { kind: "int64-halves", isUnsigned }, words: [low, high] };
    }
    case "either":
      return liftedChoice(term, words);
    default:
      return undefined;
  }
}

function pair(
  type: GlueType,
  term: { readonly pointer: Term; readonly length: Term },
  { isWord }: Words,
): Lifted | undefined {
  const [pointer, length] = [plainWord(term.pointer), plainWord(term.length)];
  if (!isWord(pointer) || !isWord(length) || !isInteger(pointer) || !isInteger(length)) return undefined;
  // The length follows the address.
  if (pointer.kind === "read" && length.kind === "read") {
    const distance = splitAddress(length.address).offset - splitAddress(pointer.address).offset;
    if (distance !== 4) return undefined;
  }
  return { type, words: [pointer, length] };
}

/** Whether a word that is read from memory is read as an integer of 32 bits. */
function isInteger(word: Term): boolean {
  return word.kind !== "read" || /^[iu]32$/.test(word.element);
}

/** A number as it is. */
function plain(word: Term, bits?: 32 | 64): Lifted {
  const element = word.kind === "read" ? word.element.replace("u", "i") : undefined;
  const isWide = element === "i32" || element === "i64" || element === "f32" || element === "f64";
  const type: GlueType = {
    kind: "plain",
    ...((bits ?? /^u(32|64)$/.test(word.kind === "read" ? word.element : "")) && { isUnsigned: true }),
    ...(bits && { bits }),
    ...(isWide && { inMemory: element }),
  };
  return { type, words: [word] };
}

function liftedOperation(
  { operator, args }: Extract<Term, { kind: "operation" }>,
  { isWord }: Words,
): Lifted | undefined {
  const [left = nothing, right = nothing] = args;
  if (operator === ">>>" && isConstant(right, 0) && isWord(left)) {
    return plain(left, 32);
  }
  if (operator === "asUintN" && isConstant(left, 64) && isWord(right)) {
    return plain(right, 64);
  }
  if (operator === "!" && left.kind === "operation" && left.operator === "===" && isConstant(left.args[1], 0)) {
    const [word = nothing] = left.args;
    return isWord(word) && isInteger(word) ? { type: { kind: "bool" }, words: [word] } : undefined;
  }
  if (operator === "|") return int128(left, right, isWord) ?? int128(right, left, isWord);
  return undefined;
}

/** `BigInt.asUintN(64, low) | (high << 64n)`. */
function int128(low: Term, high: Term, isWord: Words["isWord"]): Lifted | undefined {
  const bare = (term: Term) =>
    term.kind === "operation" && term.operator === "asUintN" ? (term.args[1] ?? nothing) : term;
  if (high.kind !== "operation" || high.operator !== "<<" || !isConstant(high.args[1], 64n)) return undefined;
  const [upper = nothing] = high.args;
  const [first, second] = [bare(low), bare(upper)];
  if (!isWord(first) || !isWord(second)) return undefined;
  return { type: { kind: "int128", isUnsigned: upper !== second }, words: [first, second] };
}

/** A value that may be missing. */
function liftedChoice({ test, then, otherwise }: Extract<Term, { kind: "either" }>, words: Words): Lifted | undefined {
  const { isWord } = words;
  let word: Term | undefined;
  let none: unknown = 0;
  let item: Term | undefined;
  if (test.kind === "operation" && test.operator === "===" && test.args[1]?.kind === "constant") {
    word = plainWord(test.args[0] ?? nothing);
    none = test.args[1].value;
    // A text that the module has cached goes by its handle.
    if (then.kind === "handled" && otherwise.kind === "text") return lifted(otherwise, words);
    if (isConstant(then, undefined)) item = otherwise;
  } else if (isConstant(otherwise, undefined)) {
    word = plainWord(test);
    item = then;
  }
  if (!word || !item || !isWord(word) || typeof none !== "number") return undefined;
  const flag = word;
  const inner = lifted(item, words);
  if (!inner) return undefined;
  const [first] = inner.words;
  const isOwn = first !== undefined && isSameWord(first, flag);
  if (!isOwn) {
    if (none !== 0) return undefined;
    return { ...inner, type: { kind: "optional", item: inner.type }, words: [flag, ...inner.words] };
  }
  const type: GlueType =
    inner.words.length === 1 ? { kind: "optional", item: inner.type, none } : { kind: "optional", item: inner.type };
  return { ...inner, type };
}

/** Whether a handle is given back. */
export function isDropped(word: Term, effects: readonly Effect[]): boolean {
  return effects.some(
    (one) =>
      (one.kind === "drop" && isSameWord(one.word, word)) ||
      (one.kind === "wasm" && one.args.length === 1 && one.args[0] !== undefined && isSameWord(one.args[0], word)),
  );
}
