import type { DeclaredType, JsType, ObjectType, OwnedType } from "../types/index.ts";

/** How an object crosses between threads: by the number that its worker knows it by. */
export interface Reference {
  readonly class: string;
  readonly id: number;
}

/** How a JavaScript value crosses, which may be an object of a class of the interface, or an array of some. */
export type CrossingValue =
  { readonly value: unknown } | { readonly object: Reference } | { readonly list: readonly unknown[] };

/** What a declared type has in it that does not cross as it is. */
export type Special = ObjectType | OwnedType | JsType;

/**
 * Converts what does not cross between threads as it is. Where it is is known by the declared type alone, so no data of a
 * user's can be taken for it; what is not of its declared type stays as it is, for the module's binder to refuse.
 *
 * @param type - The declared type.
 * @param value - The value.
 * @param convert - Converts one that does not cross.
 */
export function convertDeclared(
  type: DeclaredType,
  value: unknown,
  convert: (type: Special, value: unknown) => unknown,
): unknown {
  if (value === undefined || value === null) return value;
  switch (type.type) {
    case "object":
    case "owned":
    case "js":
      return convert(type, value);
    case "optional":
      return convertDeclared(type.item as DeclaredType, value, convert);
    case "promise":
      return convertDeclared(type.value as DeclaredType, value, convert);
    case "list":
      return Array.isArray(value)
        ? value.map((item) => convertDeclared(type.item as DeclaredType, item, convert))
        : value;
    case "record":
      if (typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, field]) => [
          name,
          convertDeclared(field as DeclaredType, Reflect.get(value, name), convert),
        ]),
      );
    default:
      return value;
  }
}

/**
 * Converts a JavaScript value for another thread. Objects of the interface are found at its top, and in arrays.
 *
 * @param value - The value.
 * @param refer - Refers to an object of the interface; `undefined` for anything else.
 */
export function packValue(value: unknown, refer: (value: unknown) => Reference | undefined): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
  const object = refer(value);
  if (object) return { object } satisfies CrossingValue;
  if (!Array.isArray(value)) return { value } satisfies CrossingValue;
  const list = value.map((item) => packValue(item, refer));
  const hasObject = list.some((item) => typeof item === "object" && item !== null && !("value" in item));
  return (hasObject ? { list } : { value }) satisfies CrossingValue;
}

/**
 * Converts back what {@link packValue} has made.
 *
 * @param packed - What came from the other thread.
 * @param find - Finds an object of the interface.
 */
export function unpackValue(packed: unknown, find: (reference: Reference) => unknown): unknown {
  if (typeof packed !== "object" || packed === null) return packed;
  const crossing = packed as CrossingValue;
  if ("object" in crossing) return find(crossing.object);
  if ("list" in crossing) return crossing.list.map((item) => unpackValue(item, find));
  return crossing.value;
}

/**
 * Whether a function is somewhere in a type, in such a way that no value of it can be posted.
 *
 * @param type - The type.
 */
export function needsFunction(type: DeclaredType): boolean {
  switch (type.type) {
    case "closure":
      return true;
    case "promise":
      return needsFunction(type.value as DeclaredType);
    case "record":
      return Object.values(type.fields).some((field) => needsFunction(field as DeclaredType));
    default:
      // An optional one may be left out, and a list may be empty.
      return false;
  }
}
