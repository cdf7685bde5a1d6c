import type { ValueType } from "../../public/index.ts";
import type { Runtime, Word } from "./runtime.ts";

/** Returns the offset of each word in an area: one after the other, each at a multiple of its size. */
function offsetsOf(types: readonly ValueType[]): readonly number[] {
  let at = 0;
  return types.map((type) => {
    const size = type === "i64" || type === "f64" ? 8 : 4;
    const offset = Math.ceil(at / size) * size;
    at = offset + size;
    return offset;
  });
}

/**
 * Returns how many bytes of the stack an area takes.
 *
 * @param types - The words that are written to it.
 */
export function sizeOf(types: readonly ValueType[]): number {
  return Math.ceil(((offsetsOf(types).at(-1) ?? 0) + 8) / 16) * 16;
}

/**
 * Reads the words of an area.
 *
 * @param runtime - The life of the instance.
 * @param area - Where it is.
 * @param types - The words.
 */
export function readWords(runtime: Runtime, area: number, types: readonly ValueType[]): Word[] {
  const { view } = runtime.instance.memory;
  const offsets = offsetsOf(types);
  return types.map((type, index) => {
    const at = (area >>> 0) + (offsets[index] as number);
    if (type === "i64") return view.getBigInt64(at, true);
    if (type === "f64") return view.getFloat64(at, true);
    return type === "f32" ? view.getFloat32(at, true) : view.getInt32(at, true);
  });
}

/**
 * Writes words to an area.
 *
 * @param runtime - The life of the instance.
 * @param area - Where it is.
 * @param types - The words' types.
 * @param words - The words.
 */
export function writeWords(runtime: Runtime, area: number, types: readonly ValueType[], words: readonly Word[]): void {
  const { view } = runtime.instance.memory;
  for (const [index, offset] of offsetsOf(types).entries()) {
    const at = (area >>> 0) + offset;
    const word = words[index];
    const type = types[index];
    if (type === "i64") view.setBigInt64(at, BigInt.asIntN(64, word as bigint), true);
    else if (type === "f64") view.setFloat64(at, word as number, true);
    else if (type === "f32") view.setFloat32(at, word as number, true);
    else view.setInt32(at, word as number, true);
  }
}
