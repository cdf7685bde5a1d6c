import { acceptanceOf } from "../../crossing/index.ts";
import type { ElementName, Instance, Lifting, Lowering, Memory, ValueType, Word } from "../../types/index.ts";
import { nullResult } from "../null-result.ts";
import { addressOf, addressWord } from "../word.ts";

// Text, bytes and arrays: what lies in the module's memory. What is passed is allocated for the call and freed after it;
// what is received is copied.

const arrayClasses = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/**
 * A text as a parameter, with a zero behind it: that does no harm where the length is passed too.
 *
 * @param address - The type of an address.
 * @param withLength - Whether its length in bytes is passed too. Without, it cannot have a zero inside.
 */
export function textLowering(address: "i32" | "i64", withLength: boolean): Lowering<Instance> {
  return {
    words: withLength ? [address, address] : [address],
    ...acceptanceOf({ type: withLength ? "string" : "cstring" }, address === "i64"),
    lower: ({ memory }, value, words, later) => {
      const made = memory.allocString(value as string, { layout: "nul" });
      later.push(() => {
        memory.free(made.address, made.length + 1, 1);
      });
      words.push(addressWord({ address }, made.address));
      if (withLength) words.push(addressWord({ address }, made.length));
    },
  };
}

/**
 * Bytes or an array as a parameter.
 *
 * @param address - The type of an address.
 * @param element - The type of its elements.
 * @param isMutable - Whether it is copied back after the call.
 * @param withLength - Whether the count of its elements is passed too.
 */
export function numbersLowering(
  address: "i32" | "i64",
  element: ElementName,
  isMutable: boolean,
  withLength: boolean,
): Lowering<Instance> {
  const { BYTES_PER_ELEMENT: align } = arrayClasses[element];
  return {
    words: withLength ? [address, address] : [address],
    ...acceptanceOf({ type: "array", element }, address === "i64"),
    lower: ({ memory }, value, words, later) => {
      const array = value as Uint8Array;
      const size = array.byteLength;
      // Not null for an empty array either: many a function takes null for none.
      const room = Math.max(size, 1);
      const start = memory.alloc(room, align);
      later.push(() => {
        if (isMutable) new Uint8Array(array.buffer, array.byteOffset, size).set(memory.read(start, size));
        memory.free(start, room, align);
      });
      memory.write(start, array);
      words.push(addressWord({ address }, start));
      if (withLength) words.push(addressWord({ address }, array.length));
    },
  };
}

/**
 * A text as a result that a zero ends.
 *
 * @param address - The type of an address.
 * @param isOwned - Whether it is freed once it has been read.
 */
export function endedText(address: ValueType, isOwned: boolean): Lifting<Instance> {
  return {
    words: [address],
    lift: ({ memory }, words, at) => {
      const start = there(words[at], "a text");
      if (!isOwned) return memory.readString(start, "nul");
      const size = Math.max(memory.u8.indexOf(0, start) - start, 0);
      const text = memory.readString(start, size);
      release(memory, start, size + 1, 1);
      return text;
    },
  };
}

/**
 * A text as a result, with its length in bytes.
 *
 * @param address - The type of an address.
 * @param isOwned - Whether it is freed once it has been read.
 */
export function countedText(address: ValueType, isOwned: boolean): Lifting<Instance> {
  return {
    words: [address, address],
    lift: ({ memory }, words, at) => {
      const { start, size } = range(words, at, 1, "a text");
      const text = memory.readString(start, size);
      if (isOwned) release(memory, start, size, 1);
      return text;
    },
  };
}

/**
 * Bytes or an array as a result, with the count of its elements.
 *
 * @param address - The type of an address.
 * @param element - The type of its elements.
 * @param isOwned - Whether it is freed once it has been read.
 */
export function countedNumbers(address: ValueType, element: ElementName, isOwned: boolean): Lifting<Instance> {
  const View = arrayClasses[element];
  return {
    words: [address, address],
    lift: ({ memory }, words, at) => {
      const { start, size } = range(words, at, View.BYTES_PER_ELEMENT, "an array");
      const { buffer } = memory.read(start, size);
      if (isOwned) release(memory, start, size, View.BYTES_PER_ELEMENT);
      return new View(buffer);
    },
  };
}

/** Nothing at null is an empty one, as many a function returns it. */
function range(words: readonly Word[], at: number, element: number, what: string): { start: number; size: number } {
  const size = addressOf(words[at + 1]) * element;
  return { start: size === 0 ? addressOf(words[at]) : there(words[at], what), size };
}

/** Frees what the module has given away. */
function release(memory: Memory, start: number, size: number, align: number): void {
  if (start === 0) return;
  // To a ledger it is an allocation only now.
  memory.adopt(start, size, align);
  memory.free(start, size, align);
}

function there(word: Word, what: string): number {
  const address = addressOf(word);
  if (address === 0) throw nullResult(what);
  return address;
}
