import { t } from "unglue";

/**
 * The stream of shapes.c, which keeps pointers over several calls.
 *
 * @param wide - Whether addresses have 64 bits.
 */
export const streams = (wide: boolean) => {
  const word = wide ? 8 : 4;
  return t.api({
    live_allocations: t.fn([], t.i32),
    fail_after: t.fn([t.i32], t.void),
    trap: t.fn([], t.void),
    Stream: t.class(
      {
        new: t.ctor([t.i32], { export: "stream_open" }),
        input: t.field(t.bytes, { offset: 0, length: "availIn" }),
        availIn: t.field(t.u32, { offset: word, readonly: true }),
        output: t.field(t.buffer(t.u8), { offset: 2 * word, length: "availOut" }),
        availOut: t.field(t.u32, { offset: 3 * word, readonly: true }),
        total: t.field(t.u64, { offset: 4 * word, readonly: true }),
        run: t.method([t.u32], t.i32),
        move: t.method([t.i32, t.i32], t.void),
        claim: t.method([t.u32, t.u32], t.void),
        grow: t.method([], t.bool),
        call: t.method([t.closure([t.i32], t.i32, { lent: true })], t.i32),
        same: t.method([], t.object("Stream")),
        count: t.static([], t.i32),
      },
      { size: wide ? 48 : 32, free: "stream_end" },
    ),
  });
};
