import { describe, expect, it, vi } from "vitest";
import { compile, load, loadSync, UnglueError } from "unglue";
import { wasmBindgen, type WasmBindgenOptions } from "unglue/wasm-bindgen";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

/** An import of no known hash, which the module exports as `call`. */
const importing = (name: string, type: string) =>
  wat(`(module (import "wbg" "${name}" (func $it ${type})) (export "call" (func $it)) (memory (export "memory") 1))`);

describe("a stated meaning", () => {
  it("is the declaration of that name whose type fits, though others come first", async () => {
    // The first declaration of console.error takes one value.
    const name = "__wbg_error_0123456789abcdef";
    const bytes = await importing(name, "(param i32 i32 i32 i32)");
    const wasm = await load<{ call(...values: number[]): void }>(bytes, {
      adapters: [wasmBindgen({ meanings: { [name]: "console.error" } })],
    });
    expect(wasm.imports).toMatchObject([{ provider: "adapter", evidence: "as stated in the adapter's options" }]);
    const written = vi.spyOn(console, "error").mockReturnValue();
    wasm.guarded.call(...[1, "two", null, {}].map((value) => wasm.handles.add(value)));
    expect(written.mock.calls).toEqual([[1, "two", null, {}]]);
    written.mockRestore();
  });

  it("is refused where declarations of that name read the same words differently, and says how to tell", async () => {
    // Two words are text for one declaration of console.log, and two values for another.
    const name = "__wbg_log_0123456789abcdef";
    const bytes = await importing(name, "(param i32 i32)");
    const open = (meaning: string) => load(bytes, { adapters: [wasmBindgen({ meanings: { [name]: meaning } })] });
    const error = await rejectionOf(open("console.log"));
    expect(UnglueError.is(error, "invalid-option") && error.message).toContain('as in "console.log: (');
    expect((await open("console.log: (s)")).imports).toMatchObject([{ provider: "adapter" }]);
  });
});

describe("the advice on an import that is not known", () => {
  it.each([
    ["self", "(param i32) (result i32)"],
    ["self", "(result i32)"],
    ["set", "(param i32 i32 i32)"],
    ["get", "(param i32 i32) (result i32)"],
    ["log", "(param i32 i32)"],
    ["call", "(param i32 i32) (result i32)"],
    ["append", "(param i32 i32 i32 i32 i32)"],
    ["new", "(result i32)"],
  ])("offers only what is accepted when it is stated: %s %s", async (short, type) => {
    const name = `__wbg_${short}_0123456789abcdef`;
    const bytes = await importing(name, type);
    const reportOf = async (options: WasmBindgenOptions) =>
      (await load(bytes, { adapters: [wasmBindgen(options)] })).imports[0];
    const { evidence = "" } = (await reportOf({})) ?? {};
    const offered = /It could be (.*?)(?: and others)?\. It may/.exec(evidence)?.[1]?.split(", ") ?? [];
    expect(offered.length).toBeGreaterThan(0);
    for (const meaning of offered) {
      const { provider, evidence: why = "" } = (await reportOf({ meanings: { [name]: meaning } })) ?? {};
      // A meaning with a closure is accepted too, and asks for what runs it.
      expect(provider === "adapter" || why.includes("which export runs its closure"), meaning).toBe(true);
    }
  });

  it("offers a text too where its two words could be two values, and a function of the package", async () => {
    const bytes = await importing("__wbg_debug_0123456789abcdef", "(param i32 i32)");
    const { evidence } = (await load(bytes, { adapters: [wasmBindgen({})] })).imports[0] ?? {};
    expect(evidence).toMatch(/console\.debug: \(h,h\), console\.debug: \(s\)/);
    expect(evidence).toContain("It may also be a function of the package's own JavaScript");
  });

  it("gives an example of its type where it knows none that fits", async () => {
    const name = "__wbg_nothing_0123456789abcdef";
    const wasm = await load(await importing(name, "(param f64 f64)"), { adapters: [wasmBindgen({})] });
    expect(wasm.imports[0]?.evidence).toContain(`{ "${name}": "theFunction: (d,d)" }`);
  });
});

it("is passed a text that Rust has interned by its handle, where there is no address", async () => {
  const name = "__wbg_log_0123456789abcdef";
  const bytes = await importing(name, "(param i32 i32)");
  const adapters = [wasmBindgen({ meanings: { [name]: "console.log: (s)" } })];
  const wasm = await load<{ call(address: number, size: number): void }>(bytes, { adapters });
  const written = vi.spyOn(console, "log").mockReturnValue();
  wasm.guarded.call(0, wasm.handles.add("kept"));
  expect(written.mock.calls).toEqual([["kept"]]);
  written.mockRestore();
});

describe("what cannot be read", () => {
  it("is refused by the name of its option", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const [options, option] of [
      [proxy, "options"],
      [new Map(), "options"],
      [{ meanings: new Map([["x", "Map.prototype.set"]]) }, "meanings"],
      [{ casts: new Map() }, "casts"],
      [{ closures: new Set() }, "closures"],
      [{ closures: { x: new Map() } }, 'closures["x"]'],
      [{ meanings: proxy }, "meanings"],
      [{ closures: proxy }, "closures"],
      [{ closures: { x: proxy } }, 'closures["x"]'],
      [{ casts: { x: proxy } }, 'casts["x"]'],
      [{ tables: proxy }, "tables"],
    ] as const) {
      expect(thrownBy(() => wasmBindgen(options as never))).toMatchObject({
        code: "invalid-option",
        details: { option },
      });
    }
  });
});

describe("what is stated", () => {
  const cast = "__wbindgen_cast_0000000000000001";
  const source = `(module (import "wbg" "${cast}" (func (param i64) (result i32)))
    (import "wbg" "__wbg_move_0123456789abcdef" (func (param i32)))
    (import "wbg" "__wbindgen_throw" (func (param i32 i32))) (memory (export "memory") 1))`;

  it.each<[options: unknown, option: string, expected: string]>([
    [{ meanings: { x: "totally bogus" } }, 'meanings["x"]', "Map.prototype.set"],
    [{ meanings: { x: "" } }, 'meanings["x"]', "Map.prototype.set"],
    [{ meanings: { x: ": ()" } }, 'meanings["x"]', "Map.prototype.set"],
    [{ meanings: { x: "Game..move" } }, 'meanings["x"]', "Map.prototype.set"],
    [{ meanings: { x: "Game.move: (nope)" } }, 'meanings["x"]', "Game.prototype.move: (u,s)->b"],
    [{ meanings: { x: "Game.move: ()->nope" } }, 'meanings["x"]', "Game.prototype.move: (u,s)->b"],
    [{ meanings: { x: 5 } }, 'meanings["x"]', "Map.prototype.set"],
    [{ meanings: "Map" }, "meanings", "by the names of imports"],
    [{ meanings: [] }, "meanings", "by the names of imports"],
    [{ closures: [] }, "closures", "by the names of imports"],
    [{ casts: [] }, "casts", "by the names of imports"],
    [
      { closures: { __wbindgen_closure_wrapper1: [] } },
      'closures["__wbindgen_closure_wrapper1"]',
      "an object with call",
    ],
    [{ casts: { x: "nope" } }, 'casts["x"]', '"s" for text'],
    [{ casts: { x: "Mut(h)" } }, 'casts["x"]', '"s" for text'],
    [{ casts: { x: "s" }, closures: { x: { call: "a", signature: "()" } } }, 'casts["x"]', "left out"],
    [{ closures: { x: "(h)" } }, 'closures["x"]', "call, signature"],
    [{ closures: { x: { call: 5, signature: "(h)" } } }, 'closures["x"].call', "an export"],
    [{ closures: { x: { call: "a", signature: "(nope)" } } }, 'closures["x"].signature', '"mut (H)->!"'],
    [{ closures: { x: { call: "a", signature: "(h)", destroy: {} } } }, 'closures["x"].destroy', "an export"],
    [{ tables: "text" }, "tables", "[webTable]"],
    [{ tables: [5] }, "tables", "[webTable]"],
    [{ tables: ["!js-sys 0.3.N-23\n@Array<T>\n+new"] }, "tables[0]", "generate an older table again"],
    [{ tables: ["!js-sys 0.3.N-23 0", "!js-sys 0.3.N-23 0\n\n!web-sys 0.3.N-23 ::"] }, "tables[1]", "a number"],
    [{ tables: [""] }, "tables[0]", "begins with a crate"],
    ["meanings", "options", "meanings, closures"],
  ])("is refused where it means nothing anywhere: %j", (options, option, expected) => {
    const error = thrownBy(() => wasmBindgen(options as WasmBindgenOptions));
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({ call: "wasmBindgen", option });
    expect((error as Error).message).toContain(expected);
  });

  it.each([
    [{ meaning: {} }, "meaning", "meanings"],
    [{ closures: { x: { call: "a", signatur: "(h)" } } }, 'closures["x"].signatur', "signature"],
  ])("is refused where nothing is called so: %j", (options, option, nearest) => {
    const error = thrownBy(() => wasmBindgen(options as WasmBindgenOptions));
    expect(UnglueError.is(error, "unknown-option") && error.details).toEqual({ call: "wasmBindgen", option, nearest });
  });

  it.each<[options: WasmBindgenOptions, option: string]>([
    [{ meanings: { nowhere: "Map.prototype.set" } }, "meanings"],
    [{ casts: { nowhere: "s" } }, "casts"],
    [{ meanings: { __wbg_move_0123456789abcdef: "unheardOf" } }, 'meanings["__wbg_move_0123456789abcdef"]'],
    [{ meanings: { __wbindgen_throw: "console.log: (d)" } }, 'meanings["__wbindgen_throw"]'],
    [{ casts: { [cast]: "s" } }, `casts["${cast}"]`],
    [{ casts: { __wbg_move_0123456789abcdef: "h" } }, 'casts["__wbg_move_0123456789abcdef"]'],
  ])("is refused where it fits nothing in the module: %j", async (options, option) => {
    const bytes = await wat(source);
    const details = { call: "wasmBindgen", option };
    const error = thrownBy(() => loadSync(bytes, { adapters: [wasmBindgen(options)] }));
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject(details);
    const opened = () => load(bytes, { adapters: [wasmBindgen(options)] });
    const compiled = async () => (await compile(bytes, { adapters: [wasmBindgen(options)] })).instantiate();
    for (const open of [opened, compiled]) {
      const error = await rejectionOf(open());
      expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject(details);
    }
  });

  it("counts before wasm-bindgen's own, by name", async () => {
    const meanings = { __wbindgen_throw: "console.error: (s)" };
    const { imports } = loadSync(await wat(source), { adapters: [wasmBindgen({ meanings })] });
    expect(imports[2]).toMatchObject({ provider: "adapter", evidence: "as stated in the adapter's options" });
  });
});
