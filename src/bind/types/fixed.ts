import { bytesOf } from "../../base/buffers.ts";
import type { CharsType, FixedType } from "../../public/index.ts";
import { type ElementArrayClass, elementArrays, isElement, isTypedArray } from "./arrays.ts";
import {
  flat,
  innermost,
  type Layout,
  ofItem,
  type Part,
  plainDescription,
  type TypeDescription,
  unreadable,
} from "./description.ts";
import type { TypeNode } from "./node.ts";
import { textSize } from "../values/text-size.ts";
import { cstring } from "./texts.ts";

/** Longer ones are no part of a struct. */
const mostBytes = 2 ** 24;

const isCount = (count: unknown): count is number =>
  Number.isInteger(count) && (count as number) > 0 && (count as number) <= mostBytes;

/** A fixed number of values: numbers in a typed array, others in a list. */
export const fixed: TypeDescription<FixedType<TypeNode>> = {
  ...ofItem,
  members: ["item", "length"],
  read: (type, { own, inner, refuse }) => {
    const [item, length] = [inner(own("item"), "item"), own("length")];
    if (isCount(length)) return item && { type, item, length };
    refuse(`has in t.fixed a length that is no whole number from 1 to ${mostBytes}`);
    return;
  },
  text: ({ length }, [item]) => `fixed(${item}, ${length})`,
  acceptance: ({ item, length }, isWide, of) => {
    const { type } = item;
    if (isElement(type)) {
      const { name } = elementArrays[type];
      const isOne = (value: unknown) => isTypedArray(value, type) && (value as Uint8Array).length === length;
      return {
        ...flat(`${/^[AIO]/.test(name) ? "an" : "a"} ${name} of the length ${length}`, isOne),
        refused: (value) => (isTypedArray(value, type) ? lengthIn(value as Uint8Array) : undefined),
        // Memory is allocated before it is written, and growing the memory detaches an array that lies in it.
        copy: (value) => {
          const bytes = isOne(value) ? bytesOf(value) : undefined;
          return bytes ? new elementArrays[type](bytes.slice().buffer) : value;
        },
      };
    }
    const acceptance = of(item, isWide);
    const { expected, accepts, copy = same } = acceptance;
    return {
      refused: (value) => {
        if (Array.isArray(value) && value.length !== length) return lengthIn(value);
        const at = isListOf(value, length) ? value.findIndex((one) => !accepts(one)) : -1;
        return at < 0 ? undefined : innermost(`[${at}]`, (value as readonly unknown[])[at], acceptance);
      },
      expected: `an array of ${length} items, each ${expected}`,
      accepts: (value) => isListOf(value, length) && value.every((one) => accepts(one)),
      copy: (value) =>
        isListOf(value, length)
          ? Array.from({ length }, (_, at) => {
              try {
                return copy(value[at]);
              } catch (error) {
                throw unreadable(`[${at}]`, error);
              }
            })
          : value,
    };
  },
  layout: ({ item, length }, isWide, of) => {
    const layout = of(item, isWide);
    if (!layout || layout.size * length > mostBytes) return undefined;
    return isElement(item.type) ? numbersLayout(elementArrays[item.type], length) : listLayout(layout, length);
  },
};

/** Names the length of a value as the part that is wrong. */
function lengthIn({ length }: { readonly length: number }): Part {
  return { path: "length", value: length };
}

function isListOf(value: unknown, length: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length;
}

function same(value: unknown): unknown {
  return value;
}

function numbersLayout(Class: ElementArrayClass, length: number): Layout {
  const { BYTES_PER_ELEMENT: align } = Class;
  const size = align * length;
  return {
    size,
    align,
    isPointer: false,
    read: (memory, address) => new Class(memory.read(address, size).buffer),
    write: (memory, address, value) => {
      memory.write(address, value as Uint8Array);
    },
  };
}

function listLayout(item: Layout, length: number): Layout {
  return {
    ...item,
    size: item.size * length,
    read: (memory, address) => Array.from({ length }, (_, at) => item.read(memory, address + at * item.size)),
    write: (memory, address, value, later) => {
      for (const [at, one] of (value as readonly unknown[]).entries())
        item.write(memory, address + at * item.size, one, later);
    },
  };
}

/** Text in a fixed number of bytes. */
export const chars: TypeDescription<CharsType> = {
  ...plainDescription,
  members: ["length"],
  read: (type, { own, refuse }) => {
    const length = own("length");
    if (isCount(length)) return { type, length };
    refuse(`has in t.chars a length that is no whole number from 1 to ${mostBytes}`);
    return;
  },
  text: ({ length }) => `chars(${length})`,
  acceptance: ({ length }, isWide, of) => {
    const { expected, accepts } = cstring.acceptance({ type: "cstring" }, isWide, of);
    return flat(`${expected}, of at most ${length} bytes`, (value) => accepts(value) && fits(value as string, length));
  },
  layout: ({ length }) => ({
    size: length,
    align: 1,
    isPointer: false,
    read: (memory, address) => {
      const end = memory.u8.subarray(address, address + length).indexOf(0);
      return end === 0 ? "" : memory.readString(address, end < 0 ? length : end);
    },
    write: (memory, address, value) => {
      memory.u8.fill(0, address, address + length);
      memory.writeString(address, value as string, length);
    },
  }),
};

/** Whether a text has at most as many bytes of UTF-8. */
function fits(text: string, length: number): boolean {
  // Each code unit takes a byte at least.
  return text.length <= length && textSize(text) <= length;
}
