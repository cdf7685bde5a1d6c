import { elementArrays } from "../../bind/types/arrays.ts";
import { elementSize } from "../../bind/types/buffer.ts";
import { acceptanceOf } from "../../bind/types/types.ts";
import { plainLowering } from "../../bind/values/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { BufferType, Lowering } from "../../public/index.ts";
import { type Pointers, readBytes } from "./pointers.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Lowers the capacity of memory that the function fills: the address of that memory, which is freed after the call.
 *
 * @param pointers - The module.
 * @param type - The buffer.
 */
export function bufferLowering({ address, word, isWide }: Pointers, type: BufferType): Lowering<Runtime> {
  const size = elementSize(type);
  return {
    ...plainLowering,
    words: [address],
    ...acceptanceOf(type, isWide),
    allocates: true,
    lower: ({ memory }, value, words, later) => {
      // Not null even for a capacity of 0, because many functions take null for none.
      const room = Math.max((value as number) * size, size);
      const start = memory.alloc(room, size);
      later.push(() => {
        memory.free(start, room, size);
      });
      // A function that fails may write nothing, and what lay there before is not the caller's.
      memory.u8.fill(0, start, start + room);
      words.push(word(start));
    },
    filled: {
      read: (runtime, from, count) => {
        const start = addressOf(from);
        if (type.element === "cstring") return readText(runtime, start, count);
        const Class = elementArrays[type.element];
        return new Class(readBytes(runtime, start, count * size).buffer);
      },
      isText: type.element === "cstring",
      isEnded: ({ memory }, from, count) => {
        const start = addressOf(from);
        return memory.u8.subarray(start, start + count).indexOf(0) === count - 1;
      },
    },
  };
}

/** Reads text that ends at the first zero, or at the end of the room as that of `strncpy`. */
function readText({ memory }: Runtime, start: number, count: number): string {
  const end = memory.u8.subarray(start, start + count).indexOf(0);
  const length = end < 0 ? count : end;
  return length > 0 ? memory.readString(start, length) : "";
}
