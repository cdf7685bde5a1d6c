import { describe, expect, it } from "vitest";
import { load, loadSync, type ObjectOf, t } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { rejectionOf, thrownBy } from "../../wat.ts";
import { type Bindgen, bindgen, conventions, externref, heap, type Helpers } from "../bindgen.ts";

const nameOf = (at: number) => `__wbg_pass${at}_0011223344556677`;

/** A module with an import, and an export that calls it with a text or an array that it lends. */
const lending = (convention: Bindgen, align = 1) =>
  bindgen(
    `(func (export "call") (param $at i32) (param $length i32)
      (call $pass0 (local.get $at) (local.get $length))
      (call $free (local.get $at) (i32.mul (local.get $length) (i32.const ${align})) (i32.const ${align})))`,
    convention,
    `(import "wbg" "${nameOf(0)}" (func $pass0 (param i32 i32)))`,
  );

describe("a host function of wasm-bindgen", () => {
  it.each(conventions)("reads what is lent, and keeps no view of it, with %s", async (_, convention) => {
    const got: unknown[] = [];
    const note = (value: unknown) => void got.push(value);
    const options = { consumes: false };
    const api = t.api({ call: t.fn([t.string], t.void) });
    const texts = await load(await lending(convention), {
      api,
      imports: { wbg: { [nameOf(0)]: t.host([t.string], t.void, note, options) } },
    });
    texts.api.call("h\u00e9");
    const lists = await load(await lending(convention, 8), {
      api: t.api({ call: t.fn([t.array(t.f64)], t.void) }),
      imports: { wbg: { "__wbg_pass*": t.host([t.array(t.f64)], t.void, note, options) } },
    });
    lists.api.call(Float64Array.of(1, 2));
    lists.memory.u8.fill(0);
    expect(got).toEqual(["h\u00e9", Float64Array.of(1, 2)]);
    expect([texts.guarded.live?.(), lists.guarded.live?.()]).toEqual([0, 0]);
  });

  it("writes changes of an array back that is lent to be changed", async () => {
    const bytes = await bindgen(
      `(func (export "call") (param $at i32) (param $length i32) (result i32)
        (call $pass0 (local.get $at) (local.get $length))
        (i32.load (local.get $at)))`,
      heap,
      `(import "wbg" "${nameOf(0)}" (func $pass0 (param i32 i32)))`,
    );
    const change = t.host([t.array(t.i32, { mutable: true })], t.void, (list) => void list.fill(-5), {
      consumes: false,
    });
    const wasm = await load(bytes, {
      api: t.api({ call: t.fn([t.array(t.i32)], t.i32) }),
      imports: { wbg: { [nameOf(0)]: change } },
    });
    expect(wasm.api.call(Int32Array.of(1, 2))).toBe(-5);
  });

  it("is refused where its type does not show who frees a parameter", async () => {
    for (const [types, at] of [
      [[t.string, t.u32], 1],
      [[t.u32, t.bytes], 2],
    ] as const) {
      const bytes = await bindgen("", heap, `(import "wbg" "${nameOf(0)}" (func (param i32 i32 i32)))`);
      const wbg = { [nameOf(0)]: t.host(types, t.void, () => undefined) };
      expect(await rejectionOf(load(bytes, { imports: { wbg } }))).toMatchObject({
        code: "import-mismatch",
        message: expect.stringContaining(
          `Parameter ${at}: its type does not show whether Rust lends it (&str, &[T]) or gives it away (String, Vec<T>)`,
        ) as string,
      });
    }
  });

  it.each([
    [t.host([], t.string, () => "", { owned: false }), "the module frees what an import returns"],
    [t.host([], t.js.lent, () => ""), "an import gives away the value that it returns: declare t.js"],
    [t.host([t.out(t.u32)], t.void, () => 5), "Rust passes no outputs to its imports"],
    [t.host([t.list(t.object("A"))], t.void, () => 5, { consumes: true }), "the interface declares no class A"],
    [t.host([t.cstring], t.void, () => 5), "wasm-bindgen's convention has no way to pass cstring"],
    [t.host([t.record({ a: t.u8 })], t.void, () => 5), "wasm-bindgen's convention has no way to pass record"],
    [t.host([t.array(t.u8, { mutable: true })], t.void, () => 5, { consumes: true }), "leave out mutable"],
    [t.host([t.u32], t.void, () => 5, { consumes: [true] }), "consumes is for text, bytes and arrays, and it is u32"],
  ])("is refused for a type that Rust cannot pass so: %#", async (host, reason) => {
    const bytes = await bindgen("", heap, `(import "wbg" "${nameOf(0)}" (func (param i32 i32)))`);
    const error = await rejectionOf(load(bytes, { imports: { wbg: { [nameOf(0)]: host } } }));
    expect((error as Error).message.toLowerCase()).toContain(reason.toLowerCase());
    expect(error).toMatchObject({ code: "import-mismatch" });
  });

  it.each([heap, externref])("hands an exception to the module that catches: %#", async (convention) => {
    const body = `
      (global $caught (mut i32) (i32.const 0))
      (func (export "__wbindgen_exn_store") (param i32) (global.set $caught (local.get 0)))
      (func (export "call") (result i32) (drop (call $pass0)) (global.get $caught))`;
    const bytes = await bindgen(body, convention, `(import "wbg" "${nameOf(0)}" (func $pass0 (result i64)))`);
    const error = new Error("thrown by the host");
    const call = () => {
      throw error;
    };
    const catching = t.host([], t.i64, call, { catch: true });
    const wasm = await load<{ call(): number }>(bytes, { imports: { wbg: { [nameOf(0)]: catching } } });
    expect(wasm.handles.take(wasm.exports.call())).toBe(error);
    const throwing = await load<{ call(): number }>(bytes, {
      imports: { wbg: { [nameOf(0)]: t.host([], t.i64, call) } },
    });
    expect(thrownBy(() => throwing.guarded.call())).toBe(error);
    const deaf = await bindgen("", convention, `(import "wbg" "${nameOf(0)}" (func $pass0 (result i64)))`);
    expect(await rejectionOf(load(deaf, { imports: { wbg: { [nameOf(0)]: catching } } }))).toMatchObject({
      code: "import-mismatch",
      message: expect.stringContaining("cannot receive an exception: use the option error") as string,
    });
  });

  it("takes objects that are given away, and gives some", async () => {
    const body = `
      (func (export "counter_new") (param i32) (result i32) (local $at i32)
        (local.set $at (call $malloc (i32.const 4) (i32.const 4)))
        (i32.store (local.get $at) (local.get 0)) (local.get $at))
      (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "__wbg_counter_free") (param i32 i32)
        (call $free (local.get 0) (i32.const 4) (i32.const 4)))
      (func (export "call") (param i32) (result i32) (call $pass0 (local.get 0)))`;
    const bytes = await bindgen(body, heap, `(import "wbg" "${nameOf(0)}" (func $pass0 (param i32) (result i32)))`);
    const api = t.api({
      Counter: t.class({ new: t.ctor([t.u32]), value: t.getter(t.u32) }),
      call: t.fn([t.owned("Counter")], t.optional(t.owned("Counter"))),
    });
    const pass = t.host(
      [t.owned("Counter")],
      t.optional(t.owned("Counter")),
      (counter) => {
        const { value } = counter;
        counter.free();
        return value === 0 ? undefined : make(value + 1);
      },
      { api },
    );
    const wasm = await load<Helpers, typeof api.members>(bytes, { api, imports: { wbg: { [nameOf(0)]: pass } } });
    const make = (value: number): ObjectOf<typeof api, "Counter"> => new wasm.api.Counter(value);
    expect(wasm.api.call(new wasm.api.Counter(0))).toBeUndefined();
    const next = wasm.api.call(new wasm.api.Counter(4));
    expect(next?.value).toBe(5);
    next?.free();
    expect(wasm.guarded.live()).toBe(0);
    const lent = t.host([t.object("Counter")], t.optional(t.owned("Counter")), () => undefined);
    expect(await rejectionOf(load(bytes, { api, imports: { wbg: { [nameOf(0)]: lent } } }))).toMatchObject({
      message: expect.stringContaining('declare t.owned("Counter")') as string,
    });
  });
});

describe("the convention of a host function", () => {
  const source = (module: string) =>
    bindgen(
      `(func (export "call") (param i32 i32) (call $log (local.get 0) (local.get 1)))
       (data (i32.const 16) "text")`,
      heap,
      `(import "wbg" "${nameOf(0)}" (func))
       (import "${module}" "log" (func $log (param i32 i32)))`,
    );
  const note = (got: unknown[], options: object) =>
    t.host([t.string], t.void, (text) => void got.push(text), options) as object;

  it("is the toolchain's for its own imports, and C's for others", async () => {
    const got: unknown[] = [];
    const wasm = await load<{ call(at: number, length: number): void }>(await source("env"), {
      imports: { env: { log: note(got, {}) } },
    });
    wasm.exports.call(16, 4);
    expect(got).toEqual(["text"]);
    expect(wasm.imports.find(({ name }) => name === "log")?.evidence).toBe(
      'given as "env"."log", declared (string) -> void by C\'s convention',
    );
    const own = await load<{ call(at: number, length: number): void }>(await source("wbg"), {
      imports: { wbg: { log: note(got, { consumes: false }) } },
    });
    own.exports.call(16, 3);
    expect(got).toEqual(["text", "tex"]);
    expect(own.imports.find(({ name }) => name === "log")).toMatchObject({
      provider: "user",
      evidence: 'given as "wbg"."log", declared (string) -> void by wasm-bindgen\'s convention',
    });
  });

  it("can be stated", async () => {
    const got: unknown[] = [];
    const asC = await load<{ call(at: number, length: number): void }>(await source("wbg"), {
      imports: { wbg: { log: note(got, { convention: "c" }) } },
    });
    asC.exports.call(16, 4);
    const asBindgen = await load<{ call(at: number, length: number): void }>(await source("env"), {
      imports: { env: { log: note(got, { convention: "wasm-bindgen", consumes: false }) } },
    });
    asBindgen.exports.call(16, 2);
    expect(got).toEqual(["text", "te"]);
    expect(
      await rejectionOf(load(await source("env"), { imports: { env: { log: note(got, { convention: "C" }) } } })),
    ).toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining('convention must be "c" or "wasm-bindgen", got "C"') as string,
    });
  });

  it("is refused in a synchronous load without the adapter, and served with it", async () => {
    const got: unknown[] = [];
    const bytes = await source("wbg");
    const imports = { wbg: { log: note(got, { consumes: false }) } };
    expect(thrownBy(() => loadSync(bytes, { imports }))).toMatchObject({
      code: "convention-unavailable",
      details: {
        toolchain: "wasm-bindgen",
        member: '"wbg"."log"',
        import: 'import { wasmBindgen } from "unglue/wasm-bindgen";',
      },
    });
    const asked = { wbg: { log: note(got, { convention: "wasm-bindgen" }) } };
    expect(thrownBy(() => loadSync(bytes, { imports: asked }))).toMatchObject({ code: "convention-unavailable" });
    const adapted = loadSync<{ call(at: number, length: number): void }>(bytes, { imports, adapters: [wasmBindgen()] });
    adapted.exports.call(16, 4);
    const numbers = { wbg: { log: t.host([t.u32, t.u32], t.void, (a, b) => void got.push(a, b)) } };
    loadSync<{ call(at: number, length: number): void }>(bytes, { imports: numbers }).exports.call(-1, 4);
    expect(got).toEqual(["text", 2 ** 32 - 1, 4]);
  });
});
