import { acceptanceOf } from "../crossing/index.ts";
import { describe } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { DeclaredType, Memory } from "../types/index.ts";
import type { Host } from "./host.ts";

/** How a number lies in a memory. */
export interface Place {
  /** Bytes. */
  readonly size: number;
  readonly read: (view: DataView, address: number) => unknown;
  readonly write: (view: DataView, address: number, value: never) => void;
}

const places: { readonly [type: string]: Place | undefined } = {
  i8: { size: 1, read: (v, at) => v.getInt8(at), write: (v, at, value) => v.setInt8(at, value) },
  u8: { size: 1, read: (v, at) => v.getUint8(at), write: (v, at, value) => v.setUint8(at, value) },
  i16: { size: 2, read: (v, at) => v.getInt16(at, true), write: (v, at, value) => v.setInt16(at, value, true) },
  u16: { size: 2, read: (v, at) => v.getUint16(at, true), write: (v, at, value) => v.setUint16(at, value, true) },
  i32: { size: 4, read: (v, at) => v.getInt32(at, true), write: (v, at, value) => v.setInt32(at, value, true) },
  u32: { size: 4, read: (v, at) => v.getUint32(at, true), write: (v, at, value) => v.setUint32(at, value, true) },
  i64: {
    size: 8,
    read: (v, at) => v.getBigInt64(at, true),
    write: (v, at, value) => v.setBigInt64(at, value, true),
  },
  u64: {
    size: 8,
    read: (v, at) => v.getBigUint64(at, true),
    write: (v, at, value) => v.setBigUint64(at, value, true),
  },
  f32: {
    size: 4,
    read: (v, at) => v.getFloat32(at, true),
    write: (v, at, value) => v.setFloat32(at, value, true),
  },
  f64: {
    size: 8,
    read: (v, at) => v.getFloat64(at, true),
    write: (v, at, value) => v.setFloat64(at, value, true),
  },
  bool: { size: 1, read: (v, at) => v.getUint8(at) !== 0, write: (v, at, value) => v.setUint8(at, Number(value)) },
};

/**
 * How a value of a declared type lies in a C struct.
 *
 * @param type - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for what is no number.
 */
export function placeOf(type: DeclaredType, isWide: boolean): Place | undefined {
  if (type.type === "enumeration" && type.values.every((value) => typeof value === "number")) return places.i32;
  if (type.type !== "size") return places[type.type];
  if (!isWide) return places.u32;
  return {
    size: 8,
    read: (v, at) => Number(v.getBigUint64(at, true)),
    write: (v, at, value: number) => v.setBigUint64(at, BigInt(value), true),
  };
}

/**
 * Makes a property of a field that is read and written where it lies in the object.
 *
 * @param where - Its offset and type.
 * @param host - The instance.
 * @param self - Returns the address of the object.
 * @param isReadonly - Whether it cannot be written.
 */
export function createPlace(
  { offset, type }: { readonly offset: number; readonly type: DeclaredType },
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
            `The field must be ${expected}, and is ${received}. Nothing was written.`,
            {
              call: "set",
              argument: "value",
              expected,
              received,
            },
          );
        }
        const { memory } = host.instance;
        place.write(memory.view, at(this, memory), value as never);
      },
    }),
  };
}
