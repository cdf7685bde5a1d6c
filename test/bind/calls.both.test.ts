import { afterEach, describe, expect, it, vi } from "vitest";
import { load, t, UnglueError } from "unglue";
import { moduleUrl } from "../packages/served.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { api as brotli } from "./packages/brotli.ts";
import { type Bindgen, bindgen, conventions, externref, heap, type Helpers, returning } from "./bindgen.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const valueOf = ({ handles }: Bindgen) => (handles === "heap" ? "i32" : "externref");

describe.each(conventions)("an array that the module writes to, with %s,", (_, convention) => {
  const fill = `(memory.fill (local.get 0) (i32.const 7) (i32.mul (local.get 1) (i32.const 2)))`;

  it("shows what was written: up to 0.2.83 by two words", async () => {
    const body = `
      (func (export "fill") (param i32 i32) ${fill})
      (func (export "trap") (param i32 i32) ${fill} unreachable)`;
    const api = t.api({
      fill: t.fn([t.array(t.u16, { mutable: true })], t.void),
      trap: t.fn([t.array(t.u16, { mutable: true })], t.void),
    });
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, { ...convention, version: 83 }), { api });
    const array = new Uint16Array(4);
    wasm.api.fill(array.subarray(1, 3));
    expect([...array]).toEqual([0, 0x0707, 0x0707, 0]);
    wasm.api.fill(new Uint16Array());
    expect(wasm.guarded.live()).toBe(0);
    // What a call lends is not what the error is about.
    expect(
      thrownBy(() => {
        wasm.api.trap(array);
      }),
    ).toMatchObject({ code: "trap", details: { export: "trap" } });
    expect(wasm.state).toBe("poisoned");
  });

  it("shows what was written: since 0.2.84 by a third, the array itself", async () => {
    const value = valueOf(convention);
    const imports = `(import "wbg" "__wbindgen_copy_to_typed_array" (func $copy (param i32 i32 ${value})))
      ${convention.handles === "heap" ? '(import "wbg" "__wbindgen_object_drop_ref" (func $dropValue (param i32)))' : ""}`;
    const body = `(func (export "fill") (param i32 i32 ${value})
      ${fill}
      (call $copy (local.get 0) (i32.mul (local.get 1) (i32.const 2)) (local.get 2))
      (call $free (local.get 0) (i32.mul (local.get 1) (i32.const 2)) (i32.const 2))
      ${convention.handles === "heap" ? "(call $dropValue (local.get 2))" : ""})`;
    const api = t.api({ fill: t.fn([t.array(t.u16, { mutable: true })], t.void) });
    const bytes = await bindgen(body, { ...convention, version: 84 }, imports);
    const wasm = await load<Helpers, typeof api.members>(bytes, { api });
    const size = wasm.handles.size;
    const array = new Uint16Array(4);
    wasm.api.fill(array.subarray(1, 3));
    expect([...array]).toEqual([0, 0x0707, 0x0707, 0]);
    expect([wasm.guarded.live(), wasm.handles.size]).toEqual([0, size]);
  });
});

describe.each(conventions)("objects that the module passes as values, with %s,", (_, convention) => {
  const value = valueOf(convention);
  const add = convention.handles === "heap" ? "" : "(call $slot";
  const close = add && ")";
  const imports = `
    (import "wbg" "__wbg_counter_new" (func $wrap (param i32) (result ${value})))
    (import "wbg" "__wbg_counter_unwrap" (func $unwrap (param ${value}) (result i32)))
    (import "wbg" "__wbg_stranger_new" (func $stranger (param i32) (result ${value})))`;
  const load32 = (offset: number) => {
    const slot = `(i32.load offset=${offset} (local.get 0))`;
    return convention.handles === "heap" ? slot : `(call $take ${slot})`;
  };
  const body = `
    (func $make (param i32) (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 4) (i32.const 4)))
      (i32.store (local.get $at) (local.get 0)) (local.get $at))
    (export "counter_new" (func $make))
    (func (export "counter_value") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "__wbg_counter_free") (param i32 i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))
    (func $pair (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.const 8) (i32.const 4)))
      (i32.store (local.get $at) ${add} (call $wrap (call $make (i32.const 1)))${close})
      (i32.store offset=4 (local.get $at) ${add} (call $wrap (call $make (i32.const 2)))${close})
      (local.get $at))
    ${returning(
      "pair",
      [],
      [
        ["i32", "(call $pair)"],
        ["i32", "(i32.const 2)"],
      ],
      convention,
    )}
    (func (export "sum") (param i32 i32) (result i32) (local $a i32) (local $b i32)
      (call $count)
      (local.set $a (call $unwrap ${load32(0)}))
      (local.set $b (call $unwrap ${load32(4)}))
      (call $free (local.get 0) (i32.mul (local.get 1) (i32.const 4)) (i32.const 4))
      (i32.add (i32.load (local.get $a)) (i32.load (local.get $b)))
      (call $free (local.get $a) (i32.const 4) (i32.const 4))
      (call $free (local.get $b) (i32.const 4) (i32.const 4)))
    (func (export "one") (result ${value}) (call $wrap (call $make (i32.const 5))))
    (func (export "other") (result ${value}) (call $stranger (i32.const 5)))
    (func (export "is") (param ${value}) (result i32) (local $a i32)
      (local.set $a (call $unwrap (local.get 0)))
      (if (local.get $a) (then (call $free (local.get $a) (i32.const 4) (i32.const 4))))
      (i32.ne (local.get $a) (i32.const 0)))`;
  const api = t.api({
    Counter: t.class({ new: t.ctor([t.u32]), value: t.getter(t.u32) }),
    pair: t.fn([], t.list(t.owned("Counter"))),
    sum: t.fn([t.list(t.owned("Counter"))], t.u32),
    one: t.fn([], t.js),
    other: t.fn([], t.js),
    is: t.fn([t.js], t.bool),
  });

  it("are the interface's, and go back as they came", async () => {
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention, imports), { api });
    const { Counter, pair, sum, one, other, is } = wasm.api;
    const size = wasm.handles.size;
    const counters = pair();
    expect(counters.map((counter) => [counter instanceof Counter, counter.value])).toEqual([
      [true, 1],
      [true, 2],
    ]);
    expect(sum([...counters])).toBe(3);
    for (const counter of counters) {
      expect(thrownBy(() => counter.value)).toMatchObject({ details: { class: "Counter", reason: "moved" } });
    }
    const mine = one();
    expect(mine).toBeInstanceOf(Counter);
    expect([is(mine), is({}), is(null), is(other())]).toEqual([true, false, false, false]);
    expect(thrownBy(() => (mine as InstanceType<typeof Counter>).value)).toMatchObject({
      details: { reason: "moved" },
    });
    expect([wasm.guarded.live(), wasm.handles.size]).toEqual([0, size]);
  });

  it("are refused in a list by name, each kept by whoever has it", async () => {
    const bytes = await bindgen(body, convention, imports);
    const wasm = await load<Helpers, typeof api.members>(bytes, { api });
    const other = await load<Helpers, typeof api.members>(bytes, { api });
    const { Counter, sum } = wasm.api;
    const [one, two, freed] = [new Counter(1), new Counter(2), new Counter(3)];
    freed.free();
    for (const [list, code] of [
      [[one, freed], "object-unusable"],
      [[one, new other.api.Counter(4)], "object-unusable"],
      [[one, one], "object-unusable"],
      [[one, {}], "invalid-argument"],
      [[one, undefined], "invalid-argument"],
      [one, "invalid-argument"],
    ] as const) {
      expect(thrownBy(() => sum(list as never))).toMatchObject({ code });
    }
    expect(wasm.guarded.calls()).toBe(0);
    expect(sum([one, two])).toBe(3);
    expect([wasm.guarded.live(), other.guarded.live()]).toEqual([0, 1]);
  });
});

describe.each(conventions)("a call that throws, with %s,", (_, convention) => {
  const value = valueOf(convention);
  const imports = `
    (import "app" "hear" (func $hear (param ${value} ${value})))
    (import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))`;
  /** Takes stack as a function of Rust's does, and gives it back only where nothing is thrown. */
  const within = (code: string) => `(drop (call $move (i32.const -64))) ${code} (drop (call $move (i32.const 64)))`;
  const ok = [
    ["i32", "(i32.const 0)"],
    ["i32", "(i32.const 0)"],
  ] as const;
  const body = `
    (data (i32.const 64) "the reason")
    ${returning("hear", [value, value], [...ok], convention, within("(call $count) (call $hear $0 $1)"))}
    ${returning("throw", ["i32"], [...ok], convention, within("(call $throw (i32.const 64) (i32.const 10))"))}
    (func (export "fine") (result i32) (i32.const 5))
    (func (export "trap") unreachable)`;
  const api = t.api({
    hear: t.fn([t.js.lent, t.js.lent], t.void, { throws: true }),
    throw: t.fn([t.u32], t.void, { throws: true }),
    fine: t.fn([], t.u32),
    trap: t.fn([], t.void),
  });

  it("loses neither stack nor handles in 100,000 calls", async () => {
    const error = new Error("heard");
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention, imports), {
      api,
      imports: {
        app: {
          hear: () => {
            throw error;
          },
        },
      },
    });
    const size = wasm.handles.size;
    const thrown = new Set<unknown>();
    for (let round = 0; round < 50_000; round++) {
      thrown.add(
        thrownBy(() => {
          wasm.api.hear({}, {});
        }),
      );
      thrown.add(
        (
          thrownBy(() => {
            wasm.api.throw(round);
          }) as Error
        ).message,
      );
    }
    expect([...thrown]).toEqual([error, "the reason"]);
    expect([wasm.guarded.calls(), wasm.handles.size, wasm.state]).toEqual([50_000, size, "live"]);
    // A module with several results exports nothing that could move its stack pointer back.
    if (convention.results === "return-pointer") expect(wasm.guarded.taken()).toBe(0);
    expect(wasm.api.fine()).toBe(5);
  });

  it("does not disturb the call that it is inside of", async () => {
    const heard: unknown[] = [];
    const { handles } = convention;
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention, imports), {
      api,
      imports: (instance) => ({
        app: {
          hear: (...words: number[]) => {
            const [inner, then] = handles === "heap" ? words.map((word) => instance.handles.get(word)) : words;
            heard.push(inner);
            if (typeof then === "function") (then as () => void)();
          },
        },
      }),
    });
    const { hear, fine } = wasm.api;
    const size = wasm.handles.size;
    const caught: unknown[] = [];
    const boom = new Error("boom");
    hear("outer", () => {
      caught.push(
        thrownBy(() => {
          wasm.api.throw(1);
        }),
      );
      caught.push(
        thrownBy(() => {
          hear("inner", () => {
            throw boom;
          });
        }),
      );
      hear("inner too", () => {
        heard.push(fine());
      });
    });
    expect(heard).toEqual(["outer", "inner", "inner too", 5]);
    expect(caught).toEqual([new Error("the reason"), boom]);
    expect(wasm.handles.size).toBe(size);
    if (convention.results === "return-pointer") expect(wasm.guarded.taken()).toBe(0);
  });

  it("by a trap inside an import's call leaves the trap as the first cause", async () => {
    const { handles } = convention;
    const states: unknown[] = [];
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention, imports), {
      api,
      imports: (instance) => ({
        app: {
          hear: (word: unknown) => {
            const then = (handles === "heap" ? instance.handles.get(word as number) : word) as () => void;
            then();
          },
        },
      }),
    });
    const first = thrownBy(() => {
      wasm.api.hear(() => {
        states.push(thrownBy(wasm.api.trap));
        throw states[0] as Error;
      }, 0);
    });
    expect(states).toMatchObject([{ code: "trap", details: { export: "trap" } }]);
    expect(first).toBe(states[0]);
    expect(thrownBy(wasm.api.fine)).toMatchObject({ code: "poisoned", cause: first });
  });

  it("because the instance is disposed of during it ends as that, or ends well", async () => {
    const { handles } = convention;
    const wasm = await load<Helpers, typeof api.members>(await bindgen(body, convention, imports), {
      api,
      imports: (instance) => ({
        app: {
          hear: (word: unknown) => {
            const then = (handles === "heap" ? instance.handles.get(word as number) : word) as () => void;
            then();
          },
        },
      }),
    });
    const { hear, fine } = wasm.api;
    const end = (() => {
      try {
        hear(() => {
          wasm.dispose();
        }, 0);
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    if (end !== undefined) expect(end).toMatchObject({ code: "disposed" });
    expect(thrownBy(fine)).toMatchObject({ code: "disposed" });
  });
});

describe("a call of the package's own JavaScript that throws", () => {
  it("loses stack each time, where one through an interface loses none", async () => {
    const body = `
      (data (i32.const 64) "the reason")
      ${returning(
        "throw",
        ["i32"],
        [
          ["i32", "(i32.const 0)"],
          ["i32", "(i32.const 0)"],
        ],
        heap,
        "(drop (call $move (i32.const -64))) (call $throw (i32.const 64) (i32.const 10)) (drop (call $move (i32.const 64)))",
      )}`;
    const imports = '(import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))';
    interface Exports extends Helpers {
      __wbindgen_add_to_stack_pointer(by: number): number;
      throw(area: number, value: number): void;
    }
    const api = t.api({ throw: t.fn([t.u32], t.void, { throws: true }) });
    const wasm = await load<Exports, typeof api.members>(await bindgen(body, heap, imports), { api });
    for (let round = 0; round < 10; round++)
      thrownBy(() => {
        wasm.api.throw(1);
      });
    expect(wasm.guarded.taken()).toBe(0);
    const { exports } = wasm;
    // As wasm-bindgen writes it.
    const generated = () => {
      try {
        exports.throw(exports.__wbindgen_add_to_stack_pointer(-16), 1);
      } finally {
        exports.__wbindgen_add_to_stack_pointer(16);
      }
    };
    for (let round = 0; round < 10; round++) thrownBy(generated);
    expect(exports.taken()).toBe(640);
    for (let round = 0; round < 10; round++)
      thrownBy(() => {
        wasm.api.throw(1);
      });
    expect(exports.taken()).toBe(640);
  });
});

describe("a panic of brotli-wasm 3.0.1", () => {
  it("arrives as a trap with Rust's words", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const wasm = await load(moduleUrl("brotli"), { api: brotli });
    const error = thrownBy(() => wasm.api.compress(Uint8Array.of(1), { quality: "x" as never }));
    expect(UnglueError.is(error, "trap") && error.details).toMatchObject({
      export: "compress",
      panic: expect.stringContaining("invalid type: string") as string,
    });
    expect(thrownBy(() => wasm.api.compress(Uint8Array.of(1)))).toMatchObject({ code: "poisoned", cause: error });
  });
});

describe("an interface while its instance is made", () => {
  const body = `(func (export "fine") (result i32) (i32.const 5)) (func (export "say") (call $hear))
    (func (export "length") (param i32 i32) (result i32) (local.get 1) (call $free (local.get 0) (local.get 1) (i32.const 1)))`;
  const imports = `(import "app" "hear" (func $hear))`;
  const api = t.api({ fine: t.fn([], t.u32), say: t.fn([], t.void), length: t.fn([t.string], t.u32) });

  it.each([heap, externref])("is not ready for the imports, and ready in them", async (convention) => {
    const bytes = await bindgen(body, convention, imports);
    const early = load(bytes, {
      api,
      imports: (instance) => {
        (instance.api as { fine(): number }).fine();
        return {};
      },
    });
    expect(await rejectionOf(early)).toMatchObject({ code: "not-ready" });
    const heard: number[] = [];
    const wasm = await load(bytes, {
      api,
      imports: (instance) => ({
        app: {
          hear: () => {
            const { fine, length } = instance.api as { fine(): number; length(text: string): number };
            heard.push(fine(), length("é"));
          },
        },
      }),
    });
    wasm.api.say();
    expect(heard).toEqual([5, 2]);
  });
});
