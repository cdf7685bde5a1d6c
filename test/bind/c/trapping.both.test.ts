import { describe, expect, it } from "vitest";
import { load, t, UnglueError } from "unglue";
import { thrownBy, wat } from "../../wat.ts";

/** Functions whose parts trap when they are asked for: a size of 13 cannot be allocated, and what has it cannot be freed. */
const bytes = await wat(`(module
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (elem (i32.const 1) $half)
  (global $next (mut i32) (i32.const 1024))
  (func (export "malloc") (param i32) (result i32)
    (if (i32.eq (local.get 0) (i32.const 13)) (then unreachable))
    (i32.store (global.get $next) (local.get 0))
    (global.set $next (i32.add (global.get $next) (i32.const 64)))
    (i32.sub (global.get $next) (i32.const 32)))
  (func $free (export "free") (param i32)
    (if (i32.eq (i32.load (i32.sub (local.get 0) (i32.const 32))) (i32.const 9)) (then unreachable)))
  (func (export "length") (param i32) (result i32) (i32.const 1))
  (func $half (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
  (func (export "halver") (result i32) (i32.const 1))
  (func (export "thing_new") (result i32) (i32.const 512))
  (func (export "thing_free") (param i32) unreachable)
  (func (export "room_init") (param i32) unreachable)
  (func (export "room_deinit") (param i32)))`);

const members = {
  length: t.fn([t.cstring], t.u32),
  halver: t.fn([], t.closure([t.u32], t.u32)),
  Thing: t.class({ new: t.ctor([]) }),
};
const open = (onTrap?: "throw" | "restart") => load(bytes, { api: t.api(members), ...(onTrap && { onTrap }) });
type Opened = Awaited<ReturnType<typeof open>>;

/** Ways in which what the library calls by itself traps, and the function that does. */
const ways: readonly (readonly [name: string, trap: (wasm: Opened) => unknown, at: string])[] = [
  ["what allocates an argument", ({ api }) => api.length("x".repeat(12)), "malloc"],
  ["what frees an argument", ({ api }) => api.length("x".repeat(8)), "free"],
  ["a function of the table", ({ api }) => api.halver()(0), "(table 1)"],
  [
    "what frees an object",
    ({ api }) => {
      new api.Thing().free();
    },
    "thing_free",
  ],
];

describe("under C's convention", () => {
  it.each(ways)("a trap poisons the instance in %s", async (_, trap, at) => {
    const wasm = await open();
    const error = thrownBy(() => trap(wasm));
    expect(UnglueError.is(error, "trap") && error.details.export).toBe(at);
    expect(wasm.state).toBe("poisoned");
    expect(thrownBy(() => wasm.api.length("x"))).toMatchObject({ code: "poisoned" });
    expect(thrownBy(() => trap(wasm))).toMatchObject({ code: "poisoned" });
  });

  it.each(ways)("a trap begins a new life after %s", async (_, trap, at) => {
    const wasm = await open("restart");
    expect(thrownBy(() => trap(wasm))).toMatchObject({ code: "trap", details: { export: at } });
    expect([wasm.state, wasm.api.length("x")]).toEqual(["live", 1]);
  });

  it.each(ways)("an instance goes on where it is said so, after %s", async (_, trap, at) => {
    const wasm = await open("throw");
    expect(thrownBy(() => trap(wasm))).toMatchObject({ code: "trap", details: { export: at } });
    expect([wasm.state, wasm.api.length("x")]).toEqual(["live", 1]);
  });

  it("a trap of a constructor in place is the one that is thrown", async () => {
    const Room = t.class({ new: t.ctor([], { export: "room_init" }) }, { size: 16, free: "room_deinit" });
    const wasm = await load(bytes, { api: t.api({ Room }) });
    expect(thrownBy(() => new wasm.api.Room())).toMatchObject({ code: "trap", details: { export: "room_init" } });
    expect(wasm.state).toBe("poisoned");
  });

  it("a trap of what gives room for results poisons the instance", async () => {
    const api = t.api({ divide: t.fn([t.u32, t.out(t.u32)], t.u32) });
    const source = await wat(`(module (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) unreachable) (func (export "free") (param i32))
      (func (export "divide") (param i32 i32) (result i32) (i32.const 0)))`);
    const wasm = await load(source, { api });
    expect(thrownBy(() => wasm.api.divide(1))).toMatchObject({ code: "trap", details: { export: "malloc" } });
    expect(wasm.state).toBe("poisoned");
  });
});
