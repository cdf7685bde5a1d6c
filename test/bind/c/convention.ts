import { t } from "unglue";

/** The address of a module of test/fixtures/clang. */
export function fixture(name: string): URL {
  return new URL(`../../fixtures/clang/${name}.wasm`, import.meta.url);
}

const point = t.record({ x: t.f64, y: t.f64 });
const mixed = t.record({ flag: t.bool, at: point, small: t.u8, medium: t.u16, large: t.i64, last: t.i8 });
const person = t.record({ name: t.string, age: t.u16 });
const meters = t.record({ only: t.f64 });
const unary = t.closure([t.f64], t.f64);
const color = t.enumeration(["red", "green", "blue"]);

/** All of convention.c. */
export const api = t.api({
  live_allocations: t.fn([], t.i32),
  fail_after: t.fn([t.i32], t.void),

  echo_i8: t.fn([t.i8], t.i8),
  echo_u8: t.fn([t.u8], t.u8),
  echo_i16: t.fn([t.i16], t.i16),
  echo_u16: t.fn([t.u16], t.u16),
  echo_i32: t.fn([t.i32], t.i32),
  echo_u32: t.fn([t.u32], t.u32),
  echo_i64: t.fn([t.i64], t.i64),
  echo_u64: t.fn([t.u64], t.u64),
  echo_f32: t.fn([t.f32], t.f32),
  echo_f64: t.fn([t.f64], t.f64),
  echo_bool: t.fn([t.bool], t.bool),
  echo_char: t.fn([t.char], t.char),
  echo_size: t.fn([t.size], t.size),
  next_color: t.fn([color], color),

  textLength: t.fn([t.string], t.size),
  text_or_none: t.fn([t.optional(t.string)], t.i32),
  span_sum: t.fn([t.string], t.u32),
  compare_texts: t.fn([t.cstring, t.cstring], t.i32),
  version: t.fn([], t.string),
  find_name: t.fn([t.i32], t.optional(t.cstring)),
  find_any_name: t.fn([t.i32], t.cstring, { export: "find_name" }),
  repeat: t.fn([t.string, t.i32], t.string, { owned: true }),
  repeat_given_back: t.fn([t.string, t.i32], t.string, {
    export: "repeat",
    owned: true,
    free: "convention_free_string",
  }),
  given_back_count: t.fn([], t.i32),

  sum_bytes: t.fn([t.bytes], t.u32),
  reversed: t.fn([t.bytes], t.bytes, { owned: true }),
  lent_bytes: t.fn([], t.bytes),
  dot: t.fn([t.array(t.f64), t.array(t.f64), t.size], t.f64),
  scale: t.fn([t.array(t.f32, { mutable: true }), t.f32], t.void),
  sum_i64: t.fn([t.array(t.i64)], t.i64),
  negate_i16: t.fn([t.array(t.i16, { mutable: true })], t.void),
  fill16: t.fn([t.array(t.u8, { mutable: true }), t.u8], t.void),
  optional_bytes: t.fn([t.optional(t.bytes)], t.i32),

  point_length_squared: t.fn([point], t.f64),
  point_by_value: t.fn([point], t.f64),
  point_add: t.fn([point, point], point),
  point_origin: t.fn([t.i32], t.optional(point)),
  point_there: t.fn([t.i32], point, { export: "point_origin" }),
  mixed_echo: t.fn([mixed], mixed),
  mixed_sum: t.fn([mixed], t.f64),
  person_label_length: t.fn([person], t.size),
  person_oldest: t.fn([], person),
  meters_double: t.fn([meters], meters),
  meters_pointed: t.fn([meters], t.f64),

  sort: t.fn([t.array(t.i32, { mutable: true }), t.closure([t.i32, t.i32], t.i32, { lent: true })], t.void),
  operation: t.fn([t.string], t.optional(unary)),
  applied: t.fn([t.optional(unary), t.f64], t.f64, { export: "apply" }),
  same_function: t.fn([unary], unary),
  set_logger: t.fn([t.optional(t.closure([t.i32, t.cstring, t.string, t.bytes], t.void))], t.void),
  say: t.fn([t.i32], t.void),
  call_wide: t.fn([t.closure([t.u64, t.bool, color], t.u64, { lent: true }), t.u64], t.u64),
  of_point: t.fn([t.closure([point], t.f64, { lent: true })], t.f64),
  pointer_to_index: t.fn([unary], t.size),

  divide: t.fn([t.i32, t.i32, t.out(t.i32), t.out(t.i32)], t.i32),
  bounds: t.fn([t.out(t.f64), t.array(t.f64), t.out(t.f64)], t.void),
  small_outs: t.fn([t.out(t.bool), t.out(t.u8), t.out(t.u16), t.out(t.i64), t.out(t.size), t.out(color)], t.void),
  point_out: t.fn([t.out(point)], t.void),
  message_out: t.fn([t.i32, t.out(t.optional(t.cstring))], t.i32, { owned: true }),
  constant_out: t.fn([t.out(t.cstring)], t.void, { owned: false }),
  bytes_out: t.fn([t.i32, t.out(t.bytes)], t.i32, { owned: true }),
  point_and_out: t.fn([t.out(t.i32)], point),

  trap_with: t.fn([t.string, t.out(t.f64)], t.void),
  call_with_text: t.fn([t.string, t.closure([], t.void, { lent: true })], t.void),

  Counter: t.class({
    new: t.ctor([t.u32]),
    add: t.method([t.u32], t.u32),
    value: t.field(t.u32),
    self: t.method([], t.object("Counter")),
    link: t.method([t.optional(t.object("Counter"))], t.void),
    next: t.getter(t.optional(t.object("Counter"))),
    max: t.method([t.object("Counter")], t.u32),
    shared: t.static([], t.object("Counter")),
    open: t.static([t.u32, t.out(t.optional(t.owned("Counter")))], t.i32),
    each: t.method([t.closure([t.object("Counter"), t.u32], t.void, { lent: true }), t.u32], t.void),
    choose: t.method(
      [t.object("Counter"), t.closure([t.object("Counter"), t.object("Counter")], t.object("Counter"), { lent: true })],
      t.u32,
    ),
    absorb: t.method([], t.u32, { consumes: true }),
    live: t.static([], t.i32),
  }),
  Window: t.class(
    {
      new: t.ctor([t.f64]),
      push: t.method([t.f64], t.void),
      mean: t.method([], t.f64),
      count: t.field(t.u32, { offset: 32 }),
      first: t.field(t.f64, { offset: 0, readonly: true }),
      live: t.static([], t.i32),
    },
    { size: 40 },
  ),
});
