import { describe, expect, it } from "vitest";
import { Validity } from "../../src/base/validity.ts";
import { createTable as create, type TableContext } from "../../src/table/index.ts";
import type { TableType } from "../../src/public/index.ts";
import { growableTableFlags } from "../../src/toolchains/linker-flags.ts";
import { thrownBy, wat } from "../wat.ts";

const functions: TableType = { element: "funcref", initial: 2, shared: false, address: "i32" };

function createTable(raw: WebAssembly.Table, context: Partial<TableContext> = {}) {
  return create(raw, { growableFlags: growableTableFlags, ...context });
}

function tableOf(initial: number, maximum?: number, element: "anyfunc" | "externref" = "anyfunc"): WebAssembly.Table {
  return new WebAssembly.Table({ element, initial, ...(maximum !== undefined && { maximum }) }, null);
}

describe("a table", () => {
  it("gets and sets functions that came from WebAssembly", async () => {
    const { instance } = await WebAssembly.instantiate(
      await wat(`(module (func (export "f") (result i32) i32.const 7))`),
    );
    const table = createTable(tableOf(2), { type: functions });
    expect(table.get(1)).toBe(null);
    table.set(1, instance.exports["f"]);
    expect(table.get(1)).toBe(instance.exports["f"]);
    expect(table.get(1n)).toBe(instance.exports["f"]);
    table.set(1n, null);
    expect(table.get(1)).toBe(null);
  });

  it("holds any value where its elements are externref", () => {
    const table = createTable(tableOf(1, undefined, "externref"), { type: { ...functions, element: "externref" } });
    const value = { any: "thing" };
    table.set(0, value);
    expect(table.get(0)).toBe(value);
  });

  it.each([[() => 1], [5], ["text"], [{}]])("refuses what it cannot hold: %s", (value) => {
    const error = thrownBy(() => createTable(tableOf(1), { type: functions }).set(0, value));
    expect(error).toMatchObject({ code: "invalid-argument", details: { call: "table.set", argument: "value" } });
    expect((error as Error).cause).toBeInstanceOf(TypeError);
  });

  it.each([[2], [-1], [1.5], [Number.NaN], [Infinity], [2 ** 32], [2n], [-1n], [2n ** 64n]])(
    "refuses the index %s, and does not wrap it",
    (index) => {
      const table = createTable(tableOf(2));
      for (const use of [() => table.get(index), () => table.set(index, null)]) {
        expect(thrownBy(use)).toMatchObject({ code: "table-out-of-bounds", details: { index, length: 2 } });
      }
    },
  );

  it.each([["0"], [undefined], [null], [{ password: "hunter2" }], [Symbol("index")]])(
    "refuses an index that is no number, and keeps none of it: %s",
    (index) => {
      const table = createTable(tableOf(2));
      for (const [call, use] of [
        ["table.get", () => table.get(index as never)],
        ["table.set", () => table.set(index as never, null)],
      ] as const) {
        const error = thrownBy(use);
        expect(error).toMatchObject({ code: "invalid-argument", details: { call, argument: "index" } });
        expect(JSON.stringify(error)).not.toContain("hunter2");
      }
    },
  );

  it("grows by empty elements, up to its declared maximum", () => {
    const table = createTable(tableOf(1, 4, "externref"), { type: { ...functions, element: "externref", maximum: 4 } });
    expect(table.grow(2)).toBe(1);
    expect(table.grow(1n)).toBe(3);
    expect([table.length, table.get(3)]).toEqual([4, null]);
    expect(table.grow(0)).toBe(4);
    const error = thrownBy(() => table.grow(1));
    expect(error).toMatchObject({ code: "table-full", details: { length: 4, maximum: 4 } });
    expect((error as Error).message).toContain("--growable-table");
    expect((error as Error).message).toContain("ALLOW_TABLE_GROWTH");
  });

  it("grows up to a maximum that only the engine knows", () => {
    const table = createTable(tableOf(1, 2));
    table.grow(1);
    const error = thrownBy(() => table.grow(1));
    expect(error).toMatchObject({ code: "table-full", details: { length: 2 } });
    expect((error as Error).message).toContain("--growable-table");
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  it("grows up to a ceiling below its maximum, and then names the option", () => {
    const table = createTable(tableOf(1, 9), { type: { ...functions, maximum: 9 }, ceiling: 3 });
    table.grow(2);
    const error = thrownBy(() => table.grow(1));
    expect(error).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "tableElements", asked: 4, allowed: 3 },
    });
    expect((error as Error).message).toContain("limits.tableElements");
    expect(table.length).toBe(3);
  });

  it.each([[-1], [0.5], [Number.NaN], ["1"], [-1n]])("refuses to grow by %s", (count) => {
    expect(thrownBy(() => createTable(tableOf(1)).grow(count as never))).toMatchObject({
      code: "invalid-argument",
      details: { call: "table.grow", argument: "count" },
    });
  });

  it("sees growth from elsewhere", () => {
    const raw = tableOf(1);
    const table = createTable(raw);
    raw.grow(5);
    expect(table.length).toBe(6);
    expect(table.get(5)).toBe(null);
  });
});

describe("a 64-bit table", () => {
  /** An engine's 64-bit table, which refuses numbers, for the engines that have none. */
  function wide(length: number): WebAssembly.Table {
    const elements: unknown[] = Array.from({ length }, () => null);
    const checked = (index: unknown): number => {
      if (typeof index !== "bigint") throw new TypeError("Cannot convert to BigInt");
      return Number(index);
    };
    return {
      get length() {
        return BigInt(elements.length);
      },
      get: (index: unknown) => elements[checked(index)],
      set: (index: unknown, value: unknown) => void (elements[checked(index)] = value),
      grow: (count: unknown, value: unknown) =>
        BigInt(elements.push(...Array<unknown>(checked(count)).fill(value)) - checked(count)),
    } as never;
  }

  it("takes numbers and bigints, and returns numbers", () => {
    const table = createTable(wide(2), { type: { ...functions, address: "i64", maximum: 2n ** 63n } });
    expect(table.length).toBe(2);
    table.set(1, "one");
    expect([table.get(1), table.get(1n)]).toEqual(["one", "one"]);
    expect(table.grow(3)).toBe(2);
    expect(table.length).toBe(5);
    expect(thrownBy(() => table.get(5))).toMatchObject({ code: "table-out-of-bounds", details: { length: 5 } });
  });

  it("is told by its length where its type is not known", () => {
    const table = createTable(wide(1));
    table.set(0, "zero");
    expect(table.get(0)).toBe("zero");
  });
});

describe("a table that can be used for a while", () => {
  it("refuses every member afterwards but the engine's own object", () => {
    const validity = new Validity();
    const table = createTable(tableOf(2), { validity });
    const uses = [() => table.length, () => table.get(0), () => table.set(0, null), () => table.grow(1)];
    for (const use of uses) use();
    const over = new Error("over");
    validity.end(() => over);
    expect(uses.map(thrownBy)).toEqual(uses.map(() => over));
    expect([table.raw.length, JSON.stringify(table)]).toEqual([3, '{"ended":true}']);
  });
});
