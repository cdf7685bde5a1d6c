import type { OptionalType } from "../../public/index.ts";
import { type Layout, ofItem, type Scalar, type TypeDescription } from "./description.ts";
import { isOfTexts } from "./enumeration.ts";
import type { TypeNode } from "./node.ts";
import { textLayout } from "./texts.ts";

const integers: readonly TypeNode["type"][] = ["i8", "u8", "i16", "u16", "bits16", "i32", "u32", "bits32"];

/** A value or nothing. */
export const optional: TypeDescription<OptionalType<TypeNode>> = {
  ...ofItem,
  members: ["item", "none"],
  read: (type, { own, inner, refuse }) => {
    const [item, none] = [inner(own("item"), "item"), own("none")];
    if (!item || none === undefined) return item && { type, item };
    if (isWord(none) && isCounted(item)) return { type, item, none };
    refuse(
      "has in t.optional a none that it does not take: give a whole number of 32 bits, for t.i8 to t.u32 or an enumeration of numbers",
    );
    return undefined;
  },
  text: ({ none }, [item = ""]) => `optional(${item}${none === undefined ? "" : `, none ${none}`})`,
  acceptance: ({ item, none }, isWide, of) => {
    const { expected, accepts, copy, refused } = of(item, isWide);
    return {
      expected: `${expected}${none === undefined ? "" : ` except ${none}`}, or undefined`,
      accepts: (value) => isNothing(value) || (accepts(value) && (none === undefined || !isSameWord(value, none))),
      copy,
      refused,
    };
  },
  scalar: ({ item, none }, isWide, of) => {
    const inner = none === undefined ? undefined : of(item, isWide);
    return inner && none !== undefined ? scalarOrNone(inner, none) : undefined;
  },
  layout: ({ item, none }, isWide, of) => {
    const { type } = item;
    if (none !== undefined) return layoutOrNone(of(item, isWide), none);
    return type === "string" || type === "cstring" ? textLayout(type, true, isWide) : undefined;
  },
};

function isWord(none: unknown): none is number {
  return Number.isInteger(none) && (none as number) >= -(2 ** 31) && (none as number) < 2 ** 32;
}

/** Whether values of a type are numbers that are passed as one word of 32 bits. */
function isCounted(item: TypeNode): boolean {
  return item.type === "enumeration" ? !isOfTexts(item.values) : integers.includes(item.type);
}

function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Whether two numbers have the same 32 bits: the module may mean either sign. */
function isSameWord(value: unknown, none: number): boolean {
  return ((value as number) | 0) === (none | 0);
}

function scalarOrNone({ lower, lift }: Scalar, none: number): Scalar {
  return {
    word: "i32",
    lower: (value: never) => (isNothing(value) ? none : lower ? lower(value) : value),
    lift: (word: never) => (isSameWord(word, none) ? undefined : lift ? lift(word) : word),
  };
}

/** A smaller number has no bits in memory for anything beside its values. */
function layoutOrNone(inner: Layout | undefined, none: number): Layout | undefined {
  if (inner?.size !== 4) return undefined;
  return {
    ...inner,
    read: (memory, address) =>
      isSameWord(memory.view.getInt32(address, true), none) ? undefined : inner.read(memory, address),
    write: (memory, address, value, later) => {
      if (isNothing(value)) memory.view.setInt32(address, none, true);
      else inner.write(memory, address, value, later);
    },
  };
}
