import { describe, expect, it } from "vitest";
import { compile, inspect, load, t, UnglueError } from "unglue";
import { rejectionOf } from "../wat.ts";
import { bindgen, externref, heap } from "./bindgen.ts";

const module = (convention = heap) =>
  bindgen(
    `(func (export "greet") (param i32 i32) (result i32) (i32.const 0))
     (func (export "sum") (param i32 f64) (result f64) (local.get 1))
     (func (export "realm_new") (param i32))
     (func (export "realm_loadModel") (param i32 i32 i32))
     (func (export "realm_isLoaded") (param i32) (result i32) (i32.const 0))
     (func (export "__wbg_realm_free") (param i32 i32))
     (func (export "orphan_new") (result i32) (i32.const 16))
     (func (export "__proto__") (result i32) (i32.const 0))`,
    convention,
  );

type Misfits = { name: string; declared: string; export?: string; reason?: string }[];

const misfits = async (members: Parameters<typeof t.api>[0], convention = heap) => {
  const error = await rejectionOf(load(await module(convention), { api: t.api(members as never) }));
  if (!UnglueError.is(error, "interface-mismatch")) throw error;
  return { message: error.message, found: error.details.misfits as Misfits };
};

describe("an interface that is not the module's", () => {
  it("is refused with all that does not fit, both signatures spelled out", async () => {
    const { message, found } = await misfits({
      greet: t.fn([t.u32], t.string),
      sum: t.fn([t.i32, t.f64], t.f32),
      gret: t.fn([t.string], t.u32),
      swapped: t.fn([t.f64, t.i32], t.f64, { export: "sum" }),
      Realm: t.class({
        new: t.ctor([], { throws: true }),
        loadModel: t.method([t.bytes, t.u64], t.void),
        is_Loaded: t.method([], t.bool),
        isLoaded: t.method([], t.bool),
      }),
      Orphan: t.class({ new: t.ctor([]) }),
      __proto__: t.fn([], t.u32),
      made: t.fn([], t.owned("Nobody")),
      taken: t.fn([t.list(t.object("greet"))], t.void, { export: "sum" }),
    });
    expect(found.map(({ name }) => name)).toEqual([
      ...["greet", "sum", "gret", "swapped", "Realm.loadModel", "Realm.is_Loaded"],
      ...["Orphan.free", "made", "taken"],
    ]);
    for (const line of [
      "greet is declared (u32) -> string, and the export greet is (i32, i32) -> i32",
      "sum is declared (i32, f64) -> f32, and the export sum is (i32, f64) -> f64",
      "gret is declared (string) -> u32, and the module exports no function gret; did you mean greet?",
      "swapped is declared (f64, i32) -> f64, and the export sum is (i32, f64) -> f64",
      "Realm.loadModel is declared (bytes, u64) -> void, and the export realm_loadModel is (i32, i32, i32) -> ()",
      "Realm.is_Loaded is declared () -> bool, and the module exports no function realm_is_Loaded or realm_is_loaded; did you mean realm_isLoaded?",
      "Orphan.free is declared (Orphan) -> void, and the module exports no function __wbg_orphan_free",
      "made is declared () -> owned Nobody: the interface declares no class Nobody",
      "taken is declared (list(greet)) -> void: the interface declares no class greet",
    ]) {
      expect(message).toContain(line);
    }
    expect(message).toContain("inspect(bytes)");
  });

  it("is refused for what JavaScript can declare without types", async () => {
    const bad = t as unknown as Record<"u33", typeof t.u32>;
    const { found } = await misfits({
      greet: t.fn([t.list(bad.u33)], t.u32),
      sum: t.fn([t.i32, t.f64], bad.u33),
      realm_new: t.fn([t.closure([bad.u33], t.void)], t.void),
    });
    expect(found.map(({ name, reason }) => [name, reason])).toEqual([
      ["greet", "parameter 1 is none of t's types"],
      ["sum", "the result is none of t's types"],
      ["realm_new", "parameter 1 is none of t's types"],
    ]);
  });

  it("of a thousand members that do not fit is shown in short, and told in full", async () => {
    const members = Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [`missing${at}`, t.fn([t.string], t.string)] as const),
    );
    const { message, found } = await misfits(members);
    expect(found).toHaveLength(1000);
    expect(message.split("\n").length).toBeLessThan(40);
    expect(message.length).toBeLessThan(10_000);
    expect(message).toContain("… and 970 more, in error.details.misfits");
  });

  it("is refused for a result by pointer in a module that has nothing to move its stack pointer", async () => {
    const convention = { ...externref, results: "multi-value" } as const;
    const members = { loaded: t.fn([t.string], t.void, { export: "realm_loadModel" }) };
    expect((await misfits(members, convention)).found).toMatchObject([{ name: "loaded", export: "realm_loadModel" }]);
    await load(await module(heap), { api: t.api(members) });
  });

  it("is refused each time, and leaves the module as usable as before", async () => {
    const compiled = await compile(await module());
    const api = t.api({ greet: t.fn([], t.void) });
    for (let round = 0; round < 2; round++) {
      expect(UnglueError.is(await rejectionOf(compiled.instantiate({ api })), "interface-mismatch")).toBe(true);
    }
    const wasm = await compiled.instantiate({ api: t.api({ sum: t.fn([t.i32, t.f64], t.f64) }) });
    expect(wasm.api.sum(1, 2.5)).toBe(2.5);
  });
});

describe("an interface for a bare module", () => {
  it("needs its bytes or its shape", async () => {
    const bytes = await module();
    const raw = await WebAssembly.compile(bytes);
    const api = t.api({ sum: t.fn([t.i32, t.f64], t.f64) });
    expect(await rejectionOf(load(raw, { api }))).toMatchObject({ code: "needs-bytes", details: { option: "api" } });
    const wasm = await load(raw, { api, shape: inspect(bytes) });
    expect(wasm.api.sum(1, 2.5)).toBe(2.5);
    const copied = structuredClone(inspect(bytes));
    expect((await load(raw, { api, shape: copied })).api.sum(1, 2.5)).toBe(2.5);
  });

  it("is refused where it is none", async () => {
    for (const api of [{}, { members: { f: 5 } }, { members: { f: {} } }, [], null, "api", () => 1]) {
      expect(await rejectionOf(load(await module(), { api: api as never }))).toMatchObject({ code: "invalid-option" });
    }
  });
});
