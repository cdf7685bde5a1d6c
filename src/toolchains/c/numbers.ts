import { elementArrays } from "../../bind/types/arrays.ts";
import type { TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf } from "../../bind/types/types.ts";
import { passedBytes, plainLifting, plainLowering } from "../../bind/values/index.ts";
import type { ElementName, Lifting, Lowering } from "../../public/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { Runtime } from "./runtime.ts";
import { type Ownership, type Pointers, readBytes, release } from "./pointers.ts";

/** How an array is passed. */
interface Passed {
  /** The declared type, for the check of values. */
  readonly type: TypeNode;
  readonly element: ElementName;
  /** Whether the module's writes are copied back. */
  readonly isMutable: boolean;
  /** Whether the number of its elements is passed. */
  readonly hasLength: boolean;
}

/**
 * Lowers contiguous numbers as a parameter: their address, and usually their count.
 *
 * @param pointers - The module.
 * @param passed - The array.
 */
export function numbersLowering(
  { address, word, isWide }: Pointers,
  { type, element, isMutable, hasLength }: Passed,
): Lowering<Runtime> {
  const align = elementArrays[element].BYTES_PER_ELEMENT;
  return {
    ...plainLowering,
    words: hasLength ? [address, address] : [address],
    ...acceptanceOf(type, isWide),
    allocates: true,
    lower: ({ memory }, value, words, later) => {
      const passed = passedBytes(memory, value);
      const { length: size } = passed.bytes;
      // Not null even for an empty array, because many functions take null for none.
      const room = Math.max(size, align);
      const start = memory.alloc(room, align);
      later.push(() => {
        try {
          if (isMutable) passed.set(memory.read(start, size));
        } finally {
          memory.free(start, room, align);
        }
      });
      memory.write(start, passed.bytes);
      words.push(word(start));
      if (hasLength) words.push(word(size / align));
    },
  };
}

/**
 * Lifts contiguous numbers as a result: an address and the number of elements.
 *
 * @param pointers - The module.
 * @param element - The type of an element.
 * @param owned - How they are freed.
 */
export function numbersLifting(pointers: Pointers, element: ElementName, owned: Ownership): Lifting<Runtime> {
  const { address } = pointers;
  const Class = elementArrays[element];
  const align = Class.BYTES_PER_ELEMENT;
  return {
    ...plainLifting,
    words: [address, address],
    lift: (runtime, words, at) => {
      const [start, length] = [addressOf(words[at]), addressOf(words[at + 1])];
      const bytes = readBytes(runtime, start, length * align);
      release(pointers, runtime, owned, start, { size: bytes.length, align, length });
      return new Class(bytes.buffer);
    },
  };
}
