import { compile, t } from "unglue";
import { wat } from "../../wat.ts";
import type { Call, Subject } from "./subject.ts";

/** A module of C's: what it allocates is counted, and what it takes is looked at and left alone. */
const source = `(module
  (type $number (func (param i32) (result i32)))
  (memory (export "memory") 2 40)
  (table (export "table") 4 200 funcref)
  (elem (i32.const 1) $i)
  (global $next (mut i32) (i32.const 4096))
  (global $live (mut i32) (i32.const 0))
  (func (export "live") (result i32) (global.get $live))
  (func $malloc (export "malloc") (param $size i32) (result i32) (local $at i32)
    (if (i32.eqz (global.get $live)) (then (global.set $next (i32.const 4096))))
    (local.set $at (global.get $next))
    (if (i32.gt_u (local.get $size) (i32.const 2000000)) (then (return (i32.const 0))))
    (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 31)) (i32.const -16)))
    (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))) (then
      (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1))))
        (then (global.set $next (local.get $at)) (return (i32.const 0))))))
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (local.get $at))
  (func (export "free") (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
  (func $i (export "i") (param i32) (result i32) (local.get 0))
  (func (export "j") (param i64) (result i64) (local.get 0))
  (func (export "f") (param f32) (result f32) (local.get 0))
  (func (export "d") (param f64) (result f64) (local.get 0))
  (func (export "length") (param i32 i32) (result i32) (local.get 1))
  (func (export "two_lengths") (param i32 i32 i32 i32) (result i32) (i32.add (local.get 1) (local.get 3)))
  (func (export "first") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.load8_u (local.get 0))) (else (i32.const 0))))
  (func (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 7) (local.get 1)))
  (func (export "grow_and_fill") (param i32 i32)
    (drop (memory.grow (i32.const 0))) (memory.fill (local.get 0) (i32.const 7) (local.get 1)))
  (func (export "add") (param i32) (result f64) (f64.add (f64.load (local.get 0)) (f64.load offset=8 (local.get 0))))
  (func (export "echo_point") (param $to i32) (param $from i32)
    (i64.store (local.get $to) (i64.load (local.get $from)))
    (i64.store offset=8 (local.get $to) (i64.load offset=8 (local.get $from))))
  (func (export "run") (param i32) (result i32) (call_indirect (type $number) (i32.const 65) (local.get 0)))
  (func (export "pointer") (result i32) (i32.const 1))
  (func (export "write") (param i32 i32) (i32.store (local.get 1) (local.get 0)))
  (func (export "write_text") (param i32 i32) (i32.store (local.get 1) (i32.const 16)))
  (data (i32.const 16) "text\\00")
  (func (export "box_new") (param i32) (result i32) (local $at i32)
    (local.set $at (call $malloc (i32.const 16))) (i32.store (local.get $at) (local.get 0)) (local.get $at))
  (func $delete (export "box_delete") (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
  (func (export "box_get_value") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "box_set_value") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "box_plus") (param i32 i32) (result i32) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1))))
  (func (export "box_eat") (param i32 i32) (result i32) (call $delete (local.get 0)) (call $delete (local.get 1)) (i32.const 1))
  (func (export "box_say") (param i32 i32 i32) (result i32) (local.get 2))
  (func (export "box_into") (param i32 i32 i32) (result i32) (call $delete (local.get 0)) (local.get 2))
  (func (export "box_same") (param i32) (result i32) (local.get 0)))`;

const color = t.enumeration(["low", "high", "then"]);
const level = t.enumeration({ Low: -1, High: 7 });
const point = t.record({ x: t.f64, y: t.f64 });
const person = t.record({ age: t.u32, name: t.string, nick: t.optional(t.cstring), at: point, color, initial: t.char });
const numeric = t.closure([t.i32], t.i32, { lent: true });
const elements = ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"] as const;
const byWord = {
  i: [t.i8, t.u8, t.i16, t.u16, t.i32, t.u32, t.bool, t.char, t.size, color, level],
  j: [t.i64, t.u64],
  f: [t.f32],
  d: [t.f64],
};

const members = {
  ...Object.fromEntries(
    Object.entries(byWord).flatMap(([word, types]) =>
      types.map((type, at) => [`${word}${at} ${type.type}`, t.fn([type], type, { export: word })] as const),
    ),
  ),
  ...Object.fromEntries(
    elements.flatMap((element) => [
      [`array of ${element}`, t.fn([t.array(t[element])], t.u32, { export: "length" })] as const,
      [`mutable ${element}`, t.fn([t.array(t[element], { mutable: true })], t.void, { export: "fill" })] as const,
    ]),
  ),
  string: t.fn([t.string], t.u32, { export: "length" }),
  cstring: t.fn([t.cstring], t.i32, { export: "first" }),
  bytes: t.fn([t.bytes], t.u32, { export: "length" }),
  texts: t.fn([t.string, t.bytes], t.u32, { export: "two_lengths" }),
  "optional string": t.fn([t.optional(t.string)], t.u32, { export: "length" }),
  "optional cstring": t.fn([t.optional(t.cstring)], t.i32, { export: "first" }),
  "optional bytes": t.fn([t.optional(t.bytes)], t.u32, { export: "length" }),
  "optional point": t.fn([t.optional(point)], t.i32, { export: "first" }),
  "optional closure": t.fn([t.optional(numeric)], t.i32, { export: "i" }),
  "one field": t.fn([t.record({ only: t.f64 })], t.f64, { export: "d" }),
  point: t.fn([point], t.f64, { export: "add" }),
  "same point": t.fn([point], point, { export: "echo_point" }),
  person: t.fn([person], t.i32, { export: "first" }),
  growing: t.fn([t.array(t.u8, { mutable: true })], t.void, { export: "grow_and_fill" }),
  run: t.fn([numeric], t.i32, { export: "run" }),
  "run of char": t.fn([t.closure([t.char], t.char, { lent: true })], t.char, { export: "run" }),
  "run of color": t.fn([t.closure([t.u8], color, { lent: true })], t.i32, { export: "run" }),
  "run of bool": t.fn([t.closure([t.bool], t.bool, { lent: true })], t.bool, { export: "run" }),
  pointer: t.fn([], t.closure([t.i8], t.i8), { export: "pointer" }),
  "pointer of text": t.fn([], t.closure([t.cstring], t.u32), { export: "pointer" }),
  "pointer of point": t.fn([], t.closure([point], t.u32), { export: "pointer" }),
  "out char": t.fn([t.u32, t.out(t.char)], t.void, { export: "write" }),
  "out color": t.fn([t.u32, t.out(color)], t.void, { export: "write" }),
  "out level": t.fn([t.i32, t.out(level)], t.void, { export: "write" }),
  "out bool": t.fn([t.u32, t.out(t.bool)], t.void, { export: "write" }),
  "out text": t.fn([t.u32, t.out(t.cstring)], t.void, { export: "write_text", owned: false }),
  "out record": t.fn([t.u32, t.out(t.record({ a: t.i16, b: t.char }))], t.void, { export: "write" }),
  Box: t.class({
    new: t.ctor([t.u32]),
    value: t.field(t.u32),
    place: t.field(t.u16, { offset: 0 }),
    spot: t.field(t.record({ x: t.i8, y: t.bool }), { offset: 4 }),
    tone: t.field(color, { offset: 8 }),
    plus: t.method([t.object("Box")], t.u32),
    eat: t.method([t.owned("Box")], t.u32, { consumes: true }),
    say: t.method([t.string], t.u32),
    into: t.method([t.bytes], t.u32, { consumes: true }),
    same: t.method([], t.object("Box")),
  }),
};

type AnyFunction = (...args: readonly unknown[]) => unknown;
type Box = Record<string, unknown> & { free(): void } & Record<"plus" | "eat" | "say" | "into" | "same", AnyFunction>;
interface Opened {
  readonly api: { readonly Box: new (...args: readonly unknown[]) => Box } & Readonly<Record<string, AnyFunction>>;
  readonly guarded: { live(): number };
  readonly state: string;
}

const argument = ["invalid-argument"];
const object = ["invalid-argument", "object-unusable"];
/** An argument may be too large for the module. */
const allocating = [...argument, "allocation-failed"];

/** The functions and classes of an interface in C's convention. */
export async function subjectOfC(): Promise<Subject> {
  const module = await compile(await wat(source));
  const open = async () => (await module.instantiate({ api: { members } })) as unknown as Opened;
  let wasm = await open();
  let other = await open();
  const functions = Object.entries(members as Record<string, { readonly member: string }>).filter(
    ([, { member }]) => member === "function",
  );
  const call = (name: string, args: readonly unknown[]) => wasm.api[name]?.(...args);
  const calls: Call[] = functions.map(([name, member]) => {
    const { params } = member as unknown as { readonly params: readonly { readonly type: string }[] };
    const args = params.filter(({ type }) => type !== "out").length;
    const isWritten = name.startsWith("out ");
    const codes =
      isWritten || name.includes(" char") || name.startsWith("run of") ? [...allocating, "invalid-value"] : allocating;
    return {
      name,
      args: name.startsWith("pointer") ? 1 : args,
      codes,
      callsBack: name.startsWith("run"),
      run: (given) => (name.startsWith("pointer") ? (call(name, []) as AnyFunction)(...given) : call(name, given)),
    };
  });
  const withBox = (
    name: string,
    args: number,
    codes: readonly string[],
    use: (box: Box, given: readonly unknown[]) => unknown,
  ): Call => ({
    name: `Box ${name}`,
    args,
    codes,
    run: (given) => {
      const box = new wasm.api.Box(5);
      try {
        return use(box, given);
      } finally {
        box.free();
      }
    },
  });
  const prototypeOf = () => wasm.api.Box.prototype as Record<string, AnyFunction>;
  const property = (name: string) => Object.getOwnPropertyDescriptor(prototypeOf(), name);
  calls.push(
    {
      name: "new Box",
      args: 2,
      codes: argument,
      run: (given) => {
        new wasm.api.Box(...given).free();
      },
    },
    withBox("value", 1, argument, (box, [value]) => (box.value = value)),
    withBox("place", 1, argument, (box, [value]) => (box.place = value)),
    withBox("spot", 1, argument, (box, [value]) => (box.spot = value)),
    withBox("tone", 1, [...argument, "invalid-value"], (box, [value]) => {
      box.tone = value;
      return box.tone;
    }),
    withBox("plus", 1, object, (box, given) => box.plus(...given)),
    withBox("eat", 1, object, (box, given) => box.eat(...given)),
    withBox("say", 2, allocating, (box, given) => box.say(...given)),
    withBox("into", 1, allocating, (box, given) => box.into(...given)),
    withBox("plus of one that is freed", 0, object, (box) => {
      const gone = new wasm.api.Box(1);
      gone.free();
      return box.plus(gone);
    }),
    withBox("plus of another instance's", 0, object, (box) => {
      const foreign = new other.api.Box(1);
      try {
        return box.plus(foreign);
      } finally {
        foreign.free();
      }
    }),
  );
  for (const name of ["plus", "say", "same", "eat", "free", "dispose"]) {
    calls.push({
      name: `${name} on anything`,
      args: 2,
      codes: object,
      run: ([self, ...given]) => prototypeOf()[name]?.apply(self, given),
    });
  }
  for (const name of ["value", "place", "spot"]) {
    calls.push(
      {
        name: `get ${name} on anything`,
        args: 1,
        codes: object,
        run: ([self]) => property(name)?.get?.call(self) as unknown,
      },
      {
        name: `set ${name} on anything`,
        args: 2,
        codes: object,
        run: ([self, value]) => {
          property(name)?.set?.call(self, value);
        },
      },
    );
  }
  return {
    name: "an interface of C's",
    calls,
    async state() {
      if (wasm.state !== "live" || wasm.guarded.live() !== 0) {
        const found = { state: wasm.state, live: wasm.state === "live" ? wasm.guarded.live() : -1 };
        wasm = await open();
        other = await open();
        return found;
      }
      return { state: "live", live: 0 };
    },
  };
}
