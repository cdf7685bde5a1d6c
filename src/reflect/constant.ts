import type { Cursor } from "./cursor.ts";
import type { GlobalType } from "../public/index.ts";
import { type Functions, readFunctionIndex } from "./functions.ts";
import { readHeapType, readIndex } from "./value-types.ts";

/** The items that a constant expression may refer to: everything that has been read before it. */
interface Named extends Functions {
  readonly spaces: Functions["spaces"] & { readonly global: readonly GlobalType[] };
}

const end = 0x0b;

/**
 * The instructions of constant expressions, grouped by the operands after their opcode. A prefix and the opcode after it
 * count as one.
 */
const immediates: readonly (readonly [codes: readonly number[], skip: (cursor: Cursor, named: Named) => unknown])[] = [
  // i32.const
  [[0x41], (cursor) => skipSigned(cursor, 32)],
  // i64.const
  [[0x42], (cursor) => skipSigned(cursor, 64)],
  // f32.const, f64.const, v128.const
  [[0x43], (cursor) => cursor.skip(4)],
  [[0x44], (cursor) => cursor.skip(8)],
  [[0xfd0c], (cursor) => cursor.skip(16)],
  // global.get
  [[0x23], (cursor, { spaces }) => cursor.item(spaces.global, "global")[1].mutable && cursor.fail("mutable")],
  // ref.func
  [[0xd2], readFunctionIndex],
  // ref.null
  [[0xd0], (cursor, { types }) => readHeapType(cursor, types)],
  // struct.new, struct.new_default, array.new, array.new_default, and with a descriptor
  [[0xfb00, 0xfb01, 0xfb06, 0xfb07, 0xfb20, 0xfb21], (cursor, { types }) => readIndex(cursor, types)],
  // array.new_fixed
  [[0xfb08], (cursor, { types }) => [readIndex(cursor, types), cursor.u32()]],
  // i32 and i64 add, sub, mul; any.convert_extern, extern.convert_any, ref.i31
  [[0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e, 0xfb1a, 0xfb1b, 0xfb1c], () => undefined],
];

/** Skips a constant expression and its end. The engine checks its type. */
export function skipConstant(cursor: Cursor, named: Named): void {
  for (let code = cursor.byte(); code !== end; code = cursor.byte()) {
    if (code === 0xfb || code === 0xfd) code = code * 256 + Math.min(cursor.u32(), 255);
    const [, skip] = immediates.find(([codes]) => codes.includes(code)) ?? cursor.unexpected();
    skip(cursor, named);
  }
}

/** Skips a signed LEB128 number of at most `bits` bits. */
function skipSigned(cursor: Cursor, bits: 32 | 64): void {
  let byte: number;
  let shift = 0;
  do {
    byte = cursor.byte();
    // The last byte that the width allows must not have a successor, and its spare bits must repeat the sign: 0 or -1.
    const spare = (byte << 25) >> (24 + bits - shift);
    if (shift + 7 > bits && (byte > 127 || (spare && ~spare))) cursor.unexpected();
    shift += 7;
  } while (byte > 127);
}
