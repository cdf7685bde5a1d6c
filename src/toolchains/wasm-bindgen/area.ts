import { layOut, readWord, writeWord } from "../../bind/layout.ts";
import type { ValueType } from "../../public/index.ts";
import type { Runtime, Word } from "./runtime.ts";

/**
 * Reads the words of an area.
 *
 * @param runtime - The life of the instance.
 * @param area - Where it is.
 * @param types - The words.
 */
export function readWords(runtime: Runtime, area: number, types: readonly ValueType[]): Word[] {
  const { memory } = runtime.instance;
  const { offsets } = layOut(types);
  return types.map((type, index) => readWord(memory, type, (area >>> 0) + (offsets[index] as number)));
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
  const { memory } = runtime.instance;
  for (const [index, offset] of layOut(types).offsets.entries())
    writeWord(memory, types[index] as ValueType, (area >>> 0) + offset, words[index]);
}
