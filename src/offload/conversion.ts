import { isOfKind } from "../base/own.ts";

/** How an object crosses between threads: by the number that its worker knows it by. */
export interface Reference {
  readonly class: string;
  readonly id: number;
}

/** How a JavaScript value crosses, which may be an object of a class of the interface, or an array of some. */
export type PostedValue =
  { readonly value: unknown } | { readonly object: Reference } | { readonly list: readonly unknown[] };

/**
 * Converts a JavaScript value for another thread. Objects of the interface are found at its top, and in arrays.
 *
 * @param value - The value.
 * @param refer - Refers to an object of the interface; `undefined` for anything else.
 */
export function packValue(value: unknown, refer: (value: unknown) => Reference | undefined): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
  const object = refer(value);
  if (object) return { object } satisfies PostedValue;
  if (!Array.isArray(value)) return { value } satisfies PostedValue;
  const list = packItems(value, refer, { done: new Map(), isCircular: false });
  return (list ? { list } : { value }) satisfies PostedValue;
}

/** What is known of the arrays of one value: what was made of each, `undefined` for one that has no object. */
interface Packing {
  readonly done: Map<unknown, readonly unknown[] | "in work" | undefined>;
  isCircular: boolean;
}

/**
 * Converts an array that has objects of the interface in it. Throws where it has and holes too, or leads to itself.
 *
 * @param array - The array.
 * @param refer - Refers to such an object.
 * @param packing - The arrays that it may share with others.
 * @returns `undefined` where it has none: then it crosses as it is, whatever is in it.
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
  // Not by its length, which holes may make of any size.
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
 * Converts back what {@link packValue} has made.
 *
 * @param packed - What came from the other thread.
 * @param find - Finds an object of the interface.
 */
export function unpackValue(packed: unknown, find: (reference: Reference) => unknown): unknown {
  const done = new Map<unknown, unknown>();
  const unpack = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const posted = value as PostedValue;
    if (isOfKind(posted, "object")) return find(posted.object);
    if (!isOfKind(posted, "list")) return posted.value;
    // An array that is shared comes as one.
    if (!done.has(posted.list)) done.set(posted.list, posted.list.map(unpack));
    return done.get(posted.list);
  };
  return unpack(packed);
}
