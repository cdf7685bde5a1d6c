import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { load, t } from "unglue";
import { bindgen, heap, type Helpers } from "./bindgen.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const body = `
  (global $freed (mut i32) (i32.const 0))
  (global $kept (mut i32) (i32.const 0))
  (func (export "freed") (result i32) (global.get $freed))
  (func (export "thing_new") (result i32) (call $malloc (i32.const 4) (i32.const 4)))
  (func (export "__wbg_thing_free") (param i32 i32)
    (global.set $freed (i32.add (global.get $freed) (i32.const 1)))
    (call $free (local.get 0) (i32.const 4) (i32.const 4)))
  (func (export "thing_keep") (param i32) (global.set $kept (local.get 0)))
  (func (export "thing_kept") (result i32) (global.get $kept))
  (func (export "thing_take") (param i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))`;

interface Own extends Helpers {
  freed(): number;
}

const api = t.api({
  Thing: t.class({
    new: t.ctor([]),
    keep: t.method([], t.void),
    kept: t.static([], t.object("Thing")),
    take: t.static([t.owned("Thing")], t.void),
  }),
});
const open = async () => load<Own, typeof api.members>(await bindgen(body, heap), { api });

const untilFreed = (wasm: Awaited<ReturnType<typeof open>>, count: number) =>
  vi.waitFor(
    () => {
      collect();
      expect(wasm.guarded.freed()).toBe(count);
    },
    { timeout: 15_000 },
  );

it("an object that nobody holds any more is freed once, and never one that was freed or given away", async () => {
  const wasm = await open();
  const { Thing } = wasm.api;
  const use = () => {
    for (let round = 0; round < 100; round++) {
      const [forgotten, freed, given] = [new Thing(), new Thing(), new Thing()];
      forgotten.keep();
      freed.free();
      Thing.take(given);
    }
  };
  use();
  await untilFreed(wasm, 200);
  collect();
  await new Promise((resolve) => setTimeout(resolve, 50));
  collect();
  expect([wasm.guarded.freed(), wasm.guarded.live()]).toEqual([200, 0]);
});

it("an object that the module has lent again is not freed before that is let go, too", async () => {
  const wasm = await open();
  const { Thing } = wasm.api;
  const witness: WeakRef<object>[] = [];
  const make = () => {
    const thing = new Thing();
    thing.keep();
    witness.push(new WeakRef(thing));
  };
  make();
  // A turn ends in which a weak reference was read or made; only then can the object go.
  await new Promise((resolve) => setTimeout(resolve));
  collect();
  let again: object | undefined = Thing.kept();
  await new Promise((resolve) => setTimeout(resolve, 50));
  collect();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(witness[0]?.deref()).toBeUndefined();
  expect([wasm.guarded.freed(), wasm.guarded.live()]).toEqual([0, 1]);
  expect(again).toBeInstanceOf(Thing);
  again = undefined;
  await untilFreed(wasm, 1);
  expect(wasm.guarded.live()).toBe(0);
});

it("what was forgotten in a life that has ended is not freed in the next", async () => {
  const wasm = await load<Own & { trap(): void }, typeof api.members>(
    await bindgen(`${body} (func (export "trap") unreachable)`, heap),
    { api, onTrap: "restart" },
  );
  const make = () => {
    for (let round = 0; round < 20; round++) new wasm.api.Thing().keep();
  };
  make();
  expect(() => {
    wasm.guarded.trap();
  }).toThrow();
  const fresh = new wasm.api.Thing();
  await new Promise((resolve) => setTimeout(resolve));
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect([wasm.guarded.freed(), wasm.guarded.live()]).toEqual([0, 1]);
  fresh.free();
  expect(wasm.guarded.live()).toBe(0);
});

describe("what goes wrong when a collected thing is freed", () => {
  const failing = (free: string) =>
    bindgen(
      `(func (export "thing_new") (result i32) (call $malloc (i32.const 4) (i32.const 4)))
       (func (export "thing_poke") (param i32))
       (func (export "__wbg_thing_free") (param i32 i32) ${free})`,
      heap,
      '(import "env" "f" (func $f))',
    );
  const things = t.api({ Thing: t.class({ new: t.ctor([]), poke: t.method([], t.void) }) });
  const mine = new Error("mine");
  const cases = [
    ["a trap under poison", "unreachable", "poison", "poisoned", "trapped: unreachable"],
    ["a trap under restart", "unreachable", "restart", "live", "trapped: unreachable"],
    ["a trap under throw", "unreachable", "throw", "live", "trapped: unreachable"],
    ["an exception", "(call $f)", "poison", "live", "mine"],
  ] as const;

  it.each(cases)("is told to warn, and no exception: %s", async (_, free, onTrap, state, text) => {
    const warnings: string[] = [];
    const wasm = await load<Helpers, typeof things.members>(await failing(free), {
      api: things,
      onTrap,
      warn: (message) => {
        warnings.push(message);
        throw new Error("by whoever is warned");
      },
      imports: {
        env: {
          f: () => {
            throw mine;
          },
        },
      },
    });
    const forget = () => {
      new wasm.api.Thing().poke();
    };
    forget();
    await vi.waitFor(
      () => {
        collect();
        expect(warnings.length).toBe(1);
      },
      { timeout: 15_000 },
    );
    expect(warnings[0]).toContain("an object of the class Thing was collected, and freeing it failed");
    expect(warnings[0]).toContain(text);
    expect(wasm.state).toBe(state);
  });
});
