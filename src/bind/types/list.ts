import { describe } from "../../errors/describe.ts";
import type { ListType } from "../../public/index.ts";
import { innermost, ofItem, readClassId, type TypeDescription, Unreadable, unreadable } from "./description.ts";
import type { TypeNode } from "./node.ts";

/** Longer lists are refused before they are read: an empty array of any length costs its maker nothing. */
const mostItems = 2 ** 24;

/** A JavaScript array. */
export const list: TypeDescription<ListType<TypeNode>> = {
  ...ofItem,
  members: ["item", "classId"],
  read: (type, reader) => {
    const item = reader.inner(reader.own("item"), "item");
    const stated = readClassId(reader);
    return item && stated && { type, item, ...stated };
  },
  acceptance: (node, isWide, of) => {
    const item = of(node.item, isWide);
    const { copy = same } = item;
    return {
      expected: `an array of at most ${mostItems} items, each ${item.expected}`,
      accepts: (value) => Array.isArray(value) && (value as readonly unknown[]).every((one) => item.accepts(one)),
      copy: (value) => (Array.isArray(value) ? copyItems(value, copy) : value),
      refused: (value) => {
        const at = Array.isArray(value) ? value.findIndex((one) => !item.accepts(one)) : -1;
        return at < 0 ? undefined : innermost(`[${at}]`, (value as readonly unknown[])[at], item);
      },
    };
  },
  isAllocated: true,
};

/** Copies an array, holes filled, so that no item is read again later. A proxy may report any length. */
function copyItems(array: readonly unknown[], copy: (item: unknown) => unknown): unknown[] {
  const { length } = array;
  if (!Number.isInteger(length) || length < 0 || length > mostItems)
    throw new Unreadable("length", `is ${describe(length)}`);
  const items: unknown[] = [];
  let at = 0;
  try {
    for (; at < length; at++) items.push(copy(array[at]));
  } catch (error) {
    throw unreadable(`[${at}]`, error);
  }
  return items;
}

function same(value: unknown): unknown {
  return value;
}
