import { afterEach, describe, expect, it, vi } from "vitest";
import { load, t, UnglueError } from "unglue";
import { moduleUrl } from "../packages/served.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { api as brotli } from "../packages/brotli/api.ts";
import { bindgen, conventions, externref, heap, type Helpers, returning, valueOf } from "./bindgen.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

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
    // The error is not about the handles that a call lends.
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
