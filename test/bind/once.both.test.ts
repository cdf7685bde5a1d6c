import { describe, expect, it } from "vitest";
import { load, t, type Instance } from "unglue";
import { thrownBy, wat } from "../wat.ts";
import { api as scriptApi, moduleUrl } from "../assemblyscript/module.ts";
import { bindgen, conventions, type Helpers, valueOf } from "./bindgen.ts";

/** An array that says something else the second time it is asked for anything. */
function changing<Item>(first: readonly Item[], then: unknown): Item[] {
  const asked = new Map<PropertyKey, number>();
  return new Proxy([...first], {
    get(target, name) {
      const times = asked.get(name) ?? 0;
      asked.set(name, times + 1);
      return times === 0 ? (Reflect.get(target, name) as unknown) : then;
    },
  });
}

const c = `(module
  (import "env" "meanwhile" (func $meanwhile))
  (memory (export "memory") 1 10)
  (global $next (mut i32) (i32.const 1024))
  (global $live (mut i32) (i32.const 0))
  (func (export "live") (result i32) (global.get $live))
  (func (export "malloc") (param i32) (result i32)
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (global.set $next (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get 0))))
  (func (export "free") (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
  (func (export "sum") (param $at i32) (param $count i32) (result i32) (local $sum i32)
    (loop $each (if (local.get $count) (then
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br $each))))
    (local.get $sum))
  (func (export "add") (param $point i32) (result f64)
    (f64.add (f64.load (local.get $point)) (f64.load offset=8 (local.get $point))))
  (func (export "fill") (param $at i32) (param $count i32)
    (memory.fill (local.get $at) (i32.const 7) (local.get $count)) (call $meanwhile)))`;

const point = t.record({ x: t.f64, y: t.f64 });
const api = t.api({
  live: t.fn([], t.u32),
  sum: t.fn([t.bytes], t.u32),
  add: t.fn([point], t.f64),
  fill: t.fn([t.array(t.u8, { mutable: true })], t.void),
});

async function open(meanwhile: () => void = () => undefined) {
  return load<Record<never, never>, typeof api.members>(await wat(c), { api, imports: { env: { meanwhile } } });
}

describe("what is passed to a module of C", () => {
  it("is read once: a record whose members change", async () => {
    const { api } = await open();
    let asked = 0;
    const record = {
      get x() {
        asked += 1;
        return asked === 1 ? 3 : ("no number" as never);
      },
      y: 4,
    };
    expect(api.add(record)).toBe(7);
    expect(asked).toBe(1);
    expect(api.live()).toBe(0);
  });

  it("is refused, with what it threw as the cause, where it cannot be read", async () => {
    const { api } = await open();
    const error = new Error("a getter's own");
    const record = {
      get x(): number {
        throw error;
      },
      y: 4,
    };
    const details = {
      call: "add",
      argument: "parameter 1",
      received: "an object (Object) whose x cannot be read (a getter's own)",
    };
    expect(thrownBy(() => api.add(record))).toMatchObject({ code: "invalid-argument", details, cause: error });
    const { proxy, revoke } = Proxy.revocable({ x: 1, y: 2 }, {});
    revoke();
    expect(thrownBy(() => api.add(proxy))).toMatchObject({
      code: "invalid-argument",
      cause: expect.any(TypeError) as Error,
    });
    expect(api.live()).toBe(0);
  });

  it("is what an array holds, whatever properties of its own say", async () => {
    const { api, memory } = await open();
    const own = { length: 100_000, byteLength: 100_000, byteOffset: 3, buffer: memory.buffer };
    const bytes = Uint8Array.of(1, 2, 3);
    for (const [name, value] of Object.entries(own)) Object.defineProperty(bytes, name, { value });
    expect(api.sum(bytes)).toBe(6);
    const filled = new Uint8Array(3);
    for (const [name, value] of Object.entries(own)) Object.defineProperty(filled, name, { value });
    api.fill(filled);
    expect([filled[0], filled[1], filled[2]]).toEqual([7, 7, 7]);
    const address = memory.alloc(8);
    memory.write(address, bytes);
    expect([...memory.read(address, 3)]).toEqual([1, 2, 3]);
    memory.free(address);
    expect(api.live()).toBe(0);
  });

  it("is an array of a shared or resizable buffer as well", async () => {
    const { api } = await open();
    const Resizable = ArrayBuffer as new (size: number, options: { maxByteLength: number }) => ArrayBuffer;
    const buffers: ArrayBufferLike[] = [new Resizable(4, { maxByteLength: 8 })];
    if (typeof SharedArrayBuffer === "function") buffers.push(new SharedArrayBuffer(4));
    for (const buffer of buffers) {
      const array = new Uint8Array(buffer as ArrayBuffer);
      api.fill(array);
      expect([...array]).toEqual([7, 7, 7, 7]);
      expect(api.sum(array)).toBe(28);
    }
    expect(api.live()).toBe(0);
  });

  it("is written to where it was in the memory, though that grows; and lost where it was transferred away", async () => {
    const grown: Instance<Record<never, never>, typeof api.members> = await open(() => grown.memory.grow(1));
    const inside = grown.memory.u8.subarray(64, 68);
    grown.api.fill(inside);
    expect([...grown.memory.read(64, 4)]).toEqual([7, 7, 7, 7]);

    const array = new Uint8Array(4);
    const taken = await open(() => void structuredClone(array.buffer, { transfer: [array.buffer] }));
    expect(thrownBy(() => { taken.api.fill(array); })).toMatchObject({ code: "array-detached", details: { size: 4 } }); // prettier-ignore
    expect([grown.api.live(), taken.api.live(), taken.state]).toEqual([0, 0, "live"]);
  });
});

describe.each(conventions)("what is passed to a module of wasm-bindgen, with %s,", (_, convention) => {
  const body = `
    (func (export "count") (param i32 i32) (result i32)
      (call $free (local.get 0) (i32.mul (local.get 1) (i32.const 4)) (i32.const 4)) (local.get 1))
    (func (export "two") (param i32 i32 i32 i32) (result i32) (local.get 1))
    (func (export "sum") (param $at i32) (param $count i32) (result i32) (local $left i32) (local $sum i32)
      (local.set $left (local.get $count))
      (loop $each (if (local.get $left) (then
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.add (local.get $at) (local.get $left)))))
        (br $each))))
      (call $free (local.get $at) (local.get $count) (i32.const 1))
      (local.get $sum))`;
  const api = t.api({
    count: t.fn([t.list(t.string)], t.u32),
    values: t.fn([t.list(t.js)], t.u32, { export: "count" }),
    two: t.fn([t.string, t.list(t.string)], t.u32),
    sum: t.fn([t.bytes], t.u32),
  });
  const open = async () => load<Helpers, typeof api.members>(await bindgen(body, convention), { api });

  it("is read once: a list whose items and length change", async () => {
    const wasm = await open();
    expect(wasm.api.count(changing(["a", "b"], 5))).toBe(2);
    const lying = ["a"];
    Object.defineProperty(lying, Symbol.iterator, { value: () => [1, 2, 3].values() });
    expect(wasm.api.count(lying)).toBe(1);
    expect(wasm.guarded.live()).toBe(0);
  });

  it("is refused where its length is none, or no list can have it", async () => {
    const wasm = await open();
    const { size } = wasm.handles;
    for (const length of [2 ** 32 - 1, 2 ** 24 + 1]) {
      expect(thrownBy(() => wasm.api.values(new Array(length)))).toMatchObject({ code: "invalid-argument" });
    }
    for (const length of [-1, NaN, Infinity, "5", 1n, {}]) {
      const list = new Proxy([], {
        get: (target, name) => (name === "length" ? length : Reflect.get(target, name)) as unknown,
      });
      expect(thrownBy(() => wasm.api.two("text", list))).toMatchObject({ code: "invalid-argument" });
    }
    expect([wasm.guarded.live(), wasm.handles.size]).toEqual([0, size]);
  });

  it("is refused with its length and the limit where it is too long", async () => {
    const wasm = await open();
    const { message } = thrownBy(() => wasm.api.values(new Array(2 ** 24 + 1))) as Error;
    expect(message).toContain("must be an array of at most 16777216 items");
    expect(message).toContain("got an array whose length is 16777217. Nothing was called.");
  });

  it("is refused with the place and the error of a getter that throws", async () => {
    const boom = new Error("boom");
    const throws = (target: object, name: string | number): never =>
      Object.defineProperty(target, name, {
        enumerable: true,
        get: () => {
          throw boom;
        },
      }) as never;
    const bytes = await wat(`(module (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) (i32.const 1024)) (func (export "free") (param i32))
      (func (export "make") (result i32) (i32.const 2048)) (func (export "held_free") (param i32))
      (func (export "one") (param i32) (result i32) (i32.const 0)))`);
    const script = await load(moduleUrl("values.wasm"), { api: scriptApi });
    const wasm = await open();
    const c = await load(bytes, {
      api: t.api({
        fixed: t.fn([t.fixed(t.record({ x: t.u32 }), 2)], t.u32, { export: "one" }),
        Held: t.class({ at: t.field(t.record({ x: t.u32 }), { offset: 0 }), new: t.ctor([], { export: "make" }) }),
      }),
    });
    const held = new c.api.Held();
    const cases: [() => unknown, string][] = [
      [() => wasm.api.count(throws(["a", "b"], 1)), "an array whose [1] cannot be read (boom)"],
      [() => script.api.sort(throws(["a", "b", "c"], 2)), "an array whose [2] cannot be read (boom)"],
      [() => script.api.flip([[1], throws([1, 2], 0)]), "an array whose [1][0] cannot be read (boom)"],
      [() => script.api.mirror(throws({ x: 1 }, "y")), "an object (Object) whose y cannot be read (boom)"],
      [
        () => script.api.turn({ isThick: true, from: throws({ x: 1 }, "y"), to: null, label: "", width: 1 }),
        "an object (Object) whose from.y cannot be read (boom)",
      ],
      [() => c.api.fixed([{ x: 1 }, throws({}, "x")]), "an array whose [1].x cannot be read (boom)"],
      [() => (held.at = throws({}, "x")), "an object (Object) whose x cannot be read (boom)"],
    ];
    for (const [call, text] of cases) {
      const error = thrownBy(call);
      expect(error).toMatchObject({ code: "invalid-argument", cause: boom });
      expect((error as Error).message).toContain(`got ${text}`);
    }
    const hosted = await load(moduleUrl("values.wasm"), {
      api: scriptApi,
      imports: { host: { double: t.host([t.list(t.i32)], t.list(t.i32), () => throws([1, 2], 1)) } },
    });
    const answer = thrownBy(() => hosted.api.doubled([1]));
    expect(answer).toMatchObject({ code: "invalid-argument", cause: boom });
    expect((answer as Error).message).toContain("got an array whose [1] cannot be read (boom)");
  });

  it("is what was in the module's own memory, though allocating grows it", async () => {
    const wasm = await open();
    const { memory } = wasm;
    memory.u8.fill(1, 1024, 2048);
    const inside = memory.u8.subarray(1024, 2048);
    memory.alloc(memory.byteLength - 65536 - 512);
    const { byteLength } = memory;
    expect(wasm.api.sum(inside)).toBe(1024);
    expect(memory.byteLength).toBeGreaterThan(byteLength);
  });

  it("takes back what it gave for a call that could not be made", async () => {
    const limited = await load<Helpers, typeof api.members>(await bindgen(body, convention), {
      api,
      limits: { handles: 3 },
    });
    const { size } = limited.handles;
    expect(thrownBy(() => limited.api.two("text", ["a", "b", "c", "d", "e"]))).toMatchObject({
      code: "limit-exceeded",
    });
    expect([limited.guarded.live(), limited.handles.size]).toEqual([0, size]);
  });

  it("is an array that the module writes to by a copy where it lies in the module's memory", async () => {
    const value = valueOf(convention);
    const imports = `(import "wbg" "__wbindgen_copy_to_typed_array" (func $copy (param i32 i32 ${value})))`;
    const fill = `(func (export "fill") (param i32 i32 ${value})
      (memory.fill (local.get 0) (i32.const 7) (local.get 1))
      (drop (memory.grow (i32.const 1)))
      (call $copy (local.get 0) (local.get 1) (local.get 2))
      (call $free (local.get 0) (local.get 1) (i32.const 1)))`;
    const members = t.api({ fill: t.fn([t.array(t.u8, { mutable: true })], t.void) });
    const bytes = await bindgen(fill, { ...convention, version: 84 }, imports);
    const wasm = await load<Helpers, typeof members.members>(bytes, { api: members });
    wasm.api.fill(wasm.memory.u8.subarray(64, 68));
    expect([...wasm.memory.read(62, 8)]).toEqual([0, 0, 7, 7, 7, 7, 0, 0]);
  });
});

describe.each(conventions)("an object that its method takes over, with %s,", (_, convention) => {
  const body = `
    (func (export "box_new") (result i32) (i32.const 64))
    (func (export "__wbg_box_free") (param i32 i32))
    (func (export "box_into") (param i32 i32 i32) (result i32) (i32.const 1))
    (func (export "box_eat") (param i32 i32) (result i32) (i32.const 1))`;
  const api = t.api({
    Box: t.class({
      new: t.ctor([]),
      into: t.method([t.list(t.js)], t.u32, { consumes: true }),
      eat: t.method([t.object("Box")], t.u32, { consumes: true }),
    }),
  });

  it("stays the caller's where an argument cannot be passed, and is not its own argument", async () => {
    const limits = { handles: 2 };
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention), { api, limits });
    const box = new wasm.api.Box();
    expect(thrownBy(() => box.into([1, 2, 3, 4]))).toMatchObject({ code: "limit-exceeded" });
    const twice = thrownBy(() => box.eat(box));
    expect(twice).toMatchObject({ code: "object-unusable", details: { reason: "given-twice" } });
    expect((twice as Error).message).toContain("it is given twice in this call");
    const other = new wasm.api.Box();
    expect(box.eat(other)).toBe(1);
    expect(thrownBy(() => box.eat(other))).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
  });
});
