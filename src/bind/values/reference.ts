import type { FunctionType, Lifting, Lowering, Receiving, Returning, ValueType } from "../../public/index.ts";
import { plainLifting, plainLowering, plainReceiving, plainReturning } from "./none.ts";

/** Which JavaScript values a reference type takes. */
interface Reference {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const any: Reference = { expected: "any value", accepts: () => true };
const object = "a struct or array that the module made";

/** The heap types of references that cross, with the values that each takes besides null. */
const heaps: Readonly<Record<string, Reference>> = {
  extern: any,
  any,
  func: { expected: "a function that a module exports", accepts: (value) => engineHas("anyfunc", value) },
  eq: { expected: `${object}, or an integer of 31 bits`, accepts: (value) => engineHas("eqref", value) },
  i31: { expected: "an integer of 31 bits", accepts: (value) => engineHas("i31ref", value) },
  struct: { expected: "a struct that the module made", accepts: (value) => engineHas("structref", value) },
  array: { expected: "an array that the module made", accepts: (value) => engineHas("arrayref", value) },
  none: { expected: "null", accepts: () => false },
};

/** A type of the module's own. Of its objects the engine alone knows the type, and it throws for another. */
const concrete: Reference = {
  expected: `${object}, or a function that a module exports`,
  accepts: (value) => engineHas("eqref", value) || engineHas("anyfunc", value),
};

/**
 * Returns the values that a type takes; `undefined` for a number, and for exceptions and continuations, which the engine
 * passes to no JavaScript.
 */
function referenceOf(word: ValueType): Reference | undefined {
  const [, isNullable, named] = /^\(ref (null )?(.+)\)$/.exec(word) ?? [];
  const [, bottom, short] = /^(null)?(.*)ref$/.exec(word) ?? [];
  const heap = named ?? (bottom === undefined ? short : "none");
  if (heap === undefined || /exn|cont/.test(word)) return undefined;
  const found = Object.hasOwn(heaps, heap) ? heaps[heap] : concrete;
  if (!found) return undefined;
  const { expected, accepts } = found;
  if (named !== undefined && isNullable === undefined)
    return { expected: `${expected} except null`, accepts: (value) => value !== null && accepts(value) };
  if (found === any) return any;
  return {
    expected: expected === "null" ? expected : `${expected}, or null`,
    accepts: (value) => value === null || accepts(value),
  };
}

/** Whether a variable of the engine can hold a value: the engine alone knows its functions and objects. */
function engineHas(type: string, value: unknown): boolean {
  if (value === null || value === undefined) return false;
  try {
    new WebAssembly.Global({ value: type as "anyfunc" }, value as never);
    return true;
  } catch {
    return false;
  }
}

/** The types that a convention passes by itself as they are. Those of a module's own are known by its signatures. */
const usual: readonly ValueType[] = ["externref", "(ref extern)", "anyref", "funcref"];

/**
 * Returns the ways to pass a JavaScript value as it is, which are the same in every convention.
 *
 * @param except - A type that the convention passes itself.
 */
export function referenceLowerings(except?: ValueType): readonly Lowering[] {
  return usual.filter((word) => word !== except).flatMap(loweringAs);
}

/**
 * Returns the ways to receive a JavaScript value as it is.
 *
 * @param except - A type that the convention receives itself.
 */
export function referenceLiftings(except?: ValueType): readonly Lifting[] {
  return usual.filter((word) => word !== except).map(liftingAs);
}

/**
 * Adds the ways to pass a JavaScript value as the reference types of a signature.
 *
 * @param ways - The convention's own ways.
 * @param types - The signatures.
 */
export function withLowerings(ways: readonly Lowering[], types: readonly FunctionType[]): readonly Lowering[] {
  return [...ways, ...missing(wordsOf(ways), types).flatMap(loweringAs)];
}

/**
 * Adds the ways to receive a JavaScript value as the reference types of a signature.
 *
 * @param ways - The convention's own ways.
 * @param types - The signatures.
 */
export function withLiftings(ways: readonly Lifting[], types: readonly FunctionType[]): readonly Lifting[] {
  // Some are other words where the result is one alone.
  const words = ways.map((way) => way.alone ?? way.words);
  return [...ways, ...missing(words, types).map(liftingAs)];
}

/**
 * Adds the ways in which a host function receives a reference.
 *
 * @param ways - The convention's own ways.
 * @param types - The import's type.
 */
export function withReceivings(ways: readonly Receiving[], types: readonly FunctionType[]): readonly Receiving[] {
  return [
    ...ways,
    ...missing(wordsOf(ways), types).map((word) => ({ ...plainReceiving, words: [word], lift: wordAt, convert: same })),
  ];
}

/**
 * Adds the ways in which a host function returns a reference.
 *
 * @param ways - The convention's own ways.
 * @param types - The import's type.
 */
export function withReturnings(ways: readonly Returning[], types: readonly FunctionType[]): readonly Returning[] {
  const added = missing(wordsOf(ways), types).flatMap((word): Returning[] => {
    const reference = referenceOf(word);
    return reference ? [{ ...plainReturning, words: [word], ...reference, lower: pushWord, isSame: true }] : [];
  });
  return [...ways, ...added];
}

/** The reference types of signatures that are the words of no way yet. */
function missing(ways: readonly (readonly ValueType[])[], types: readonly FunctionType[]): readonly ValueType[] {
  const known = new Set(ways.flatMap((words) => (words.length === 1 ? words : [])));
  const words = new Set(types.flatMap(({ params, results }) => [...params, ...results]));
  return [...words].filter((word) => !known.has(word) && referenceOf(word) !== undefined);
}

function wordsOf(ways: readonly { readonly words: readonly ValueType[] }[]): readonly (readonly ValueType[])[] {
  return ways.map(({ words }) => words);
}

function loweringAs(word: ValueType): Lowering[] {
  const reference = referenceOf(word);
  return reference
    ? [
        {
          ...plainLowering,
          words: [word],
          ...reference,
          lower: (_, value, words) => void words.push(value),
          isSame: true,
        },
      ]
    : [];
}

function liftingAs(word: ValueType): Lifting {
  return { ...plainLifting, words: [word], lift: wordAt, convert: same };
}

function wordAt(_: unknown, words: readonly unknown[], at: number): unknown {
  return words[at];
}

function pushWord(_: unknown, value: unknown, words: unknown[]): void {
  words.push(value);
}

function same(word: unknown): unknown {
  return word;
}
