import { describe, expect, it } from "vitest";
import { type InstantiateOptions, load, t } from "unglue";
import { rejectionOf, thrownBy } from "../wat.ts";
import { bindgen, externref, type Helpers } from "./bindgen.ts";

/**
 * Functions whose promise is their argument, so that the test says when they end. Each notes its call. What frees a thing takes
 * one word, as in old versions: the module does not wait for the calls that use it.
 */
const body = `
  (func $make (export "thing_new") (param i32) (result i32) (local $at i32)
    (local.set $at (call $malloc (i32.const 8) (i32.const 4)))
    (i32.store (local.get $at) (local.get 0)) (local.get $at))
  (func (export "__wbg_thing_free") (param i32) (call $free (local.get 0) (i32.const 8) (i32.const 4)))
  (func (export "thing_id") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "thing_work") (param i32 externref) (result externref)
    (call $note (i32.load (local.get 0)) (i32.const 0)) (local.get 1))
  (func (export "thing_read") (param i32 externref) (result externref)
    (call $note (i32.load (local.get 0)) (i32.const 1)) (local.get 1))
  (func (export "thing_plain") (param i32 externref) (result externref) (local.get 1))
  (func (export "thing_fails") (param i32) (result externref) (unreachable))
  (func (export "both") (param i32 i32 externref) (result externref)
    (call $note (i32.load (local.get 0)) (i32.load (local.get 1))) (local.get 2))
  (func (export "maybe") (param i32 externref) (result externref) (local.get 1))
  (func (export "give") (param i32 externref) (result externref)
    (call $note (i32.load (local.get 0)) (i32.const 2))
    (call $free (local.get 0) (i32.const 8) (i32.const 4)) (local.get 1))
  (func (export "bytes") (param i32 i32 i32 externref) (result externref)
    (call $note (i32.load8_u (local.get 1)) (local.get 2))
    (call $free (local.get 1) (local.get 2) (i32.const 1)) (local.get 3))`;
const bytes = await bindgen(body, externref, `(import "env" "note" (func $note (param i32 i32)))`);

const wait = t.promise(t.js);
const api = t.api({
  Thing: t.class({
    new: t.ctor([t.u32]),
    id: t.method([], t.u32),
    work: t.method([wait], wait),
    read: t.method([wait], wait, { borrows: "shared" }),
    plain: t.method([wait], wait, { borrows: "none" }),
    fails: t.method([], wait),
  }),
  both: t.fn([t.object("Thing"), t.object("Thing"), wait], wait),
  maybe: t.fn([t.optional(t.object("Thing")), t.js], t.optional(wait)),
  give: t.fn([t.owned("Thing"), wait], wait),
  bytes: t.fn([t.object("Thing"), t.bytes, wait], wait),
});

async function open(options: InstantiateOptions = {}) {
  const notes: (readonly [number, number])[] = [];
  const note = (a: number, b: number): void => void notes.push([a, b]);
  const wasm = await load<Helpers, typeof api.members>(bytes, { ...options, api, imports: { env: { note } } });
  return { wasm, notes, ...wasm.api };
}

/** A promise that the test settles. */
function pending() {
  let settle: (value?: unknown) => void = () => undefined;
  const promise = new Promise<unknown>((resolve) => (settle = resolve));
  return { promise, settle };
}

/** Lets all microtasks run. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a call with several objects", () => {
  it("waits for all of them, and those after it for it", async () => {
    const { Thing, both, notes } = await open();
    const [one, two, three] = [new Thing(1), new Thing(2), new Thing(3)];
    const [first, second] = [pending(), pending()];
    const calls = [
      one.work(first.promise),
      two.work(second.promise),
      both(one, two, Promise.resolve("both")),
      both(two, three, Promise.resolve("next")),
      three.work(Promise.resolve("three")),
    ];
    await turn();
    expect(notes).toEqual([
      [1, 0],
      [2, 0],
    ]);
    // The one that waits holds nothing yet that is not in use.
    expect(three.id()).toBe(3);
    first.settle();
    await turn();
    expect(notes).toHaveLength(2);
    expect(one.id()).toBe(1);
    second.settle();
    await Promise.all(calls);
    expect(notes.slice(2)).toEqual([
      [1, 2],
      [2, 3],
      [3, 0],
    ]);
  });

  it("in opposite orders ends, whoever is first", async () => {
    const { Thing, both } = await open();
    const [one, two] = [new Thing(1), new Thing(2)];
    const calls = Array.from({ length: 20 }, (_, at) =>
      at % 2 === 0 ? both(one, two, Promise.resolve(at)) : both(two, one, Promise.resolve(at)),
    );
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  it("may have one twice, which the module judges", async () => {
    const { Thing, both, notes } = await open();
    const one = new Thing(1);
    expect(await Promise.all([both(one, one, Promise.resolve(1)), both(one, one, Promise.resolve(2))])).toEqual([1, 2]);
    expect(notes).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(one.id()).toBe(1);
  });

  it("may have none, and then waits for nothing", async () => {
    const { Thing, maybe } = await open();
    const one = new Thing(1);
    const { promise, settle } = pending();
    const first = maybe(one, promise);
    expect(await maybe(undefined, Promise.resolve(2))).toBe(2);
    expect(maybe(undefined, undefined)).toBeUndefined();
    const second = maybe(one, undefined);
    expect(second).toBeInstanceOf(Promise);
    settle(1);
    expect([await first, await second]).toEqual([1, undefined]);
    expect(maybe(one, undefined)).toBeUndefined();
    expect(one.id()).toBe(1);
  });
});

describe("an object that is freed by a module that does not wait", () => {
  it("is freed after the calls that use it or wait for it", async () => {
    const { wasm, Thing } = await open();
    const one = new Thing(1);
    const { promise, settle } = pending();
    const calls = [one.work(promise), one.read(Promise.resolve(2)), one.read(Promise.resolve(3))];
    one.free();
    await turn();
    expect(wasm.exports.live()).toBe(1);
    settle(1);
    expect(await Promise.all(calls)).toEqual([1, 2, 3]);
    expect(wasm.exports.live()).toBe(0);
  });

  it("is freed after shared calls, and can be used by none after", async () => {
    const { wasm, Thing } = await open();
    const one = new Thing(1);
    const { promise, settle } = pending();
    const call = one.read(promise);
    expect(one.id()).toBe(1);
    one.free();
    for (const use of [() => one.id(), () => one.read(promise), () => one.work(promise)])
      expect(thrownBy(use)).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
    expect(wasm.exports.live()).toBe(1);
    settle(1);
    await call;
    expect(wasm.exports.live()).toBe(0);
  });

  it("is not kept by a function that declares to use it no longer", async () => {
    const { wasm, Thing } = await open();
    const one = new Thing(1);
    const { promise } = pending();
    expect(one.plain(promise)).toBe(promise);
    expect(one.id()).toBe(1);
    one.free();
    expect(wasm.exports.live()).toBe(0);
  });
});

describe("an object that is given away", () => {
  it("is taken when its turn comes, and then is nobody's", async () => {
    const { wasm, Thing, give, notes } = await open();
    const one = new Thing(7);
    const [first, second] = [pending(), pending()];
    const calls = [one.work(first.promise), give(one, second.promise)];
    const after = one.work(Promise.resolve());
    expect(thrownBy(() => one.id())).toMatchObject({ code: "busy" });
    first.settle(1);
    // The module owns it while that promise is pending.
    expect(await rejectionOf(after)).toMatchObject({ code: "object-unusable", details: { reason: "moved" } });
    expect(notes).toEqual([
      [7, 0],
      [7, 2],
    ]);
    second.settle(2);
    expect(await Promise.all(calls)).toEqual([1, 2]);
    expect(wasm.exports.live()).toBe(0);
  });

  it("is refused to a taker that does not wait while a call shares it", async () => {
    const { Thing, give } = await open({ onBusy: "throw" });
    const one = new Thing(7);
    const { promise, settle } = pending();
    const call = one.read(promise);
    expect(await rejectionOf(give(one, promise))).toMatchObject({
      code: "busy",
      details: { class: "Thing", running: "Thing.read" },
    });
    settle(1);
    await call;
    expect(await give(one, Promise.resolve(3))).toBe(3);
  });
});

describe("arguments of a call that waits", () => {
  it("are copied when it is made, also from the module's memory", async () => {
    const { wasm, Thing, bytes: pass, notes } = await open();
    const one = new Thing(1);
    const { promise, settle } = pending();
    const running = one.work(promise);
    const mine = Uint8Array.of(5, 5);
    const inside = wasm.memory.u8.subarray(0, 3).fill(9);
    const calls = [pass(one, mine, Promise.resolve()), pass(one, inside, Promise.resolve())];
    mine.fill(6);
    inside.fill(6);
    structuredClone(mine.buffer, { transfer: [mine.buffer] });
    wasm.memory.raw.grow(1);
    settle();
    await Promise.all([running, ...calls]);
    expect(notes.slice(1)).toEqual([
      [5, 2],
      [9, 3],
    ]);
    expect(wasm.exports.live()).toBe(1);
  });

  it("are refused when it is made: wrong values, wrong objects, missing ones", async () => {
    const { Thing, both, bytes: pass } = await open();
    const one = new Thing(1);
    const other = await open();
    const foreign = new other.Thing(1);
    const { promise, settle } = pending();
    const running = one.work(promise);
    const uses: readonly (readonly [use: () => unknown, code: string])[] = [
      [() => pass(one, [1] as never, promise), "invalid-argument"],
      [() => pass(one, new Uint8Array(), 1 as never), "invalid-argument"],
      [() => both(one, 1 as never, promise), "invalid-argument"],
      [() => both(one, foreign, promise), "object-unusable"],
      [() => (both as unknown as (one: object) => unknown)(one), "invalid-argument"],
    ];
    for (const [use, code] of uses) expect(thrownBy(use)).toMatchObject({ code });
    settle();
    await running;
    expect(one.id()).toBe(1);
  });
});

describe("a call that does not get as far as a promise", () => {
  it("gives its object back", async () => {
    const { Thing } = await open({ onTrap: "throw" });
    const one = new Thing(1);
    expect(thrownBy(() => one.fails())).toMatchObject({ code: "trap" });
    expect(one.id()).toBe(1);
    const calls = [one.work(Promise.resolve(1)), one.fails(), one.work(Promise.resolve(3))];
    expect(await calls[0]).toBe(1);
    expect(await rejectionOf(calls[1] as Promise<unknown>)).toMatchObject({ code: "trap" });
    expect(await calls[2]).toBe(3);
  });

  it("rejects the others if its trap ends the instance", async () => {
    const { Thing } = await open();
    const [one, two] = [new Thing(1), new Thing(2)];
    const { promise } = pending();
    const calls = [one.work(promise), one.work(promise), two.work(Promise.resolve())];
    await calls[2];
    const failing = [two.work(Promise.resolve(1)), two.fails(), two.work(Promise.resolve(2))];
    expect(await failing[0]).toBe(1);
    expect(await rejectionOf(failing[1] as Promise<unknown>)).toMatchObject({
      code: "poisoned",
      cause: { code: "trap" },
    });
    for (const call of [...calls.slice(0, 2), failing[2] as Promise<unknown>])
      expect(await rejectionOf(call)).toMatchObject({ code: "poisoned", cause: { code: "trap" } });
  });

  it("rejects with what a hostile promise throws", async () => {
    const { Thing } = await open();
    const one = new Thing(1);
    const failure = new Error("on purpose");
    const hostile = {
      get then(): never {
        throw failure;
      },
    };
    expect(await rejectionOf(one.work(hostile as never))).toBe(failure);
    const odd = Object.defineProperty(Promise.resolve(1), "constructor", {
      get() {
        throw failure;
      },
    });
    expect(await rejectionOf(one.work(odd))).toBe(failure);
    expect(await one.work(Promise.resolve(2))).toBe(2);
    expect(one.id()).toBe(1);
  });
});

it("an instance that a host function disposes of during a call rejects it", async () => {
  const { wasm, Thing } = await open();
  const one = new Thing(1);
  const disposing = await load<Helpers, typeof api.members>(bytes, {
    api,
    imports: { env: { note: () => disposing.dispose() } },
  });
  const other = new disposing.api.Thing(1);
  expect(await rejectionOf(other.work(new Promise(() => undefined)))).toMatchObject({ code: "disposed" });
  expect(await one.work(Promise.resolve(1))).toBe(1);
  wasm.dispose();
});
