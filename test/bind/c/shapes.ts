import { t } from "unglue";
export { fixtureUrl as fixture } from "./fixture.ts";

/** The declarations of shapes.c whose parameters are buffers, lengths, and values that are read and written. */
export const buffers = t.api({
  live_allocations: t.fn([], t.i32),
  fail_after: t.fn([t.i32], t.void),
  pack: t.fn([t.buffer(t.u8), t.inout(t.length(0)), t.bytes, t.i32], t.i32),
  squeeze: t.fn([t.bytes, t.buffer(t.u8), t.length(0, t.i32), t.length(1, t.i32)], t.length(1, t.i32)),
  seal: t.fn([t.buffer(t.u8), t.out(t.length(0, t.u64)), t.bytes, t.length(2, t.u64), t.array(t.u8)], t.i32),
  sealAll: t.fn([t.buffer(t.u8), t.size, t.bytes, t.length(2, t.u64), t.array(t.u8)], t.void, { export: "seal_all" }),
  encode: t.fn([t.buffer(t.u8), t.length(0), t.out(t.length(0)), t.bytes], t.i32),
  squash: t.fn([t.i32, t.length(2), t.bytes, t.inout(t.length(4)), t.buffer(t.u8)], t.bool),
  fill: t.fn([t.buffer(t.u8), t.length(0), t.i32], t.void),
  nothing: t.fn([t.buffer(t.u8), t.length(0)], t.void),
  samples: t.fn([t.buffer(t.f64), t.inout(t.length(0, t.i32))], t.void),
  digits: t.fn([t.buffer(t.cstring), t.length(0), t.u32], t.length(0, t.i32)),
  copyText: t.fn([t.buffer(t.cstring), t.length(0), t.length(3), t.string], t.void),
  split: t.fn(
    [
      t.bytes,
      t.length(0, t.u32),
      t.buffer(t.u8),
      t.inout(t.length(2, t.u32)),
      t.optional(t.buffer(t.u8)),
      t.length(4, t.u32),
    ],
    t.length(4, t.i32),
  ),
  claim: t.fn([t.buffer(t.u8), t.length(0), t.i32], t.length(0, t.i32)),
  claimU32: t.fn([t.buffer(t.u8), t.length(0, t.u32), t.u32], t.length(0, t.u32)),
  claimI32: t.fn([t.buffer(t.u16), t.inout(t.length(0, t.i32)), t.i32], t.void),
  claimI64: t.fn([t.buffer(t.u8), t.inout(t.length(0, t.i64)), t.i64], t.void),
  claimU64: t.fn([t.buffer(t.u8), t.out(t.length(0, t.u64)), t.u64], t.void),
  claimSize: t.fn([t.buffer(t.u8), t.inout(t.length(0)), t.u64], t.i32),
  shortLength: t.fn([t.optional(t.bytes), t.length(0, t.u8)], t.i32),
  growAndFill: t.fn([t.buffer(t.u8), t.inout(t.length(0))], t.i32),
  next_random: t.fn([t.inout(t.u32)], t.i32),
  turn: t.fn([t.inout(t.i8), t.inout(t.u16), t.inout(t.i64), t.inout(t.bool), t.inout(t.f32)], t.void),
  mirror: t.fn([t.i32, t.inout(t.record({ x: t.f64, y: t.f64 }))], t.i32),
});
