import type { Lifting, Lowering, ValueType } from "../../public/index.ts";
import { plainLifting, plainLowering } from "./none.ts";

/** The reference types that a JavaScript value can be passed as, and the values that each takes. */
const references: readonly (readonly [word: ValueType, expected: string, accepts: (value: unknown) => boolean])[] = [
  ["externref", "any value", () => true],
  ["(ref extern)", "any value except null", (value) => value !== null],
  ["anyref", "any value", () => true],
  ["funcref", "a function that a module exports, or null", isFunctionReference],
];

/**
 * Returns the ways to pass a JavaScript value as it is, which are the same in every convention.
 *
 * @param except - A type that the convention passes itself.
 */
export function referenceLowerings(except?: ValueType): readonly Lowering[] {
  return references
    .filter(([word]) => word !== except)
    .map(([word, expected, accepts]) => ({
      ...plainLowering,
      words: [word],
      expected,
      accepts,
      lower: (_, value, words) => void words.push(value),
      isSame: true,
    }));
}

/**
 * Returns the ways to receive a JavaScript value as it is.
 *
 * @param except - A type that the convention receives itself.
 */
export function referenceLiftings(except?: ValueType): readonly Lifting[] {
  return references
    .filter(([word]) => word !== except)
    .map(([word]) => ({ ...plainLifting, words: [word], lift: (_, words, at) => words[at], convert: same }));
}

function same(word: unknown): unknown {
  return word;
}

/** The engine alone knows which functions are exports of a module, and refuses to keep others. */
function isFunctionReference(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== "function") return false;
  try {
    new WebAssembly.Global({ value: "anyfunc" }, value);
    return true;
  } catch {
    return false;
  }
}
