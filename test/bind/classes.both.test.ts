import { describe, expect, it } from "vitest";
import { load, t } from "unglue";
import { bindgen, heap } from "./bindgen.ts";

describe("a class", () => {
  it("without a constructor cannot be called with new, and its objects are its instances", async () => {
    const body = `
      (func (export "thing_make") (result i32) (call $malloc (i32.const 4) (i32.const 4)))
      (func (export "__wbg_thing_free") (param i32 i32) (call $free (local.get 0) (i32.const 4) (i32.const 4)))`;
    const { api } = await load(await bindgen(body, heap), {
      api: t.api({ Thing: t.class({ make: t.ctor([]) }) }),
    });
    const one = api.Thing.make();
    expect(one).toBeInstanceOf(api.Thing);
    expect(api.Thing.make.name).toBe("make");
    const Thing = api.Thing as unknown as (new () => object) & (() => object);
    expect(() => new Thing()).toThrow(
      expect.objectContaining({
        code: "invalid-argument",
        message: expect.stringMatching(
          /class Thing is declared without a constructor.*Call Thing\.make instead/,
        ) as unknown,
      }) as Error,
    );
    expect(() => Thing()).toThrow(TypeError);
  });

  it("may have members of any name", async () => {
    const names = [
      "constructor",
      "__proto__",
      "then",
      "free",
      "dispose",
      "length",
      "name",
      "",
      "größe",
      "toString",
      "valueOf",
      "hasOwnProperty",
    ];
    const body = names
      .map(
        (name, at) => `
        (func (export "own:${name}") (param i32) (result i32) (i32.const ${at}))
        (func (export "all:${name}") (result i32) (i32.const ${100 + at}))`,
      )
      .join("\n");
    const methods = Object.fromEntries(
      names.map((name) => [name, t.method([], t.u32, { export: `own:${name}` })] as const),
    );
    const statics = Object.fromEntries(
      names.map((name) => [name, t.static([], t.u32, { export: `all:${name}` })] as const),
    );
    const functions = Object.fromEntries(
      names.map((name) => [name, t.fn([], t.u32, { export: `all:${name}` })] as const),
    );
    const make = { export: "make" };
    const wasm = await load(
      await bindgen(
        `${body} (global $freed (export "freed") (mut i32) (i32.const 0))
        (func (export "make") (result i32) (i32.const 16))
        (func (export "end") (param i32) (global.set $freed (i32.add (global.get $freed) (i32.const 1))))`,
        heap,
      ),
      {
        api: t.api({
          Own: t.class({ ...methods, new: t.ctor([], make) }, { free: "end" }),
          All: t.class({ ...statics, new: t.ctor([], make) }, { free: "end" }),
          ...functions,
        }),
      },
    );
    const api = wasm.api as unknown as Record<
      string,
      (() => unknown) & Record<string, () => unknown> & (new () => Record<string, () => unknown>)
    >;
    const { Own, All } = api;
    const one = new Own!();
    for (const [at, name] of names.entries()) {
      expect([name, api[name]?.(), one[name]?.(), All?.[name]?.()]).toEqual([name, 100 + at, at, 100 + at]);
    }
    expect(one).toBeInstanceOf(Own);
    expect(Object.getPrototypeOf(api)).toBeNull();
    one[Symbol.dispose as never]?.();
    expect((wasm.exports["freed"] as unknown as { value: number }).value).toBe(1);
  });

  it("cannot have a static member named prototype, which the refusal says", async () => {
    const body = `(func (export "thing_prototype") (result i32) (i32.const 0))`;
    await expect(
      load(await bindgen(body, heap), { api: t.api({ Thing: t.class({ prototype: t.static([], t.u32) }) }) }),
    ).rejects.toMatchObject({ code: "interface-mismatch", details: { misfits: [{ name: "Thing.prototype" }] } });
  });

  it("is of any name, and all that is of the interface is frozen", async () => {
    const names = ["__proto__", "constructor", "", "größe", "Object"];
    const { api } = await load(
      await bindgen(
        `(func (export "make") (result i32) (i32.const 16)) (func (export "use") (param i32) (result i32) (local.get 0))`,
        heap,
      ),
      {
        api: t.api(
          Object.fromEntries(
            names.map(
              (name) =>
                [
                  name,
                  t.class(
                    { new: t.ctor([], { export: "make" }), use: t.method([], t.u32, { export: "use" }) },
                    { free: false },
                  ),
                ] as const,
            ),
          ),
        ),
      },
    );
    expect(Object.keys(api)).toEqual(names);
    expect(Object.isFrozen(api)).toBe(true);
    for (const name of names) {
      const Class = api[name]!;
      const one = new Class();
      expect([Class.name, one.use(), one instanceof Class]).toEqual([name, 16, true]);
    }
  });
});
