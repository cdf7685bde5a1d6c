import { ownMembers } from "../../base/own.ts";
import type { BufferType, LengthName, LengthType } from "../../public/index.ts";
import { elementArrays, isElement } from "./arrays.ts";
import { flat, plainDescription, type TypeDescription } from "./description.ts";

/** Memory that the module fills. */
export const buffer: TypeDescription<BufferType> = {
  ...plainDescription,
  members: ["element"],
  read: (type, { own }) => {
    const element = own("element");
    return isElement(element) || element === "cstring" ? { type, element } : undefined;
  },
  text: ({ element }) => `buffer(${element})`,
  acceptance: (node, isWide) => {
    const most = Math.floor((isWide ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1) / elementSize(node));
    return flat(
      `a capacity, a whole number from 0 to ${most}`,
      (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most,
    );
  },
};

/**
 * Returns the size of a buffer's elements, in bytes.
 *
 * @param buffer - The buffer.
 */
export function elementSize({ element }: BufferType): number {
  return element === "cstring" ? 1 : elementArrays[element].BYTES_PER_ELEMENT;
}

/** The number of bits of each integer that can tell a length; 0 for those of an address. */
const lengthBits: { readonly [Name in LengthName]: number } = ownMembers({
  i8: 8,
  u8: 8,
  i16: 16,
  u16: 16,
  i32: 32,
  u32: 32,
  i64: 64,
  u64: 64,
  size: 0,
});

/** The length of another parameter. It lies in no value: only the binder knows of which parameter it is. */
export const length: TypeDescription<LengthType> = {
  ...plainDescription,
  members: ["of", "as"],
  read: (type, { own }) => {
    const [of, as] = [own("of"), own("as")];
    return Number.isInteger(of) && (of as number) >= 0 && isLengthName(as) ? { type, of: of as number, as } : undefined;
  },
  text: ({ of, as }) => `length(${of}, ${as})`,
  acceptance: () => flat("nothing that can be passed", () => false),
};

/**
 * Whether an integer type can tell a length.
 *
 * @param name - Anything.
 */
export function isLengthName(name: unknown): name is LengthName {
  return typeof name === "string" && Object.hasOwn(lengthBits, name);
}

/**
 * Converts a number of elements to a value of the integer type that tells it.
 *
 * @param length - The declared length.
 * @param count - The number.
 */
export function lengthValue({ as }: Pick<LengthType, "as">, count: number): number | bigint {
  return lengthBits[as] === 64 ? BigInt(count) : count;
}
