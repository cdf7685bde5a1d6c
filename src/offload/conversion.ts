import { isOfKind } from "../base/own.ts";
import type { TypeNode } from "../bind/types/node.ts";
import { convertDeclared } from "../bind/types/transfer.ts";
import type { PostedFunction } from "./function-messages.ts";

/** An object as it crosses between threads: its number in the worker that has it. */
export interface Reference {
  readonly class: string;
  readonly id: number;
}

/** A JavaScript value as it crosses: an object of a class of the interface, an array that contains some, or any other value. */
export type PostedValue =
  { readonly value: unknown } | { readonly object: Reference } | { readonly list: readonly unknown[] };

/** A function of the caller's thread as an argument. */
export interface PostedArgument {
  readonly posted: PostedFunction;
}

/**
 * Whether a value for a closure is a function of the caller's thread. The caller's thread posts functions only so.
 *
 * @param value - The value.
 */
export function isPosted(value: unknown): value is PostedArgument {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "posted");
}

/**
 * Converts a JavaScript value for another thread. Objects of the interface are found at its top level and in arrays.
 *
 * @param value - The value.
 * @param refer - Makes the reference to an object of the interface; `undefined` for any other value.
 */
export function packValue(value: unknown, refer: (value: unknown) => Reference | undefined): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
  const object = refer(value);
  if (object) return { object } satisfies PostedValue;
  if (!Array.isArray(value)) return { value } satisfies PostedValue;
  const list = packItems(value, refer, { done: new Map(), isCircular: false });
  return (list ? { list } : { value }) satisfies PostedValue;
}

/** The arrays of one value, each with its conversion; `undefined` for an array that contains no object. */
interface Packing {
  readonly done: Map<unknown, readonly unknown[] | "in work" | undefined>;
  isCircular: boolean;
}

/**
 * Converts an array that contains objects of the interface. Throws if it also has holes, or contains itself.
 *
 * @param array - The array.
 * @param refer - Makes the reference to such an object.
 * @param packing - The arrays converted so far, since several may share one.
 * @returns `undefined` if the array contains no such object: then it crosses unchanged.
 */
function packItems(
  array: readonly unknown[],
  refer: (value: unknown) => Reference | undefined,
  packing: Packing,
): readonly unknown[] | undefined {
  const { done } = packing;
  if (done.has(array)) {
    const made = done.get(array);
    if (made !== "in work") return made;
    packing.isCircular = true;
    return undefined;
  }
  done.set(array, "in work");
  // Not by its length, which holes can make arbitrarily large.
  const items = Object.values(array).map((item: unknown) => {
    if ((typeof item !== "object" && typeof item !== "function") || item === null) return item;
    const object = refer(item);
    const list = !object && Array.isArray(item) ? packItems(item, refer, packing) : undefined;
    return object ? { object } : list ? { list } : { value: item };
  });
  done.set(array, undefined);
  const hasObject = items.some((item) => typeof item === "object" && item !== null && !Object.hasOwn(item, "value"));
  if (!hasObject) return undefined;
  if (items.length !== array.length || packing.isCircular) {
    throw new TypeError("an array with objects of the interface has holes, or leads to itself");
  }
  done.set(array, items);
  return items;
}

/**
 * Reverses {@link packValue}.
 *
 * @param packed - The value from the other thread.
 * @param find - Finds an object of the interface.
 */
export function unpackValue(packed: unknown, find: (reference: Reference) => unknown): unknown {
  const done = new Map<unknown, unknown>();
  const unpack = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const posted = value as PostedValue;
    if (isOfKind(posted, "object")) return find(posted.object);
    if (!isOfKind(posted, "list")) return posted.value;
    // An array that is shared arrives as one.
    if (!done.has(posted.list)) done.set(posted.list, posted.list.map(unpack));
    return done.get(posted.list);
  };
  return unpack(packed);
}

/**
 * Copies what the other thread wrote to an array back to the original, unless that was moved.
 *
 * @param to - The original.
 * @param from - The array from the other thread.
 */
export function copyBack(to: unknown, from: unknown): void {
  if (!ArrayBuffer.isView(to) || !ArrayBuffer.isView(from) || to.byteLength !== from.byteLength) return;
  bytesIn(to).set(bytesIn(from));
}

function bytesIn({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Converts a value for the other thread, if there are no objects of an interface.
 *
 * @param type - Its declared type.
 * @param value - The value.
 */
export function givePlain(type: TypeNode, value: unknown): unknown {
  return convertDeclared(type, value, (special, one) =>
    special.type === "js" ? packValue(one, () => undefined) : one,
  );
}

/** Reverses {@link givePlain}. */
export function receivePlain(type: TypeNode, value: unknown): unknown {
  return convertDeclared(type, value, (special, one) =>
    special.type === "js" ? unpackValue(one, () => undefined) : one,
  );
}
