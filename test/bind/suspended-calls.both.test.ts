import { describe, expect, it } from "vitest";
import { compile, type InstantiateOptions, load, t } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

/**
 * A module in C's convention. `run` and `fail` keep a value on the module's own stack while an import suspends them; `length`
 * reads a text only after it has been resumed. The allocator counts, and overwrites what is freed.
 */
const bytes = await wat(`(module
  (import "env" "ask" (func $ask (param i32) (result i32)))
  (import "env" "note" (func $note (param i32)))
  (memory (export "memory") 1)
  (global $stack (export "__stack_pointer") (mut i32) (i32.const 32768))
  (global $top (mut i32) (i32.const 40000))
  (global $live (mut i32) (i32.const 0))
  (func (export "malloc") (param i32) (result i32)
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (global.get $top)
    (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get 0)) (i32.const 15)) (i32.const -16))))
  (func (export "free") (param i32)
    (global.set $live (i32.sub (global.get $live) (i32.const 1)))
    (i32.store (local.get 0) (i32.const -1)))
  (func (export "live") (result i32) (global.get $live))
  (func $keep (param i32) (result i32)
    (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
    (i32.store (global.get $stack) (local.get 0))
    (global.get $stack))
  (func $give (param i32) (result i32)
    (global.set $stack (i32.add (global.get $stack) (i32.const 16)))
    (i32.load (local.get 0)))
  (func (export "run") (param i32) (result i32) (local $at i32) (local $got i32)
    (local.set $at (call $keep (local.get 0)))
    (local.set $got (call $ask (local.get 0)))
    (i32.add (call $give (local.get $at)) (local.get $got)))
  (func (export "fail") (param i32) (result i32)
    (drop (call $keep (i32.const -1)))
    (drop (call $ask (local.get 0)))
    (unreachable))
  (func (export "twice") (param i32) (result i32) (i32.mul (call $give (call $keep (local.get 0))) (i32.const 2)))
  (func (export "trap") (unreachable))
  (func (export "call_note") (param i32) (call $note (local.get 0)))
  (func (export "notes") (param i32) (result i32)
    (local $got i32)
    (local.set $got (call $ask (local.get 0)))
    (call $note (local.get $got))
    (local.get $got))
  (func (export "total") (param i32 i32) (result i32) (local $sum i32)
    (drop (call $ask (local.get 1)))
    (loop $next
      (if (local.get 1) (then
        (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get 0))))
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
        (br $next))))
    (local.get $sum))
  (func (export "pair") (param i32 i32)
    (i32.store (local.get 0) (call $ask (local.get 1)))
    (i32.store offset=4 (local.get 0) (local.get 1)))
  (func (export "divide") (param i32 i32) (result i32)
    (i32.store (local.get 1) (i32.add (call $ask (local.get 0)) (i32.const 1)))
    (local.get 0))
  (func (export "Box_new") (param i32) (result i32)
    (i32.store (i32.const 1024) (local.get 0)) (i32.const 1024))
  (func (export "Box_later") (param i32 i32) (result i32)
    (i32.add (i32.load (local.get 0)) (call $ask (local.get 1))))
  (func (export "Box_value") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "Box_free") (param i32) (i32.store (local.get 0) (i32.const -1)))
)`);

const api = t.api({
  run: t.fn([t.i32], t.promise(t.i32)),
  fail: t.fn([t.i32], t.promise(t.i32)),
  notes: t.fn([t.i32], t.promise(t.i32)),
  total: t.fn([t.string], t.promise(t.i32)),
  pair: t.fn([t.i32], t.promise(t.record({ first: t.i32, second: t.i32 }))),
  divide: t.fn([t.i32, t.out(t.i32)], t.promise(t.i32)),
  twice: t.fn([t.i32], t.i32),
  trap: t.fn([], t.void),
  call_note: t.fn([t.i32], t.void),
  live: t.fn([], t.i32),
  Box: t.class({
    new: t.ctor([t.i32]),
    later: t.method([t.i32], t.promise(t.i32)),
    value: t.getter(t.i32, { export: "Box_value" }),
  }),
});

const canSuspend = typeof (WebAssembly as { readonly Suspending?: unknown }).Suspending === "function";

/** Opens an instance whose import waits until it is told to go on. */
async function open(
  options: Pick<InstantiateOptions, "onTrap" | "onHostThrow" | "onBusy"> = {},
  note: (value: number) => void = () => undefined,
) {
  const waiting: {
    readonly asked: number;
    readonly resolve: (value: number) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];
  const ask = t.host(
    [t.i32],
    t.promise(t.i32),
    (asked) => new Promise<number>((resolve, reject) => waiting.push({ asked, resolve, reject })),
  );
  const wasm = await load(bytes, {
    ...options,
    api,
    imports: () => ({ env: { ask, note: t.host([t.i32], t.void, note) } }),
  });
  const next = async () => {
    for (let turns = 0; waiting.length === 0; turns++) {
      if (turns > 100) throw new Error("Nothing has asked.");
      await turn();
    }
    return waiting.shift() as (typeof waiting)[number];
  };
  const pointer = () => (wasm.exports as unknown as { __stack_pointer: { value: number } }).__stack_pointer.value;
  return { wasm, next, waiting, pointer };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

if (!canSuspend) {
  describe("without JSPI", () => {
    it("refuses an export whose result is a promise, at load", async () => {
      const error = (await rejectionOf(load(bytes, { api }))) as Error;
      expect(error).toMatchObject({ code: "interface-mismatch" });
      expect(error.message).toMatch(/C has no promises, and this engine cannot suspend a call of the module .*JSPI/);
    });

    it("refuses a host function whose result is a promise, at load", async () => {
      const ask = t.host([t.i32], t.promise(t.i32), (value) => Promise.resolve(value));
      const error = (await rejectionOf(load(bytes, { imports: { env: { ask } } }))) as Error;
      expect(error).toMatchObject({ code: "import-mismatch" });
      expect(error.message).toMatch(/C has no promises, and this engine cannot suspend a call of the module .*JSPI/);
    });
  });
} else {
  describe("a call that the engine suspends", () => {
    it("returns a promise of its result", async () => {
      const { wasm, next, pointer } = await open();
      const call: Promise<number> = wasm.api.run(20);
      expect(call).toBeInstanceOf(Promise);
      const { asked, resolve } = await next();
      expect(asked).toBe(20);
      resolve(22);
      expect(await call).toBe(42);
      expect([pointer(), wasm.state]).toEqual([32_768, "live"]);
      expect(wasm.imports[0]).toMatchObject({ provider: "user" });
      expect(wasm.imports[0]?.evidence).toContain("promise");
    });

    it("keeps its arguments in memory until its promise settles, and frees them then", async () => {
      const { wasm, next } = await open();
      const text = "äöü and more";
      const call = wasm.api.total(text);
      const { resolve } = await next();
      expect(wasm.api.live()).toBe(1);
      expect(wasm.api.twice(4)).toBe(8);
      resolve(0);
      expect(await call).toBe(new TextEncoder().encode(text).reduce((sum, byte) => sum + byte, 0));
      expect(wasm.api.live()).toBe(0);
      const failing = wasm.api.total("again");
      (await next()).reject(new Error("on purpose"));
      expect(await rejectionOf(failing)).toMatchObject({ message: "on purpose" });
      expect(wasm.api.live()).toBe(0);
    });

    it("receives a struct, and values that it writes to parameters", async () => {
      const { wasm, next, pointer } = await open();
      const call = wasm.api.pair(3);
      (await next()).resolve(5);
      expect(await call).toEqual({ first: 5, second: 3 });
      const divided = wasm.api.divide(6);
      (await next()).resolve(1);
      expect(await divided).toEqual([6, 2]);
      expect(pointer()).toBe(32_768);
    });

    it("lets synchronous calls run meanwhile, above its part of the stack", async () => {
      const { wasm, next, pointer } = await open({}, (value) => {
        if (value === 1) throw new Error("on purpose");
      });
      const call = wasm.api.run(7);
      const { resolve } = await next();
      const before = pointer();
      expect(wasm.api.twice(4)).toBe(8);
      expect(thrownBy(() => wasm.api.call_note(1))).toMatchObject({ message: "on purpose" });
      expect([pointer(), before]).toEqual([before, 32_768 - 16]);
      expect(wasm.guarded.twice?.(5)).toBe(10);
      resolve(1);
      expect([await call, pointer()]).toEqual([8, 32_768]);
    });

    it("checks its arguments when it is made", async () => {
      const { wasm } = await open();
      expect(thrownBy(() => void wasm.api.run("text" as never))).toMatchObject({ code: "invalid-argument" });
    });
  });

  describe("two calls that the engine suspends", () => {
    it("wait for each other, and are served in the order in which they were made", async () => {
      const { wasm, next, waiting, pointer } = await open();
      const calls = [1, 2, 3].map((value) => wasm.api.run(value));
      for (const value of [1, 2, 3]) {
        const { asked, resolve } = await next();
        await turn();
        expect([asked, waiting.length]).toEqual([value, 0]);
        resolve(10 * value);
      }
      expect(await Promise.all(calls)).toEqual([11, 22, 33]);
      expect(pointer()).toBe(32_768);
    });

    it('fail by code under onBusy: "throw"', async () => {
      const { wasm, next } = await open({ onBusy: "throw" });
      const call = wasm.api.run(1);
      const { resolve } = await next();
      const error = (await rejectionOf(wasm.api.total("text"))) as Error;
      expect(error).toMatchObject({ code: "busy", details: { running: "run" } });
      expect(error.message).toMatch(/total was not called: run is suspended/);
      resolve(1);
      expect(await call).toBe(2);
      const after = wasm.api.run(2);
      (await next()).resolve(2);
      expect(await after).toBe(4);
    });

    it("copy the arguments of the one that waits when it is made", async () => {
      const copying = t.api({ total: t.fn([t.bytes], t.promise(t.i32)) });
      const asked: ((value: number) => void)[] = [];
      const ask = t.host([t.i32], t.promise(t.i32), () => new Promise<number>((resolve) => asked.push(resolve)));
      const wasm = await load(bytes, { api: copying, imports: { env: { ask, note: () => undefined } } });
      const data = Uint8Array.of(1, 2, 3);
      const calls = [wasm.api.total(data), wasm.api.total(data)];
      data.fill(100);
      for (let at = 0; at < 2; at++) {
        while (asked.length === 0) await turn();
        asked.shift()?.(0);
      }
      expect(await Promise.all(calls)).toEqual([6, 6]);
    });

    it("begin on an empty stack even if a call is made inside another", async () => {
      const inner: Promise<number>[] = [];
      const { wasm, next, pointer } = await open({}, () => {
        inner.push(wasm.api.run(5));
      });
      wasm.api.call_note(0);
      (await next()).resolve(1);
      expect([await inner[0], pointer()]).toEqual([6, 32_768]);
      const outer = wasm.api.notes(1);
      (await next()).resolve(0);
      expect(await outer).toBe(0);
      (await next()).resolve(3);
      expect([await inner[1], inner.length, pointer()]).toEqual([8, 2, 32_768]);
    });
  });

  describe("a suspended call that fails", () => {
    it("rejects with the trap of its continuation, which poisons the instance, and the others with that", async () => {
      const { wasm, next } = await open();
      const calls = [wasm.api.fail(1), wasm.api.run(2)];
      (await next()).resolve(1);
      const [first, second] = await Promise.allSettled(calls);
      expect(first).toMatchObject({ reason: { code: "trap", details: { export: "fail" } } });
      expect(second).toMatchObject({ reason: { code: "poisoned", details: { export: "run" } } });
      expect(wasm.state).toBe("poisoned");
      expect(thrownBy(() => wasm.api.twice(1))).toMatchObject({ code: "poisoned" });
      expect(thrownBy(() => void wasm.api.run(1))).toMatchObject({ code: "poisoned" });
    });

    it('gives back its part of the stack under onTrap: "throw"', async () => {
      const { wasm, next, pointer } = await open({ onTrap: "throw" });
      const calls = [wasm.api.fail(1), wasm.api.run(2)];
      (await next()).resolve(1);
      expect(await rejectionOf(calls[0] as Promise<number>)).toMatchObject({ code: "trap" });
      (await next()).resolve(1);
      expect([await calls[1], pointer(), wasm.state]).toEqual([3, 32_768, "live"]);
    });

    it("begins another life, in which calls can be suspended", async () => {
      const { wasm, next } = await open({ onTrap: "restart" });
      const calls = [wasm.api.fail(1), wasm.api.run(2)];
      (await next()).resolve(1);
      const [first, second] = await Promise.allSettled(calls);
      expect(first).toMatchObject({ reason: { code: "trap" } });
      expect(second).toMatchObject({ reason: { code: "life-ended" } });
      await wasm.ready;
      const after = wasm.api.run(3);
      (await next()).resolve(4);
      expect([await after, wasm.state]).toEqual([7, "live"]);
    });

    it("is ended by the trap of another call, and the module never goes on with it", async () => {
      let notes = 0;
      const { wasm, next } = await open({ onTrap: "restart" }, () => notes++);
      const call = wasm.api.notes(1);
      const { resolve } = await next();
      expect(thrownBy(() => wasm.api.trap())).toMatchObject({ code: "trap" });
      expect(await rejectionOf(call)).toMatchObject({ code: "life-ended" });
      expect(wasm.state).toBe("live");
      resolve(1);
      await turn();
      expect(notes).toBe(0);
      expect(wasm.api.twice(2)).toBe(4);
    });

    it("rejects with what the host function threw, and the policy of host functions follows", async () => {
      for (const onHostThrow of ["throw", "poison", "restart"] as const) {
        const { wasm, next, pointer } = await open({ onHostThrow });
        const call = wasm.api.run(1);
        const thrown = new Error("on purpose");
        (await next()).reject(thrown);
        expect(await rejectionOf(call)).toBe(thrown);
        await turn();
        expect(wasm.state).toBe(onHostThrow === "poison" ? "poisoned" : "live");
        if (onHostThrow === "poison") continue;
        expect(pointer()).toBe(32_768);
        const after = wasm.api.run(2);
        (await next()).resolve(2);
        expect(await after).toBe(4);
      }
    });

    it("rejects if the host function fulfils its promise with a wrong value", async () => {
      const { wasm, next } = await open();
      const call = wasm.api.run(1);
      (await next()).resolve("text" as never);
      expect(await rejectionOf(call)).toMatchObject({ code: "invalid-argument" });
    });

    it("returns the declared error of a host function that rejects", async () => {
      const ask = t.host([t.i32], t.promise(t.i32), () => Promise.reject(new Error("on purpose")), { error: -1 });
      const wasm = await load(bytes, { api, imports: { env: { ask, note: () => undefined } } });
      expect(await wasm.api.run(1)).toBe(0);
    });
  });

  describe("a suspended call and the end of its instance", () => {
    it("rejects when the instance is disposed of, and the module never goes on with it", async () => {
      let notes = 0;
      const { wasm, next } = await open({}, () => notes++);
      const calls = [wasm.api.notes(1), wasm.api.run(2)];
      const { resolve } = await next();
      wasm.dispose();
      for (const call of calls) expect(await rejectionOf(call)).toMatchObject({ code: "disposed" });
      resolve(1);
      await turn();
      expect([notes, wasm.state]).toEqual([0, "disposed"]);
    });

    it("is no unhandled rejection if nobody awaits it", async () => {
      const { wasm, next } = await open();
      void wasm.api.run(1);
      await next();
      wasm.dispose();
      await turn();
      expect(wasm.state).toBe("disposed");
    });
  });

  describe("an object of a suspended call", () => {
    it("is used by it alone, and freed after it", async () => {
      const { wasm, next } = await open();
      const box = new wasm.api.Box(30);
      const call = box.later(1);
      const { resolve } = await next();
      expect(thrownBy(() => box.value)).toMatchObject({ code: "busy", details: { class: "Box" } });
      box.free();
      resolve(12);
      expect(await call).toBe(42);
      expect(thrownBy(() => box.value)).toMatchObject({ code: "object-unusable" });
    });

    it('cannot be left to others, since the module goes on with it: borrows: "none" is refused', async () => {
      const none = t.api({ run: t.fn([t.i32], t.promise(t.i32), { borrows: "none" }) });
      const error = (await rejectionOf(load(bytes, { api: none }))) as Error;
      expect(error).toMatchObject({ code: "interface-mismatch" });
      expect(error.message).toContain("leave borrows out");
    });
  });

  describe("a pool", () => {
    it("suspends calls of several instances at the same time", async () => {
      const ask = t.host([t.i32], t.promise(t.i32), async (value) => {
        await turn();
        return value * 10;
      });
      const module = await compile(bytes);
      const pool = module.pool({ max: 2, api, imports: { env: { ask, note: () => undefined } } });
      const results = await Promise.all([1, 2, 3, 4].map((value) => pool.use((wasm) => wasm.api.run(value))));
      expect(results).toEqual([11, 22, 33, 44]);
      await pool.dispose();
    });
  });

  it("a call that nothing suspends settles as well", async () => {
    const plain = t.api({ twice: t.fn([t.i32], t.promise(t.i32)), trap: t.fn([], t.promise(t.void)) });
    const wasm = await load(bytes, { api: plain, missing: "zero" });
    expect(await wasm.api.twice(4)).toBe(8);
    expect(await rejectionOf(wasm.api.trap())).toMatchObject({ code: "trap", details: { export: "trap" } });
    expect(wasm.state).toBe("poisoned");
  });
}
