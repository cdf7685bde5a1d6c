import { arrayClassOf, isThere } from "../../base/buffers.ts";
import { ownMembers } from "../../base/own.ts";
import type { ArrayType, ElementArrays, ElementName } from "../../public/index.ts";
import { flat, plain, plainDescription, readClassId, type TypeDescription } from "./description.ts";

/** The array class of an element type. */
export interface ElementArrayClass<Element extends ElementName = ElementName> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset?: number, length?: number): ElementArrays[Element];
}

/** The array class of each element type. */
export const elementArrays: { readonly [Element in ElementName]: ElementArrayClass<Element> } = ownMembers({
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
});

/** Bytes. */
export const bytes = plain(
  flat("a Uint8Array", (value) => isTypedArray(value, "u8")),
  { isAllocated: true },
);

/** Consecutive numbers. */
export const array: TypeDescription<ArrayType> = {
  ...plainDescription,
  members: ["element", "mutable", "classId"],
  flag: "mutable",
  read: (type, reader) => {
    const { own, flag, refuse } = reader;
    const element = own("element");
    const stated = readClassId(reader);
    if (!stated) return undefined;
    if (isElement(element)) return { type, element, mutable: flag, ...stated };
    refuse(`has in t.array an element that is none of ${Object.keys(elementArrays).join(", ")}`);
    return;
  },
  text: ({ element }) => `array(${element})`,
  acceptance: ({ element }) => {
    const { name } = elementArrays[element];
    return flat(`${/^[AIO]/.test(name) ? "an" : "a"} ${name}`, (value) => isTypedArray(value, element));
  },
  isAllocated: true,
};

/**
 * Whether arrays can have elements of this type.
 *
 * @param name - Anything.
 */
export function isElement(name: unknown): name is ElementName {
  return typeof name === "string" && Object.hasOwn(elementArrays, name);
}

/**
 * Whether a value is the typed array of an element type and its buffer is not detached.
 *
 * @param value - Anything.
 * @param element - The element type.
 */
export function isTypedArray(value: unknown, element: ElementName): boolean {
  const name = arrayClassOf(value);
  // Clamping only affects how JavaScript writes; to a module they are bytes.
  const isOne = name === elementArrays[element].name || (element === "u8" && name === "Uint8ClampedArray");
  return isOne && isThere(value);
}
