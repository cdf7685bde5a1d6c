import { t } from "unglue";

/**
 * Returns the address of a module of test/fixtures/assemblyscript.
 *
 * @param name - The file.
 */
export function moduleUrl(name: string): URL {
  return new URL(`../fixtures/assemblyscript/${name}`, here);
}

// Vite would replace the expression by the address of an asset.
const here = import.meta.url;

/** The record `Point` of values.ts, and `Line`. Their classes are those of its bindings. */
export const point = t.record({ x: t.f64, y: t.f64 }, { classId: 24 });
export const line = t.record(
  { isThick: t.bool, from: point, to: t.optional(point), label: t.string, width: t.f32 },
  { classId: 25 },
);

/** The interface of values.ts. */
export const api = t.api({
  echoI8: t.fn([t.i8], t.i8),
  echoU8: t.fn([t.u8], t.u8),
  echoI16: t.fn([t.i16], t.i16),
  echoU16: t.fn([t.u16], t.u16),
  echoI32: t.fn([t.i32], t.i32),
  echoU32: t.fn([t.u32], t.u32),
  echoI64: t.fn([t.i64], t.i64),
  echoU64: t.fn([t.u64], t.u64),
  echoF32: t.fn([t.f32], t.f32),
  echoF64: t.fn([t.f64], t.f64),
  echoBool: t.fn([t.bool], t.bool),
  greet: t.fn([t.string], t.string),
  lengthOf: t.fn([t.string], t.i32),
  join: t.fn([t.string, t.string], t.string),
  maybe: t.fn([t.optional(t.optional(t.string))], t.optional(t.string)),
  echoBuffer: t.fn([t.array(t.u8, { classId: 1 })], t.bytes),
  echoInt8s: t.fn([t.array(t.i8)], t.array(t.i8)),
  echoUint8s: t.fn([t.array(t.u8)], t.bytes),
  echoInt16s: t.fn([t.array(t.i16)], t.array(t.i16)),
  echoUint16s: t.fn([t.array(t.u16)], t.array(t.u16)),
  echoInt32s: t.fn([t.array(t.i32)], t.array(t.i32)),
  echoUint32s: t.fn([t.array(t.u32)], t.array(t.u32)),
  echoInt64s: t.fn([t.array(t.i64)], t.array(t.i64)),
  echoUint64s: t.fn([t.array(t.u64)], t.array(t.u64)),
  echoFloat32s: t.fn([t.array(t.f32)], t.array(t.f32)),
  echoFloat64s: t.fn([t.array(t.f64)], t.array(t.f64)),
  middle: t.fn([t.array(t.f64)], t.array(t.f64)),
  maybeBytes: t.fn([t.optional(t.array(t.u8))], t.optional(t.array(t.u8))),
  negate: t.fn([t.array(t.f64, { mutable: true })], t.void),
  echoInts: t.fn([t.list(t.i32)], t.list(t.i32)),
  echoFloats: t.fn([t.list(t.f64)], t.list(t.f64)),
  echoBigs: t.fn([t.list(t.i64)], t.list(t.i64)),
  echoFlags: t.fn([t.list(t.bool)], t.list(t.bool)),
  echoSmall: t.fn([t.list(t.u16)], t.list(t.u16)),
  echoSingles: t.fn([t.list(t.f32)], t.list(t.f32)),
  sort: t.fn([t.list(t.string, { classId: 20 })], t.list(t.string)),
  echoNames: t.fn([t.list(t.optional(t.string))], t.list(t.optional(t.string))),
  flip: t.fn([t.list(t.list(t.i32), { classId: 23 })], t.list(t.list(t.i32))),
  mirror: t.fn([point], point),
  turn: t.fn([line], line),
  maybePoint: t.fn([t.optional(t.optional(point))], t.optional(point)),
  power: t.fn([t.f64, t.optional(t.f64)], t.f64),
  label: t.fn([t.i32, t.optional(t.string), t.optional(t.optional(t.string))], t.string),
  defaults: t.fn([t.optional(t.i32), t.optional(t.i32)], t.i32),
  Counter: t.class({
    new: t.ctor([t.i32, t.string]),
    add: t.method([t.i32], t.i32),
    name: t.field(t.string),
    same: t.method([], t.owned("Counter")),
    count: t.field(t.i32, { offset: 0 }),
  }),
  total: t.fn([t.list(t.object("Counter"), { classId: 27 })], t.i32),
  split: t.fn([t.object("Counter"), t.i32], t.list(t.owned("Counter"))),
  maybeCounter: t.fn([t.bool], t.optional(t.owned("Counter"))),
  shouted: t.fn([t.string], t.string),
  doubled: t.fn([t.list(t.i32)], t.i32),
  paused: t.fn([t.string, t.list(t.string, { classId: 20 })], t.string),
  looked: t.fn([t.i32], t.i32),
  churn: t.fn([t.i32], t.i32),
  fail: t.fn([t.string], t.void),
  trap: t.fn([], t.void),
  fill: t.fn([t.i32], t.i32),
  traces: t.fn([], t.void),
  logs: t.fn([t.string], t.void),
  random: t.fn([], t.f64),
  now: t.fn([], t.i64),
});
