import type {
  FunctionType,
  GlobalType,
  MemoryType,
  ReferenceType,
  TableType,
  TagType,
  ValueType,
} from "../public/index.ts";
import type { Cursor } from "./cursor.ts";

/** The module's types by index; `undefined` for one that is not a function type. */
export type Types = (FunctionType | undefined)[];

// Codes that begin a type.
const describes = 0x4c;
const descriptor = 0x4d;
const group = 0x4e;
const finalSubtype = 0x4f;
const subtype = 0x50;
const continuation = 0x5d;
const array = 0x5e;
const struct = 0x5f;
const func = 0x60;
const exact = 0x62;
const nullable = 0x63;
const reference = 0x64;
const shared = 0x65;
const i16 = 0x77;
const i8 = 0x78;

// In the order of their codes.
const firstNumber = 0x7b;
const numbers: readonly ValueType[] = ["v128", "f64", "f32", "i64", "i32"];
const firstHeap = 0x68;
const heaps = "cont exn array struct i31 eq any extern func none noextern nofunc noexn nocont".split(" ");

/** Reads a value type; `types` are the types that it may refer to by index. */
export function readValueType(cursor: Cursor, types: Types, code = cursor.byte()): ValueType {
  return numbers[code - firstNumber] ?? readReferenceType(cursor, types, code);
}

/** Reads a reference type. A nullable reference to an abstract heap type is always returned as its shorthand. */
export function readReferenceType(cursor: Cursor, types: Types, code = cursor.byte()): ReferenceType {
  if (code === reference) return `(ref ${readHeapType(cursor, types)})`;
  const heap = code === nullable ? readHeapType(cursor, types) : readAbstractType(cursor, code);
  // The shorthand of the bottom types is irregular: nullref is (ref null none), nullfuncref is (ref null nofunc).
  return heaps.includes(heap) ? (`${heap.replace(/^no(ne)?/, "null")}ref` as ReferenceType) : `(ref null ${heap})`;
}

/** Reads a heap type. An index is a signed number, which leaves all one-byte codes with bit 6 to the other heap types. */
export function readHeapType(cursor: Cursor, types: Types): string {
  const code = cursor.byte();
  if (code === exact) return `(exact ${readIndex(cursor, types)})`;
  if (code >= 0x40 && code < 0x80) return readAbstractType(cursor, code);
  cursor.offset--;
  const index = readIndex(cursor, types);
  if ((cursor.bytes[cursor.offset - 1] ?? 0) & 0x40) cursor.unexpected();
  return index;
}

function readAbstractType(cursor: Cursor, code: number): string {
  if (code === shared) return `(shared ${heaps[cursor.byte() - firstHeap] ?? cursor.unexpected()})`;
  return heaps[code - firstHeap] ?? cursor.unexpected();
}

/** Reads the index of a type, as text. */
export function readIndex(cursor: Cursor, types: Types): string {
  const index = cursor.u32();
  if (index >= types.length) cursor.fail("index", `type ${index}`);
  return `${index}`;
}

/** Reads the type section. Only function types are kept; all others are read only to find their end. */
export function readTypes(cursor: Cursor, types: Types): void {
  let next = 0;
  cursor.list(() => {
    const code = cursor.byte();
    const count = code === group ? cursor.count() : 1;
    // Types of a group may refer to themselves and to each other, so all have entries before the first is read.
    types.length += count;
    for (; next < types.length; next++) {
      types[next] = readSubtype(cursor, types, next, code === group ? cursor.byte() : code);
    }
  });
}

function readSubtype(cursor: Cursor, types: Types, own: number, code: number): FunctionType | undefined {
  if (code === subtype || code === finalSubtype) {
    // The format has a list here, of at most one type.
    const [supertype = -1, ...more] = cursor.list(() => cursor.u32());
    if (more.length || supertype >= own) cursor.fail("supertype");
    code = cursor.byte();
  }
  for (const prefix of [shared, describes, descriptor]) {
    if (code !== prefix) continue;
    if (prefix !== shared) readIndex(cursor, types);
    code = cursor.byte();
  }
  const value = () => readValueType(cursor, types);
  const field = () => {
    const code = cursor.byte();
    if (code !== i8 && code !== i16) readValueType(cursor, types, code);
    readFlags(cursor, 1);
  };
  if (code === func) return { params: cursor.list(value), results: cursor.list(value) };
  if (code === struct) cursor.list(field);
  else if (code === array) field();
  else if (code === continuation) readHeapType(cursor, types);
  else cursor.unexpected();
  return undefined;
}

/** Reads a tag's type. */
export function readTagType(cursor: Cursor, types: Types): TagType {
  readFlags(cursor, 0);
  const [, { params, results }] = cursor.item(types, "function type");
  if (results.length) cursor.fail("tag");
  return { params };
}

/** Reads a global's type. */
export function readGlobalType(cursor: Cursor, types: Types): GlobalType {
  return { value: readValueType(cursor, types), mutable: readFlags(cursor, 1) === 1 };
}

/** Reads a table's type. */
export function readTableType(cursor: Cursor, types: Types): TableType {
  return { element: readReferenceType(cursor, types), ...readLimits(cursor, readFlags(cursor, 7)) };
}

/** Reads a memory's type. */
export function readMemoryType(cursor: Cursor): MemoryType {
  const flags = readFlags(cursor, 15);
  const limits = readLimits(cursor, flags);
  const pageSize = flags & 8 ? 2 ** cursor.u32() : 0x10000;
  const { initial, maximum, address } = limits;
  const most = 2 ** (address === "i64" ? 64 : 32) / pageSize;
  if (pageSize > 0x10000 || (maximum ?? initial) > most) cursor.fail("memory");
  if (limits.shared && maximum === undefined) cursor.fail("unlimited");
  return { ...limits, pageSize };
}

function readLimits(cursor: Cursor, flags: number): Omit<TableType, "element"> {
  const bits = flags & 4 ? 64 : 32;
  const initial = cursor.unsigned(bits);
  const maximum = flags & 1 ? cursor.unsigned(bits) : undefined;
  if (maximum !== undefined && maximum < initial) cursor.fail("limits");
  return {
    initial,
    ...(maximum !== undefined && { maximum }),
    shared: (flags & 2) > 0,
    address: flags & 4 ? "i64" : "i32",
  };
}

function readFlags(cursor: Cursor, most: number): number {
  const flags = cursor.byte();
  return flags > most ? cursor.unexpected() : flags;
}
