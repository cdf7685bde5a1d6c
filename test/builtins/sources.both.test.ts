import { describe, expect, it } from "vitest";
import { compile, compileSync, inspect, load, loadSync, type LoadOptions } from "unglue";
import { externref, functionType, i32 } from "../reflect/assemble.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { type Compiler, constantsModule, importing, isNative, newest, stringModule } from "./modules.ts";

const { Module } = WebAssembly as unknown as Compiler;
interface Exports {
  readonly [name: string]: (...args: unknown[]) => unknown;
}
interface Globals {
  readonly [name: string]: WebAssembly.Global;
}

const bytes = stringModule(newest);
const strings = ["", "a", "😀", "__proto__", "constructor", "then", "\0", "a'\"b", "x".repeat(1000)];
const constants = constantsModule("'", strings);
const both = { builtins: ["js-string"], importedStringConstants: "'" } as const;

const dataUrl = (module: Uint8Array) =>
  `data:application/wasm;base64,${btoa(Array.from(module, (byte) => String.fromCharCode(byte)).join(""))}`;
const stream = (module: Uint8Array) =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < module.length; at += 50) controller.enqueue(module.slice(at, at + 50));
      controller.close();
    },
  });

/** Every kind of source, and what else may stand in the way of the engine's own compiler. */
const sources: { readonly [kind: string]: (module: Uint8Array<ArrayBuffer>) => [unknown, LoadOptions?] } = {
  bytes: (module) => [module],
  "a buffer": (module) => [module.slice().buffer],
  "a Blob": (module) => [new Blob([module])],
  "a response": (module) => [new Response(module, { headers: { "Content-Type": "application/wasm" } })],
  "a response of another type": (module) => [new Response(module, { headers: { "Content-Type": "text/plain" } })],
  "a stream": (module) => [stream(module)],
  "a function": (module) => [() => Promise.resolve(module)],
  "an address": (module) => [dataUrl(module)],
  "a compiled module": (module) => [new Module(module)],
  "a module that was compiled with builtins": (module) => [new Module(module, both)],
  "its module with the shape": (module) => [new Module(module, both), { shape: inspect(module) }],
  "bytes with progress": (module) => [module, { onProgress: () => undefined }],
  "bytes with a limit": (module) => [module, { limits: { memoryPages: 1, bytes: 100_000 } }],
};

describe.each(Object.entries(sources))("from %s", (_kind, open) => {
  it("has the builtins", async () => {
    const [source, options] = open(bytes);
    const wasm = await load<Exports>(source as Uint8Array, { ...options, ...both });
    expect(wasm.exports["length"]?.("four")).toBe(4);
    expect(wasm.exports["concat"]?.("a", "😀")).toBe("a😀");
    expect(thrownBy(() => wasm.exports["charCodeAt"]?.("a", 1))).toBeInstanceOf(WebAssembly.RuntimeError);
  });

  it("has the string constants", async () => {
    const [source, options] = open(constants);
    const wasm = await load<Globals>(source as Uint8Array, { ...options, ...both, missing: "error" });
    expect(strings.map((_, at) => wasm.exports[`${at}`]?.value as unknown)).toEqual(strings);
  });
});

describe("a module with builtins", () => {
  it("is compiled once, and has them in each instance, synchronously too", async () => {
    for (const module of [
      await compile(bytes, both),
      compileSync(bytes, both),
      await compile(new Module(bytes), both),
      await compile(new Module(bytes, both), { ...both, shape: inspect(bytes) }),
    ]) {
      const made = [await module.instantiate<Exports>(), module.instantiateSync<Exports>()];
      for (const { exports } of made) expect(exports["substring"]?.("abcdef", 1, 3)).toBe("bc");
      const pool = module.pool<Exports>({ max: 1 });
      expect(await pool.use(({ exports }) => exports["equals"]?.("a", "a"))).toBe(1);
      await pool.dispose();
    }
    expect(loadSync<Exports>(bytes, both).exports["compare"]?.("a", "b")).toBe(-1);
  });

  it("can be given the shape of its bytes with an instance", async () => {
    const module = await compile(new Module(bytes, both), both);
    const wasm = await module.instantiate<Exports>({ shape: inspect(bytes) });
    expect(wasm.exports["length"]?.("abc")).toBe(3);
    expect(wasm.imports.every(({ provider }) => provider === (isNative ? "engine" : "polyfill"))).toBe(true);
  });

  it("has the types of its shape only if it was compiled with what the options say", async () => {
    const shape = inspect(bytes);
    if (!isNative) return;
    const error = await rejectionOf(load(new Module(bytes, both), { shape }));
    expect(error).toMatchObject({ code: "invalid-option", details: { option: "shape" } });
    await load(new Module(bytes), { ...both, shape });
    const other = { ...shape, imports: [...shape.imports, { module: "env", name: "f", kind: "function" as const }] };
    expect(await rejectionOf(load(new Module(bytes, both), { ...both, shape: other }))).toMatchObject({
      code: "invalid-option",
    });
  });

  it("is given what the engine does not provide as any other import, without the options", async () => {
    const wasm = await load<Exports>(bytes, { imports: { "wasm:js-string": { length: () => 77 } } });
    expect(wasm.exports["length"]?.("four")).toBe(77);
    expect(wasm.imports.find(({ name }) => name === "length")?.provider).toBe("user");
    const error = thrownBy(() => wasm.guarded["test"]?.("a"));
    expect(error).toMatchObject({ code: "missing-import-called" });
    expect((error as Error).message).toContain('builtins: ["js-string"]');
  });

  it("prefers the builtins to imports, in every engine", async () => {
    const given = { "wasm:js-string": { length: () => 77 }, "'": { a: 1 } };
    for (const source of [bytes, new Module(bytes)]) {
      const wasm = await load<Exports>(source, { ...both, imports: given });
      expect(wasm.exports["length"]?.("four")).toBe(4);
    }
    const wasm = await load<Globals>(constants, { ...both, imports: given });
    expect(wasm.exports["1"]?.value).toBe("a");
  });

  it("traces no builtin", async () => {
    const events: unknown[] = [];
    for (const source of [bytes, new Module(bytes)]) {
      const wasm = await load<Exports>(source, { ...both, trace: (event) => events.push(event) });
      expect(wasm.exports["length"]?.("four")).toBe(4);
    }
    expect(events).toEqual([]);
  });

  it("takes other names of the same module as ordinary imports", async () => {
    const module = importing("wasm:js-string", "later", [0, 0], [functionType([], [i32])]);
    const wasm = await load(module, { ...both, imports: { "wasm:js-string": { later: () => 1 } } });
    expect(wasm.imports).toMatchObject([{ name: "later", provider: "user" }]);
    const { imports } = await load(module, both);
    expect(imports[0]?.evidence).toContain("none of the builtins");
    expect(imports[0]?.evidence).not.toContain("Load it with");
    expect((await load(module)).imports[0]?.evidence).toContain('Load it with builtins: ["js-string"]');
  });
});

describe("a module that needs builtins", () => {
  it("is told by inspect, with the options", () => {
    expect(inspect(bytes).advice).toMatchObject([{ code: "string-builtins" }]);
    expect(inspect(bytes).advice[0]?.message).toContain('{ builtins: ["js-string"] }');
    expect(inspect(constants).advice[0]?.message).toContain(`{ importedStringConstants: "'" }`);
    expect(inspect(importing("env", "f", [0, 0], [functionType([])])).advice).toEqual([]);
    const two = [constantsModule("a", ["x"]), importing("b", "y", [3, externref, 1])];
    expect(two.map((one) => inspect(one).advice.length)).toEqual([1, 0]);
  });

  it("is told by the error of what nothing provides", async () => {
    const { message } = (await rejectionOf(load(constants))) as Error;
    expect(message).toContain(`If it is a string constant, load it with importedStringConstants: "'".`);
  });
});

describe("a declaration that is no builtin's", () => {
  const misfits: { readonly [what: string]: readonly [Uint8Array<ArrayBuffer>, string] } = {
    "another result": [
      importing("wasm:js-string", "length", [0, 0], [functionType([externref], [externref])]),
      "(func (param externref) (result i32))",
    ],
    "a parameter less": [
      importing("wasm:js-string", "charCodeAt", [0, 0], [functionType([externref], [i32])]),
      "(func (param externref i32) (result i32))",
    ],
    "no function": [importing("wasm:js-string", "test", [3, i32, 0]), "(func (param externref) (result i32))"],
    "a constant that is a number": [importing("'", "a", [3, i32, 0]), "(global (ref extern))"],
    "a constant that can change": [importing("'", "a", [3, externref, 1]), "(global (ref extern))"],
    "a constant that is a function": [importing("'", "a", [0, 0], [functionType([])]), "(global (ref extern))"],
  };

  it.each(Object.entries(misfits))("%s is refused with both types", async (_what, [module, expected]) => {
    const fails = [
      load(module, both),
      load(new Response(module, { headers: { "Content-Type": "application/wasm" } }), both),
      load(stream(module) as never, both),
      compile(module, both),
      load(new Module(module), { ...both, shape: inspect(module) }),
    ];
    const errors = [...(await Promise.all(fails.map(rejectionOf))), thrownBy(() => loadSync(module, both))];
    for (const error of errors) {
      expect(error).toMatchObject({ code: "import-mismatch" });
      expect((error as Error).message).toContain(expected);
      expect((error as Error).message).toMatch(/leave the option (builtins|importedStringConstants) out/);
    }
  });

  it("is refused by the engine, whose arrays have other elements", async () => {
    if (newest !== "gc") return;
    // An array of bytes in the place of one of codes.
    const wrong = functionType([[0x63, 0], i32, i32], [[0x64, externref]]);
    const module = importing("wasm:js-string", "fromCharCodeArray", [0, 1], [[0x5e, 0x78, 1], wrong]);
    expect(await rejectionOf(load(module, both))).toMatchObject({
      code: isNative ? "compile-failed" : "import-mismatch",
    });
    expect(await rejectionOf(load(new Module(module), both))).toMatchObject({ code: "link-failed" });
    expect(await rejectionOf(load(new Module(module), { ...both, shape: inspect(module) }))).toMatchObject({
      code: "import-mismatch",
    });
  });
});

describe("the options", () => {
  const wrong: { readonly [what: string]: object } = {
    "a text for builtins": { builtins: "js-string" },
    "a set that is none": { builtins: ["js-strings"] },
    "a set, and a number": { builtins: ["js-string", 5] },
    "too many of them": { builtins: Object.assign([], { length: 2 ** 32 - 1 }) },
    "a number for constants": { importedStringConstants: 5 },
    "constants from the module of builtins": { importedStringConstants: "wasm:js-string" },
  };

  it.each(Object.keys(wrong))("are checked: %s", async (what) => {
    const options = wrong[what] ?? {};
    const [option] = Object.keys(options);
    for (const error of [
      await rejectionOf(load(bytes, options)),
      await rejectionOf(compile(bytes, options)),
      thrownBy(() => compileSync(bytes, options)),
      thrownBy(() => loadSync(bytes, options)),
    ])
      expect(error).toMatchObject({ code: "invalid-option", details: { option } });
  });

  // A declaration file has them, and its other options count for an instance: so an instance takes the file, as long as it says
  // how the module was compiled.
  it("of an instance may repeat those of its module", async () => {
    const module = await compile(bytes, both);
    for (const options of [both, { builtins: both.builtins }, { builtins: ["js-string", "js-string"] as const }]) {
      const made = [await module.instantiate<Exports>(options), module.instantiateSync<Exports>(options)];
      for (const { exports } of made) expect(exports["length"]?.("four")).toBe(4);
      const pool = module.pool<Exports>({ max: 1, ...options });
      expect(await pool.use(({ exports }) => exports["length"]?.("four"))).toBe(4);
      await pool.dispose();
    }
  });

  it.each([
    ["none", undefined, both, "builtins", "nothing: give it to compile"],
    ["no builtins", undefined, { importedStringConstants: "'" }, "importedStringConstants", "give it to compile"],
    ["other constants", both, { importedStringConstants: "_" }, "importedStringConstants", `compiled with, "'"`],
    ["constants without a name", both, { importedStringConstants: "" }, "importedStringConstants", `"'", got ""`],
    ["builtins", both, { builtins: [] }, "builtins", 'compiled with, ["js-string"]'],
  ])("of an instance are refused if its module was compiled with %s", async (_what, first, second, option, words) => {
    const module = await compile(bytes, first);
    for (const error of [
      await rejectionOf(module.instantiate(second)),
      thrownBy(() => module.instantiateSync(second)),
      thrownBy(() => module.pool({ max: 1, ...second })),
    ]) {
      expect(error).toMatchObject({ code: "invalid-option", details: { option } });
      expect((error as Error).message).toContain(words);
    }
  });

  it("of an instance count for a module that was compiled elsewhere", async () => {
    for (const raw of [new Module(bytes), new Module(bytes, both)]) {
      const module = await compile(raw);
      for (const options of [both, { ...both, shape: inspect(bytes) }, { ...both, shape: inspect(bytes, both) }]) {
        const wasm = await module.instantiate<Exports>(options);
        expect(wasm.exports["length"]?.("four")).toBe(4);
        expect(wasm.imports.some(({ provider }) => provider === "stub")).toBe(false);
      }
      const pool = module.pool<Exports>({ max: 1, ...both });
      expect(await pool.use(({ exports }) => exports["length"]?.("four"))).toBe(4);
      await pool.dispose();
    }
    const shape = inspect(bytes);
    const module = await compile(new Module(bytes, both));
    await module.instantiate({ ...both, shape });
    if (isNative) expect(await rejectionOf(module.instantiate({ shape }))).toMatchObject({ code: "invalid-option" });
  });

  it("may be empty, and twice the same", async () => {
    await load(bytes, { builtins: [] });
    const wasm = await load<Exports>(bytes, { builtins: ["js-string", "js-string"] });
    expect(wasm.exports["length"]?.("four")).toBe(4);
    const named = await load<Globals>(constantsModule("", strings), { importedStringConstants: "" });
    expect(named.exports["2"]?.value).toBe("😀");
  });
});
