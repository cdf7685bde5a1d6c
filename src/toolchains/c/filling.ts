import { elementArrays } from "../../bind/types/arrays.ts";
import { checkRange } from "../../bind/field.ts";
import { nullPointer } from "../../bind/null.ts";
import type { Acceptance } from "../../bind/types/description.ts";
import type { TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf, layoutOf, typeText } from "../../bind/types/types.ts";
import { passedBytes, textSize } from "../../bind/values/index.ts";
import { addressOf } from "../../bind/word.ts";
import type { Filling, Memory } from "../../public/index.ts";
import type { Pointers } from "./pointers.ts";
import type { Runtime } from "./runtime.ts";

/** The bytes of a buffer's contents. */
interface Contents {
  /** The number of items, without a terminating zero. */
  readonly count: number;
  /** The number of items that they take. */
  readonly needed: number;
  /** Writes them. */
  readonly write: (memory: Memory, address: number) => void;
}

/**
 * Returns the ways to write a value to where a parameter of an import points: a number or a struct by its layout, a text or an
 * array with the capacity that a second parameter states.
 *
 * @param pointers - The module.
 * @param type - The type of the value.
 */
export function fillingsOf({ address, isWide }: Pointers, type: TypeNode): readonly Filling<Runtime>[] {
  const acceptance = acceptanceOf(type, isWide);
  switch (type.type) {
    case "string":
      return [buffer(type, address, 1, acceptance, (_, value) => text(value as string, 0))];
    case "cstring":
      return [buffer(type, address, 1, acceptance, (_, value) => text(value as string, 1))];
    case "bytes":
      return [buffer(type, address, 1, acceptance, (memory, value) => items(memory, value, 1))];
    case "array": {
      const size = elementArrays[type.element].BYTES_PER_ELEMENT;
      return [buffer(type, address, size, acceptance, (memory, value) => items(memory, value, size))];
    }
    default: {
      const layout = layoutOf(type, isWide);
      if (!layout || layout.isPointer) return [];
      return [
        {
          words: [address],
          ...acceptance,
          isBuffer: false,
          prepare: ({ memory }, value, words, at) => {
            const start = addressOf(words[at]);
            if (start === 0) throw nullPointer("An output", typeText(type));
            checkRange(memory, start, layout.size);
            const write = (): void => {
              layout.write(memory, start, value, []);
            };
            return { count: 1, needed: 1, capacity: 1, write };
          },
        },
      ];
    }
  }
}

/** Makes the way to fill a buffer of items of some bytes. */
function buffer(
  type: TypeNode,
  address: "i32" | "i64",
  size: number,
  acceptance: Acceptance,
  read: (memory: Memory, value: unknown) => Contents,
): Filling<Runtime> {
  return {
    words: [address, address],
    ...acceptance,
    isBuffer: true,
    prepare: ({ memory }, value, words, at) => {
      const [start, capacity] = [addressOf(words[at]), addressOf(words[at + 1])];
      const { count, needed, write } = read(memory, value);
      if (needed > 0 && needed <= capacity) {
        if (start === 0) throw nullPointer("A buffer", typeText(type));
        checkRange(memory, start, needed * size);
      }
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

function text(value: string, ending: number): Contents {
  const count = textSize(value);
  const needed = count + ending;
  return {
    count,
    needed,
    write: (memory, address) => {
      memory.writeString(address, ending > 0 ? `${value}\0` : value, needed);
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
