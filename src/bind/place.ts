import { acceptanceOf } from "../crossing/index.ts";
import { describe } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { DeclaredType, Memory, RecordType } from "../types/index.ts";
import type { Host } from "./host.ts";
import type { FieldPlace } from "./plans.ts";

/** How a number, or a struct of them, lies in a memory, as clang lays it out. */
export interface Place {
  /** Bytes. */
  readonly size: number;
  /** Bytes. */
  readonly align: number;
  readonly read: (view: DataView, address: number) => unknown;
  readonly write: (view: DataView, address: number, value: never) => void;
}

const number = (size: number, read: Place["read"], write: Place["write"]): Place => ({
  size,
  align: size,
  read,
  write,
});

const places: { readonly [type: string]: Place | undefined } = {
  i8: number(
    1,
    (view, at) => view.getInt8(at),
    (view, at, value) => view.setInt8(at, value),
  ),
  u8: number(
    1,
    (view, at) => view.getUint8(at),
    (view, at, value) => view.setUint8(at, value),
  ),
  i16: number(
    2,
    (view, at) => view.getInt16(at, true),
    (view, at, value) => view.setInt16(at, value, true),
  ),
  u16: number(
    2,
    (view, at) => view.getUint16(at, true),
    (view, at, value) => view.setUint16(at, value, true),
  ),
  i32: number(
    4,
    (view, at) => view.getInt32(at, true),
    (view, at, value) => view.setInt32(at, value, true),
  ),
  u32: number(
    4,
    (view, at) => view.getUint32(at, true),
    (view, at, value) => view.setUint32(at, value, true),
  ),
  i64: number(
    8,
    (view, at) => view.getBigInt64(at, true),
    (view, at, value) => view.setBigInt64(at, value, true),
  ),
  u64: number(
    8,
    (view, at) => view.getBigUint64(at, true),
    (view, at, value) => view.setBigUint64(at, value, true),
  ),
  f32: number(
    4,
    (view, at) => view.getFloat32(at, true),
    (view, at, value) => view.setFloat32(at, value, true),
  ),
  f64: number(
    8,
    (view, at) => view.getFloat64(at, true),
    (view, at, value) => view.setFloat64(at, value, true),
  ),
  bool: number(
    1,
    (view, at) => view.getUint8(at) !== 0,
    (view, at, value) => view.setUint8(at, Number(value)),
  ),
  char: number(
    4,
    (view, at) => String.fromCodePoint(view.getUint32(at, true)),
    (view, at, value: string) => view.setUint32(at, value.codePointAt(0) ?? 0, true),
  ),
};

const wideSize = number(
  8,
  (view, at) => Number(view.getBigUint64(at, true)),
  (view, at, value: number) => view.setBigUint64(at, BigInt(value), true),
);

/**
 * How a value of a declared type lies in a C struct.
 *
 * @param type - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for what is neither a number nor a struct of numbers.
 */
export function placeOf(type: DeclaredType, isWide: boolean): Place | undefined {
  switch (type.type) {
    case "size":
      return isWide ? wideSize : places["u32"];
    case "enumeration":
      return placeOfEnumeration(type.values);
    case "record":
      return placeOfRecord(type, isWide);
    default:
      return places[type.type];
  }
}

function placeOfEnumeration(values: readonly (string | number)[]): Place | undefined {
  if (values.every((value) => typeof value === "number")) return places["i32"];
  return number(
    4,
    (view, at) => values[view.getInt32(at, true)],
    (view, at, value) => view.setInt32(at, values.indexOf(value), true),
  );
}

/** Each field at a multiple of its alignment, and the whole a multiple of the largest. */
function placeOfRecord({ fields }: RecordType, isWide: boolean): Place | undefined {
  let end = 0;
  let align = 1;
  const laid: { readonly name: string; readonly offset: number; readonly place: Place }[] = [];
  for (const [name, type] of Object.entries(fields)) {
    const place = placeOf(type as DeclaredType, isWide);
    if (!place) return undefined;
    const offset = roundUp(end, place.align);
    laid.push({ name, offset, place });
    end = offset + place.size;
    align = Math.max(align, place.align);
  }
  return {
    size: roundUp(end, align),
    align,
    read: (view, at) =>
      Object.fromEntries(laid.map(({ name, offset, place }) => [name, place.read(view, at + offset)])),
    write: (view, at, value: Readonly<Record<string, never>>) => {
      for (const { name, offset, place } of laid) place.write(view, at + offset, value[name] as never);
    },
  };
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/**
 * Why a field cannot lie where it is declared; empty if it can.
 *
 * @param type - Its type.
 * @param offset - Where it lies, in bytes.
 * @param size - How many bytes the object takes, if that was stated.
 * @param isWide - Whether addresses have 64 bits.
 */
export function placeMisfit(type: DeclaredType, offset: number, size: number | undefined, isWide: boolean): string {
  const place = placeOf(type, isWide);
  if (!place) return "only numbers, booleans, enumerations and records of them can be read where they lie in an object";
  if (!Number.isSafeInteger(offset) || offset < 0) return "its offset is a whole number of bytes from 0";
  const end = offset + place.size;
  return size !== undefined && end > size ? `it ends at byte ${end}, and an object has ${size}` : "";
}

/**
 * Makes a property of a field that is read and written where it lies in the object.
 *
 * @param where - Its name, offset and type.
 * @param host - The instance.
 * @param self - Returns the address of the object.
 * @param isReadonly - Whether it cannot be written.
 */
export function createPlace(
  { name, offset, type }: FieldPlace,
  host: Host,
  self: (object: unknown) => number,
  isReadonly: boolean,
): PropertyDescriptor {
  const isWide = host.calling.address === "i64";
  const place = placeOf(type, isWide) as Place;
  const { accepts, expected } = acceptanceOf(type, isWide);
  const at = (object: unknown, memory: Memory): number => {
    const address = self(object) + offset;
    // The object's address came from the module: it is checked like any other.
    if (address + place.size > memory.byteLength) memory.read(address, place.size);
    return address;
  };
  return {
    get(this: unknown) {
      const { memory } = host.instance;
      return place.read(memory.view, at(this, memory));
    },
    ...(!isReadonly && {
      set(this: unknown, value: unknown) {
        if (!accepts(value)) {
          const received = describe(value);
          throw new UnglueError(
            "invalid-argument",
            `${name} must be ${expected}, and is ${received}. Nothing was written.`,
            { call: name, argument: "value", expected, received },
          );
        }
        const { memory } = host.instance;
        place.write(memory.view, at(this, memory), value as never);
      },
    }),
  };
}
