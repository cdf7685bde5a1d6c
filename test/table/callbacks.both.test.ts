import { load } from "unglue";
import { beforeAll, describe, expect, it } from "vitest";
import { type Callbacks, createCallbacks, createTable } from "../../src/table/index.ts";
import type { TableType } from "../../src/public/index.ts";
import { thrownBy, wat } from "../wat.ts";
import type { Trampolines } from "../../src/binary/trampoline.ts";

/** A module that calls functions of its table by index, one caller per signature, and sorts with a comparator. */
const text = (table: string): string => `(module
  (type $compare (func (param i32 i32) (result i32)))
  (type $void (func))
  (memory (export "memory") 1)
  (table $t (export "table") ${table})
  (func $own (export "own") (result i32) i32.const 42)
  (elem (i32.const 1) $own)
  (func (export "void") (param i32) (call_indirect (type $void) (local.get 0)))
  (func (export "i") (param i32 i32) (result i32) (call_indirect (param i32) (result i32) (local.get 1) (local.get 0)))
  (func (export "j") (param i32 i64) (result i64) (call_indirect (param i64) (result i64) (local.get 1) (local.get 0)))
  (func (export "f") (param i32 f32) (result f32) (call_indirect (param f32) (result f32) (local.get 1) (local.get 0)))
  (func (export "d") (param i32 f64) (result f64) (call_indirect (param f64) (result f64) (local.get 1) (local.get 0)))
  (func (export "e") (param i32 externref) (result externref)
    (call_indirect (param externref) (result externref) (local.get 1) (local.get 0)))
  (func (export "many") (param i32) (result i32 i64 f64) (call_indirect (param) (result i32 i64 f64) (local.get 0)))
  (func (export "ii") (param i32 i32 i32) (result i32) (call_indirect (type $compare) (local.get 1) (local.get 2) (local.get 0)))
  ;; insertion sort of $count i32 at $base
  (func (export "sort") (param $base i32) (param $count i32) (param $compare i32)
    (local $i i32) (local $j i32) (local $value i32) (local $at i32)
    (local.set $i (i32.const 1))
    (block $done (loop $outer
      (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
      (local.set $value (i32.load (i32.add (local.get $base) (i32.shl (local.get $i) (i32.const 2)))))
      (local.set $j (local.get $i))
      (block $placed (loop $inner
        (br_if $placed (i32.eqz (local.get $j)))
        (local.set $at (i32.add (local.get $base) (i32.shl (i32.sub (local.get $j) (i32.const 1)) (i32.const 2))))
        (br_if $placed (i32.le_s
          (call_indirect (type $compare) (i32.load (local.get $at)) (local.get $value) (local.get $compare)) (i32.const 0)))
        (i32.store offset=4 (local.get $at) (i32.load (local.get $at)))
        (local.set $j (i32.sub (local.get $j) (i32.const 1)))
        (br $inner)))
      (i32.store (i32.add (local.get $base) (i32.shl (local.get $j) (i32.const 2))) (local.get $value))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $outer)))))`;

interface Rig {
  readonly callbacks: Callbacks;
  readonly table: ReturnType<typeof createTable>;
  readonly exports: Record<string, (...args: unknown[]) => unknown>;
  readonly memory: WebAssembly.Memory;
}

let growable: WebAssembly.Module;
let bounded: WebAssembly.Module;
let fixed: WebAssembly.Module;

beforeAll(async () => {
  growable = await WebAssembly.compile(await wat(text("4 funcref")));
  bounded = await WebAssembly.compile(await wat(text("4 9 funcref")));
  fixed = await WebAssembly.compile(await wat(text("4 4 funcref")));
});

function rig(module = growable, trampolines: Trampolines = new Map(), maximum?: number): Rig {
  const exports = new WebAssembly.Instance(module).exports as never as Rig["exports"];
  const type: TableType = { element: "funcref", initial: 4, shared: false, address: "i32" };
  const table = createTable(exports["table"] as never, {
    growableFlags: "--growable-table",
    type: { ...type, ...(maximum !== undefined && { maximum }) },
  });
  return {
    callbacks: createCallbacks({ table, trampolines, given: undefined }),
    table,
    exports,
    memory: exports["memory"] as never,
  };
}

describe("a callback", () => {
  it("is called by the module through its table index", () => {
    const { callbacks, exports, memory } = rig();
    const values = [5, -3, 99, 0, 7, -3, 12];
    new Int32Array(memory.buffer, 64, values.length).set(values);
    const seen: number[] = [];
    const compare = callbacks.add("ii->i", (a: number, b: number) => {
      seen.push(a, b);
      return a - b;
    });
    exports["sort"]?.(64, values.length, compare);
    expect([...new Int32Array(memory.buffer, 64, values.length)]).toEqual([...values].sort((a, b) => a - b));
    expect(new Set(seen)).toEqual(new Set(values));
    exports["sort"]?.(
      64,
      values.length,
      callbacks.add("ii->i", (a: number, b: number) => b - a),
    );
    expect([...new Int32Array(memory.buffer, 64, values.length)]).toEqual([...values].sort((a, b) => b - a));
  });

  it.each([
    ["i", -5, -4],
    ["j", -(2n ** 63n), -(2n ** 63n) + 1n],
    ["f", 0.5, 1.5],
    ["d", 1e300, 1e300],
    ["e", { a: 1 }, { a: 1 }],
    ["e", null, null],
  ])("takes and returns the letter %s", (letter, given, expected) => {
    const { callbacks, exports } = rig();
    const received: unknown[] = [];
    const index = callbacks.add(`${letter}->${letter}`, (value: unknown) => {
      received.push(value);
      return typeof value === "number" ? value + 1 : typeof value === "bigint" ? value + 1n : value;
    });
    expect(exports[letter]?.(index, given)).toEqual(expected);
    expect(received).toEqual([given]);
  });

  it("takes nothing and returns nothing", () => {
    const { callbacks, exports } = rig();
    const calls: number[] = [];
    exports["void"]?.(callbacks.add("->", (...args: never[]) => calls.push(args.length)));
    expect(calls).toEqual([0]);
  });

  it("returns several results as an array", () => {
    const { callbacks, exports } = rig();
    expect(exports["many"]?.(callbacks.add("->ijd", () => [1, 2n, 3.5]))).toEqual([1, 2n, 3.5]);
  });

  it("may throw, and what it throws passes through the module", () => {
    const { callbacks, exports } = rig();
    const error = new Error("mine");
    const index = callbacks.add("->", () => {
      throw error;
    });
    expect(thrownBy(() => exports["void"]?.(index))).toBe(error);
    expect(exports["own"]?.()).toBe(42);
  });

  it("may call the module that calls it", () => {
    const { callbacks, exports } = rig();
    const factorial: number = callbacks.add("i->i", (n: number) =>
      n < 2 ? 1 : n * Number(exports["i"]?.(factorial, n - 1)),
    );
    expect(exports["i"]?.(factorial, 10)).toBe(3628800);
  });

  it("may add and free callbacks, itself included, while it is called", () => {
    const { callbacks, exports } = rig();
    let inner = -1;
    const outer: number = callbacks.add("i->i", (n: number) => {
      callbacks.free(outer);
      inner = callbacks.add("i->i", (m: number) => m * 2);
      return Number(exports["i"]?.(inner, n)) + 1;
    });
    expect(exports["i"]?.(outer, 10)).toBe(21);
    expect(inner).toBe(outer);
  });

  it("may be a function that came from WebAssembly, of its signature or of another", async () => {
    const { callbacks, exports } = rig();
    const other = new WebAssembly.Instance(
      await WebAssembly.compile(
        await wat(`(module
        (func (export "same") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func (export "other") (param f64) (result f64) (f64.add (local.get 0) (f64.const 2.75))))`),
      ),
    ).exports as never as Record<string, () => unknown>;
    expect(exports["i"]?.(callbacks.add("i->i", other["same"] as never), 4)).toBe(5);
    expect(exports["i"]?.(callbacks.add("i->i", other["other"] as never), 4)).toBe(6);
  });

  it.each([[undefined], [null], [5], ["f"], [{}]])("is refused where it is no function: %s", (value) => {
    const { callbacks, table } = rig();
    expect(thrownBy(() => callbacks.add("->", value as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "callback", argument: "callback", expected: "a function" },
    });
    expect(table.length).toBe(4);
  });

  it("with an unreadable signature is refused, and takes no slot", () => {
    const { callbacks, table } = rig();
    expect(thrownBy(() => callbacks.add("i", () => 1))).toMatchObject({ code: "invalid-signature" });
    expect(table.length).toBe(4);
  });

  it("called with another signature than its own is a trap of the module", () => {
    const { callbacks, exports } = rig();
    expect(
      thrownBy(() =>
        exports["j"]?.(
          callbacks.add("i->i", (n: number) => n),
          1n,
        ),
      ),
    ).toBeInstanceOf(WebAssembly.RuntimeError);
  });
});

describe("the table of callbacks", () => {
  it("keeps its growth bounded and its slots in use over 1000 callbacks", () => {
    const { callbacks, table, exports } = rig();
    const used = new Set<number>();
    for (let round = 0; round < 10; round++) {
      const indices = Array.from({ length: 100 }, (_, k) => callbacks.add("i->i", (n: number) => n + k));
      expect(new Set(indices).size).toBe(100);
      expect(indices.map((index) => exports["i"]?.(index, 1000))).toEqual(indices.map((_, k) => 1000 + k));
      indices.forEach((index) => used.add(index));
      indices.forEach((index) => callbacks.free(index));
    }
    expect(table.length).toBeLessThanOrEqual(4 + 2 * 100);
    expect(used.size).toBeLessThanOrEqual(table.length - 4);
  });

  it("holds 1000 live callbacks, in few steps of growth", () => {
    const { callbacks, table, exports } = rig();
    const lengths = new Set<number>();
    const indices = Array.from({ length: 1000 }, (_, k) => {
      const index = callbacks.add("i->i", (n: number) => n + k);
      lengths.add(table.length);
      return index;
    });
    expect(new Set(indices).size).toBe(1000);
    expect(exports["i"]?.(indices[777] as number, 1)).toBe(778);
    expect(lengths.size).toBeLessThan(10);
    expect(table.length).toBeLessThanOrEqual(4 + 2 * 1000 + 16);
  });

  it("never uses a slot of the module's own, not even an empty one", () => {
    const { callbacks, table, exports } = rig();
    const own = table.get(1);
    const indices = Array.from({ length: 40 }, () => callbacks.add("->", () => undefined));
    expect(Math.min(...indices)).toBe(4);
    expect([0, 1, 2, 3].map((index) => table.get(index))).toEqual([null, own, null, null]);
    callbacks.clear();
    expect(table.get(1)).toBe(own);
    expect(exports["own"]?.()).toBe(42);
  });

  it("leaves alone what others added to it in between", () => {
    const { callbacks, table } = rig();
    callbacks.add("->", () => undefined);
    const foreign = table.grow(1);
    table.set(foreign, table.get(1));
    const indices = Array.from({ length: 100 }, () => callbacks.add("->", () => undefined));
    expect(indices).not.toContain(foreign);
    expect(table.get(foreign)).toBe(table.get(1));
  });

  it("empties a freed slot and gives it to the next callback", () => {
    const { callbacks, table, exports } = rig();
    const first = callbacks.add("i->i", () => 1);
    const second = callbacks.add("i->i", () => 2);
    callbacks.free(first);
    expect(table.get(first)).toBe(null);
    expect(exports["i"]?.(second, 0)).toBe(2);
    const third = callbacks.add("i->i", () => 3);
    expect(third).toBe(first);
    expect(exports["i"]?.(third, 0)).toBe(3);
  });

  it("gives the same function a slot each time it is added", () => {
    const { callbacks, exports } = rig();
    const twice = (n: number): number => n * 2;
    const [a, b] = [callbacks.add("i->i", twice), callbacks.add("i->i", twice)];
    expect(a).not.toBe(b);
    callbacks.free(a);
    expect(exports["i"]?.(b, 4)).toBe(8);
  });

  it.each([
    ["never added", 0],
    ["the module's own", 1],
    ["outside the table", 99],
    ["no index", -1],
    ["no index", 4.5],
  ])("refuses to free what is %s", (_, index) => {
    const { callbacks, table } = rig();
    const own = table.get(1);
    callbacks.add("->", () => undefined);
    expect(thrownBy(() => callbacks.free(index))).toMatchObject({ code: "unknown-callback", details: { index } });
    expect(table.get(1)).toBe(own);
  });

  it.each([["0"], [undefined], [1n], [{ password: "hunter2" }], [Symbol("index")]])(
    "refuses to free what is no number, and keeps none of it: %s",
    async (index) => {
      const { callbacks } = rig();
      callbacks.add("->", () => undefined);
      const none = await load(await wat("(module)"));
      for (const free of [callbacks.free, none.freeCallback]) {
        const error = thrownBy(() => free(index as never));
        expect(error).toMatchObject({ code: "invalid-argument", details: { call: "freeCallback", argument: "index" } });
        expect(JSON.stringify(error)).not.toContain("hunter2");
      }
    },
  );

  it("refuses to free a callback twice", () => {
    const { callbacks } = rig();
    const index = callbacks.add("->", () => undefined);
    callbacks.free(index);
    expect(thrownBy(() => callbacks.free(index))).toMatchObject({ code: "unknown-callback", details: { index } });
  });

  it("is cleared of all callbacks, and takes new ones after", () => {
    const { callbacks, table, exports } = rig();
    const indices = Array.from({ length: 30 }, () => callbacks.add("i->i", () => 1));
    const { length } = table;
    callbacks.clear();
    expect(indices.map((index) => table.get(index))).toEqual(indices.map(() => null));
    expect(thrownBy(() => callbacks.free(indices[0] as number))).toMatchObject({ code: "unknown-callback" });
    const again = indices.map(() => callbacks.add("i->i", () => 2));
    expect(new Set(again)).toEqual(new Set(indices));
    expect(table.length).toBe(length);
    expect(exports["i"]?.(again[3] as number, 0)).toBe(2);
    callbacks.clear();
    callbacks.clear();
  });

  it.each([
    ["known", 9],
    ["known to the engine only", undefined],
  ])("is filled up to a maximum that is %s", (_, maximum) => {
    const { callbacks, table } = rig(bounded, new Map(), maximum);
    const indices = Array.from({ length: 5 }, () => callbacks.add("->", () => undefined));
    expect(indices).toEqual([4, 5, 6, 7, 8]);
    const error = thrownBy(() => callbacks.add("->", () => undefined));
    expect(error).toMatchObject({ code: "table-full", details: { length: 9 } });
    expect((error as Error).message).toContain("--growable-table");
    callbacks.free(6);
    expect(callbacks.add("->", () => undefined)).toBe(6);
    expect(table.length).toBe(9);
  });

  it("that cannot grow at all is an error, though it has empty slots", () => {
    const { callbacks, table } = rig(fixed, new Map(), 4);
    expect(thrownBy(() => callbacks.add("->", () => undefined))).toMatchObject({
      code: "table-full",
      details: { length: 4, maximum: 4 },
    });
    expect(table.get(2)).toBe(null);
  });
});

describe("two instances of one module", () => {
  it("share compiled trampolines and nothing else", () => {
    const trampolines: Trampolines = new Map();
    const [a, b] = [rig(growable, trampolines), rig(growable, trampolines)];
    const inA = a.callbacks.add("i->i", () => 1);
    const inB = b.callbacks.add("i->i", () => 2);
    expect(inB).toBe(inA);
    expect([a.exports["i"]?.(inA, 0), b.exports["i"]?.(inB, 0)]).toEqual([1, 2]);
    a.callbacks.clear();
    expect(b.exports["i"]?.(inB, 0)).toBe(2);
    expect(thrownBy(() => a.callbacks.free(inB))).toMatchObject({ code: "unknown-callback" });
  });
});
