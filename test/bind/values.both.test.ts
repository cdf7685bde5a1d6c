import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import type { DeclaredType } from "../../src/public/index.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { bindgen, conventions, type Helpers, returning } from "./bindgen.ts";

/** The value of a narrow integer, whatever stands above its bits. */
const narrow: readonly (readonly [type: DeclaredType, word: number, value: number])[] = [
  [t.i8, 0x1ff, -1],
  [t.i8, 0x180, -128],
  [t.i8, 0x7f, 127],
  [t.i8, -1, -1],
  [t.u8, -1, 255],
  [t.u8, 0x100, 0],
  [t.i16, 0x1ffff, -1],
  [t.i16, 0x18000, -32768],
  [t.u16, -1, 65535],
  [t.u16, 0x10000, 0],
];

const echoing = `(module
  (memory (export "memory") 1)
  (type $one (func (param i32) (result i32)))
  (table (export "table") 2 funcref)
  (elem (i32.const 1) $echo)
  (func $echo (export "echo") (param i32) (result i32) (local.get 0))
  (func (export "Box_value") (param i32) (result i32) (i32.load (i32.const 64)))
  (func (export "Box_new") (param i32) (result i32) (i32.store (i32.const 64) (local.get 0)) (i32.const 16))
  (func (export "Box_delete") (param i32))
  (func (export "pointer") (result i32) (i32.const 1))
  (func (export "through") (param $fn i32) (param $word i32) (result i32)
    (call_indirect (type $one) (local.get $word) (local.get $fn)))
  (func (export "write") (param $to i32) (param $word i32) (i32.store (local.get $to) (local.get $word)))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "free") (param i32)))`;

describe("a narrow integer of a module of C", () => {
  it.each(narrow)("is %j of the word %i in every place", async ({ type }, word, value) => {
    const declared = { type } as typeof t.i8;
    const api = t.api({
      echo: t.fn([t.i32], declared),
      Box: t.class({ new: t.ctor([t.i32]), value: t.getter(declared) }),
      through: t.fn([t.closure([declared], t.i32), t.i32], t.i32),
      back: t.fn([t.closure([t.i32], declared), t.i32], t.i32, { export: "through" }),
      pointer: t.fn([], t.closure([t.i32], declared)),
      write: t.fn([t.out(declared), t.i32], t.void),
      record: t.fn([t.out(t.record({ one: declared })), t.i32], t.void, { export: "write" }),
    });
    const { api: c } = await load(await wat(echoing), { api });
    const seen: unknown[] = [];
    expect(c.echo(word)).toBe(value);
    expect(new c.Box(word).value).toBe(value);
    c.through((one: number) => seen.push(one), word);
    expect(seen).toEqual([value]);
    expect(c.back(() => value, 0)).toBe(value);
    expect(c.pointer()(word)).toBe(value);
    expect(c.write(word)).toBe(value);
    expect(c.record(word)).toEqual({ one: value });
  });
});

describe.each(conventions)("a value that its type does not have, with %s,", (_, convention) => {
  it.each(narrow)("is %j of the word %i, alone and beside an error", async ({ type }, word, value) => {
    const body = [
      `(func (export "alone") (param i32) (result i32) (local.get 0))`,
      returning("or error", ["i32"], [["i32", "$0"], ["i32", "(i32.const 0)"], ["i32", "(i32.const 0)"]], convention), // prettier-ignore
    ];
    const declared = { type } as typeof t.i8;
    const api = t.api({
      alone: t.fn([t.i32], declared),
      "or error": t.fn([t.i32], declared, { throws: true }),
      optional: t.fn([t.i32], t.optional(declared), { export: "alone" }),
    });
    const wasm = await load(await bindgen(body.join("\n"), convention), { api });
    expect([wasm.api.alone(word), wasm.api["or error"](word), wasm.api.optional(word)]).toEqual([value, value, value]);
    expect(wasm.api.optional(0xffffff)).toBe(undefined);
  });

  it("is refused by its number: characters, texts and numbers of an enumeration", async () => {
    const body = `(func (export "alone") (param i32) (result i32) (local.get 0))`;
    const wasm = await load(await bindgen(body, { ...convention, version: 119 }), {
      api: t.api({
        char: t.fn([t.i32], t.char, { export: "alone" }),
        text: t.fn([t.i32], t.enumeration(["low", "high"]), { export: "alone" }),
        number: t.fn([t.i32], t.enumeration({ Low: 1, Most: 2 ** 31 }), { export: "alone" }),
        optional: t.fn([t.i32], t.optional(t.enumeration(["low", "high"], { complete: true })), { export: "alone" }),
      }),
    });
    const { api } = wasm;
    for (const [call, declared, words] of [
      [api.char, "t.char", [0xd800, 0xdfff, 0x110000, -1]],
      [api.text, "t.enumeration", [2, -1, 2 ** 31 - 1]],
      [api.number, "t.enumeration", [0, 2, -1]],
      [api.optional, "t.enumeration", [2, 4, -1]],
    ] as const) {
      for (const word of words) {
        expect(thrownBy(() => call(word))).toMatchObject({
          code: "invalid-value",
          details: {
            declared,
            received: String(declared === "t.enumeration" && call === api.number ? word >>> 0 : word),
          },
        });
      }
    }
    expect([api.char(0x10ffff), api.char(0), api.text(1), api.number(-(2 ** 31)), api.optional(3)]).toEqual([
      "\u{10ffff}",
      "\0",
      "high",
      2 ** 31,
      undefined,
    ]);
    expect(wasm.state).toBe("live");
  });

  it("is not what is sent for none: the list of an optional enumeration must be stated to be complete", async () => {
    const body = `(func (export "alone") (param i32) (result i32) (local.get 0))`;
    const bytes = await bindgen(body, { ...convention, version: 119 });
    for (const list of [t.enumeration({ Low: 0, High: 4 }), t.enumeration(["low", "high"])]) {
      const rejection = rejectionOf(load(bytes, { api: t.api({ alone: t.fn([t.optional(list as never)], t.i32) }) }));
      await expect(rejection).resolves.toMatchObject({
        code: "interface-mismatch",
        details: { misfits: [{ name: "alone", reason: expect.stringContaining("{ complete: true }") as string }] },
      });
      const result = load(bytes, { api: t.api({ alone: t.fn([t.i32], t.optional(list as never)) }) });
      await expect(rejectionOf(result)).resolves.toMatchObject({ code: "interface-mismatch" });
    }
    const complete = t.enumeration({ Low: 0, High: 4 }, { complete: true });
    const { api } = await load(bytes, { api: t.api({ alone: t.fn([t.optional(complete)], t.i32) }) });
    expect([api.alone(), api.alone(null), api.alone(0), api.alone(4)]).toEqual([1, 1, 0, 4]);
  });
});

/** A module of wasm-bindgen's whose allocator answers what it is told to, beginning with the call of a number. */
function answering(handle: string): string {
  const table =
    handle === "i32"
      ? ""
      : `(table (export "__wbindgen_externrefs") 128 externref)
        (func (export "__externref_table_alloc") (result i32) (table.grow 0 (ref.null extern) (i32.const 1)))
        (func (export "__externref_table_dealloc") (param i32))
        (func (export "__externref_drop_slice") (param i32 i32))`;
  return `(module
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (global $live (mut i32) (i32.const 0))
    (global $calls (mut i32) (i32.const 0))
    (global $answer (export "answer") (mut i32) (i32.const 0))
    (global $after (export "after") (mut i32) (i32.const 1000000))
    (func (export "live") (result i32) (global.get $live))
    (func (export "calls") (result i32) (global.get $calls))
    (func (export "__wbindgen_malloc") (param $size i32) (param $align i32) (result i32)
      (global.set $after (i32.sub (global.get $after) (i32.const 1)))
      (if (i32.lt_s (global.get $after) (i32.const 0)) (then (return (global.get $answer))))
      (if (i32.eqz (local.get $size)) (then (return (local.get $align))))
      (global.set $live (i32.add (global.get $live) (i32.const 1)))
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get $size))))
    (func (export "__wbindgen_realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $after (i32.sub (global.get $after) (i32.const 1)))
      (if (result i32) (i32.lt_s (global.get $after) (i32.const 0)) (then (global.get $answer)) (else (local.get 0))))
    (func (export "__wbindgen_free") (param i32 i32 i32)
      (if (local.get 1) (then (global.set $live (i32.sub (global.get $live) (i32.const 1))))))
    ${table}
    (func $count (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
    (func (export "one") (param i32 i32) (call $count))
    (func (export "with") (param i32 i32 i32) (call $count))
    (func (export "value") (param ${handle} i32 i32) (call $count))
    (func (export "two") (param i32 i32 i32 i32) (call $count))
    (func (export "back") (param i32 i32) (result i32 i32) (local.get 0) (local.get 1)))`;
}

describe.each(["i32", "externref"])("an allocator of wasm-bindgen's, where a value is %s,", (handle) => {
  const text = t.string;
  const api = t.api({
    text: t.fn([text], t.void, { export: "one" }),
    withNumber: t.fn([text, t.u32], t.void, { export: "with" }),
    value: t.fn([t.js, text], t.void),
    optional: t.fn([t.optional(text)], t.void, { export: "one" }),
    bytes: t.fn([t.bytes], t.void, { export: "one" }),
    floats: t.fn([t.array(t.f64)], t.void, { export: "one" }),
    list: t.fn([t.list(text)], t.void, { export: "one" }),
    texts: t.fn([text, text], t.void, { export: "two" }),
    textAndList: t.fn([text, t.list(t.js)], t.void, { export: "two" }),
    bytesAndText: t.fn([t.bytes, t.optional(text)], t.void, { export: "two" }),
  });
  const long = "long enough for the coder: ".repeat(4);
  const open = async () => {
    const wasm = await load<Helpers, typeof api.members>(await wat(answering(handle)), { api });
    const set = (name: "answer" | "after", value: number) => {
      (wasm.exports as unknown as Record<string, WebAssembly.Global>)[name]!.value = value;
    };
    return { wasm, set };
  };
  type Api = Awaited<ReturnType<typeof open>>["wasm"]["api"];
  const calls: readonly (readonly [name: string, allocations: number, call: (c: Api) => void])[] = [
    ["a text", 1, (c) => c.text("a")],
    ["an empty text", 1, (c) => c.text("")],
    ["a long text", 1, (c) => c.text(long)],
    ["a text that needs more room", 2, (c) => c.text("é")],
    ["a text and a number", 1, (c) => c.withNumber("a", 1)],
    ["a value and a text", 1, (c) => c.value({}, "a")],
    ["an optional text", 1, (c) => c.optional("")],
    ["bytes", 1, (c) => c.bytes(Uint8Array.of(1))],
    ["no bytes", 1, (c) => c.bytes(new Uint8Array())],
    ["floats", 1, (c) => c.floats(Float64Array.of(1))],
    ["a list", 1, (c) => c.list(["a"])],
    ["an empty list", 1, (c) => c.list([])],
    ["two texts", 2, (c) => c.texts("a", "é")],
    ["a text and a list", 2, (c) => c.textAndList("a", [1, 2])],
    ["bytes and a text", 2, (c) => c.bytesAndText(Uint8Array.of(1), "a")],
  ];

  it.each(calls)("that answers null, -1 or past the end for %s is refused before the call", async (_, count, call) => {
    const { wasm, set } = await open();
    const { size } = wasm.handles;
    for (let after = 0; after < count; after++) {
      for (const answer of [0, -1, 65600, -65536]) {
        set("after", after);
        set("answer", answer);
        expect(thrownBy(() => { call(wasm.api); })).toMatchObject({ code: "allocation-failed" }); // prettier-ignore
        expect([wasm.guarded.calls(), wasm.guarded.live(), wasm.handles.size]).toEqual([0, 0, size]);
      }
    }
    set("after", 1000);
    call(wasm.api);
    expect(wasm.guarded.calls()).toBe(1);
    expect(wasm.state).toBe("live");
  });

  it("in shared memory, which platforms' coders refuse, has texts as any", async () => {
    const source = answering(handle).replace('(export "memory") 1', '(export "memory") 1 2 shared');
    const api = t.api({ back: t.fn([text], text) });
    const wasm = await load<Helpers, typeof api.members>(await wat(source), { api });
    for (const value of ["", "a", long, "é", `${long}é`, "😀".repeat(20)]) expect(wasm.api.back(value)).toBe(value);
    expect(wasm.guarded.live()).toBe(0);
  });

  it("that does not align is refused", async () => {
    const { wasm, set } = await open();
    set("after", 0);
    set("answer", 1028);
    expect(thrownBy(() => { wasm.api.floats(Float64Array.of(1)); })).toMatchObject({ code: "allocation-failed" }); // prettier-ignore
    expect(wasm.guarded.calls()).toBe(0);
  });
});

describe("an allocator of C's", () => {
  const source = (body: string) => `(module (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 0))
    (func (export "calls") (result i32) (global.get $calls))
    (func (export "malloc") (param i32) (result i32) ${body})
    (func (export "free") (param i32))
    (func (export "one") (param i32 i32) (global.set $calls (i32.const 1)))
    (func (export "pointed") (param i32) (global.set $calls (i32.const 1))))`;
  const point = t.record({ x: t.f64, name: t.optional(t.cstring) });
  const api = t.api({
    text: t.fn([t.string], t.void, { export: "one" }),
    cstring: t.fn([t.cstring], t.void, { export: "pointed" }),
    optional: t.fn([t.optional(t.cstring)], t.void, { export: "pointed" }),
    bytes: t.fn([t.bytes], t.void, { export: "one" }),
    array: t.fn([t.array(t.f64, { mutable: true })], t.void, { export: "pointed" }),
    record: t.fn([point], t.void, { export: "pointed" }),
    out: t.fn([t.out(t.f64)], t.void, { export: "pointed" }),
  });

  it.each([0, -1, 65600, -65536])("that answers %i is refused before the call", async (answer) => {
    const wasm = await load<{ calls(): number }, typeof api.members>(await wat(source(`(i32.const ${answer})`)), {
      api,
    });
    const { api: c } = wasm;
    for (const call of [
      () => c.text(""),
      () => c.text("abc"),
      () => c.cstring(""),
      () => c.optional("a"),
      () => c.bytes(new Uint8Array()),
      () => c.bytes(Uint8Array.of(1)),
      () => c.array(new Float64Array()),
      () => c.record({ x: 1, name: undefined }),
      () => c.out(),
    ]) {
      expect(thrownBy(call)).toMatchObject({ code: "allocation-failed" });
      expect(wasm.exports.calls()).toBe(0);
    }
  });
});
