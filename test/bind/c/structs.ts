import { t } from "unglue";

const point = t.record({ x: t.f64, y: t.f64 });
const entry = t.record({ name: t.chars(16), values: t.fixed(t.i32, 4), corners: t.fixed(point, 2), tag: t.u8 });
const header = t.record({ kind: t.u8, id: t.u32, port: t.u16, weight: t.f64 }, { packed: true });
/** The same struct, without one of its fields. */
const partly = t.record({ weight: t.f64, id: t.u32, kind: t.u8 }, { offsets: { weight: 7, id: 1, kind: 0 }, size: 15 });
const value = t.union({ i: t.i32, f: t.f32, bytes: t.fixed(t.u8, 8) });
const tagged = t.record({ kind: t.u8, value });

/** The structs of shapes.c. */
export const structs = t.api({
  live_allocations: t.fn([], t.i32),
  entry_size: t.fn([], t.size),
  entry_sum: t.fn([entry], t.f64),
  entry_change: t.fn([t.inout(entry)], t.void),
  entry_make: t.fn([t.out(entry)], t.void),
  digest: t.fn([t.out(t.fixed(t.u8, 8)), t.bytes], t.void),
  key_sum: t.fn([t.fixed(t.u8, 4)], t.u32),
  first_primes: t.fn([], t.fixed(t.u16, 4)),
  header_size: t.fn([], t.size),
  header_sum: t.fn([header], t.f64),
  header_change: t.fn([t.inout(header)], t.void),
  partly_sum: t.fn([partly], t.f64, { export: "header_sum" }),
  partly_change: t.fn([t.inout(partly)], t.void, { export: "header_change" }),
  tagged_size: t.fn([], t.size),
  tagged_value: t.fn([tagged], t.f64),
  tagged_change: t.fn([t.inout(tagged)], t.void),
  fill: t.fn([t.buffer(t.u8), t.length(0), t.i32], t.void),
});
