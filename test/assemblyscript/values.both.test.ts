import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, type InstanceOf, t } from "unglue";
import { instantiate } from "../fixtures/assemblyscript/values.bindings.js";
import { api, moduleUrl } from "./module.ts";

type App = InstanceOf<typeof api>;
type Bindings = Awaited<ReturnType<typeof instantiate>>;

const host = {
  shout: (text: string) => text.toUpperCase(),
  double: (values: number[]) => values.map((one) => one * 2),
  pause: () => undefined,
  look: () => 0,
};

/** The same functions, declared. */
const hosted = {
  shout: t.host([t.string], t.string, host.shout),
  double: t.host([t.list(t.i32)], t.list(t.i32), host.double),
};

let module: Awaited<ReturnType<typeof compile>>;
let wasm: App;
/** The same module behind the bindings that its compiler wrote. */
let theirs: Bindings;

beforeAll(async () => {
  module = await compile(moduleUrl("values.wasm"));
  wasm = await module.instantiate({ api });
  theirs = await instantiate(module.raw, { host: host, env: {} });
});

/** Strings with lone surrogates, zeros and all else that JavaScript has in strings. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom("", "\0", "a\0b", "\ud800", "\udfff", "é".repeat(5000)),
);
const double = fc.double();
const single = fc.float();
const int = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const bigs = {
  i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
};
const nothing = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });
const array = <Value>(of: fc.Arbitrary<Value>) => fc.array(of, { maxLength: 40, size: "max" });
const point = fc.record({ x: double, y: double });
const line = fc.record({ isThick: fc.boolean(), from: point, to: nothing(point), label: text, width: single });

/** None is `undefined` here and `null` there, and bytes are a `Uint8Array` here and an `ArrayBuffer` there. */
function alike(value: unknown): unknown {
  if (value === null) return undefined;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(alike);
  if (typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, alike(one)]));
}

/** The functions that the bindings call too, with values for their parameters. */
const cases: readonly (readonly [name: string, ...values: fc.Arbitrary<unknown>[]])[] = [
  ["echoI8", int(8)],
  ["echoU8", uint(8)],
  ["echoI16", int(16)],
  ["echoU16", uint(16)],
  ["echoI32", int(32)],
  ["echoU32", uint(32)],
  ["echoI64", bigs.i64],
  ["echoU64", bigs.u64],
  ["echoF32", fc.oneof(single, fc.constantFrom(-0, NaN, Infinity))],
  ["echoF64", fc.oneof(double, fc.constantFrom(-0, NaN, Infinity))],
  ["echoBool", fc.boolean()],
  ["greet", text],
  ["lengthOf", text],
  ["join", text, text],
  ["maybe", nothing(text)],
  ["echoInt8s", fc.int8Array()],
  ["echoUint8s", fc.uint8Array({ maxLength: 5000 })],
  ["echoInt16s", fc.int16Array()],
  ["echoUint16s", fc.uint16Array()],
  ["echoInt32s", fc.int32Array()],
  ["echoUint32s", fc.uint32Array()],
  ["echoInt64s", array(bigs.i64).map((all) => BigInt64Array.from(all))],
  ["echoUint64s", array(bigs.u64).map((all) => BigUint64Array.from(all))],
  ["echoFloat32s", fc.float32Array()],
  ["echoFloat64s", fc.float64Array()],
  ["middle", fc.float64Array({ minLength: 2 })],
  ["maybeBytes", nothing(fc.uint8Array())],
  ["echoInts", array(int(32))],
  ["echoFloats", array(double)],
  ["echoBigs", array(bigs.i64)],
  ["echoSmall", array(uint(16))],
  ["echoSingles", array(single)],
  ["sort", array(text)],
  ["echoNames", array(nothing(text))],
  ["flip", array(array(int(32)))],
  ["mirror", point],
  ["turn", line],
  ["maybePoint", nothing(point)],
  ["shouted", text],
  ["doubled", array(fc.integer({ min: -1000, max: 1000 }))],
];

describe("AssemblyScript, beside the bindings that its compiler writes", () => {
  it.each(cases)("passes what %s takes and returns", async (...given) => {
    const [name, ...values] = given as unknown as readonly [string, ...fc.Arbitrary<unknown>[]];
    const own = await module.instantiate({ api, imports: { host: hosted } });
    const call = (of: object, args: readonly unknown[]): unknown =>
      Reflect.apply(Reflect.get(of, name) as () => unknown, undefined, args);
    fc.assert(
      fc.property(fc.tuple(...values), (args) => {
        expect(alike(call(own.api, args))).toEqual(alike(call(theirs, args)));
      }),
      { numRuns: 200 },
    );
    own.dispose();
  });

  it("passes buffers and flags, which the bindings have as an ArrayBuffer and as numbers", () => {
    fc.assert(
      fc.property(fc.uint8Array(), array(fc.boolean()), (bytes, flags) => {
        expect(wasm.api.echoBuffer(bytes)).toEqual(bytes);
        expect(new Uint8Array(theirs.echoBuffer(bytes.slice().buffer))).toEqual(bytes);
        expect(wasm.api.echoFlags(flags)).toEqual(flags);
        expect(theirs.echoFlags(flags).map(Boolean)).toEqual(flags);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves arguments out at the end of a call", () => {
    const { power, label, defaults } = wasm.api;
    // The bindings do not tell the number of arguments where all are numbers, and a number that was told before counts.
    expect([power(3), power(3, undefined), power(3, 3), power(2, 0)]).toEqual([9, 9, 27, 1]);
    expect([defaults(), defaults(5), defaults(5, 6), defaults(0, 0)]).toEqual([1010, 5010, 5006, 0]);
    // They do not let a text be left out either.
    expect(() => theirs.label(1)).toThrow("must not be null");
    expect([label(1), label(1, "em"), label(1, "em", "about")]).toEqual(["1px", "1em", "about 1em"]);
    expect([label(1, "em", null), label(1, "em", undefined)]).toEqual(["1em", "1em"]);
    expect([wasm.api.maybe(null), wasm.api.maybe(), wasm.api.maybePoint(null)]).toEqual(Array(3).fill(undefined));
    expect(() => wasm.api.defaults(undefined, 4)).toThrow(
      /parameter 1 of 2 .*left out only with all arguments after it/,
    );
  });

  it("refuses null where an argument may only be left out", () => {
    const { label, join } = wasm.api;
    for (const call of [() => label(1, null), () => label(1, null, "x"), () => label(1, undefined, "x")]) {
      expect(call).toThrow(
        /parameter 2 of 3 must be a string, or left out only with all arguments after it; .*, got (null|undefined)\. Nothing was called/,
      );
    }
    expect(() => wasm.api.defaults(null)).toThrow(/parameter 1 of 2 .*, or left out, got null/);
    expect([label(1), join("a", "b")]).toEqual(["1px", "ab"]);
  });

  it("takes null in front of a parameter that is never left out, in fields and in contents", async () => {
    const front = t.api({
      join: t.fn([t.optional(t.string), t.string], t.string),
      echoNames: t.fn([t.list(t.optional(t.string))], t.list(t.optional(t.string))),
      total: t.fn([t.list(t.object("Counter"), { classId: 27 })], t.i32),
      Counter: t.class({
        new: t.ctor([t.i32, t.string]),
        name: t.property(t.getter(t.string), t.setter(t.optional(t.string))),
      }),
    });
    const own = await module.instantiate({ api: front });
    // The module's parameter is not nullable, so that what it gets is seen.
    expect(() => own.api.join(null, "b")).toThrow(expect.objectContaining({ code: "trap" }));
    const other = await module.instantiate({ api: front });
    expect(other.api.echoNames(["a", null])).toEqual(["a", undefined]);
    const counter = new other.api.Counter(1, "one");
    counter.name = null as never;
    expect(() => counter.name).toThrow(expect.objectContaining({ code: "null-pointer" }));
  });

  it("refuses null for an object that may only be left out", async () => {
    const objects = t.api({
      Counter: t.class({ new: t.ctor([t.i32, t.string]) }),
      split: t.fn([t.object("Counter"), t.i32], t.list(t.owned("Counter"))),
      counterAdd: t.fn([t.optional(t.object("Counter")), t.optional(t.i32)], t.i32),
      counterGetName: t.fn([t.optional(t.optional(t.object("Counter")))], t.string),
    });
    const { api: own } = await module.instantiate({ api: objects });
    for (const none of [null, undefined])
      expect(() => own.counterAdd(none, 1)).toThrow(
        /an object of the class Counter, or left out only with all arguments/,
      );
    const counter = new own.Counter(40, "forty");
    expect([own.counterAdd(counter, 2), own.counterGetName(counter)]).toEqual([42, "forty"]);
    // Null reached the function, which read what stands at the address 0.
    expect(() => own.counterGetName(null)).toThrow(expect.objectContaining({ code: "null-pointer" }));
  });

  it("writes back what the module changes", () => {
    const values = Float64Array.of(1, -2, NaN);
    wasm.api.negate(values);
    expect(values).toEqual(Float64Array.of(-1, 2, NaN));
  });
});
