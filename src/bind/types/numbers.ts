import type { PlainType } from "../../public/index.ts";
import {
  type Acceptance,
  flat,
  type Layout,
  numberLayout,
  plain,
  type Scalar,
  type TypeDescription,
} from "./description.ts";
import { invalidValue } from "./invalid-value.ts";

/** A whole number in a range. Other values are not converted: a symbol or a bigint would throw, and an object would run code. */
const whole = (least: number, most: number): Acceptance =>
  flat(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );

const wholeOf = (bits: number, isSigned: boolean): Acceptance =>
  isSigned ? whole(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) : whole(0, 2 ** bits - 1);

const wholeBig = (least: bigint, most: bigint): Acceptance =>
  flat(`a bigint from ${least} to ${most}`, (value) => typeof value === "bigint" && value >= least && value <= most);

const bigOf = (bits: number, isSigned: boolean): Acceptance => {
  const most = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;
  return wholeBig(isSigned ? -most - 1n : 0n, most);
};

const aNumber = flat("a number", (value) => typeof value === "number");

/** Describes a number that crosses unchanged as one word. */
const number = (
  acceptance: Acceptance,
  word: Scalar["word"],
  lift: Scalar["lift"],
  layout: Layout,
): TypeDescription<PlainType> => {
  const scalar: Scalar = { word, lower: undefined, lift };
  return plain(acceptance, { scalar: () => scalar, layout: () => layout });
};

/** Describes an integer of fewer bits than a word. A module may leave anything in the upper bits. */
const narrow = (bits: number, isSigned: boolean, layout: Layout): TypeDescription<PlainType> => {
  const shift = 32 - bits;
  const lift = isSigned ? (word: number) => (word << shift) >> shift : (word: number) => (word << shift) >>> shift;
  return number(wholeOf(bits, isSigned), "i32", lift, layout);
};

const unsigned = (word: number): number => word >>> 0;

const u32Layout = numberLayout(
  4,
  (view, at) => view.getUint32(at, true),
  (view, at, value) => view.setUint32(at, value, true),
);

const i16Layout = numberLayout(
  2,
  (view, at) => view.getInt16(at, true),
  (view, at, value) => view.setInt16(at, value, true),
);

const i32Layout = numberLayout(
  4,
  (view, at) => view.getInt32(at, true),
  (view, at, value) => view.setInt32(at, value, true),
);

const i64Layout = numberLayout(
  8,
  (view, at) => view.getBigInt64(at, true),
  (view, at, value) => view.setBigInt64(at, value, true),
);

const u32 = number(
  // As for i32, these checks are on the path of most calls: written out, they compile to a comparison.
  { ...wholeOf(32, false), accepts: (value) => typeof value === "number" && value >>> 0 === value },
  "i32",
  unsigned,
  u32Layout,
);

/** The numbers. */
export const numbers = {
  i8: narrow(
    8,
    true,
    numberLayout(
      1,
      (view, at) => view.getInt8(at),
      (view, at, value) => view.setInt8(at, value),
    ),
  ),
  u8: narrow(
    8,
    false,
    numberLayout(
      1,
      (view, at) => view.getUint8(at),
      (view, at, value) => view.setUint8(at, value),
    ),
  ),
  i16: narrow(16, true, i16Layout),
  u16: narrow(
    16,
    false,
    numberLayout(
      2,
      (view, at) => view.getUint16(at, true),
      (view, at, value) => view.setUint16(at, value, true),
    ),
  ),
  i32: number(
    { ...wholeOf(32, true), accepts: (value) => typeof value === "number" && (value | 0) === value },
    "i32",
    undefined,
    i32Layout,
  ),
  u32,
  // The engine wraps what is passed, and memory keeps the bits.
  bits16: number(whole(-(2 ** 15), 2 ** 16 - 1), "i32", undefined, i16Layout),
  bits32: number(whole(-(2 ** 31), 2 ** 32 - 1), "i32", undefined, i32Layout),
  bits64: number(wholeBig(-(2n ** 63n), 2n ** 64n - 1n), "i64", undefined, i64Layout),
  i64: number(bigOf(64, true), "i64", undefined, i64Layout),
  u64: number(
    bigOf(64, false),
    "i64",
    (word: bigint) => BigInt.asUintN(64, word),
    numberLayout(
      8,
      (view, at) => view.getBigUint64(at, true),
      (view, at, value) => view.setBigUint64(at, value, true),
    ),
  ),
  i128: plain(bigOf(128, true)),
  u128: plain(bigOf(128, false)),
  f32: number(
    aNumber,
    "f32",
    undefined,
    numberLayout(
      4,
      (view, at) => view.getFloat32(at, true),
      (view, at, value) => view.setFloat32(at, value, true),
    ),
  ),
  f64: number(
    aNumber,
    "f64",
    undefined,
    numberLayout(
      8,
      (view, at) => view.getFloat64(at, true),
      (view, at, value) => view.setFloat64(at, value, true),
    ),
  ),
} as const;

const wideScalar: Scalar = {
  word: "i64",
  lower: (value: number) => BigInt(value),
  lift: sizeOf,
};

const wideLayout = numberLayout(
  8,
  (view, at) => sizeOf(view.getBigUint64(at, true)),
  (view, at, value) => view.setBigUint64(at, BigInt(value), true),
);

/**
 * Returns the layout of an address or a size in memory.
 *
 * @param isWide - Whether it has 64 bits.
 */
export function sizeLayout(isWide: boolean): Layout {
  return isWide ? wideLayout : u32Layout;
}

/** A size or an address. */
export const size: TypeDescription<PlainType> = {
  ...plain(aNumber),
  acceptance: (_, isWide) => whole(0, isWide ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1),
  scalar: (node, isWide, of) => (isWide ? wideScalar : u32.scalar(node, isWide, of)),
  layout: (_, isWide) => sizeLayout(isWide),
};

/**
 * Converts an address or a size to a number. Errors: `invalid-value` if no number is exact.
 *
 * @param word - The 64 bits.
 */
function sizeOf(word: bigint): number {
  const size = BigInt.asUintN(64, word);
  if (size <= Number.MAX_SAFE_INTEGER) return Number(size);
  throw invalidValue(
    "t.size",
    `${size}n`,
    "which no number holds exactly. Declare t.u64, or t.i64 if a negative one stands for a failure.",
  );
}
