import { describe, expect, it } from "vitest";
import { type InstanceOf, load, t } from "unglue";
import { rejectionOf, thrownBy } from "../wat.ts";
import { moduleUrl } from "./module.ts";

const api = t.api({
  greet: t.fn([t.string], t.string),
  sum: t.fn([t.array(t.f64)], t.f64),
  squares: t.fn([t.i32], t.list(t.i32)),
  power: t.fn([t.f64, t.optional(t.f64)], t.f64),
  fail: t.fn([t.string], t.void),
  Counter: t.class({
    new: t.ctor([t.i32]),
    of: t.static([t.string], t.owned("Counter")),
    add: t.method([t.i32], t.i32),
    half: t.getter(t.i32),
    name: t.field(t.string),
    count: t.field(t.i32),
  }),
  same: t.fn([t.object("Counter")], t.owned("Counter")),
  shouted: t.fn([t.string], t.string),
});

/** The versions export members of classes, except the last; the first counts references. */
const versions = [["older-0.12.wasm"], ["older-0.14.wasm"], ["older-0.17.wasm"], ["older-0.19.wasm"]] as const;

const imports = { host: { shout: t.host([t.string], t.string, (text) => text.toUpperCase()) } };

describe.each(versions)("%s", (name) => {
  it("passes texts and arrays", async () => {
    const wasm: InstanceOf<typeof api> = await load(moduleUrl(name), { api, imports });
    expect(wasm.api.greet("Zoë \ud800")).toBe("Hello, Zoë \ud800!");
    expect(wasm.api.sum(Float64Array.of(1, 2.5))).toBe(3.5);
    expect(wasm.api.squares(4)).toEqual([0, 1, 4, 9]);
    expect([wasm.api.power(3), wasm.api.power(3, 3)]).toEqual([9, 27]);
    expect(wasm.api.shouted("quiet")).toBe("QUIET!");
    expect(thrownBy(() => wasm.api.fail("reason"))).toMatchObject({ code: "trap", details: { panic: "reason" } });
  });

  it("has classes, whose members are exported", async () => {
    const wasm: InstanceOf<typeof api> = await load(moduleUrl(name), { api, imports });
    const { Counter, same } = wasm.api;
    using counter = new Counter(40);
    expect([counter.add(2), counter.half, counter.count, counter.name]).toEqual([42, 21, 42, ""]);
    counter.name = "renamed";
    counter.count = 7;
    expect([counter.name, counter.count, same(counter)]).toEqual(["renamed", 7, counter]);
    using other = Counter.of("other");
    expect([other.name, other.count]).toEqual(["other", 1]);
  });

  it("does not leak", async () => {
    const wasm: InstanceOf<typeof api> = await load(moduleUrl(name), { api, imports });
    const { greet, sum, squares, shouted, Counter, same } = wasm.api;
    const numbers = new Float64Array(50);
    const run = (rounds: number): void => {
      for (let at = 0; at < rounds; at++) {
        greet(`round ${at}`);
        sum(numbers);
        squares(10);
        shouted("quiet");
        using counter = new Counter(at);
        counter.name = "named";
        same(counter);
      }
    };
    run(2000);
    const before = wasm.memory.byteLength;
    run(20_000);
    expect(wasm.memory.byteLength).toBe(before);
  });
});

/** Each version from the last that exported members of classes to the one before the current. */
const later = [20, 21, 22, 23, 24, 25, 26, 27].map((minor) => `older-0.${minor}.wasm`);

describe.each(later)("%s", (name) => {
  const functions = t.api({
    greet: t.fn([t.string], t.string),
    sum: t.fn([t.array(t.f64)], t.f64),
    squares: t.fn([t.i32], t.list(t.i32)),
    power: t.fn([t.f64, t.optional(t.f64)], t.f64),
    fail: t.fn([t.string], t.void),
    shouted: t.fn([t.string], t.string),
  });

  it("passes texts and arrays both ways, and does not leak", async () => {
    const wasm = await load(moduleUrl(name), { api: functions, imports });
    expect(wasm.api.greet("Zoë \ud800 🎲\0")).toBe("Hello, Zoë \ud800 🎲\0!");
    expect([wasm.api.sum(Float64Array.of(1, 2.5)), wasm.api.sum(new Float64Array())]).toEqual([3.5, 0]);
    expect([wasm.api.squares(4), wasm.api.squares(0)]).toEqual([[0, 1, 4, 9], []]);
    expect([wasm.api.power(3), wasm.api.power(3, 3), wasm.api.shouted("quiet")]).toEqual([9, 27, "QUIET!"]);
    expect(thrownBy(() => wasm.api.fail("reason"))).toMatchObject({ code: "trap", details: { panic: "reason" } });
    const fresh = await load(moduleUrl(name), { api: functions, imports });
    const numbers = new Float64Array(50);
    const run = (rounds: number): void => {
      for (let at = 0; at < rounds; at++) {
        fresh.api.greet(`round ${at}`);
        fresh.api.sum(numbers);
        fresh.api.squares(10);
        fresh.api.shouted("again");
      }
    };
    run(2000);
    const before = fresh.memory.byteLength;
    run(20_000);
    expect(fresh.memory.byteLength).toBe(before);
  });
});

describe("classes of arrays", () => {
  it.each([
    ["older-0.12.wasm"],
    ["older-0.17.wasm"],
    ["older-0.19.wasm"],
    ...later.map((name) => [name] as const),
  ] as const)("are stated where several fit, in %s", async (name) => {
    const unclear = t.api({ sort: t.fn([t.list(t.string)], t.list(t.string)) });
    const wasm = await load(moduleUrl(name), { api: unclear });
    const error = thrownBy(() => wasm.api.sort(["b", "a"]));
    expect(error).toMatchObject({ code: "class-unclear" });
    const { candidates } = (error as { readonly details: { readonly candidates: readonly [number, number] } }).details;
    const [texts, rows] = candidates;
    const stated = await load(moduleUrl(name), {
      api: t.api({
        sort: t.fn([t.list(t.string, { classId: texts })], t.list(t.string)),
        flip: t.fn([t.list(t.list(t.i32), { classId: rows })], t.list(t.list(t.i32))),
        greet: t.fn([t.string], t.string),
        sum: t.fn([t.array(t.f64)], t.f64),
      }),
    });
    expect(stated.api.sort(["b", "", "a"])).toEqual(["", "a", "b"]);
    expect(stated.api.flip([[1, 2], [3]])).toEqual([[3], [1, 2]]);
    expect(stated.api.greet("you")).toBe("Hello, you!");
    expect(stated.api.sum(Float64Array.of(1, 2))).toBe(3);
  });
});

it("refuses to give an object away, which a collector owns", async () => {
  const given = t.api({
    Counter: t.class({ new: t.ctor([t.i32]) }),
    same: t.fn([t.owned("Counter")], t.owned("Counter")),
  });
  const error = await rejectionOf(load(moduleUrl("older-0.19.wasm"), { api: given }));
  expect((error as Error).message).toContain("declare t.object instead of owned Counter");
});
