import { beforeAll, describe, expect, it } from "vitest";
import { load, type Ledger } from "unglue";
import { createLedger } from "unglue/ledger";
import { thrownBy } from "../../wat.ts";
import { api, fixture } from "./convention.ts";

const open = (name: string, ledger?: Ledger) => load(fixture(name), { api, ...(ledger && { ledger }) });

type Wasm = Awaited<ReturnType<typeof open>>;

/**
 * Tests of convention.c, as built for 32-bit and for 64-bit addresses.
 *
 * @param name - The module.
 * @param wide - Whether its addresses have 64 bits.
 */
export function describeConvention(name: string, wide: boolean): void {
  let wasm: Wasm;
  beforeAll(async () => {
    wasm = await open(name);
  });

  describe(`numbers in ${name}`, () => {
    it("come back as they were, at the ends of their ranges", () => {
      const { api: c } = wasm;
      expect([c.echo_i8(-128), c.echo_i8(127), c.echo_u8(255), c.echo_u8(0)]).toEqual([-128, 127, 255, 0]);
      expect([c.echo_i16(-32768), c.echo_u16(65535)]).toEqual([-32768, 65535]);
      expect([c.echo_i32(-(2 ** 31)), c.echo_u32(2 ** 32 - 1)]).toEqual([-(2 ** 31), 2 ** 32 - 1]);
      expect([c.echo_i64(-(2n ** 63n)), c.echo_u64(2n ** 64n - 1n)]).toEqual([-(2n ** 63n), 2n ** 64n - 1n]);
      expect([c.echo_f32(Math.fround(0.1)), c.echo_f64(Math.PI)]).toEqual([Math.fround(0.1), Math.PI]);
      expect([c.echo_bool(true), c.echo_bool(false)]).toEqual([true, false]);
      expect([c.echo_char("\u{1f600}"), c.echo_char("a")]).toEqual(["\u{1f600}", "a"]);
      const most = wide ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1;
      expect([c.echo_size(most), c.echo_size(0)]).toEqual([most, 0]);
      expect([c.next_color("red"), c.next_color("blue")]).toEqual(["green", "red"]);
    });
  });

  describe(`texts in ${name}`, () => {
    it("end with a zero or have a length, as the signature says", () => {
      const { api: c } = wasm;
      expect([c.textLength("h\u00e9llo \u20ac"), c.textLength("")]).toEqual([10, 0]);
      expect(c.span_sum("a\0b")).toBe(97 + 98);
      expect(c.compare_texts("abc", "abd")).toBe(-1);
    });

    it("are none where they are optional, and an empty text is a text", () => {
      expect([undefined, null, "", "abc"].map((text) => wasm.api.text_or_none(text))).toEqual([-1, -1, 0, 3]);
      expect([wasm.api.find_name(1), wasm.api.find_name(2)]).toEqual(["one", undefined]);
    });

    it("stay the module's, or are freed as was said", () => {
      const { api: c } = wasm;
      const before = c.live_allocations();
      expect([c.version(), c.version()]).toEqual(["1.2.3 \u20ac", "1.2.3 \u20ac"]);
      expect(c.repeat("\u00e9a", 3)).toBe("\u00e9a\u00e9a\u00e9a");
      expect(c.given_back_count()).toBe(0);
      expect(c.repeat_given_back("xy", 2)).toBe("xyxy");
      expect(c.given_back_count()).toBe(1);
      expect(c.live_allocations()).toBe(before);
    });
  });

  describe(`bytes and arrays in ${name}`, () => {
    it("are copied in and out", () => {
      const { api: c } = wasm;
      expect([c.sum_bytes(Uint8Array.of(1, 2, 255)), c.sum_bytes(new Uint8Array())]).toEqual([258, 0]);
      expect([...c.reversed(Uint8Array.of(1, 2, 3))]).toEqual([3, 2, 1]);
      expect([...c.reversed(new Uint8Array())]).toEqual([]);
      expect([...c.lent_bytes()]).toEqual([1, 2, 3]);
      expect(c.sum_i64(BigInt64Array.of(-5n, 7n, 2n ** 40n))).toBe(2n + 2n ** 40n);
      expect([undefined, null, new Uint8Array(), Uint8Array.of(9)].map((one) => c.optional_bytes(one))).toEqual([
        -1, -1, 0, 1,
      ]);
    });

    it("may have their length as a parameter of its own, or none", () => {
      const { api: c } = wasm;
      expect(c.dot(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6), 2)).toBe(14);
      const block = new Uint8Array(20).subarray(2, 18);
      c.fill16(block, 7);
      expect([...new Uint8Array(block.buffer)]).toEqual([0, 0, ...Array<number>(16).fill(7), 0, 0]);
    });

    it("show what the module wrote, where they are mutable", () => {
      const { api: c } = wasm;
      const floats = Float32Array.of(1, 2, 3);
      c.scale(floats, 1.5);
      expect([...floats]).toEqual([1.5, 3, 4.5]);
      const shorts = new Int16Array(Int16Array.of(9, 1, -2, 9).buffer, 2, 2);
      c.negate_i16(shorts);
      expect([...new Int16Array(shorts.buffer)]).toEqual([9, -1, 2, 9]);
    });

    it("may lie in the module's own memory, also while it grows", async () => {
      const { api: c, memory } = await open(name);
      const address = memory.alloc(200_000);
      memory.u8.fill(1, address, address + 200_000);
      const inside = memory.u8.subarray(address, address + 200_000);
      const size = memory.byteLength;
      expect(c.sum_bytes(inside)).toBe(200_000);
      expect(memory.byteLength).toBeGreaterThan(size);
      const start = memory.alloc(400_000, 16);
      memory.f32.fill(2, start / 4, start / 4 + 100_000);
      c.scale(memory.f32.subarray(start / 4, start / 4 + 100_000), 2);
      expect(memory.f32.subarray(start / 4, start / 4 + 100_000).every((one) => one === 4)).toBe(true);
      memory.free(start);
      memory.free(address);
    });
  });

  describe(`structs in ${name}`, () => {
    const value = { flag: true, at: { x: 1, y: -2 }, small: 200, medium: 60_000, large: -(2n ** 40n), last: -7 };

    it("are passed by their address, and written to where the first parameter points", () => {
      const { api: c } = wasm;
      expect(c.point_length_squared({ x: 3, y: 4 })).toBe(25);
      expect(c.point_by_value({ x: 3, y: 4 })).toBe(-1);
      expect(c.point_add({ x: 1, y: 2 }, { x: 10, y: 20 })).toEqual({ x: 11, y: 22 });
      expect([c.point_origin(1), c.point_origin(0)]).toEqual([{ x: 3, y: 4 }, undefined]);
    });

    it("lie as the compiler lays them out, structs inside them too", () => {
      expect(wasm.api.mixed_echo(value)).toEqual(value);
      expect(wasm.api.mixed_sum(value)).toBe(1 + 1 - 2 + 200 + 60_000 - 2 ** 40 - 7);
    });

    it("hold texts, which are freed after the call", () => {
      expect(wasm.api.person_label_length({ name: "Ada \u20ac", age: 36 })).toBe(7 + 36);
      expect(wasm.api.person_oldest()).toEqual({ name: "Jeanne", age: 122 });
    });

    it("of one field are that field, by value, where the signature can say so", () => {
      expect(wasm.api.meters_double({ only: 2.5 })).toEqual({ only: 5 });
      expect(wasm.api.meters_pointed({ only: 2.5 })).toBe(2.5);
    });
  });

  describe(`function pointers in ${name}`, () => {
    it("call back with values and take values", () => {
      const { api: c } = wasm;
      const values = Int32Array.of(3, -1, 2, 10);
      c.sort(values, (a, b) => b - a);
      expect([...values]).toEqual([10, 3, 2, -1]);
      const most = 2n ** 64n - 1n;
      expect(c.call_wide((x, yes, color) => (yes && color === "blue" ? x + 1n : 0n), most - 1n)).toBe(most);
      expect(c.of_point(({ x, y }) => x * 10 + y)).toBe(12);
      const said: unknown[] = [];
      c.set_logger((level, text, span, bytes) => said.push([level, text, span, ...bytes]));
      c.say(5);
      c.set_logger(null);
      c.say(6);
      expect(said).toEqual([[5, "said", "span", 1, 2, 3]]);
    });

    it("are functions as results, and one of ours is itself", () => {
      const { api: c } = wasm;
      expect([c.operation("half")?.(5), c.operation("square")?.(5), c.operation("x")]).toEqual([2.5, 25, undefined]);
      const triple = (x: number) => x * 3;
      expect(c.same_function(triple)).toBe(triple);
      const half = c.operation("half");
      if (!half) throw new Error("no half");
      expect([c.applied(half, 9), c.applied(triple, 9), c.applied(null, 9)]).toEqual([4.5, 27, -1]);
      expect(() => half("5" as never)).toThrow(/parameter 1 of 1 must be a number, got "5"/);
    });

    it("are one each for the same function as the same type", async () => {
      const { api: c, table } = await open(name);
      const [one, two] = [(x: number) => x, (x: number) => x + 1];
      const at = c.pointer_to_index(one);
      expect(c.pointer_to_index(two)).not.toBe(at);
      expect([c.pointer_to_index(one), c.pointer_to_index(one)]).toEqual([at, at]);
      const { length } = table;
      for (let turn = 0; turn < 1000; turn++) c.applied(one, turn);
      expect(table.length).toBe(length);
    });

    it("give their place back where they are lent, though each is new", async () => {
      const { api: c, table } = await open(name);
      for (let turn = 0; turn < 1000; turn++) c.of_point(({ x }) => x + turn);
      expect(table.length).toBeLessThan(64);
      // Also from inside one another, and when they throw.
      let depth = 0;
      const nest = (): number => (++depth < 40 ? c.of_point(() => nest() + 1) : 0);
      expect(nest()).toBe(39);
      const { length } = table;
      for (let turn = 0; turn < 200; turn++) {
        expect(() => c.of_point(() => { throw new Error(`turn ${turn}`); })).toThrow(`turn ${turn}`); // prettier-ignore
      }
      expect(table.length).toBe(length);
    });

    it("must return what was declared", () => {
      expect(thrownBy(() => wasm.api.of_point(() => "1" as never))).toMatchObject({
        code: "invalid-argument",
        details: { argument: "result", expected: "a number" },
      });
      expect(wasm.api.of_point(() => 1)).toBe(1);
    });
  });

  describe(`parameters that ${name} writes to`, () => {
    it("are returned after the result, wherever they stand", () => {
      const { api: c } = wasm;
      expect(c.divide(-17, 5)).toEqual([0, -3, -2]);
      expect(c.divide(1, 0)).toEqual([-1, 0, 0]);
      expect(c.bounds(Float64Array.of(3, -1, 8))).toEqual([-1, 8]);
      expect(c.small_outs()).toEqual([true, 200, 60_000, -5n, 77, "blue"]);
      expect(c.point_out()).toEqual({ x: 5, y: 6 });
      expect(c.point_and_out()).toEqual([{ x: 7, y: 8 }, 9]);
    });

    it("are texts, bytes and objects, lent or owned", () => {
      const { api: c } = wasm;
      const before = c.live_allocations();
      expect([c.message_out(0), c.message_out(1)]).toEqual([
        [1, undefined],
        [0, "made"],
      ]);
      expect(c.constant_out()).toBe("constant");
      const [count, bytes] = c.bytes_out(4);
      expect([count, ...bytes]).toEqual([4, 0, 1, 2, 3]);
      expect(c.live_allocations()).toBe(before);
      const [status, counter] = c.Counter.open(7);
      expect([status, counter?.value, counter instanceof c.Counter]).toEqual([0, 7, true]);
      expect(c.Counter.open(0)).toEqual([1, undefined]);
      counter?.free();
      expect(c.live_allocations()).toBe(before);
    });
  });

  describe(`classes in ${name}`, () => {
    it("made by a factory have methods, properties and static methods", () => {
      const { Counter } = wasm.api;
      const counter = new Counter(5);
      expect([counter.add(3), counter.value]).toEqual([8, 8]);
      counter.value = 2 ** 32 - 1;
      expect(counter.value).toBe(2 ** 32 - 1);
      expect(Counter.live()).toBe(1);
      counter.free();
      expect(Counter.live()).toBe(0);
      expect(thrownBy(() => counter.value)).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
    });

    it("have one object for one pointer", () => {
      const { Counter } = wasm.api;
      const [a, b] = [new Counter(1), new Counter(2)];
      expect(a.self()).toBe(a);
      expect(a.next).toBeUndefined();
      a.link(b);
      expect(a.next).toBe(b);
      a.link(null);
      expect(Counter.shared()).toBe(Counter.shared());
      Counter.shared().free();
      expect(Counter.shared().value).toBe(100);
      const seen: unknown[] = [];
      a.each((one, at) => seen.push(one === a, at), 2);
      expect(seen).toEqual([true, 0, true, 1]);
      expect(a.choose(b, (one, other) => (one.value > other.value ? one : other))).toBe(2);
      expect(a.max(b)).toBe(2);
      expect(b.absorb()).toBe(2);
      expect(thrownBy(() => b.value)).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
      a.free();
      expect(Counter.live()).toBe(0);
    });

    it("whose constructor returns null say so", () => {
      expect(thrownBy(() => new wasm.api.Counter(4_000_000_000))).toMatchObject({
        code: "null-pointer",
        details: { name: "The object that Counter.new made", declared: "Counter" },
      });
    });

    it("constructed in place lie in storage that is freed with them", () => {
      const { api: c } = wasm;
      const before = c.live_allocations();
      const window = new c.Window(4);
      expect([c.Window.live(), c.live_allocations() - before]).toEqual([1, 1]);
      window.push(8);
      expect([window.mean(), window.count, window.first]).toEqual([6, 2, 4]);
      window.count = 1;
      expect(window.mean()).toBe(4);
      expect(thrownBy(() => (window.count = -1))).toMatchObject({
        code: "invalid-argument",
        details: { call: "Window.count", expected: "a whole number from 0 to 4294967295" },
      });
      window.free();
      window.free();
      expect([c.Window.live(), c.live_allocations() - before]).toEqual([0, 0]);
    });
  });

  describe(`bad input to ${name}`, () => {
    const bad: [string, (c: Wasm["api"]) => unknown, string][] = [
      ["echo_i8", (c) => c.echo_i8(128), "a whole number from -128 to 127"],
      ["echo_u8", (c) => c.echo_u8(-1), "a whole number from 0 to 255"],
      ["echo_u16", (c) => c.echo_u16(1.5), "a whole number from 0 to 65535"],
      ["echo_i32", (c) => c.echo_i32(2 ** 31), "a whole number from -2147483648 to 2147483647"],
      ["echo_u32", (c) => c.echo_u32(NaN), "a whole number from 0 to 4294967295"],
      ["echo_i64", (c) => c.echo_i64(5 as never), "a bigint from"],
      ["echo_u64", (c) => c.echo_u64(-1n), "a bigint from 0"],
      ["echo_f64", (c) => c.echo_f64("1" as never), "a number"],
      ["echo_bool", (c) => c.echo_bool(1 as never), "a boolean"],
      ["echo_char", (c) => c.echo_char("ab"), "a string of one Unicode character"],
      ["echo_size", (c) => c.echo_size(-1), "a whole number from 0"],
      ["next_color", (c) => c.next_color("pink" as never), 'one of "red", "green", "blue"'],
      ["textLength", (c) => c.textLength("a\0b"), "without U+0000"],
      ["textLength", (c) => c.textLength("\ud800"), "without lone surrogates"],
      ["span_sum", (c) => c.span_sum(undefined as never), "a string"],
      ["sum_bytes", (c) => c.sum_bytes([1] as never), "a Uint8Array"],
      ["scale", (c) => c.scale(new Float64Array(1) as never, 1), "a Float32Array"],
      ["point_by_value", (c) => c.point_by_value({ x: 1 } as never), "an object of x (a number), y (a number)"],
      ["mixed_sum", (c) => c.mixed_sum({ flag: true } as never), "an object of flag (a boolean)"],
      ["person_label_length", (c) => c.person_label_length({ name: "a\0", age: 1 }), "without U+0000"],
      ["sort", (c) => c.sort(new Int32Array(1), 7 as never), "a function"],
      ["Counter.max", (c) => new c.Counter(1).max(new c.Window(1) as never), "an object of the class Counter"],
      ["echo_i32", (c) => (c.echo_i32 as () => number)(), "parameter 1 of 1"],
      ["compare_texts", (c) => (c.compare_texts as (a: string) => number)("a"), "parameter 2 of 2"],
    ];

    it.each(bad)("is refused before %s is called", async (called, call, expected) => {
      const fresh = await open(name);
      const before = fresh.api.live_allocations();
      const error = thrownBy(() => call(fresh.api)) as Error;
      expect(error).toMatchObject({ code: "invalid-argument", details: { call: called } });
      expect(error.message).toContain(called);
      expect(error.message).toContain(expected);
      expect(fresh.api.echo_i32(5)).toBe(5);
      if (called !== "Counter.max") expect(fresh.api.live_allocations()).toBe(before);
    });

    it("is named where it is null and must not be", () => {
      for (const call of [() => wasm.api.find_any_name(2), () => wasm.api.point_there(0)]) {
        expect(thrownBy(call)).toMatchObject({ code: "null-pointer" });
      }
      expect(wasm.api.find_any_name(1)).toBe("one");
    });

    it("frees what was allocated for a call when a later allocation of it fails", async () => {
      const { api: c } = await open(name);
      const calls: [allocations: number, call: () => unknown][] = [
        [2, () => c.compare_texts("a", "b")],
        [2, () => c.person_label_length({ name: "a", age: 1 })],
        [2, () => c.bounds(Float64Array.of(1))],
        [3, () => c.point_add({ x: 1, y: 2 }, { x: 1, y: 2 })],
        [1, () => new c.Window(1)],
      ];
      for (const [allocations, call] of calls) {
        const before = c.live_allocations();
        for (let allowed = 0; allowed < allocations; allowed++) {
          c.fail_after(allowed);
          expect(thrownBy(call)).toMatchObject({ code: "allocation-failed" });
          c.fail_after(-1);
          expect(c.live_allocations()).toBe(before);
        }
        call();
      }
    });

    it("leaves nothing to free in an instance that trapped, and the trap is what is thrown", async () => {
      const fresh = await open(name);
      const half = fresh.api.operation("half");
      expect(thrownBy(() => fresh.api.trap_with("abc"))).toMatchObject({
        code: "trap",
        details: { export: "trap_with" },
      });
      expect(fresh.state).toBe("poisoned");
      expect(thrownBy(() => fresh.api.echo_i32(1))).toMatchObject({ code: "poisoned" });
      expect(thrownBy(() => half?.(1))).toMatchObject({ code: "poisoned" });
      const lax = await load(fixture(name), { api, onTrap: "throw" });
      const before = lax.api.live_allocations();
      for (let turn = 0; turn < 10; turn++) {
        expect(thrownBy(() => lax.api.trap_with("abc"))).toMatchObject({ code: "trap" });
      }
      expect(lax.api.live_allocations()).toBe(before);
    });

    it("frees what a call had that ended with an exception of a callback, or with the instance", async () => {
      const fresh = await open(name);
      const before = fresh.api.live_allocations();
      const error = new Error("from a callback");
      expect(
        thrownBy(() =>
          fresh.api.call_with_text("text", () => {
            throw error;
          }),
        ),
      ).toBe(error);
      expect([fresh.api.live_allocations(), fresh.state]).toEqual([before, "live"]);
      fresh.api.call_with_text("text", () => fresh.dispose());
      expect(fresh.state).toBe("disposed");
    });
  });

  it(`keeps no allocation in ${name} after 1,000 calls of each kind`, async () => {
    const own = createLedger();
    const fresh = await open(name, own);
    const { api: c } = fresh;
    const calls: (() => unknown)[] = [
      () => c.textLength("text"),
      () => c.span_sum("text"),
      () => c.text_or_none(),
      () => c.repeat("ab", 3),
      () => c.repeat_given_back("ab", 3),
      () => c.reversed(Uint8Array.of(1, 2)),
      () => c.reversed(new Uint8Array()),
      () => { c.scale(Float32Array.of(1), 2); }, // prettier-ignore
      () => c.point_add({ x: 1, y: 2 }, { x: 1, y: 2 }),
      () => c.person_label_length({ name: "a", age: 1 }),
      () => c.divide(7, 2),
      () => c.message_out(1),
      () => c.bytes_out(3),
      () => { c.sort(Int32Array.of(2, 1), (a, b) => a - b); }, // prettier-ignore
      () => { new c.Window(1).free(); }, // prettier-ignore
      () => { new c.Counter(1).free(); }, // prettier-ignore
      () => { c.Counter.open(3)[1]?.free(); }, // prettier-ignore
    ];
    for (const call of calls) {
      for (let turn = 0; turn < 1000; turn++) call();
      expect([own.live.length, c.live_allocations()], call.toString()).toEqual([0, 0]);
    }
  });
}
