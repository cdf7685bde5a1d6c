import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { bindgen, externref } from "./bindgen.ts";

/** Objects of C's, of which two are given away by one call. `thing_run` calls the host meanwhile. */
const bytes = await wat(`(module
  (import "env" "f" (func $f))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (elem (i32.const 1) $pair)
  (global $next (mut i32) (i32.const 1024))
  (global $frees (mut i32) (i32.const 0))
  (func (export "frees") (result i32) (global.get $frees))
  (func (export "malloc") (param i32) (result i32)
    (global.set $next (i32.add (global.get $next) (i32.const 16))) (global.get $next))
  (func $free (export "free") (param i32) (global.set $frees (i32.add (global.get $frees) (i32.const 1))))
  (func (export "thing_new") (result i32)
    (global.set $next (i32.add (global.get $next) (i32.const 16))) (global.get $next))
  (func (export "thing_free") (param i32) (call $free (local.get 0)))
  (func (export "thing_run") (param i32) (call $f))
  (func $pair (export "pair") (param i32 i32) (result i32)
    (call $free (local.get 0)) (call $free (local.get 1)) (i32.const 1))
  (func (export "thing_merge") (param i32 i32) (result i32) (call $pair (local.get 0) (local.get 1)))
  (func (export "taker") (result i32) (i32.const 1)))`);

const owned = t.owned("Thing");
const api = t.api({
  frees: t.fn([], t.u32),
  Thing: t.class({
    new: t.ctor([]),
    run: t.method([], t.void),
    merge: t.method([owned], t.u32, { consumes: true }),
  }),
  pair: t.fn([owned, owned], t.u32),
  taker: t.fn([], t.closure([owned, owned], t.u32)),
});

describe("a call that gives away two objects, of which the second is in use", () => {
  type Made = Awaited<ReturnType<typeof open>>["api"];
  type Thing = InstanceType<Made["Thing"]>;
  let during: () => void = () => undefined;
  const open = () => load<object, typeof api.members>(bytes, { api, imports: { env: { f: () => during() } } });

  it.each<[string, (made: Made, one: Thing, used: Thing) => unknown]>([
    ["a function", ({ pair }, one, used) => pair(one, used)],
    ["a method that consumes its object", (_, one, used) => used.merge(one)],
    ["a function pointer", ({ taker }, one, used) => taker()(one, used)],
  ])("takes neither: %s", async (_, give) => {
    const { api: made } = await open();
    const [one, used] = [new made.Thing(), new made.Thing()];
    const errors: unknown[] = [];
    during = () => void errors.push(thrownBy(() => give(made, one, used)));
    used.run();
    expect(errors).toMatchObject([{ code: "object-unusable", details: { reason: "borrowed" } }]);
    during = () => undefined;
    one.run();
    expect(give(made, one, used)).toBe(1);
    expect(made.frees()).toBe(2);
    for (const each of [one, used]) expect(thrownBy(() => each.run())).toMatchObject({ details: { reason: "moved" } });
  });

  it("takes neither if they are the same", async () => {
    const { api: made } = await open();
    const one = new made.Thing();
    for (const give of [() => made.pair(one, one), () => one.merge(one), () => made.taker()(one, one)])
      expect(thrownBy(give)).toMatchObject({ code: "object-unusable" });
    one.run();
    one.free();
    expect(made.frees()).toBe(1);
  });
});

describe("a list of objects that an asynchronous call takes", () => {
  const wait = t.promise(t.js);
  const lists = t.api({
    Thing: t.class({ new: t.ctor([]), work: t.method([wait], wait) }),
    all: t.fn([t.list(t.owned("Thing")), wait], wait),
  });
  const open = async () => {
    const body = `
      (func (export "thing_new") (result i32) (call $malloc (i32.const 8) (i32.const 4)))
      (func (export "__wbg_thing_free") (param i32) (call $free (local.get 0) (i32.const 8) (i32.const 4)))
      (func (export "thing_work") (param i32 externref) (result externref) (local.get 1))
      (func (export "all") (param i32 i32 externref) (result externref)
        (call $count) (call $free (local.get 0) (i32.mul (local.get 1) (i32.const 4)) (i32.const 4)) (local.get 2))`;
    const module = await bindgen(body, externref);
    return load<{ calls(): number }, typeof lists.members>(module, { api: lists });
  };

  it("is refused when the call is made if it has an object twice, also if the call would wait", async () => {
    const wasm = await open();
    const thing = new wasm.api.Thing();
    const twice = () => wasm.api.all([thing, thing], Promise.resolve());
    expect(thrownBy(twice)).toMatchObject({ code: "object-unusable", details: { reason: "given-twice" } });
    let settle: (value: unknown) => void = () => undefined;
    const running = thing.work(new Promise((resolve) => (settle = resolve)));
    expect(thrownBy(twice)).toMatchObject({ code: "object-unusable", details: { reason: "given-twice" } });
    settle(1);
    expect(await running).toBe(1);
    expect(wasm.exports.calls()).toBe(0);
  });

  it("is read once: one that cannot be read is refused, whatever it would give the second time", async () => {
    const wasm = await open();
    const failure = new Error("on purpose");
    let reads = 0;
    const hostile = new Proxy([new wasm.api.Thing()], {
      get(target, key) {
        if (key === "0" && reads++ === 0) throw failure;
        return Reflect.get(target, key) as unknown;
      },
    });
    const error = await rejectionOf((async () => wasm.api.all(hostile, Promise.resolve()))());
    expect(error).toMatchObject({ code: "invalid-argument", cause: failure });
    expect(wasm.exports.calls()).toBe(0);
  });
});
