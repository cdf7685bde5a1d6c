import type { Cursor } from "./cursor.ts";
import { readHeapType, type Types } from "./value-types.ts";

/**
 * The instructions of constant expressions, by what follows their code. A prefix and the code behind it make one code.
 */
const immediates: readonly (readonly [codes: readonly number[], skip: (cursor: Cursor, types: Types) => unknown])[] = [
  // global.get, ref.func; struct.new, struct.new_default, array.new, array.new_default, and with a descriptor
  [[0x23, 0xd2, 0xfb00, 0xfb01, 0xfb06, 0xfb07, 0xfb20, 0xfb21], (cursor) => cursor.u32()],
  // i32.const, i64.const
  [[0x41, 0x42], skipNumber],
  // f32.const, f64.const, v128.const
  [[0x43], (cursor) => cursor.skip(4)],
  [[0x44], (cursor) => cursor.skip(8)],
  [[0xfd0c], (cursor) => cursor.skip(16)],
  // ref.null
  [[0xd0], readHeapType],
  // array.new_fixed
  [[0xfb08], (cursor) => cursor.u32() + cursor.u32()],
  // i32 and i64 add, sub, mul; any.convert_extern, extern.convert_any, ref.i31
  [[0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e, 0xfb1a, 0xfb1b, 0xfb1c], () => undefined],
];

const end = 0x0b;

/** Skips a constant expression and its end. Whether it has the right type is left to the engine. */
export function skipConstant(cursor: Cursor, types: Types): void {
  for (let code = cursor.byte(); code !== end; code = cursor.byte()) {
    if (code === 0xfb || code === 0xfd) code = code * 256 + Math.min(cursor.u32(), 255);
    const [, skip] = immediates.find(([codes]) => codes.includes(code)) ?? cursor.unexpected();
    skip(cursor, types);
  }
}

/** A signed number: at most the ten bytes of 64 bits. */
function skipNumber(cursor: Cursor): void {
  const last = cursor.offset + 9;
  while (cursor.byte() > 127) if (cursor.offset > last) cursor.unexpected();
}
