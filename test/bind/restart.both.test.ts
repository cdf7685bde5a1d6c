import { load, t, UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { thrownBy, wat } from "../wat.ts";

const counting = await wat(`(module
  (import "env" "inside" (func $inside (param i32)))
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 64))
  (func (export "counter_new") (param i32) (result i32)
    (i32.store (global.get $next) (local.get 0))
    (global.set $next (i32.add (global.get $next) (i32.const 16)))
    (i32.sub (global.get $next) (i32.const 16)))
  (func (export "counter_add") (param i32 i32) (result i32)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1)))
    (i32.load (local.get 0)))
  (func (export "counter_visit") (param i32) (call $inside (local.get 0)))
  (func (export "counter_free") (param i32)
    (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
  (global $freed (mut i32) (i32.const 0))
  (func (export "freed") (result i32) (global.get $freed))
  (func (export "boom") (param i32) (if (local.get 0) (then unreachable))))`);

const api = t.api({
  boom: t.fn([t.bool], t.void),
  freed: t.fn([], t.u32),
  Counter: t.class({
    new: t.ctor([t.u32]),
    add: t.method([t.u32], t.u32),
    visit: t.method([], t.void),
  }),
});

const open = (inside: () => unknown = () => undefined, onTrap: "restart" | "poison" = "restart") =>
  load(counting, { api, onTrap, imports: { env: { inside } } });

describe("a declared interface under onTrap: restart", () => {
  it("leads to the next life, with functions and classes that were taken before", async () => {
    const wasm = await open();
    const { boom, Counter } = wasm.api;
    expect(new Counter(1).add(2)).toBe(3);
    expect(thrownBy(() => boom(true))).toMatchObject({ code: "trap", details: { export: "boom" } });
    expect(wasm.state).toBe("live");
    expect(wasm.api.Counter).toBe(Counter);
    expect(new Counter(10).add(2)).toBe(12);
    boom(false);
  });

  it("refuses objects of a life that has ended, by name, and frees none of them in the next", async () => {
    const wasm = await open();
    const { boom, Counter, freed } = wasm.api;
    const old = new Counter(1);
    thrownBy(() => boom(true));
    expect(thrownBy(() => old.add(1))).toMatchObject({
      code: "object-unusable",
      details: { class: "Counter", reason: "ended" },
    });
    old.free();
    old.dispose();
    expect(freed()).toBe(0);
    expect(old).toBeInstanceOf(Counter);
    // The new life begins with the addresses of the old one.
    const fresh = new Counter(5);
    expect(fresh.add(0)).toBe(5);
    fresh.free();
    expect(freed()).toBe(1);
  });

  it("refuses calls of an import that a trap inside it has ended, until the outer call is over", async () => {
    let seen: unknown[] = [];
    const wasm = await open(() => {
      const { boom, Counter } = wasm.api;
      const trap = thrownBy(() => boom(true));
      seen = [trap, thrownBy(() => new Counter(1)), wasm.state];
    });
    const counter = new wasm.api.Counter(1);
    counter.visit();
    expect(seen).toMatchObject([{ code: "trap" }, { code: "restarting" }, "restarting"]);
    expect(wasm.state).toBe("live");
    expect(new wasm.api.Counter(3).add(1)).toBe(4);
  });
});

describe("a declared interface under onTrap: poison", () => {
  it("refuses everything after a trap with its cause, and freeing does nothing", async () => {
    const wasm = await open(undefined, "poison");
    const counter = new wasm.api.Counter(1);
    const trap = thrownBy(() => wasm.api.boom(true));
    expect(thrownBy(() => counter.add(1))).toMatchObject({ code: "poisoned", cause: trap });
    expect(thrownBy(() => new wasm.api.Counter(1))).toMatchObject({ code: "poisoned" });
    counter.free();
  });

  it("answers 999 of a thousand calls at once in a pool, of which one traps", async () => {
    const { compile } = await import("unglue");
    const module = await compile(counting);
    const pool = module.pool({ max: 8, api, imports: { env: { inside: () => undefined } } });
    const results = await Promise.allSettled(
      Array.from({ length: 1000 }, (_, at) =>
        pool.use(async (wasm) => {
          await Promise.resolve();
          if (at === 500) wasm.api.boom(true);
          return new wasm.api.Counter(at).add(1);
        }),
      ),
    );
    const failed = results.filter(({ status }) => status === "rejected");
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ reason: { code: "trap" } });
    expect(results.every((one, at) => one.status === "rejected" || one.value === at + 1)).toBe(true);
    await pool.dispose();
    expect(UnglueError.is(await pool.take().catch((error: unknown) => error), "pool-disposed")).toBe(true);
  });
});
