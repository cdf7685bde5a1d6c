import { acceptanceOf } from "../../crossing/index.ts";
import type { Instance, Lifting, Lowering, RecordType } from "../../types/index.ts";
import { nullResult } from "../null-result.ts";
import { placeOf } from "../place.ts";
import { addressOf } from "../word.ts";

/**
 * A struct as a parameter: its address, in memory that is freed after the call.
 *
 * @param type - The struct.
 * @param isWide - Whether addresses have 64 bits.
 * @returns None if it has a field that is neither a number nor a struct of numbers.
 */
export function recordLowering(type: RecordType, isWide: boolean): readonly Lowering<Instance>[] {
  const place = placeOf(type, isWide);
  if (!place) return [];
  // What is never empty: an allocator may have no address for nothing.
  const size = Math.max(place.size, 1);
  return [
    {
      words: [isWide ? "i64" : "i32"],
      ...acceptanceOf(type, isWide),
      lower: ({ memory }, value, words, later) => {
        const start = memory.alloc(size, place.align);
        later.push(() => {
          memory.free(start, size, place.align);
        });
        // Bytes between the fields are zero, so that two structs of the same fields are the same bytes.
        memory.u8.fill(0, start, start + size);
        place.write(memory.view, start, value as never);
        words.push(isWide ? BigInt(start) : start);
      },
    },
  ];
}

/**
 * A struct as a result: written to where the first parameter points, or returned by its address.
 *
 * @param type - The struct.
 * @param isWide - Whether addresses have 64 bits.
 */
export function recordLifting(type: RecordType, isWide: boolean): readonly Lifting<Instance>[] {
  const place = placeOf(type, isWide);
  if (!place) return [];
  const size = Math.max(place.size, 1);
  const read = ({ memory }: Instance, address: number): unknown => {
    if (address + size > memory.byteLength) memory.read(address, size);
    return place.read(memory.view, address);
  };
  return [
    { words: [], stored: { size, align: place.align, read }, lift: () => undefined },
    {
      words: [isWide ? "i64" : "i32"],
      lift: (life, from, at) => {
        const address = addressOf(from[at]);
        if (address === 0) throw nullResult("a record");
        return read(life, address);
      },
    },
  ];
}
