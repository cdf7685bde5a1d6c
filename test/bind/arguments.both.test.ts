import { afterEach, describe, expect, it, vi } from "vitest";
import { load, t, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { thrownBy, wat } from "../wat.ts";
import { bindgen, conventions, type Helpers, returning } from "./bindgen.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const pair = ["i32", "i32"];
/** Each type with the words of a parameter, in a module of 0.2.104; `value` is a JavaScript value. */
const types = {
  i8: [t.i8, ["i32"]],
  u8: [t.u8, ["i32"]],
  i16: [t.i16, ["i32"]],
  u16: [t.u16, ["i32"]],
  i32: [t.i32, ["i32"]],
  u32: [t.u32, ["i32"]],
  size: [t.size, ["i32"]],
  i64: [t.i64, ["i64"]],
  u64: [t.u64, ["i64"]],
  bits16: [t.bits16, ["i32"]],
  bits32: [t.bits32, ["i32"]],
  bits64: [t.bits64, ["i64"]],
  i128: [t.i128, ["i64", "i64"]],
  u128: [t.u128, ["i64", "i64"]],
  f32: [t.f32, ["f32"]],
  f64: [t.f64, ["f64"]],
  bool: [t.bool, ["i32"]],
  char: [t.char, ["i32"]],
  string: [t.string, pair],
  bytes: [t.bytes, pair],
  "array(u8)": [t.array(t.u8), pair],
  "array(f32)": [t.array(t.f32), pair],
  "array(i64)": [t.array(t.i64), pair],
  "mutable array": [t.array(t.u16, { mutable: true }), ["i32", "i32", "value"]],
  "list(string)": [t.list(t.string), pair],
  "optional(string)": [t.optional(t.string), pair],
  "optional(u32)": [t.optional(t.u32), ["f64"]],
  texts: [t.enumeration(["low", "high"]), ["i32"]],
  numbers: [t.enumeration({ Low: 0, High: 4 }), ["i32"]],
  closure: [t.closure([], t.void), ["value"]],
  promise: [t.promise(t.u8), ["value"]],
} as const;

type Name = keyof typeof types;
const names = Object.keys(types) as Name[];

const detached = <View extends ArrayBufferView>(view: View): View => {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
  return view;
};
/** An array whose buffer has become too short for it, where the engine has such buffers. */
const cut = (): Uint8Array => {
  const Buffer = ArrayBuffer as new (size: number, options: object) => ArrayBuffer & { resize?(size: number): void };
  const buffer = new Buffer(16, { maxByteLength: 16 });
  const view = new Uint8Array(buffer, 8, 8);
  if (!buffer.resize) return detached(view);
  buffer.resize(4);
  return view;
};
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
class Liar extends Float32Array {
  override get [Symbol.toStringTag]() {
    return "Uint8Array" as never;
  }
}
const converting = { valueOf: () => 1, toString: () => "low", [Symbol.toPrimitive]: () => 1 };

/** Values that fit no type. */
const nothing = [Symbol("s"), {}, converting, Object.create(null), revoked(), new Date(0)];
const integer = [...nothing, undefined, null, "1", true, 1n, 1.5, NaN, Infinity, [1], () => 1];
const bigint = [...nothing, undefined, null, 1, "1", true, [1n]];
const array = [...nothing, undefined, null, "text", [1, 2], 5, new ArrayBuffer(4), new DataView(new ArrayBuffer(4))];

const wrong: Readonly<Record<Name, readonly unknown[]>> = {
  i8: [...integer, 128, -129],
  u8: [...integer, 256, -1],
  i16: [...integer, 2 ** 15, -(2 ** 15) - 1],
  u16: [...integer, 2 ** 16, -1],
  i32: [...integer, 2 ** 31, -(2 ** 31) - 1],
  u32: [...integer, 2 ** 32, -1],
  size: [...integer, 2 ** 32, -1],
  i64: [...bigint, 2n ** 63n, -(2n ** 63n) - 1n],
  u64: [...bigint, 2n ** 64n, -1n],
  bits16: [...integer, 2 ** 16, -(2 ** 15) - 1],
  bits32: [...integer, 2 ** 32, -(2 ** 31) - 1],
  bits64: [...bigint, 2n ** 64n, -(2n ** 63n) - 1n],
  i128: [...bigint, 2n ** 127n, -(2n ** 127n) - 1n],
  u128: [...bigint, 2n ** 128n, -1n],
  f32: [...nothing, undefined, null, "1", true, 1n, [1]],
  f64: [...nothing, undefined, null, "1", true, 1n, [1]],
  bool: [...nothing, undefined, null, 0, 1, "true"],
  char: [...nothing, undefined, null, "", "ab", "\ud83d", "\ude00", "e\u0301", 97],
  string: [...nothing, undefined, null, 5, "\ud83d", "a\ude00b", "\ude00\ud83d", new String("text"), ["text"]],
  bytes: [...array, new Int8Array(4), new Uint16Array(4), new Liar(4), detached(new Uint8Array(4)), cut()],
  "array(u8)": [...array, new Int8Array(4), new Liar(4), detached(new Uint8Array(4)), cut()],
  "array(f32)": [...array, new Float64Array(4), new Uint8Array(4), detached(new Float32Array(4))],
  "array(i64)": [...array, new BigUint64Array(4), new Float64Array(4), detached(new BigInt64Array(4))],
  "mutable array": [...array, new Int16Array(4), detached(new Uint16Array(4))],
  "list(string)": [
    ...nothing,
    undefined,
    null,
    "text",
    ["a", 5],
    ["a", "\ud83d"],
    Object.assign(new Array<string>(2), { 1: "a" }),
    new Array<string>(3),
    new Set(["a"]),
  ],
  "optional(string)": [...nothing, 5, "\ud83d"],
  "optional(u32)": [...nothing, "1", 1n, 1.5, NaN, -1, 2 ** 32],
  texts: [...nothing, undefined, null, "middle", "Low", 0, ""],
  numbers: [...nothing, undefined, null, 1, "Low", "0", NaN],
  closure: [...nothing, undefined, null, "f", 5],
  promise: [Symbol("s"), {}, undefined, null, 5, () => 1, revoked()],
};

describe.each(conventions)("an argument that its parameter cannot be, with %s,", (_, { handles, results }) => {
  const convention = { handles, results, version: 104 };
  const value = handles === "heap" ? "i32" : "externref";

  it("is refused by name before anything is called, and the instance goes on", async () => {
    const ledger = createLedger();
    const body = names
      .map((name) => {
        const words = types[name][1].map((word) => (word === "value" ? value : word));
        return [
          returning(`first ${name}`, [...words, "i32"], [["i32", "(i32.const 1)"]], convention),
          // With a text before it, which is allocated only once all arguments are known to be right.
          returning(
            `second ${name}`,
            [...pair, ...words],
            [
              ["i32", "(i32.const 1)"],
              ["i32", "(i32.const 0)"],
            ],
            convention,
          ),
          returning(`self ${name}`, ["i32", ...words], [["i32", "(i32.const 1)"]], convention),
        ].join("\n");
      })
      .join("\n");
    const members = Object.fromEntries(
      names.flatMap((name) => [
        [`first ${name}`, t.fn([types[name][0], t.u32], t.u32)] as const,
        [`second ${name}`, t.fn([t.string, types[name][0]], t.void, { throws: true })] as const,
      ]),
    );
    const methods = Object.fromEntries(
      names.map((name) => [name, t.method([types[name][0]], t.u32, { export: `self ${name}` })]),
    );
    const Thing = t.class({ ...methods, make: t.ctor([]) }, { free: false });
    const module = await bindgen(`${body} (func (export "thing_make") (result i32) (i32.const 16))`, convention);
    const wasm = await load<Helpers>(module, { api: t.api({ ...members, Thing }), ledger });
    const api = wasm.api as unknown as Record<string, (...args: unknown[]) => unknown>;
    const thing = (
      wasm.api as unknown as { Thing: { make(): Record<string, (value: unknown) => unknown> } }
    ).Thing.make();
    const size = wasm.handles.size;
    for (const name of names) {
      for (const [at, value] of wrong[name].entries()) {
        for (const [call, argument, use] of [
          [`first ${name}`, "parameter 1", () => api[`first ${name}`]?.(value, 1)],
          [`second ${name}`, "parameter 2", () => api[`second ${name}`]?.("é", value)],
          [`Thing.${name}`, "parameter 1", () => thing[name]?.(value)],
        ] as const) {
          const error = thrownBy(use);
          if (!UnglueError.is(error, "invalid-argument"))
            throw new Error(`${name} ${at}: ${String(error)}`, { cause: error });
          expect(error.details).toMatchObject({ call, argument });
          expect(error.message.startsWith(`${call}: ${argument} of `)).toBe(true);
          expect(error.message).toContain(`must be ${error.details.expected}, got ${error.details.received}`);
          expect(error.details.expected).not.toBe("");
        }
      }
      if (name.startsWith("optional")) continue;
      expect(thrownBy(() => api[`second ${name}`]?.("text"))).toMatchObject({
        code: "invalid-argument",
        details: { argument: "parameter 2", received: "missing" },
      });
    }
    expect(wasm.guarded.calls()).toBe(0);
    expect(wasm.guarded.live()).toBe(0);
    expect(wasm.guarded.taken()).toBe(0);
    expect(wasm.handles.size).toBe(size);
    expect(ledger.live).toEqual([]);
    expect(wasm.state).toBe("live");
    expect(api["first u8"]?.(1, 2)).toBe(1);
  });
});

describe("an argument that looks odd", () => {
  it("is passed where the module gets all of it", async () => {
    const echo = (name: string, params = pair) =>
      returning(
        name,
        params,
        params.map((type, at) => [type, `$${at}`] as const),
        conventions[3][1],
      );
    const declared = t.api({
      bytes: t.fn([t.bytes], t.bytes),
      floats: t.fn([t.array(t.f32)], t.array(t.f32)),
      whole: t.fn([t.i32], t.i32),
    });
    const body = [echo("bytes"), echo("floats"), echo("whole", ["i32"])].join("\n");
    const { api, guarded } = await load<Helpers, typeof declared.members>(await bindgen(body, conventions[3][1]), {
      api: declared,
    });
    class Own extends Uint8Array {
      override get [Symbol.toStringTag]() {
        return "Own" as never;
      }
    }
    const shared = new Uint8Array(new SharedArrayBuffer(3)).fill(7);
    const Buffer = ArrayBuffer as new (size: number, options: object) => ArrayBuffer;
    const resizable = new Uint8Array(new Buffer(3, { maxByteLength: 16 })).fill(7);
    const part = new Uint8Array(8).fill(7).subarray(2, 5);
    for (const array of [new Own(3).fill(7), shared, resizable, part, new Uint8ClampedArray(3).fill(7)]) {
      expect(api.bytes(array as Uint8Array)).toEqual(Uint8Array.of(7, 7, 7));
    }
    for (const empty of [new Uint8Array(), new Uint8Array(new Buffer(0, { maxByteLength: 16 })), part.subarray(3)]) {
      expect(api.bytes(empty)).toEqual(new Uint8Array());
    }
    expect(api.floats(Object.freeze(new Float32Array()))).toEqual(new Float32Array());
    expect(api.whole(-0)).toBe(0);
    expect(guarded.live()).toBe(0);
  });
});

describe("a value with parts", () => {
  it("is refused by the part that is wrong", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1) (func (export "get") (result i32) i32.const 16)
      (func (export "take") (param i32)) (func (export "malloc") (param i32) (result i32) i32.const 8)
      (func (export "free") (param i32)))`);
    const point = t.record({ pos: t.record({ x: t.f32, y: t.f32 }), name: t.cstring });
    const P = t.class(
      { at: t.field(t.record({ x: t.f32 }), { offset: 0 }), get: t.static([], t.object("P"), { export: "get" }) },
      { free: false },
    );
    const { api } = await load(bytes, { api: t.api({ take: t.fn([point], t.void), P }) });
    for (const [value, received] of [
      [{ pos: { x: "a", y: 1 }, name: "n" }, 'an object (Object) whose pos.x is "a"'],
      [{ pos: { x: 1 }, name: "n" }, "an object (Object) whose pos.y is undefined"],
      [{ pos: [], name: "n" }, "an object (Object) whose pos.x is undefined"],
      [{ pos: 5, name: "n" }, "an object (Object) whose pos is 5"],
      [{ pos: { x: 1, y: 1 } }, "an object (Object) whose name is undefined"],
      [5, "5"],
    ] as const) {
      expect(thrownBy(() => api.take(value as never))).toMatchObject({
        code: "invalid-argument",
        details: { received },
      });
    }
    expect(thrownBy(() => (api.P.get().at = { x: "a" } as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "P.at", received: 'an object (Object) whose x is "a"' },
    });
  });

  it("is refused by its length, or by its second member", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1) (func (export "take") (param i32))
      (func (export "malloc") (param i32) (result i32) i32.const 8) (func (export "free") (param i32)))`);
    const some = t.record({ four: t.fixed(t.u8, 4), two: t.fixed(t.bool, 2), one: t.union({ i: t.i32, f: t.f32 }) });
    const { api } = await load(bytes, { api: t.api({ take: t.fn([some], t.void) }) });
    const four = new Uint8Array(4);
    const two = [true, false];
    for (const [value, received] of [
      [{ four: new Uint8Array(3), two, one: { i: 1 } }, "an object (Object) whose four.length is 3"],
      [{ four, two: [true], one: { i: 1 } }, "an object (Object) whose two.length is 1"],
      [{ four, two, one: { i: 1, f: 2 } }, "an object (Object) whose one.f, a second member, is 2"],
      [{ four, two, one: { f: "x" } }, 'an object (Object) whose one.f is "x"'],
    ] as const) {
      expect(thrownBy(() => api.take(value as never))).toMatchObject({
        code: "invalid-argument",
        details: { received },
      });
    }
  });

  it("is refused by the item that is wrong, in a list", async () => {
    const { api } = await load(await bindgen('(func (export "f") (param i32 i32))', conventions[0][1]), {
      api: t.api({ f: t.fn([t.list(t.string)], t.void) }),
    });
    expect(thrownBy(() => api.f(["a", 5] as never))).toMatchObject({
      code: "invalid-argument",
      details: { received: "an array whose [1] is 5" },
    });
  });

  it("is not read again to find it", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1) (func (export "take") (param i32)))`);
    const { api } = await load(bytes, {
      api: t.api({ take: t.fn([t.record({ x: t.f32, y: t.f32 })], t.void) }),
      allocator: "grow",
    });
    let reads = 0;
    const value = {
      get x() {
        reads++;
        return "a";
      },
      y: 1,
    };
    expect(thrownBy(() => api.take(value as never))).toMatchObject({ code: "invalid-argument" });
    expect(reads).toBe(1);
  });
});
