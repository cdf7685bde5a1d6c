import {
  type Adapter,
  compile,
  compileSync,
  type DeclarationFile,
  inspect,
  type Known,
  load,
  loadSync,
  type Shape,
  t,
  UnglueError,
} from "unglue";
import { wasmBindgen, type WasmBindgenKnown } from "unglue/wasm-bindgen";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { thrownBy, wat } from "../wat.ts";
import { declare } from "./declare.ts";

const bytes = await wat(`(module
  (import "wbg" "__wbg_log_0123456789abcdef" (func $log (param externref)))
  (import "wbg" "__wbg_scale_0123456789abcdef" (func $scale (param externref f64) (result f64)))
  (import "wbg" "__wbindgen_init_externref_table" (func $init))
  (table (export "__wbindgen_externrefs") 128 externref)
  (export "add" (func $add))
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "log") (param externref) (call $log (local.get 0)))
  (func (export "fail") unreachable)
  (func (export "scale") (param externref f64) (result f64) (call $scale (local.get 0) (local.get 1))))`);
/** The same imports and exports, from a program that has another function. */
const rebuilt = await wat(`(module
  (import "wbg" "__wbg_log_0123456789abcdef" (func $log (param externref)))
  (import "wbg" "__wbg_scale_0123456789abcdef" (func $scale (param externref f64) (result f64)))
  (import "wbg" "__wbindgen_init_externref_table" (func $init))
  (table (export "__wbindgen_externrefs") 128 externref)
  (export "add" (func $add))
  (func)
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "log") (param externref) (call $log (local.get 0)))
  (func (export "fail") unreachable)
  (func (export "scale") (param externref f64) (result f64) (call $scale (local.get 0) (local.get 1))))`);
const api = t.api({ add: t.fn([t.i32, t.i32], t.i32), log: t.fn([t.js], t.void), scale: t.fn([t.js, t.f64], t.f64) });
const meanings = {
  __wbg_log_0123456789abcdef: "console.log: (h)",
  __wbg_scale_0123456789abcdef: ".scale: (d)->d",
};
const file = declare(bytes, api, { meanings });
const module = await WebAssembly.compile(bytes);
/** Something that the module calls a method of. */
const scaled = { by: 2, scale: (value: number) => value * 2 };

afterEach(() => vi.restoreAllMocks());

describe("a declaration file", () => {
  it.each([
    ["load", () => load(bytes, file)],
    ["load of a compiled module", () => load(module, file)],
    ["loadSync", () => loadSync(bytes, { ...file, adapters: [wasmBindgen()] })],
    ["loadSync of a compiled module", () => loadSync(module, { ...file, adapters: [wasmBindgen()] })],
    ["instantiate", async () => (await compile(bytes)).instantiate(file)],
    ["instantiate of a compiled module", async () => (await compile(module)).instantiate(file)],
    ["instantiateSync", async () => (await compile(bytes)).instantiateSync(file)],
    [
      "instantiateSync of a compiled module",
      () => compileSync(module, { adapters: [wasmBindgen()] }).instantiateSync(file),
    ],
    ["a pool", async () => (await (await compile(bytes)).pool({ ...file, max: 1 }).take()) as never],
    [
      "a pool of a compiled module",
      async () => (await (await compile(module)).pool({ ...file, max: 1 }).take()) as never,
    ],
    [
      "instantiate after compile with a part of it",
      async () => {
        const { known, shape } = file;
        const compiled = await compile(module, { ...(known && { known }), ...(shape && { shape }) });
        return compiled.instantiate({ api });
      },
    ],
    [
      "a restart",
      async () => {
        const wasm = await load(bytes, { ...file, onTrap: "restart" });
        expect(() => wasm.guarded["fail"]?.()).toThrow();
        return wasm;
      },
    ],
  ] as const)("is the options of %s", async (_, open) => {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const wasm = await (open() as ReturnType<typeof load<object, typeof api.members>>);
    expect(wasm.api.add(2, 3)).toBe(5);
    wasm.api.log("said");
    expect(log.mock.calls).toEqual([["said"]]);
    expect(wasm.api.scale(scaled, 21)).toBe(42);
    expect(wasm.imports.map(({ meaning }) => meaning)).toEqual(["console.log", ".scale", undefined]);
  });

  it("is plain data", async () => {
    const cloned = structuredClone(file);
    expect(cloned).toEqual(file);
    expect((await load(bytes, cloned)).api.add(1, 1)).toBe(2);
  });

  it("leaves meanings to importsByMeaning and console", async () => {
    const lines: unknown[] = [];
    const importsByMeaning = {
      ".scale": function (this: typeof scaled, value: number) {
        return this.by * value + 1;
      },
    };
    const wasm = await load(bytes, {
      ...file,
      importsByMeaning,
      console: { log: (line: unknown) => lines.push(line) },
    });
    wasm.api.log(1);
    expect(wasm.api.scale(scaled, 10)).toBe(21);
    expect(lines).toEqual([1]);
  });
});

describe("a declaration file of another module", () => {
  const foreign: readonly (readonly [string, (given: DeclarationFile) => unknown])[] = [
    ["load", (given) => load(rebuilt, given)],
    ["loadSync", (given) => loadSync(rebuilt, { ...given, adapters: [wasmBindgen()] })],
    ["compile", ({ fingerprint, shape }) => compile(rebuilt, { fingerprint, ...(shape && { shape }) })],
    ["compileSync", ({ fingerprint, shape }) => compileSync(rebuilt, { fingerprint, ...(shape && { shape }) })],
    ["instantiate", async (given) => (await compile(rebuilt)).instantiate(given)],
    ["instantiateSync", (given) => compileSync(rebuilt).instantiateSync(given)],
    ["a pool", (given) => compileSync(rebuilt).pool({ ...given, max: 1 })],
  ];

  it.each(foreign)("is refused by %s, and nothing runs", async (_, open) => {
    const error = await thrown(() => open(file));
    const found = fingerprintOf(inspect(rebuilt));
    expect(UnglueError.is(error, "declaration-mismatch") && error.details).toEqual({
      declared: file.fingerprint,
      found,
    });
    expect((error as Error).message).toContain(
      `its fingerprint is "${file.fingerprint}", and this module's is "${found}". Run \`unglue declare\` on this module`,
    );
  });

  it.each([
    [
      "an import that the module lacks",
      { imports: [["wbg", "x>:gone"]], exports: [] },
      'the import "wbg.gone" (func (param externref)) is declared, and the module lacks it',
    ],
    [
      "an import of another type",
      { imports: [["wbg", "i>:__wbg_log_0123456789abcdef"]], exports: [] },
      'the import "wbg.__wbg_log_0123456789abcdef" is declared as (func (param i32)), and the module has it as (func (param externref))',
    ],
    [
      "no import that the module has",
      { ...file.shape, imports: [] },
      'the module has the import "wbg.__wbg_log_0123456789abcdef" (func (param externref)), which is not declared',
    ],
    [
      "an export of another kind",
      { imports: file.shape?.imports ?? [], exports: ["0t:add"], tables: ["1 funcref"] },
      'the export "add" is declared as (table 1 funcref), and the module has it as (func (param i32 i32) (result i32))',
    ],
    ["a shape that cannot be read", { imports: 5, exports: [] }, "its fingerprint is"],
    [
      "a shape of the other form",
      { ...inspect(bytes), exports: [] },
      'the module has the export "__wbindgen_externrefs" (table 128 externref), which is not declared',
    ],
  ])("is refused with the difference: %s", async (_, shape, text) => {
    const error = await thrown(() => load(bytes, { fingerprint: "0", shape: shape as never }));
    expect(UnglueError.is(error, "declaration-mismatch")).toBe(true);
    expect((error as Error).message).toContain(`another module than this one: ${text}`);
  });

  it.each([
    ["load", (given: DeclarationFile) => load(module, given)],
    ["loadSync", (given: DeclarationFile) => loadSync(module, { ...given, adapters: [wasmBindgen()] })],
    ["instantiate", async (given: DeclarationFile) => (await compile(module)).instantiate(given)],
    ["instantiateSync", (given: DeclarationFile) => compileSync(module).instantiateSync(given)],
    ["a pool", async (given: DeclarationFile) => (await compile(module)).pool({ ...given, max: 1 })],
  ])("is refused by %s for a compiled module, whose names and kinds are compared", async (_, open) => {
    const shape = { ...file.shape, exports: ["ii>i:subtract"], imports: file.shape?.imports ?? [] };
    const error = await thrown(() => open({ ...(file as DeclarationFile), shape }));
    expect(UnglueError.is(error, "declaration-mismatch") && error.details).toEqual({
      declared: file.fingerprint,
      difference: { of: "export", name: "subtract", declared: "(func (param i32 i32) (result i32))" },
    });
  });

  it("is refused for a compiled module with the same names in another order", async () => {
    const [group = []] = file.shape?.imports ?? [];
    const [name = "", first = "", second = "", ...rest] = group;
    const shape = {
      exports: file.shape?.exports ?? [],
      tables: ["128 externref"],
      imports: [[name, second, first, ...rest]],
    };
    const error = await thrown(() => load(module, { ...file, shape }));
    expect((error as Error).message).toContain("the order of its imports or exports differs");
  });

  it("is trusted otherwise for a compiled module", async () => {
    const wasm = await load(await WebAssembly.compile(rebuilt), file);
    expect(wasm.api.add(2, 3)).toBe(5);
  });

  it.each([0, 2, "1", null, {}])("is refused for the format %j before anything else is read", async (format) => {
    const given = { format, shape: 5, known: 5 } as never;
    for (const open of [
      () => load(bytes, given),
      () => loadSync(bytes, given),
      () => compile(bytes, given),
      () => compileSync(bytes, given),
      () => compileSync(bytes).instantiateSync(given),
      () => compileSync(bytes).pool({ max: 1, ...(given as object) }),
    ]) {
      const error = await thrown(open);
      expect(UnglueError.is(error, "declaration-format") && error.message).toContain(
        "this version of unglue reads format 1",
      );
    }
  });
});

describe("the option known", () => {
  const name = "__wbg_log_0123456789abcdef";
  const known = file.known as unknown as WasmBindgenKnown;
  const withMeaning = (meaning: unknown) =>
    load(bytes, { known: { ...known, meanings: { ...meanings, [name]: meaning } } });

  it.each([
    "new Function: (h)->H",
    "Function: (h)",
    "eval: (h)",
    "globalThis.eval: (h)",
    "a.constructor.b: (h)",
    ".constructor: ()",
    "get .constructor: ()",
    ".constructor.constructor: ()",
    "set .__proto__: ()",
    "__proto__.x: (h)",
    "new Map.constructor: (h)",
    "setTimeout: (s)",
    ".setTimeout: (s)",
  ])("refuses the meaning %j, which would turn text into code", async (meaning) => {
    const error = await thrown(() => withMeaning(meaning));
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({
      call: "load",
      option: `known.meanings["${name}"]`,
    });
    expect((error as Error).message).toContain("a meaning that does not turn text into code");
  });

  it.each([
    ["without types", "console.log"],
    ["that has no form", "console.log(x)"],
    ["of unknown types", "console.log: (nope)"],
    ["that is no text", 5],
  ])("refuses a meaning %s", async (_, meaning) => {
    const error = await thrown(() => withMeaning(meaning));
    expect(UnglueError.is(error, "invalid-option") && error.details.option).toBe(`known.meanings["${name}"]`);
  });

  it.each([
    [
      "a meaning that does not fit the import's type",
      { meanings: { [name]: "console.log: (d)" } },
      `known.meanings["${name}"]`,
    ],
    ["a meaning of an import that the module lacks", { meanings: { gone: "console.log: (h)" } }, "known.meanings"],
    ["a cast of an import that the module lacks", { casts: { gone: "s" } }, "known.casts"],
    [
      "a closure of an import that the module lacks",
      { closures: { gone: { call: "a", signature: "(h)" } } },
      "known.closures",
    ],
    [
      "a closure that cannot be read",
      { closures: { gone: { call: 1, signature: "(h)" } } },
      'known.closures["gone"].call',
    ],
    [
      "a cast and a closure of one import",
      { casts: { a: "s" }, closures: { a: { call: "a", signature: "(h)" } } },
      'known.casts["a"]',
    ],
    ["a version that is no text", { version: 5 }, "known.version"],
    ["holes that are no list", { holes: "all" }, "known.holes"],
    ["holes that are no names", { holes: [5] }, "known.holes"],
    ["lists for objects", { meanings: [] }, "known.meanings"],
    [
      "a proxy",
      {
        meanings: new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error("no");
            },
          },
        ),
      },
      "known",
    ],
  ])("refuses %s", async (_, more, option) => {
    const error = await thrown(() => load(bytes, { known: { toolchain: "wasm-bindgen", ...more } }));
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({ call: "load", option });
  });

  it("refuses members that it does not have", async () => {
    const error = await thrown(() => load(bytes, { known: { toolchain: "wasm-bindgen", meaning: {} } }));
    expect(UnglueError.is(error, "unknown-option") && error.details).toMatchObject({
      option: "known.meaning",
      nearest: "meanings",
    });
  });

  it.each([5, null, [], {}, { toolchain: 5 }, "wasm-bindgen"])(
    "refuses %j, which names no toolchain",
    async (given) => {
      const error = await thrown(() => load(bytes, { known: given as never }));
      expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({ call: "load", option: "known" });
    },
  );

  it("reads own members alone", async () => {
    const inherited = Object.create({ toolchain: "wasm-bindgen" }) as Known;
    expect(UnglueError.is(await thrown(() => load(bytes, { known: inherited })), "invalid-option")).toBe(true);
    const own = Object.assign(Object.create({ meanings: { gone: "console.log: (h)" } }) as object, {
      toolchain: "wasm-bindgen",
      meanings,
    });
    expect((await load(bytes, { known: own })).imports.map(({ meaning }) => meaning)).toEqual([
      "console.log",
      ".scale",
      undefined,
    ]);
    const odd = JSON.parse('{ "toolchain": "wasm-bindgen", "meanings": { "__proto__": "console.log: (h)" } }') as Known;
    expect(UnglueError.is(await thrown(() => load(bytes, { known: odd })), "invalid-option")).toBe(true);
  });

  it("is refused for a module of another toolchain", async () => {
    const plain = await wat(`(module (func (export "add")))`);
    const error = await thrown(() => load(plain, { known }));
    expect((error as Error).message).toContain(
      'known must be about a module of the toolchain that it names, and no adapter serves this one, got "wasm-bindgen"',
    );
    const other = await thrown(() => load(bytes, { known: { toolchain: "other" } }));
    expect((other as Error).message).toContain("and the adapter wasm-bindgen serves this one");
  });

  it("says in a synchronous call how to get the adapter", async () => {
    const error = await thrown(() => loadSync(bytes, file));
    expect((error as Error).message).toContain(
      'import { wasmBindgen } from "unglue/wasm-bindgen"; adapters: [wasmBindgen()]',
    );
  });

  it("is left alone where C's convention is chosen", async () => {
    const { imports } = await load(bytes, { known, toolchain: "c" });
    expect(imports[0]?.provider).toBe("stub");
  });

  it("is read by an adapter of the user's", async () => {
    const facts: Known[] = [];
    const own = (given?: Known): Adapter => ({
      name: "own",
      detect: () => ({ evidence: ["always"] }),
      withKnown: (one) => own(one),
      provide: () => {
        if (given) facts.push(given);
        return undefined;
      },
      attach: () => ({}),
    });
    const given = { toolchain: "own", fact: 1 };
    await load(bytes, { known: given, adapters: [own()] });
    expect(facts.length).toBeGreaterThan(0);
    expect(facts[0]).toBe(given);
    const deaf: Adapter = { ...own(), withKnown: undefined as never };
    expect(UnglueError.is(await thrown(() => load(bytes, { known: given, adapters: [deaf] })), "invalid-option")).toBe(
      true,
    );
  });

  it("yields to the adapter's options", async () => {
    const adapters = [wasmBindgen({ meanings: { [name]: "console.error: (h)" } })];
    const { imports } = await load(bytes, { known, adapters });
    expect(imports[0]?.meaning).toBe("console.error");
  });

  it("does not mix the facts of two instances of one module", async () => {
    const compiled = await compile(bytes);
    const other = { toolchain: "wasm-bindgen", meanings: { ...meanings, [name]: "console.warn: (h)" } };
    const [first, second, none] = [
      await compiled.instantiate({ known }),
      await compiled.instantiate({ known: other }),
      await compiled.instantiate(),
    ];
    const told = [first, second, none].map(({ imports }) => imports[0]?.meaning);
    expect(told).toEqual(["console.log", "console.warn", undefined]);
  });

  it("lets a module evaluate text whose own import says so", async () => {
    const evaluating = await wat(`(module
      (import "wbg" "__wbg_newnoargs_0123456789abcdef" (func $new (param i32 i32) (result externref)))
      (import "wbg" "__wbindgen_init_externref_table" (func $init))
      (memory (export "memory") 1) (data (i32.const 8) "return 7")
      (table (export "__wbindgen_externrefs") 128 externref)
      (func (export "make") (result externref) (call $new (i32.const 8) (i32.const 8))))`);
    const stated = {
      toolchain: "wasm-bindgen",
      meanings: { __wbg_newnoargs_0123456789abcdef: "new Function: (s)->H" },
    };
    const wasm = await load<{ make(): () => number }>(evaluating, { known: stated });
    expect(wasm.exports.make()()).toBe(7);
  });
});

describe("the fingerprint of a module", () => {
  const of = async (text: string) => fingerprintOf(inspect(await wat(text)));

  it("is 16 digits, the same for the same interface, from bytes, a stream and JSON", async () => {
    const own = fingerprintOf(inspect(bytes));
    expect(own).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf(JSON.parse(JSON.stringify(inspect(bytes))) as Shape)).toBe(own);
    expect(
      fingerprintOf((await compile(new Response(bytes, { headers: { "content-type": "application/wasm" } }))).shape),
    ).toBe(own);
    expect(await of("(module)")).toBe("351d7f7a9064a05c");
  });

  it("differs by each fact", async () => {
    const texts = [
      `(module)`,
      `(module (import "a" "b" (func)))`,
      `(module (import "a" "c" (func)))`,
      `(module (import "ab" "" (func)))`,
      `(module (import "a" "b" (func (param i32))))`,
      `(module (import "a" "b" (func (result i32))))`,
      `(module (import "a" "b" (global i32)))`,
      `(module (import "a" "b" (global (mut i32))))`,
      `(module (import "a" "b" (memory 1)))`,
      `(module (import "a" "b" (func)) (import "a" "c" (func)))`,
      `(module (import "a" "c" (func)) (import "a" "b" (func)))`,
      `(module (func (export "b")))`,
      `(module (func) (func (export "b")))`,
      `(module (func (export "b") (param f64)))`,
      `(module (func (export "a")) (func (export "b")))`,
      `(module (func (export "b")) (func (export "a")))`,
    ];
    const prints = await Promise.all(texts.map(of));
    expect(new Set(prints).size).toBe(texts.length);
  });

  it("does not differ by limits, which an option may lower", async () => {
    expect(await of(`(module (memory (export "m") 1))`)).toBe(await of(`(module (memory (export "m") 2 9))`));
    const growing = await wat(`(module (memory (export "m") 1))`);
    const fingerprint = fingerprintOf(inspect(growing));
    await expect(load(growing, { fingerprint, limits: { memoryPages: 3 } })).resolves.toBeDefined();
  });
});

/** Returns what a call throws, or what its promise rejects with. */
async function thrown(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return thrownBy(() => undefined);
}
