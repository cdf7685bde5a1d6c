import { ownMembers } from "../../base/own.ts";
import type { DeclaredType, Lifting, Lowering, ValueType, Word } from "../../public/index.ts";
import { acceptanceOf } from "./accept.ts";
import { plainLifting, plainLowering } from "./none.ts";
import { characterOf, createEnumerationLift, isOfTexts, sizeOf } from "./value.ts";

/** How a type of one word crosses. */
interface Scalar {
  readonly word: ValueType;
  /** The word of a value; absent where they are the same. */
  readonly lower: ((value: never) => Word) | undefined;
  /** The value of a word; absent where they are the same. */
  readonly lift: ((word: never) => unknown) | undefined;
}

/** A type whose values are the same number on both sides. */
const asIs = (word: ValueType): Scalar => ({ word, lower: undefined, lift: undefined });
/** A type whose values are passed as they are, and read from the word's bits. */
const lifted = (word: ValueType, lift: Scalar["lift"]): Scalar => ({ word, lower: undefined, lift });

const i32 = asIs("i32");
const unsigned = lifted("i32", (word: number) => word >>> 0);
const big = asIs("i64");

// A module may leave anything in the bits above those of a narrow integer.
const scalars: { readonly [type: string]: Scalar | undefined } = ownMembers({
  i8: lifted("i32", (word: number) => (word << 24) >> 24),
  u8: lifted("i32", (word: number) => word & 0xff),
  i16: lifted("i32", (word: number) => (word << 16) >> 16),
  u16: lifted("i32", (word: number) => word & 0xffff),
  i32,
  u32: unsigned,
  i64: big,
  u64: lifted("i64", (word: bigint) => BigInt.asUintN(64, word)),
  f32: asIs("f32"),
  f64: asIs("f64"),
  // The engine makes 1 of true.
  bool: lifted("i32", (word: number) => word !== 0),
  char: {
    word: "i32",
    lower: (value: string) => value.codePointAt(0),
    lift: characterOf,
  },
});

const wideSize: Scalar = {
  word: "i64",
  lower: (value: number) => BigInt(value),
  lift: sizeOf,
};

/** How a declared type of one word crosses; `undefined` for any other. It is the same in every convention. */
function scalarOf(type: DeclaredType, isWide: boolean): Scalar | undefined {
  if (type.type === "size") return isWide ? wideSize : unsigned;
  if (type.type !== "enumeration") return scalars[type.type];
  const { values } = type;
  const lift = createEnumerationLift(values);
  return isOfTexts(values)
    ? { word: "i32", lower: (value: never) => values.indexOf(value), lift }
    : lifted("i32", lift);
}

/**
 * How a declared type of one word is passed.
 *
 * @param type - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for any other type.
 */
export function scalarLowering(type: DeclaredType, isWide: boolean): Lowering | undefined {
  const scalar = scalarOf(type, isWide);
  if (!scalar) return undefined;
  const { word, lower } = scalar;
  const acceptance = acceptanceOf(type, isWide);
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
 * How a declared type of one word is received.
 *
 * @param type - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for any other type.
 */
export function scalarLifting(type: DeclaredType, isWide: boolean): Lifting | undefined {
  const scalar = scalarOf(type, isWide);
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
