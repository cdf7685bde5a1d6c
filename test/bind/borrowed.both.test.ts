import { describe, expect, it } from "vitest";
import { type Adapter, type Instance, type InstantiateOptions, loadSync, t } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { thrownBy, wat } from "../wat.ts";
import { bindgen, externref, heap } from "./bindgen.ts";

/**
 * Objects of eight bytes: a value, and how many hold on to it where the module counts that. What is freed is overwritten,
 * so that a call which goes on with it returns something else.
 */
const body = (name: (member: string) => string, free: string, counts: boolean) => `
  (global $frees (mut i32) (i32.const 0))
  (global $last (mut i32) (i32.const 1024))
  (func $room (result i32) (global.set $last (i32.add (global.get $last) (i32.const 16))) (global.get $last))
  (func $make (param $at i32) (result i32) (i64.store (local.get $at) (i64.const 0x100000007)) (local.get $at))
  (func (export "frees") (result i32) (global.get $frees))
  (func $end (param i32)
    (global.set $frees (i32.add (global.get $frees) (i32.const 1)))
    (i64.store (local.get 0) (i64.const 0xdddddddddddddddd)))
  (func $hold (param i32) (i32.store offset=4 (local.get 0) (i32.add (i32.load offset=4 (local.get 0)) (i32.const 1))))
  (func $leave (param i32)
    (i32.store offset=4 (local.get 0) (i32.sub (i32.load offset=4 (local.get 0)) (i32.const 1)))
    (if (i32.eqz (i32.load offset=4 (local.get 0))) (then (call $end (local.get 0)))))
  (func $run (export "${name("run")}") (param i32 i32) (result i32) (local $value i32)
    ${counts ? "(call $hold (local.get 0))" : ""}
    (call $f (local.get 1))
    (local.set $value (i32.load (local.get 0)))
    ${counts ? "(call $leave (local.get 0))" : ""}
    (local.get $value))
  (func (export "${name("value")}") (param i32) (result i32) (call $run (local.get 0) (i32.const 0)))
  (func (export "${name("set_value")}") (param i32 i32) (drop (call $run (local.get 0) (local.get 1))))
  (func (export "use_it") (param i32 i32) (result i32) (call $run (local.get 1) (local.get 0)))
  (func (export "take_it") (param i32) (i32.store (local.get 0) (i32.const 0)))
  (func (export "${name("finish")}") (param i32) (i32.store (local.get 0) (i32.const 0)))
  (func (export "${name("itself")}") (param i32) (result i32) (drop (call $run (local.get 0) (i32.const 0))) (local.get 0))
  (func (export "fail") (param i32) (drop (call $run (local.get 0) (i32.const 0))) unreachable)
  ${free}`;

const made = "(call $make (call $room))";

/** How the module frees an object: by itself after the calls that use it, or immediately. */
const modules: readonly (readonly [string, Uint8Array<ArrayBuffer>, readonly Adapter[]])[] = [
  ...(await Promise.all(
    (
      [
        ["wasm-bindgen, since it counts", heap, true],
        ["wasm-bindgen with a table, since it counts", externref, true],
        ["wasm-bindgen, before it counted", { ...heap, version: 87 }, false],
      ] as const
    ).map(async ([title, convention, counts]) => {
      const free = counts
        ? `(func (export "__wbg_thing_free") (param i32 i32)
             (if (i32.eqz (local.get 1)) (then unreachable)) (call $leave (local.get 0)))`
        : `(func (export "__wbg_thing_free") (param i32) (call $end (local.get 0)))`;
      const own = `(func (export "thing_new") (result i32) ${made}) ${body((one) => `thing_${one}`, free, counts)}`;
      const bytes = await bindgen(own, convention, '(import "env" "f" (func $f (param i32)))');
      return [title, bytes, [wasmBindgen()]] as const;
    }),
  )),
  [
    "C",
    await wat(`(module (import "env" "f" (func $f (param i32))) (memory (export "memory") 1)
      (func (export "thing_new") (result i32) ${made})
      ${body((one) => `thing_${one}`, '(func (export "thing_free") (param i32) (call $end (local.get 0)))', false)})`),
    [],
  ],
  [
    "C in the caller's storage",
    await wat(`(module (import "env" "f" (func $f (param i32))) (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32) (call $room))
      (func (export "free") (param i32) (call $end (local.get 0)))
      (func (export "thing_new") (param i32) (drop (call $make (local.get 0))))
      ${body((one) => `thing_${one}`, "", false)})`),
    [],
  ],
];

const members = {
  new: t.ctor([]),
  run: t.method([t.u32], t.u32),
  value: t.getter(t.u32),
  itself: t.method([], t.object("Thing")),
  finish: t.method([], t.void, { consumes: true }),
};
const functions = {
  use_it: t.fn([t.u32, t.object("Thing")], t.u32),
  take_it: t.fn([t.owned("Thing")], t.void),
  fail: t.fn([t.object("Thing")], t.void),
  frees: t.fn([], t.u32),
};
const api = t.api({
  Thing: t.class({ ...members, amount: t.setter(t.u32, { export: "thing_set_value" }) }),
  ...functions,
});
const stored = t.api({
  Thing: t.class({ ...members, amount: t.setter(t.u32, { export: "thing_set_value" }) }, { size: 8, align: 8 }),
  ...functions,
});

type Wasm = Instance<object, (typeof api)["members"]>;
type Thing = InstanceType<Wasm["api"]["Thing"]>;

describe.each(modules)("an object of %s", (title, bytes, adapters) => {
  const open = (f: (wasm: Wasm) => void, options: InstantiateOptions = {}): Wasm => {
    const wasm: Wasm = loadSync(bytes, {
      api: title.includes("storage") ? stored : api,
      adapters,
      ...options,
      imports: { env: { f: () => f(wasm) } },
    }) as unknown as Wasm;
    return wasm;
  };

  const uses: readonly (readonly [string, (wasm: Wasm, thing: Thing) => unknown, unknown])[] = [
    ["a method", (_, thing) => thing.run(1), 7],
    ["a getter", (_, thing) => thing.value, 7],
    ["a setter", (_, thing) => void (thing.amount = 1), undefined],
    ["a function that borrows it", ({ api }, thing) => api.use_it(1, thing), 7],
  ];
  const ends: readonly (readonly [string, (thing: Thing) => void])[] = [
    ["free()", (thing) => thing.free()],
    ["[Symbol.dispose]()", (thing) => thing[Symbol.dispose]()],
  ];

  describe.each(ends)("that %s ends in the middle of a call", (_, end) => {
    it.each(uses)("of %s is freed when the call ends", (__, use, expected) => {
      const seen: unknown[] = [];
      const wasm = open(({ api }) => {
        if (seen.length > 0) return;
        end(thing);
        end(thing);
        seen.push(
          api.frees(),
          thrownBy(() => thing.run(1)),
        );
      });
      const thing = new wasm.api.Thing();
      expect(use(wasm, thing)).toBe(expected);
      expect(seen).toMatchObject([0, { code: "object-unusable", details: { reason: "freed" } }]);
      expect([wasm.api.frees(), wasm.state]).toEqual([1, "live"]);
      expect(thrownBy(() => thing.run(1))).toMatchObject({ code: "object-unusable", details: { reason: "freed" } });
      end(thing);
      expect(wasm.api.frees()).toBe(1);
    });

    it("is freed when the outermost of nested calls ends", () => {
      let depth = 0;
      const seen: number[] = [];
      const wasm = open(({ api }) => {
        if (++depth < 3) thing.run(1);
        else end(thing);
        seen.push(api.frees());
      });
      const thing = new wasm.api.Thing();
      expect(thing.run(1)).toBe(7);
      expect([...seen, wasm.api.frees()]).toEqual([0, 0, 0, 1]);
    });

    it("is freed when the call throws, and its error counts", () => {
      const mine = new Error("mine");
      const wasm = open(() => {
        end(thing);
        throw mine;
      });
      const thing = new wasm.api.Thing();
      expect(thrownBy(() => thing.run(1))).toBe(mine);
      // A module that counts by itself has its own count cut off by the exception.
      expect([wasm.api.frees(), wasm.state]).toEqual([title.includes("it counts") ? 0 : 1, "live"]);
    });

    it.each(["poison", "restart"] as const)("is not freed after a trap, under %s", (onTrap) => {
      const wasm = open(() => end(thing), { onTrap });
      const thing = new wasm.api.Thing();
      expect(thrownBy(() => wasm.api.fail(thing))).toMatchObject({ code: "trap" });
      if (onTrap === "restart") expect([wasm.api.frees(), wasm.state]).toEqual([0, "live"]);
      else expect(thrownBy(() => wasm.api.frees())).toMatchObject({ code: "poisoned" });
      end(thing);
      if (onTrap === "restart") expect(wasm.api.frees()).toBe(0);
    });
  });

  it("is freed immediately where it is another that runs", () => {
    const seen: number[] = [];
    const wasm = open(({ api }) => {
      other.free();
      seen.push(api.frees());
    });
    const [thing, other] = [new wasm.api.Thing(), new wasm.api.Thing()];
    expect([thing.run(1), wasm.api.frees(), ...seen]).toEqual([7, 1, 1]);
    expect(thing.run(1)).toBe(7);
  });

  it.each<[string, (wasm: Wasm, thing: Thing) => void]>([
    ["a function", ({ api }, thing) => api.take_it(thing)],
    ["its own method", (_, thing) => thing.finish()],
  ])("is not given away to %s while a call uses it", (_, give) => {
    if (title.includes("it counts")) return;
    const seen: unknown[] = [];
    const wasm = open((instance) => {
      seen.push(thrownBy(() => give(instance, thing)));
    });
    const thing = new wasm.api.Thing();
    for (const [, use, expected] of uses) expect(use(wasm, thing)).toBe(expected);
    expect(seen.length).toBe(uses.length);
    for (const error of seen) expect(error).toMatchObject({ code: "object-unusable", details: { reason: "borrowed" } });
    give(wasm, thing);
    expect(thrownBy(() => thing.value)).toMatchObject({ details: { reason: "moved" } });
  });

  it("outlives the instance that is disposed of in the middle of a call, as far as the call goes", () => {
    const wasm = open((instance) => instance.dispose());
    const thing = new wasm.api.Thing();
    expect(thing.run(1)).toBe(7);
    expect(wasm.state).toBe("disposed");
    expect(thrownBy(() => thing.run(1))).toMatchObject({ code: "disposed" });
    thing.free();
  });
});

describe("a C object that its method returns", () => {
  it("is the same object, freed or not", () => {
    const [, bytes] = modules[3] ?? [];
    let isArmed = false;
    const wasm = loadSync<object, (typeof api)["members"]>(bytes as Uint8Array<ArrayBuffer>, {
      api,
      imports: {
        env: {
          f: () => {
            if (isArmed) thing.free();
          },
        },
      },
    });
    const thing = new wasm.api.Thing();
    expect(thing.itself()).toBe(thing);
    isArmed = true;
    const freed = thing.itself();
    expect(freed).toBe(thing);
    expect(thrownBy(() => freed.run(1))).toMatchObject({ details: { reason: "freed" } });
    expect(wasm.api.frees()).toBe(1);
  });
});
