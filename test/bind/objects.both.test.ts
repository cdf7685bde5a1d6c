import { afterEach, describe, expect, it, vi } from "vitest";
import { compile, load, t, UnglueError } from "unglue";
import { thrownBy, wat } from "../wat.ts";
import { bindgen, conventions, externref, heap, type Helpers, returning } from "./bindgen.ts";

/** A counter of eight bytes: its value, and a public field of 16 bits. */
const counter = (convention: (typeof conventions)[number][1]) => `
  (global $freed (mut i32) (i32.const 0))
  (global $how (mut i32) (i32.const -1))
  (global $last (mut i32) (i32.const 0))
  (func (export "freed") (result i32) (global.get $freed))
  (func (export "how") (result i32) (global.get $how))
  (func $make (param $value i32) (result i32) (local $at i32)
    (call $count)
    (local.set $at (call $malloc (i32.const 8) (i32.const 4)))
    (i32.store (local.get $at) (local.get $value))
    (i32.store offset=4 (local.get $at) (i32.const 0))
    (global.set $last (local.get $at))
    (local.get $at))
  (export "counter_new" (func $make))
  ${returning(
    "counter_tryNew",
    ["i32"],
    [
      ["i32", "(call $make $0)"],
      ["i32", "(i32.const 0)"],
      ["i32", "(i32.const 0)"],
    ],
    convention,
    "",
  )}
  (func (export "counter_last") (result i32) (global.get $last))
  (func (export "counter_none") (result i32) (i32.const 0))
  (func $drop (param i32) (call $free (local.get 0) (i32.const 8) (i32.const 4)))
  (func (export "__wbg_counter_free") (param i32 i32)
    (global.set $freed (i32.add (global.get $freed) (i32.const 1)))
    (global.set $how (local.get 1))
    (call $drop (local.get 0)))
  (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "counter_set_value") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "counter_add") (param i32 i32) (result i32) (call $count)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1))) (i32.load (local.get 0)))
  (func (export "counter_addOther") (param i32 i32) (call $count)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1)))))
  (func (export "counter_absorb") (param i32 i32) (call $count)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1)))) (call $drop (local.get 1)))
  (func (export "counter_maybe") (param i32 i32) (call $count)
    (if (local.get 1) (then
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1)))) (call $drop (local.get 1)))))
  (func (export "counter_finish") (param i32 i32 i32) (result i32) (call $count)
    (call $free (local.get 1) (local.get 2) (i32.const 1))
    (i32.load (local.get 0)) (call $drop (local.get 0)))
  (func (export "counter_end") (param i32) (result i32) (i32.load (local.get 0)) (call $drop (local.get 0)))
  (func (export "counter_itself") (param i32) (result i32) (local.get 0))
  (func (export "__wbg_get_counter_mark") (param i32) (result i32) (i32.load16_s offset=4 (local.get 0)))
  (func (export "__wbg_set_counter_mark") (param i32 i32) (i32.store16 offset=4 (local.get 0) (local.get 1)))
  (func (export "merge") (param i32 i32) (result i32) (call $count)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1))))
    (call $drop (local.get 1)) (local.get 0))
  (func (export "other_new") (result i32) (call $malloc (i32.const 4) (i32.const 4)))
  (func (export "__wbg_other_free") (param i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))
  (func (export "other_use") (param i32) (result i32) (i32.const 7))
  (func (export "trap") unreachable)`;

const api = t.api({
  Counter: t.class({
    new: t.ctor([t.u32]),
    tryNew: t.ctor([t.u32], { throws: true }),
    last: t.static([], t.object("Counter")),
    none: t.static([], t.optional(t.owned("Counter"))),
    value: t.getter(t.u32),
    set_value: t.method([t.u32], t.void),
    add: t.method([t.i32], t.i32),
    addOther: t.method([t.object("Counter")], t.void),
    absorb: t.method([t.owned("Counter")], t.void),
    maybe: t.method([t.optional(t.owned("Counter"))], t.void),
    finish: t.method([t.string], t.u32, { consumes: true }),
    end: t.method([], t.u32, { consumes: true }),
    itself: t.method([], t.object("Counter")),
    mark: t.field(t.i16),
  }),
  Other: t.class({ new: t.ctor([]), use: t.method([], t.u32) }),
  merge: t.fn([t.owned("Counter"), t.owned("Counter")], t.owned("Counter")),
  trap: t.fn([], t.void),
});

interface Own extends Helpers {
  freed(): number;
  how(): number;
}

const open = async (convention = heap) =>
  load<Own, typeof api.members>(await bindgen(counter(convention), convention), { api });

/** The code that refuses a call. */
const refusal = (body: () => unknown) => {
  const error = thrownBy(body);
  if (!UnglueError.is(error)) throw error;
  return [error.code, error.details];
};
const unusable = (reason: string) => ["object-unusable", { class: "Counter", reason }];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each(conventions)("an object, with %s,", (_, convention) => {
  it("is made by every constructor, does what its members do, and is freed once", async () => {
    const { api, guarded } = await open(convention);
    guarded.soil();
    for (const make of [() => new api.Counter(2 ** 32 - 1), () => api.Counter.tryNew(2 ** 32 - 1)]) {
      const one = make();
      expect(one).toBeInstanceOf(api.Counter);
      expect(one.constructor).toBe(api.Counter);
      expect(one.constructor.name).toBe("Counter");
      expect(one.value).toBe(2 ** 32 - 1);
      expect(one.add(-5)).toBe(-6);
      one.set_value(3);
      expect([one.value, one.mark]).toEqual([3, 0]);
      one.mark = -32768;
      expect(one.mark).toBe(-32768);
      expect(api.Counter.last()).toBe(one);
      const before = guarded.freed();
      for (const end of [
        () => {
          one.free();
        },
        () => {
          one.free();
        },
        () => {
          one.dispose();
        },
        () => {
          one[Symbol.dispose]();
        },
      ])
        end();
      // With 1 the module waits for calls that have borrowed it.
      expect([guarded.freed() - before, guarded.how(), guarded.live()]).toEqual([1, 1, 0]);
    }
    expect(api.Counter.none()).toBeUndefined();
    expect(guarded.taken()).toBe(0);
  });

  it("cannot be used once it is freed, moved or another instance's, and the refusal says which", async () => {
    const [{ api, guarded }, other] = [await open(convention), await open(convention)];
    const [freed, moved, finished, foreign] = [
      new api.Counter(1),
      new api.Counter(2),
      new api.Counter(3),
      new other.api.Counter(4),
    ];
    const one = new api.Counter(10);
    freed.free();
    one.absorb(moved);
    expect(one.value).toBe(12);
    expect(finished.finish("fin")).toBe(3);
    const calls = guarded.calls();
    for (const [object, reason] of [
      [freed, "freed"],
      [moved, "moved"],
      [finished, "moved"],
    ] as const) {
      for (const use of [
        () => object.add(1),
        () => object.value,
        () => object.mark,
        () => {
          object.mark = 1;
        },
        () => object.itself(),
        () => object.end(),
        () => object.finish(""),
        () => {
          one.addOther(object);
        },
        () => {
          one.absorb(object);
        },
        () => {
          one.maybe(object);
        },
        () => api.merge(one, object),
        () => api.merge(object, one),
      ]) {
        expect(refusal(use)).toEqual(unusable(reason));
      }
    }
    for (const use of [
      () => {
        one.addOther(foreign);
      },
      () => {
        one.absorb(foreign);
      },
      () => api.merge(one, foreign),
    ]) {
      expect(refusal(use)).toEqual(unusable("foreign"));
    }
    expect(refusal(() => api.Counter.prototype.add.call(foreign, 1))).toEqual(unusable("foreign"));
    expect(guarded.calls()).toBe(calls);
    expect([one.value, foreign.value]).toEqual([12, 4]);
    for (const end of [one, foreign, freed, moved, finished]) end.free();
    expect([guarded.live(), other.guarded.live(), guarded.freed()]).toEqual([0, 0, 2]);
  });

  it("is kept by whoever had it when the call is refused for another argument", async () => {
    const { api, guarded } = await open(convention);
    const [one, two] = [new api.Counter(1), new api.Counter(2)];
    const calls = guarded.calls();
    expect(refusal(() => one.finish(5 as never))[0]).toBe("invalid-argument");
    expect(refusal(() => one.finish("\ud800"))[0]).toBe("invalid-argument");
    expect(refusal(() => api.merge(two, undefined as never))[0]).toBe("invalid-argument");
    expect(refusal(() => api.merge(two, two))).toEqual(unusable("given-twice"));
    expect(
      refusal(() => {
        two.absorb(two);
      }),
    ).toEqual(unusable("given-twice"));
    expect(guarded.calls()).toBe(calls);
    const merged = api.merge(one, two);
    expect([merged === one, merged.value]).toEqual([false, 3]);
    one.free();
    merged.free();
    expect(guarded.live()).toBe(0);
  });

  it("can be none where it is optional", async () => {
    const { api, guarded } = await open(convention);
    const one = new api.Counter(1);
    one.maybe();
    one.maybe(undefined);
    one.maybe(null);
    one.maybe(new api.Counter(4));
    expect(one.value).toBe(5);
    one.free();
    expect(guarded.live()).toBe(0);
  });
});

describe("an object", () => {
  it("of another class, or none, is no receiver and no argument", async () => {
    const { api, guarded } = await open();
    const [counter, other] = [new api.Counter(1), new api.Other()];
    const { add, end } = api.Counter.prototype;
    const value = Object.getOwnPropertyDescriptor(api.Counter.prototype, "value") as { get(): number };
    const fake = Object.create(api.Counter.prototype) as typeof counter;
    for (const junk of [
      undefined,
      null,
      5,
      "text",
      {},
      [],
      other,
      fake,
      new Proxy(counter, {}),
      api.Counter,
      api.Counter.prototype,
    ]) {
      const expected = "an object of the class Counter";
      for (const use of [() => add.call(junk as never, 1), () => end.call(junk as never), () => value.get.call(junk)]) {
        expect(refusal(use)).toMatchObject(["invalid-argument", { argument: "this", expected }]);
      }
      const use = () => {
        counter.addOther(junk as never);
      };
      expect(refusal(use)).toMatchObject([
        "invalid-argument",
        { call: "Counter.addOther", argument: "parameter 1", expected },
      ]);
    }
    expect(counter.value).toBe(1);
    expect(other.use()).toBe(7);
    expect(guarded.calls()).toBe(1);
  });

  it("is the same for the same address, for as long as the user has it", async () => {
    const { api, guarded } = await open();
    const one = new api.Counter(1);
    expect(one.itself()).toBe(one);
    expect(one.itself().itself()).toBe(api.Counter.last());
    one.free();
    // A borrowed object is not the user's to free.
    const lent = api.Counter.last();
    expect(lent).not.toBe(one);
    lent.free();
    expect([guarded.freed(), guarded.live()]).toEqual([1, 0]);
  });

  it("may be of a class of the user's that extends it", async () => {
    const { api, guarded } = await open();
    class Mine extends api.Counter {
      readonly label: string;
      constructor(label: string) {
        super(40);
        this.label = label;
      }
      addTwice(by: number): number {
        return this.add(by * 2);
      }
      get twice(): number {
        return this.value * 2;
      }
    }
    const mine = new Mine("answer");
    expect([mine.addTwice(1), mine.twice, mine.label]).toEqual([42, 84, "answer"]);
    expect(mine).toBeInstanceOf(api.Counter);
    expect(mine.itself()).toBe(mine);
    const one = new api.Counter(1);
    one.absorb(mine);
    expect(one.value).toBe(43);
    expect(refusal(() => mine.twice)).toEqual(unusable("moved"));
    one.free();
    expect(guarded.live()).toBe(0);
  });

  it("of an instance that is disposed of, or has trapped, is refused by the instance's state", async () => {
    for (const [end, code] of [
      [
        (wasm: Awaited<ReturnType<typeof open>>) => {
          wasm.dispose();
        },
        "disposed",
      ],
      [
        (wasm: Awaited<ReturnType<typeof open>>) =>
          thrownBy(() => {
            wasm.api.trap();
          }),
        "poisoned",
      ],
    ] as const) {
      const wasm = await open();
      const [one, two] = [new wasm.api.Counter(1), new wasm.api.Counter(2)];
      end(wasm);
      for (const use of [
        () => one.add(1),
        () => one.value,
        () => {
          one.mark = 1;
        },
        () => one.itself(),
        () => {
          one.addOther(two);
        },
      ]) {
        expect(refusal(use)[0]).toBe(code);
      }
      one.free();
      one[Symbol.dispose]();
    }
  });

  it('of a life that a trap has ended is refused by name under onTrap: "restart", and a new one works', async () => {
    const wasm = await load<Own, typeof api.members>(await bindgen(counter(externref), externref), {
      api,
      onTrap: "restart",
    });
    const { Counter, trap, merge } = wasm.api;
    const old = new Counter(1);
    expect(UnglueError.is(thrownBy(trap), "trap")).toBe(true);
    expect(refusal(() => old.value)).toEqual(unusable("ended"));
    const one = new Counter(5);
    for (const use of [
      () => {
        one.addOther(old);
      },
      () => {
        one.absorb(old);
      },
      () => merge(one, old),
      () => old.end(),
    ]) {
      expect(refusal(use)).toEqual(unusable("ended"));
    }
    expect(old).toBeInstanceOf(Counter);
    old.free();
    expect([one.value, wasm.guarded.freed(), wasm.guarded.live()]).toEqual([5, 0, 1]);
    one.free();
    expect(wasm.guarded.live()).toBe(0);
  });

  it("of two instances of one module is each instance's own", async () => {
    const module = await compile(await bindgen(counter(heap), heap));
    const [left, right] = [await module.instantiate({ api }), await module.instantiate({ api })];
    const [one, two] = [new left.api.Counter(1), new right.api.Counter(2)];
    expect(left.api.Counter).not.toBe(right.api.Counter);
    expect(one).not.toBeInstanceOf(right.api.Counter);
    left.dispose();
    expect(two.add(1)).toBe(3);
    expect(refusal(() => one.value)[0]).toBe("disposed");
  });

  it("works where the engine has neither FinalizationRegistry nor WeakRef", async () => {
    vi.stubGlobal("FinalizationRegistry", undefined);
    vi.stubGlobal("WeakRef", undefined);
    const { api, guarded } = await open();
    const one = new api.Counter(1);
    expect(one.itself().value).toBe(1);
    one.absorb(new api.Counter(2));
    expect(one.value).toBe(3);
    one.free();
    expect(guarded.live()).toBe(0);
  });
});

describe("an address outside the memory", () => {
  const interfaceOf = () =>
    t.api({
      give: t.fn([], t.owned("Node")),
      lend: t.fn([], t.object("Node")),
      Node: t.class({ new: t.ctor([]), make: t.ctor([]), last: t.static([], t.optional(t.owned("Node"))) }),
    });
  const makers = ["give", "lend", "node_new", "node_make", "node_last"] as const;
  const bodyOf = (address: number) => `
    (global $freed (mut i32) (i32.const 0))
    (func (export "freed") (result i32) (global.get $freed))
    ${makers.map((name) => `(func (export "${name}") (result i32) (i32.const ${address}))`).join("\n")}
    (func $drop (param i32) (global.set $freed (i32.add (global.get $freed) (i32.const 1))))
    (export "__wbg_node_free" (func $drop))`;
  const asC = (body: string) => body.replace("__wbg_node_", "Node_").replaceAll("node_", "Node_");
  const modules = {
    "wasm-bindgen": (address: number) => bindgen(bodyOf(address), heap),
    C: (address: number) => wat(`(module (memory (export "memory") 2) ${asC(bodyOf(address))})`),
  };

  it.each(Object.entries(modules))("is no object's, by the convention of %s", async (_, moduleAt) => {
    for (const [given, address] of [
      [-1, 2 ** 32 - 1],
      [131072, 131072],
    ] as const) {
      const { api, guarded } = await load<{ freed(): number }, ReturnType<typeof interfaceOf>["members"]>(
        await moduleAt(given),
        { api: interfaceOf() },
      );
      const refused = ["out-of-bounds", { address, length: 1, size: 131072 }];
      expect(refusal(() => api.give())).toEqual(refused);
      expect(refusal(() => api.lend())).toEqual(refused);
      expect(refusal(() => new api.Node())).toEqual(refused);
      expect(refusal(() => api.Node.make())).toEqual(refused);
      expect(refusal(() => api.Node.last())).toEqual(refused);
      expect(guarded.freed()).toBe(0);
    }
  });

  it("is whatever the module means by it where there is no memory", async () => {
    const bytes = await wat(`(module ${asC(bodyOf(-1))})`);
    const { api, guarded } = await load<{ freed(): number }, ReturnType<typeof interfaceOf>["members"]>(bytes, {
      api: interfaceOf(),
    });
    api.give().free();
    expect(guarded.freed()).toBe(1);
  });
});
