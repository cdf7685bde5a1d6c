import { elementSize } from "../../bind/types/buffer.ts";
import { checkRange } from "../../bind/field.ts";
import type { TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf, layoutOf, typeText } from "../../bind/types/types.ts";
import { passedBytes, textSize } from "../../bind/values/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { Buffering, BufferType, Filling, Memory, Word } from "../../public/index.ts";
import type { Pointers } from "./pointers.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Returns the ways to write a value to where a parameter of an import points: a number or a struct by its layout.
 *
 * @param pointers - The module.
 * @param type - The type of the value.
 * @returns None for other types: nothing would free the memory that they take.
 */
export function fillingsOf({ address, isWide }: Pointers, type: TypeNode): readonly Filling<Runtime>[] {
  const layout = layoutOf(type, isWide);
  if (!layout || layout.isPointer) return [];
  const placeOf = (memory: Memory, word: Word): number => {
    const start = addressOf(word);
    checkRange(memory, start, layout.size);
    return start;
  };
  return [
    {
      words: [address],
      pointerTo: typeText(type),
      ...acceptanceOf(type, isWide),
      read: ({ memory }, words, at) => layout.read(memory, placeOf(memory, words[at])),
      prepare: ({ memory }, value, words, at) => {
        const start = placeOf(memory, words[at]);
        return () => {
          layout.write(memory, start, value, []);
        };
      },
    },
  ];
}

/**
 * Returns how an import fills memory of the module with numbers, or with a text that a zero ends.
 *
 * @param pointers - The module.
 * @param type - The buffer.
 */
export function bufferingOf({ address, isWide }: Pointers, type: BufferType): Buffering<Runtime> {
  const { element } = type;
  const size = elementSize(type);
  const contents: TypeNode = element === "cstring" ? { type: element } : { type: "array", element, mutable: false };
  return {
    words: [address],
    ...acceptanceOf(contents, isWide),
    prepare: ({ memory }, value, word, room) => {
      const start = addressOf(word);
      const capacity = start === 0 ? 0 : room;
      const { count, needed, write } = element === "cstring" ? text(value as string) : items(memory, value, size);
      if (needed > 0 && needed <= capacity) checkRange(memory, start, needed * size);
      return {
        count,
        needed,
        capacity,
        write: () => {
          if (needed > 0) write(memory, start);
        },
      };
    },
  };
}

/** The contents of a buffer. */
interface Contents {
  /** The number of elements, without a terminating zero. */
  readonly count: number;
  /** The number of elements that they take. */
  readonly needed: number;
  readonly write: (memory: Memory, address: number) => void;
}

function text(value: string): Contents {
  const count = textSize(value);
  return {
    count,
    needed: count + 1,
    write: (memory, address) => {
      memory.writeString(address, `${value}\0`, count + 1);
    },
  };
}

function items(memory: Memory, value: unknown, size: number): Contents {
  const { bytes } = passedBytes(memory, value);
  const count = bytes.length / size;
  return {
    count,
    needed: count,
    write: (to, address) => {
      to.write(address, bytes);
    },
  };
}
