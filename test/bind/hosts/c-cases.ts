import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { createLedger } from "unglue/ledger";
import { thrownBy } from "../../wat.ts";
import { fixtureBytes } from "../c/fixture.ts";

const color = t.enumeration(["red", "green", "blue"]);
const point = t.record({ x: t.f64, y: t.f64 });
const mixed = t.record({ flag: t.bool, at: point, small: t.u8, large: t.i64 });
const meters = t.record({ only: t.f64 });
const unary = t.closure([t.i32], t.i32);
const owned = { owned: true } as const;

/** The exports of hosts.c, which pass on what they get. */
export const api = t.api({
  live_allocations: t.fn([], t.i32),
  fail_after: t.fn([t.i32], t.void),
  pass_i8: t.fn([t.i8], t.i8),
  pass_u8: t.fn([t.u8], t.u8),
  pass_i16: t.fn([t.i16], t.i16),
  pass_u16: t.fn([t.u16], t.u16),
  pass_i32: t.fn([t.i32], t.i32),
  pass_u32: t.fn([t.u32], t.u32),
  pass_i64: t.fn([t.i64], t.i64),
  pass_u64: t.fn([t.u64], t.u64),
  pass_f32: t.fn([t.f32], t.f32),
  pass_f64: t.fn([t.f64], t.f64),
  pass_flag: t.fn([t.bool], t.bool),
  pass_char: t.fn([t.char], t.char),
  pass_size: t.fn([t.size], t.size),
  pass_color: t.fn([color], color),
  pass_text: t.fn([t.string], t.string, owned),
  pass_bytes: t.fn([t.bytes], t.bytes, owned),
  pass_doubles: t.fn([t.array(t.f64)], t.array(t.f64), owned),
  pass_maybe: t.fn([t.optional(t.string)], t.optional(t.string), owned),
  pass_ended: t.fn([t.cstring], t.cstring, owned),
  pass_lent: t.fn([t.cstring], t.cstring),
  lent_twice: t.fn([t.cstring, t.cstring], t.i32),
  give: t.fn([t.u8, t.size], t.size),
  pass_point: t.fn([point], point),
  pass_mixed: t.fn([mixed], mixed),
  pass_meters: t.fn([meters], meters),
  pass_fill: t.fn([t.array(t.i16, { mutable: true })], t.i32),
  pass_divide: t.fn([t.i32, t.i32, t.out(t.i32), t.out(t.i32)], t.i32),
  pass_where: t.fn([t.i32, t.out(point)], t.void),
  where_nowhere: t.fn([], t.void),
  pass_read: t.fn([t.cstring, t.array(t.u8, { mutable: true })], t.i32),
  pass_print: t.fn([t.array(t.u8, { mutable: true })], t.size),
  pass_say: t.fn([t.array(t.u8, { mutable: true })], t.i64),
  pass_samples: t.fn([t.array(t.f32, { mutable: true }), t.out(t.i32)], t.i32),
  pass_next: t.fn([t.inout(t.u32)], t.i32),
  pass_pack: t.fn([t.buffer(t.u8), t.inout(t.length(0)), t.bytes, t.i32], t.i32),
  pass_encode: t.fn(
    [t.buffer(t.u16), t.length(0, t.u8), t.out(t.length(0, t.u64)), t.length(4, t.i64), t.array(t.i32)],
    t.i32,
  ),
  pass_entropy: t.fn([t.buffer(t.u8), t.length(0)], t.i32),
  entropy_nowhere: t.fn([t.size], t.i32),
  pass_function: t.fn([unary], unary),
  call_passed: t.fn([t.i32], t.i32),
  pass_look: t.fn([t.object("Counter")], t.i32),
  give_counter: t.fn([t.i32], t.void),
  take_counter: t.fn([t.i32], t.i32),
  placed: t.fn([t.i32], t.i32),
  Counter: t.class({ new: t.ctor([t.i32]), value: t.getter(t.i32), add: t.method([t.i32], t.void) }),
});

/** Makes a function that notes what it receives and returns it. */
function echo(got: unknown[]) {
  return <Value>(value: Value): Value => {
    got.push(value);
    return value;
  };
}

/** Opens the module with host functions that return what they receive, and a list of what they received. */
async function open(name: string, more: Record<string, object> = {}, ledger = createLedger()) {
  const got: unknown[] = [];
  const same = echo(got);
  const env = {
    i8: t.host([t.i8], t.i8, same),
    u8: t.host([t.u8], t.u8, same),
    i16: t.host([t.i16], t.i16, same),
    u16: t.host([t.u16], t.u16, same),
    i32: t.host([t.i32], t.i32, same),
    u32: t.host([t.u32], t.u32, same),
    i64: t.host([t.i64], t.i64, same),
    u64: t.host([t.u64], t.u64, same),
    f32: t.host([t.f32], t.f32, same),
    f64: t.host([t.f64], t.f64, same),
    flag: t.host([t.bool], t.bool, same),
    char: t.host([t.char], t.char, same),
    size: t.host([t.size], t.size, same),
    color: t.host([color], color, same),
    text: t.host([t.string], t.string, same, owned),
    bytes: t.host([t.bytes], t.bytes, same, owned),
    doubles: t.host([t.array(t.f64)], t.array(t.f64), same, owned),
    maybe: t.host([t.optional(t.string)], t.optional(t.string), same, owned),
    ended: t.host([t.cstring], t.cstring, same, owned),
    lent: t.host([t.cstring], t.cstring, same, { owned: false }),
    taken: t.host([t.string], t.size, (text) => echo(got)(text).length, { consumes: true }),
    point: t.host([point], point, same),
    mixed: t.host([mixed], mixed, same),
    meters: t.host([meters], meters, same),
    ...more,
  };
  const wasm = await load(await fixtureBytes(name), { api, imports: { env }, ledger });
  return { wasm, api: wasm.api, got, ledger };
}

/**
 * Tests of host functions by C's convention, as built for 32-bit and for 64-bit addresses.
 *
 * @param name - The module.
 * @param isWide - Whether its addresses have 64 bits.
 */
export function describeHosts(name: string, isWide: boolean): void {
  describe(`round trips through the imports of ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open(name);
    });

    const integer = (bits: number, isSigned: boolean) =>
      isSigned
        ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
        : fc.integer({ min: 0, max: 2 ** bits - 1 });
    const text = fc.string({ unit: "binary" });
    const finite = fc.double({ noNaN: false });
    type Name = keyof typeof opened.api & `pass_${string}`;
    const cases: readonly (readonly [name: Name, values: fc.Arbitrary<unknown>])[] = [
      ["pass_i8", integer(8, true)],
      ["pass_u8", integer(8, false)],
      ["pass_i16", integer(16, true)],
      ["pass_u16", integer(16, false)],
      ["pass_i32", integer(32, true)],
      ["pass_u32", integer(32, false)],
      ["pass_i64", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
      ["pass_u64", fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
      ["pass_f32", fc.float()],
      ["pass_f64", finite],
      ["pass_flag", fc.boolean()],
      ["pass_char", fc.string({ unit: "binary", minLength: 1, maxLength: 1 })],
      ["pass_size", fc.integer({ min: 0, max: isWide ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1 })],
      ["pass_color", fc.constantFrom("red", "green", "blue")],
      ["pass_text", text],
      ["pass_bytes", fc.uint8Array({ maxLength: 5000 })],
      ["pass_doubles", fc.float64Array()],
      ["pass_maybe", fc.option(text, { nil: undefined })],
      ["pass_ended", text.filter((one) => !one.includes("\0"))],
      ["pass_lent", text.filter((one) => !one.includes("\0"))],
      ["pass_point", fc.record({ x: finite, y: finite }, { noNullPrototype: true })],
      [
        "pass_mixed",
        fc.record(
          {
            flag: fc.boolean(),
            at: fc.record({ x: finite, y: finite }, { noNullPrototype: true }),
            small: integer(8, false),
            large: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          },
          { noNullPrototype: true },
        ),
      ],
      ["pass_meters", fc.record({ only: finite }, { noNullPrototype: true })],
    ];

    it.each(cases)("%s gives and gets every value", (call, values) => {
      const { api, got } = opened;
      const pass = api[call] as (value: unknown) => unknown;
      fc.assert(
        fc.property(values, (value) => {
          got.length = 0;
          const back = pass(value);
          expect(got).toEqual([value]);
          expect(back).toEqual(value);
        }),
        { numRuns: 60 },
      );
    });

    it("leave nothing allocated but the text that is lent until the next call", () => {
      const { api } = opened;
      api.pass_lent("last");
      expect(api.live_allocations()).toBe(1);
    });

    it("tell a ledger whose the memory is", async () => {
      const { api, ledger } = await open(name);
      api.pass_text("given to the module, which gives it to JavaScript");
      api.pass_ended("likewise");
      api.give(65, 3);
      expect(ledger.live).toEqual([]);
      expect(api.live_allocations()).toBe(0);
    });

    it("free text that is lent with the next call, and text that is given away at once", async () => {
      const { api, got } = await open(name);
      expect(api.lent_twice("ab", "cd")).toBe(97 * 256 + 99);
      expect(api.live_allocations()).toBe(1);
      expect(api.give(0x78, 1000)).toBe(1000);
      expect(got.at(-1)).toBe("x".repeat(1000));
      expect(api.live_allocations()).toBe(1);
    });
  });

  describe(`what an import of ${name} writes`, () => {
    it("is an array that it changes, once it has returned", async () => {
      const seen: number[][] = [];
      const fill = t.host([t.array(t.i16, { mutable: true })], t.i32, (numbers) => {
        seen.push([...numbers]);
        numbers.set([...numbers].reverse());
        return numbers.length;
      });
      const { api } = await open(name, { fill });
      const numbers = Int16Array.of(1, -2, 300);
      expect(api.pass_fill(numbers)).toBe(3);
      expect([seen, [...numbers]]).toEqual([[[1, -2, 300]], [300, -2, 1]]);
    });

    it("is its outputs, beside its result or alone", async () => {
      const divide = t.host([t.i32, t.i32, t.out(t.i32), t.out(t.i32)], t.i32, (a, b) => [
        b === 0 ? -1 : 0,
        Math.trunc(a / (b || 1)),
        b === 0 ? 0 : a % b,
      ]);
      const where = t.host([t.i32, t.out(point)], t.void, (id) => ({ x: id, y: -id }));
      const { api } = await open(name, { divide, where });
      expect(api.pass_divide(-17, 5)).toEqual([0, -3, -2]);
      expect(api.pass_where(7)).toEqual({ x: 7, y: -7 });
      expect(thrownBy(() => api.where_nowhere())).toMatchObject({ code: "null-pointer" });
    });

    it("fills a buffer, and its length is the result", async () => {
      const files: Record<string, Uint8Array> = { a: Uint8Array.of(1, 2, 3), empty: new Uint8Array() };
      const read = t.host(
        [t.cstring, t.buffer(t.u8), t.length(1)],
        t.length(1, t.i32),
        (file) => files[file] ?? new Uint8Array(),
      );
      const samples = t.host([t.buffer(t.f32), t.length(0), t.out(t.i32)], t.length(0, t.i32), () => [
        Float32Array.of(0.5, -0.5),
        48_000,
      ]);
      const { api } = await open(name, { read, samples });
      const buffer = new Uint8Array(5).fill(9);
      expect([api.pass_read("a", buffer), [...buffer]]).toEqual([3, [1, 2, 3, 9, 9]]);
      expect([api.pass_read("empty", buffer), [...buffer]]).toEqual([0, [1, 2, 3, 9, 9]]);
      expect(api.pass_samples(new Float32Array(2))).toEqual([2, 48_000]);
    });

    it("is nothing where a buffer is too small, and the result is the size that it needs", async () => {
      const read = t.host([t.cstring, t.buffer(t.u8), t.length(1)], t.length(1, t.i32), () => Uint8Array.of(1, 2, 3));
      const print = t.host([t.buffer(t.cstring), t.length(0)], t.length(0), () => "h\u00e9");
      const say = t.host([t.buffer(t.cstring), t.length(0)], t.length(0, t.i64), () => "h\u00e9");
      const { api } = await open(name, { read, print, say });
      const small = new Uint8Array(2).fill(9);
      expect([api.pass_read("a", small), [...small]]).toEqual([-3, [9, 9]]);
      expect([api.pass_print(small), [...small]]).toEqual([4, [9, 9]]);
      expect([api.pass_say(small), [...small]]).toEqual([-4n, [9, 9]]);
      const enough = new Uint8Array(4).fill(9);
      expect([api.pass_print(enough), [...enough]]).toEqual([3, [0x68, 0xc3, 0xa9, 0]]);
      expect([api.pass_say(enough), [...enough]]).toEqual([3n, [0x68, 0xc3, 0xa9, 0]]);
    });

    it("is nothing where a buffer is too small, and the result is the stated error", async () => {
      const read = t.host([t.cstring, t.buffer(t.u8), t.length(1)], t.length(1, t.i32), () => Uint8Array.of(1, 2, 3), {
        error: -7,
      });
      const { wasm, api } = await open(name, { read });
      const small = new Uint8Array(2).fill(9);
      expect([api.pass_read("a", small), [...small]]).toEqual([-7, [9, 9]]);
      expect(wasm.hostError).toMatchObject({
        code: "buffer-too-small",
        details: { name: '"env"."read"', capacity: 2, length: 3 },
      });
    });
  });

  describe(`lengths and values in the imports of ${name}`, () => {
    it("are read and written in place", async () => {
      const next = t.host([t.inout(t.u32)], t.i32, (seed) => [-1, (seed + 1) >>> 0]);
      const { api } = await open(name, { next });
      expect([api.pass_next(2 ** 32 - 1), api.pass_next(7)]).toEqual([
        [-1, 0],
        [-1, 8],
      ]);
    });

    it("tell the room of a buffer, and what was written to it", async () => {
      const rooms: number[] = [];
      const pack = t.host(
        [t.buffer(t.u8), t.inout(t.length(0)), t.bytes, t.i32],
        t.i32,
        (room, from, level) => (rooms.push(room), [level, from.subarray(1)]),
        { error: -5 },
      );
      const encode = t.host(
        [t.buffer(t.u16), t.length(0, t.u8), t.out(t.length(0, t.u64)), t.length(4, t.i64), t.array(t.i32)],
        t.i32,
        (room, from) => (rooms.push(room), [from.length, Uint16Array.from(from).subarray(0, 2)]),
      );
      const { wasm, api } = await open(name, { pack, encode });
      const bytes = Uint8Array.of(1, 2, 3, 4);
      expect(api.pass_pack(10, bytes, 6)).toEqual([6, Uint8Array.of(2, 3, 4)]);
      expect(api.pass_pack(2, bytes, 6)).toEqual([-5, new Uint8Array(2)]);
      expect(wasm.hostError).toMatchObject({ code: "buffer-too-small", details: { capacity: 2, length: 3 } });
      expect(api.pass_encode(200, Int32Array.of(5, 6, 7))).toEqual([3, Uint16Array.of(5, 6)]);
      expect(thrownBy(() => api.pass_encode(1, Int32Array.of(5, 6, 7)))).toMatchObject({ code: "buffer-too-small" });
      expect(rooms).toEqual([10, 2, 200, 1]);
    });

    it("must be filled where the module is not told how much was written", async () => {
      const entropy = t.host([t.buffer(t.u8), t.length(0)], t.i32, (room) => [
        0,
        new Uint8Array(Math.min(room, 8)).fill(7),
      ]);
      const { api } = await open(name, { entropy });
      expect(api.pass_entropy(8)).toEqual([0, new Uint8Array(8).fill(7)]);
      expect(thrownBy(() => api.pass_entropy(9))).toMatchObject({
        code: "invalid-argument",
        message: expect.stringContaining("Declare the t.length that tells it") as string,
      });
      expect(thrownBy(() => api.entropy_nowhere(8))).toMatchObject({
        code: "buffer-too-small",
        details: { capacity: 0, length: 8 },
      });
    });
  });

  describe(`functions and objects in the imports of ${name}`, () => {
    it("are called both ways", async () => {
      const got: ((x: number) => number)[] = [];
      const { api } = await open(name, {
        function: t.host([unary], unary, (call) => {
          got.push(call);
          return (x) => call(x) + 1;
        }),
      });
      expect(api.call_passed(20)).toBe(41);
      expect(got[0]?.(4)).toBe(8);
      expect(api.pass_function((x) => 3 * x)(5)).toBe(16);
    });

    it("are lent, and given away both ways", async () => {
      const kept: { readonly value: number; free(): void }[] = [];
      const { wasm, api } = await open(name, {
        look: t.host([t.object("Counter")], t.i32, (counter) => (counter.add(1), counter.value), { api: opened }),
        keep: t.host([t.owned("Counter")], t.void, (counter) => void kept.push(counter), { api: opened }),
        make: t.host([t.i32], t.optional(t.owned("Counter")), (value) => (value < 0 ? undefined : made(value)), {
          api: opened,
        }),
        place: t.host(
          [t.i32, t.out(t.optional(t.owned("Counter")))],
          t.i32,
          (value) => [100, value < 0 ? null : made(value)],
          {
            api: opened,
          },
        ),
      });
      const made = (value: number) => new wasm.api.Counter(value);
      const counter = made(5);
      expect([api.pass_look(counter), counter.value]).toEqual([6, 6]);
      counter.free();
      api.give_counter(9);
      expect(kept.map(({ value }) => value)).toEqual([9]);
      kept[0]?.free();
      expect([api.take_counter(4), api.take_counter(-1)]).toEqual([4, -1]);
      expect([api.placed(4), api.placed(-1)]).toEqual([104, 100]);
      expect(api.live_allocations()).toBe(0);
    });
    const opened = api;
  });
}
