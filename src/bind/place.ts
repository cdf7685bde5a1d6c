import { ownMembers } from "../base/own.ts";
import { acceptanceOf, characterOf, createEnumerationLift, isOfTexts, sizeOf } from "./values/index.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { DeclaredType, Memory, RecordType } from "../public/index.ts";
import type { Host } from "./host.ts";
import { nullPointer } from "./null.ts";
import { declaredTypeText } from "./text.ts";

/** How a value lies in a memory, as C lays it out. */
export interface Place {
  /** Bytes. */
  readonly size: number;
  /** What its address is a multiple of. */
  readonly align: number;
  /** Whether it points to what is allocated when it is written, and would have to be freed. */
  readonly isPointer: boolean;
  /** Reads it. The address has been checked. */
  read(memory: Memory, address: number): unknown;
  /** Writes it. `later` takes what frees what has been allocated for it. */
  write(memory: Memory, address: number, value: unknown, later: (() => void)[]): void;
}

/** A field of a struct, and where it lies. */
interface Field {
  readonly name: string;
  readonly offset: number;
  readonly place: Place;
}

/**
 * How a value of a declared type lies in memory.
 *
 * @param type - The declared type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns `undefined` for what has no place of its own: neither a number, nor a text, nor a struct of such.
 */
export function placeOf(type: DeclaredType, isWide: boolean): Place | undefined {
  switch (type.type) {
    case "enumeration":
      return enumerationPlace(type.values);
    case "size":
      return isWide ? wideSize : numbers.u32;
    case "record":
      return recordPlace(type, isWide);
    case "string":
    case "cstring":
      return textPlace(type, false, isWide);
    case "optional": {
      const item = type.item as DeclaredType;
      return item.type === "string" || item.type === "cstring" ? textPlace(item, true, isWide) : undefined;
    }
    default:
      return numbers[type.type];
  }
}

/**
 * Makes a property of a field that is read and written where it lies in the object.
 *
 * @param name - What messages call it.
 * @param where - Its offset and type.
 * @param where.offset - Where it lies in the object, in bytes.
 * @param where.type - Its type, one with a place.
 * @param host - The instance.
 * @param self - Returns the address of the object.
 * @param isReadonly - Whether it cannot be written.
 */
export function createPlace(
  name: string,
  { offset, type }: { readonly offset: number; readonly type: DeclaredType },
  host: Host,
  self: (object: unknown) => number,
  isReadonly: boolean,
): PropertyDescriptor {
  const isWide = host.calling.address === "i64";
  const place = placeOf(type, isWide) as Place;
  const { accepts, expected, copy } = acceptanceOf(type, isWide);
  const read = (value: unknown): { readonly value?: unknown; readonly cause?: unknown } => {
    try {
      return { value: copy ? copy(value) : value };
    } catch (cause) {
      return { cause };
    }
  };
  const at = (object: unknown, memory: Memory): number => {
    const address = self(object) + offset;
    // The object's address came from the module: it is checked like any other.
    checkRange(memory, address, place.size);
    return address;
  };
  return {
    get(this: unknown) {
      const { memory } = host.instance;
      return place.read(memory, at(this, memory));
    },
    ...(!isReadonly && {
      set(this: unknown, given: unknown) {
        const { value, cause } = read(given);
        if (!accepts(value)) {
          const received = describe(given);
          throw new UnglueError(
            "invalid-argument",
            `${name} must be ${expected}, and is ${received}. Nothing was written.`,
            { call: name, argument: "value", expected, received },
            { cause },
          );
        }
        const { memory } = host.instance;
        place.write(memory, at(this, memory), value, []);
      },
    }),
  };
}

/**
 * Refuses a range that lies outside a memory. Errors: `out-of-bounds`.
 *
 * @param memory - The memory.
 * @param address - Where the range starts.
 * @param size - Bytes.
 */
export function checkRange(memory: Memory, address: number, size: number): void {
  // Reading it is what words the error.
  if (address + size > memory.byteLength) memory.read(address, size);
}

type Read = (view: DataView, at: number) => unknown;
type Write = (view: DataView, at: number, value: never) => void;

function number(size: number, read: Read, write: Write): Place {
  return {
    size,
    align: size,
    isPointer: false,
    read: ({ view }, address) => read(view, address),
    write: ({ view }, address, value) => {
      write(view, address, value as never);
    },
  };
}

const numbers: { readonly [type: string]: Place | undefined } = ownMembers({
  i8: number(
    1,
    (v, at) => v.getInt8(at),
    (v, at, value) => v.setInt8(at, value),
  ),
  u8: number(
    1,
    (v, at) => v.getUint8(at),
    (v, at, value) => v.setUint8(at, value),
  ),
  i16: number(
    2,
    (v, at) => v.getInt16(at, true),
    (v, at, value) => v.setInt16(at, value, true),
  ),
  u16: number(
    2,
    (v, at) => v.getUint16(at, true),
    (v, at, value) => v.setUint16(at, value, true),
  ),
  i32: number(
    4,
    (v, at) => v.getInt32(at, true),
    (v, at, value) => v.setInt32(at, value, true),
  ),
  u32: number(
    4,
    (v, at) => v.getUint32(at, true),
    (v, at, value) => v.setUint32(at, value, true),
  ),
  i64: number(
    8,
    (v, at) => v.getBigInt64(at, true),
    (v, at, value) => v.setBigInt64(at, value, true),
  ),
  u64: number(
    8,
    (v, at) => v.getBigUint64(at, true),
    (v, at, value) => v.setBigUint64(at, value, true),
  ),
  f32: number(
    4,
    (v, at) => v.getFloat32(at, true),
    (v, at, value) => v.setFloat32(at, value, true),
  ),
  f64: number(
    8,
    (v, at) => v.getFloat64(at, true),
    (v, at, value) => v.setFloat64(at, value, true),
  ),
  bool: number(
    1,
    (v, at) => v.getUint8(at) !== 0,
    (v, at, value) => v.setUint8(at, Number(value)),
  ),
  char: number(
    4,
    (v, at) => characterOf(v.getUint32(at, true)),
    (v, at, value: string) => v.setUint32(at, value.codePointAt(0) ?? 0, true),
  ),
});

const wideSize = number(
  8,
  (v, at) => sizeOf(v.getBigUint64(at, true)),
  (v, at, value) => v.setBigUint64(at, BigInt(value), true),
);

/** An enum of C has 32 bits; a text stands for its index. */
function enumerationPlace(values: readonly (string | number)[]): Place {
  const lift = createEnumerationLift(values);
  const lower = isOfTexts(values) ? (value: never) => values.indexOf(value) : (value: never) => value;
  return number(
    4,
    (v, at) => lift(v.getInt32(at, true)),
    (v, at, value) => v.setInt32(at, lower(value), true),
  );
}

function textPlace(type: DeclaredType, isOptional: boolean, isWide: boolean): Place {
  const pointer = isWide ? wideSize : (numbers.u32 as Place);
  return {
    size: pointer.size,
    align: pointer.align,
    isPointer: true,
    read: (memory, address) => {
      const start = pointer.read(memory, address) as number;
      if (start !== 0) return memory.readString(start);
      if (isOptional) return undefined;
      throw nullPointer("A field", declaredTypeText(type));
    },
    write: (memory, address, value, later) => {
      let start = 0;
      if (value !== undefined && value !== null) {
        const made = memory.allocString(value as string, { layout: "nul" });
        start = made.address;
        later.push(() => {
          memory.free(start, made.length + 1, 1);
        });
      }
      pointer.write(memory, address, start, later);
    },
  };
}

/** Each field lies at a multiple of its alignment, and the whole ends at a multiple of the largest. */
function recordPlace({ fields }: RecordType, isWide: boolean): Place | undefined {
  let end = 0;
  let align = 1;
  const laid: Field[] = [];
  for (const [name, type] of Object.entries(fields)) {
    const place = placeOf(type as DeclaredType, isWide);
    if (!place) return undefined;
    const offset = Math.ceil(end / place.align) * place.align;
    laid.push({ name, offset, place });
    end = offset + place.size;
    align = Math.max(align, place.align);
  }
  if (laid.length === 0) return undefined;
  return {
    size: Math.ceil(end / align) * align,
    align,
    isPointer: laid.some(({ place }) => place.isPointer),
    read: (memory, address) =>
      Object.fromEntries(laid.map(({ name, offset, place }) => [name, place.read(memory, address + offset)])),
    write: (memory, address, value, later) => {
      for (const { name, offset, place } of laid) {
        place.write(memory, address + offset, (value as Record<string, unknown>)[name], later);
      }
    },
  };
}
