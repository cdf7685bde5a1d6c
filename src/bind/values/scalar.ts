import type { Lifting, Lowering, Word } from "../../public/index.ts";
import type { TypeNode } from "../types/node.ts";
import { acceptanceOf, scalarOf } from "../types/types.ts";
import { plainLifting, plainLowering } from "./none.ts";

/**
 * Returns how a declared type of one word is passed.
 *
 * @param node - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for any other type.
 */
export function scalarLowering(node: TypeNode, isWide: boolean): Lowering | undefined {
  const scalar = scalarOf(node, isWide);
  if (!scalar) return undefined;
  const { word, lower } = scalar;
  const acceptance = acceptanceOf(node, isWide);
  return lower
    ? {
        ...plainLowering,
        words: [word],
        ...acceptance,
        lower: (_, value, words) => void words.push(lower(value as never)),
      }
    : {
        ...plainLowering,
        words: [word],
        ...acceptance,
        lower: (_, value, words) => void words.push(value),
        isSame: true,
      };
}

/**
 * Returns how a declared type of one word is received.
 *
 * @param node - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for any other type.
 */
export function scalarLifting(node: TypeNode, isWide: boolean): Lifting | undefined {
  const scalar = scalarOf(node, isWide);
  if (!scalar) return undefined;
  const { word, lift } = scalar;
  const convert = lift as ((word: Word) => unknown) | undefined;
  return convert
    ? { ...plainLifting, words: [word], lift: (_, words, at) => convert(words[at]), convert }
    : { ...plainLifting, words: [word], lift: (_, words, at) => words[at], convert: same };
}

function same(word: Word): Word {
  return word;
}
