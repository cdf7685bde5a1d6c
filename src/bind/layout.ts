import type { Memory, ValueType, Word } from "../public/index.ts";

/**
 * Lays out words one after the other, each at a multiple of its size.
 *
 * @param words - Their types.
 * @returns The offset of each word, and the size of all: a multiple of 16 bytes, as the stack requires.
 */
export function layOut(words: readonly ValueType[]): { readonly offsets: readonly number[]; readonly size: number } {
  let end = 0;
  const offsets = words.map((word) => {
    const size = sizeOf(word);
    const offset = Math.ceil(end / size) * size;
    end = offset + size;
    return offset;
  });
  return { offsets, size: Math.ceil(end / 16) * 16 };
}

/**
 * Reads a word.
 *
 * @param memory - The memory.
 * @param word - Its type.
 * @param address - Its address.
 */
export function readWord({ view }: Memory, word: ValueType, address: number): Word {
  switch (word) {
    case "i64":
      return view.getBigInt64(address, true);
    case "f32":
      return view.getFloat32(address, true);
    case "f64":
      return view.getFloat64(address, true);
    default:
      return view.getInt32(address, true);
  }
}

/**
 * Writes a word.
 *
 * @param memory - The memory.
 * @param word - Its type.
 * @param address - Its address.
 * @param value - The word.
 */
export function writeWord({ view }: Memory, word: ValueType, address: number, value: Word): void {
  switch (word) {
    case "i64":
      view.setBigInt64(address, BigInt.asIntN(64, value as bigint), true);
      break;
    case "f32":
      view.setFloat32(address, value as number, true);
      break;
    case "f64":
      view.setFloat64(address, value as number, true);
      break;
    default:
      view.setInt32(address, value as number, true);
  }
}

function sizeOf(word: ValueType): number {
  return word === "i64" || word === "f64" ? 8 : 4;
}
