import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { load } from "unglue";
import { createHeap, createSlots, type HandleSpace } from "../../src/toolchains/wasm-bindgen/handles.ts";
import { bindgen, conventions, type Helpers } from "../bind/bindgen.ts";
import { thrownBy } from "../wat.ts";

/** A table whose slots are handed out as a module does: a freed one is null, and is used again. */
function createTable(): HandleSpace {
  const table = new WebAssembly.Table({ element: "externref", initial: 128 });
  const vacant: number[] = [];
  const space = createSlots({
    limit: undefined,
    leaked: undefined,
    table: () => table,
    allocate: () => vacant.pop() ?? table.grow(1, null),
    free: (slot) => {
      if (slot < 132 || table.get(slot) === null) return;
      table.set(slot, null);
      vacant.push(slot);
    },
  });
  space.initialize();
  return space;
}

const spaces = { "the array of values": createHeap, "the table of values": createTable };

/** Operations of a module and of JavaScript on handles, in any order. */
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("add" as const), value: fc.anything() }),
    fc.record({ do: fc.constant("lend" as const), value: fc.anything() }),
    fc.record({ do: fc.constantFrom("take" as const, "drop" as const, "clone" as const), pick: fc.nat() }),
    fc.record({ do: fc.constant("restore" as const), pick: fc.nat() }),
  ),
  { maxLength: 60 },
);

describe.each(Object.entries(spaces))("%s", (_, create) => {
  it("holds what a map of numbers to values holds, whatever is done in whatever order", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const space = create();
        const owned = new Map<number, unknown>();
        const lent: [handle: number, value: unknown][] = [];
        for (const step of script) {
          const keys = [...owned.keys()];
          const picked = "pick" in step ? keys[step.pick % Math.max(keys.length, 1)] : undefined;
          if (step.do === "add") {
            // A null in a table of values is a free slot; null itself is one of the constants.
            const value = step.value ?? {};
            const handle = space.add(value);
            expect(owned.has(handle) || lent.some(([one]) => one === handle)).toBe(false);
            owned.set(handle, value);
          } else if (step.do === "lend") {
            const value = step.value ?? {};
            lent.push([space.lend(value), value]);
          } else if (step.do === "restore") {
            const count = step.pick % (lent.length + 1);
            space.restore(count);
            lent.splice(count);
          } else if (picked !== undefined) {
            const value = owned.get(picked);
            if (step.do === "take") expect(space.take(picked)).toBe(value);
            if (step.do === "drop") space.drop(picked);
            if (step.do === "clone") owned.set(space.clone(picked), value);
            else owned.delete(picked);
          }
          for (const [handle, value] of [...owned, ...lent]) expect(space.get(handle)).toBe(value);
          expect(space.size).toBe(owned.size);
          expect(space.lent).toBe(lent.length);
        }
      }),
      { numRuns: 300, seed: 20260101 },
    );
  });

  it("does not grow when values come and go", () => {
    const space = create();
    const first = space.add({});
    space.drop(first);
    for (let round = 0; round < 10_000; round++) {
      const handle = space.add({ round });
      expect(handle).toBe(first);
      expect(space.take(handle)).toEqual({ round });
    }
    expect(space.size).toBe(0);
  });

  it("lets a borrowed value go when the call throws", () => {
    const space = create();
    const boom = new Error("boom");
    expect(() =>
      space.borrow({ deep: true }, (handle) => {
        expect(space.get(handle)).toEqual({ deep: true });
        space.lend("left behind");
        throw boom;
      }),
    ).toThrow(boom);
    expect(space.lent).toBe(0);
    expect(space.size).toBe(0);
  });
});

describe("the array of values", () => {
  it("has the constants where each version of wasm-bindgen compiled them in", () => {
    const heap = createHeap();
    expect(heap.get(0)).toBeUndefined();
    expect(() => heap.get(1)).toThrow("no value has that number");
    for (const at of [32, 128, 1024]) {
      expect([0, 1, 2, 3].map((index) => heap.get(at + index))).toEqual([undefined, null, true, false]);
      heap.drop(at + 2);
      expect(heap.get(at + 2)).toBe(true);
    }
    expect(heap.size).toBe(0);
  });

  it("refuses to read what was dropped, and passes over a second drop", () => {
    const heap = createHeap();
    const [one, two] = [heap.add("one"), heap.add("two")];
    heap.drop(one);
    heap.drop(one);
    expect(() => heap.get(one)).toThrow("has been dropped");
    expect([heap.add("three"), heap.add("four")]).not.toContain(two);
    expect(heap.get(two)).toBe("two");
  });

  it("says so when too much is lent at once, and works on", () => {
    const heap = createHeap();
    expect(() => {
      for (;;) heap.lend({});
    }).toThrow("Too many values are lent at the same time");
    heap.restore(0);
    expect(heap.get(heap.lend("again"))).toBe("again");
    expect(heap.get(128)).toBeUndefined();
    expect(heap.get(129)).toBeNull();
  });
});

describe.each(conventions)("the handles that users get, with %s,", (_, convention) => {
  it("refuse every use after dispose", async () => {
    const wasm = await load<Helpers>(await bindgen("", convention));
    const { handles } = wasm;
    const handle = handles.add("text");
    wasm.dispose();
    for (const use of [
      () => handles.size,
      () => handles.leaked,
      () => handles.add("more"),
      () => handles.get(handle),
      () => handles.take(handle),
      () => handles.drop(handle),
      () => handles.borrow("text", (one) => one),
      () => wasm.handles,
    ]) {
      const error = thrownBy(use);
      expect(error).toMatchObject({ code: "disposed", details: {} });
      expect((error as Error).message).toContain("Cannot use the handles: the instance has been disposed");
    }
  });

  it("take numbers of values only", async () => {
    const { handles, guarded } = await load<Helpers>(await bindgen("", convention));
    const handle = handles.add("text");
    const { size } = handles;
    for (const name of ["get", "take", "drop"] as const) {
      for (const wrong of ["text", String(handle), 1.5, -1, NaN, 2 ** 32, 1n, null, undefined, {}, Symbol("own")]) {
        if (name === "get" && wrong === 2 ** 32) continue;
        expect(thrownBy(() => handles[name](wrong as never))).toMatchObject({
          code: "invalid-argument",
          details: { call: `handles.${name}`, argument: "handle" },
        });
      }
    }
    expect(thrownBy(() => handles.borrow("text", undefined as never))).toMatchObject({ code: "invalid-argument" });
    expect([handles.size, handles.take(handle)]).toEqual([size, "text"]);
    for (const name of ["get", "take", "drop"] as const) {
      expect(thrownBy(() => handles[name](handle))).toMatchObject({ code: "invalid-argument" });
    }
    expect([handles.size, guarded.live()]).toEqual([size - 1, 0]);
  });
});

describe("the table of values since 0.2.130, which has slots for the constants already,", () => {
  const create = (initial: number, ...constants: unknown[]) => {
    const table = new WebAssembly.Table({ element: "externref", initial }, null);
    for (const [at, value] of constants.entries()) table.set(1028 + at, value);
    const allocate = () => table.grow(1, null);
    const free = (slot: number) => {
      table.set(slot, null);
    };
    const space = createSlots({ limit: undefined, leaked: undefined, table: () => table, allocate, free });
    return { table, space };
  };

  it("gets the constants in these slots, and does not grow", () => {
    const { table, space } = create(1028);
    space.initialize();
    expect(table.length).toBe(1028);
    expect([0, 1024, 1025, 1026, 1027].map((slot) => table.get(slot) as unknown)).toEqual([
      undefined,
      undefined,
      null,
      true,
      false,
    ]);
    expect([space.size, space.holds(1025), space.holds(1023)]).toEqual([0, true, false]);
    expect([space.add("x"), space.size]).toEqual([1028, 1]);
  });

  it("may have texts of the module after them, which stay", () => {
    const { table, space } = create(1030, "a", "b");
    space.initialize();
    expect([table.length, space.size, space.get(1029), space.holds(1028)]).toEqual([1030, 0, "b", true]);
  });

  it("is refused if texts are missing, which only the generated JavaScript has", () => {
    const { space } = create(1030, "a");
    const error = thrownBy(() => {
      space.initialize();
    });
    expect(error).toMatchObject({ code: "unsupported-module", details: { feature: "static-strings" } });
  });
});
