import { describe, expect, it } from "vitest";
import { compile, inspect, type InspectOptions, load, loadSync } from "unglue";
import { externref, functionType, i32 } from "../reflect/assemble.ts";
import { rejectionOf, thrownBy } from "../wat.ts";
import { type Compiler, constantsModule, importing, hasConstants, isNative, newest, stringModule } from "./modules.ts";

const { Module } = WebAssembly as unknown as Compiler;
interface Exports {
  readonly [name: string]: (...args: unknown[]) => unknown;
}

const bytes = stringModule(newest);
const constants = constantsModule("'", ["a", "", "__proto__"]);
const other = importing("wasm:js-string", "later", [0, 0], [functionType([], [i32])]);
const plain = importing("env", "f", [0, 0], [functionType([])]);
const both = { builtins: ["js-string"], importedStringConstants: "'" } as const;

const modules = { bytes, constants, other, plain };
const choices: { readonly [what: string]: InspectOptions } = {
  "no options": {},
  "no set": { builtins: [] },
  builtins: { builtins: ["js-string"] },
  constants: { importedStringConstants: "'" },
  "constants of another module": { importedStringConstants: "env2" },
  both,
};

/** The names of the imports that each choice leaves: those that an engine with builtins lists. */
function expected(module: keyof typeof modules, { builtins = [], importedStringConstants }: InspectOptions): number {
  if (module === "bytes") return builtins.length > 0 ? 0 : inspect(bytes).imports.length;
  if (module === "constants") return importedStringConstants === "'" ? 0 : 3;
  return 1;
}

describe("inspect with builtins", () => {
  it.each(Object.keys(choices))("lists the imports that the engine does: %s", (what) => {
    const options = choices[what] ?? {};
    for (const [name, module] of Object.entries(modules) as [keyof typeof modules, Uint8Array<ArrayBuffer>][]) {
      const { imports } = inspect(module, options);
      expect(imports).toHaveLength(expected(name, options));
      if (options.importedStringConstants === undefined ? !isNative : !hasConstants) continue;
      const own = WebAssembly.Module.imports(new Module(module, options));
      expect(imports.map(({ module, name, kind }) => ({ module, name, kind }))).toEqual(own);
    }
  });

  it("changes nothing but the imports and the advice on them", () => {
    const { imports, advice, ...rest } = inspect(bytes);
    const { imports: left, advice: none, ...same } = inspect(bytes, both);
    expect([imports.length > 0, advice.length, left, none]).toEqual([true, 1, [], []]);
    expect(same).toEqual(rest);
  });

  it("keeps the advice on what the options do not name", () => {
    expect(inspect(constants, { builtins: ["js-string"] }).advice).toMatchObject([{ code: "string-builtins" }]);
    expect(inspect(constants, { importedStringConstants: "'" }).advice).toEqual([]);
  });

  it("returns a shape for the compiled module, with builtins or without", async () => {
    const strings: InspectOptions = { builtins: ["js-string"] };
    for (const shape of [inspect(bytes, strings), inspect(bytes)]) {
      for (const module of [new Module(bytes, strings), new Module(bytes)]) {
        const wasm = await load<Exports>(module, { ...strings, shape });
        expect(wasm.exports["substring"]?.("abcdef", 1, 3)).toBe("bc");
        expect(wasm.imports.every(({ provider }) => provider === "engine" || provider === "polyfill")).toBe(true);
        expect(loadSync<Exports>(module, { ...strings, shape }).exports["length"]?.("abc")).toBe(3);
      }
      const compiled = await compile(new Module(bytes, strings), strings);
      const wasm = await compiled.instantiate<Exports>({ shape });
      expect(wasm.exports["compare"]?.("a", "b")).toBe(-1);
    }
    const named = { importedStringConstants: "'" };
    for (const source of [new Module(constants, named), new Module(constants)]) {
      const wasm = await load(source, { ...named, shape: inspect(constants, named) });
      expect((wasm.exports as unknown as Record<string, WebAssembly.Global>)["2"]?.value).toBe("__proto__");
    }
  });

  it("returns a shape that no module without them has", async () => {
    const shape = inspect(bytes, both);
    const error = await rejectionOf(load(new Module(bytes), { shape }));
    expect(error).toMatchObject({ code: "invalid-option", details: { option: "shape" } });
    for (const imports of [[null], [5], [{ module: "env" }]]) {
      const wrong = { ...shape, imports } as never;
      expect(await rejectionOf(load(new Module(bytes), { ...both, shape: wrong }))).toMatchObject({
        code: "invalid-option",
      });
    }
  });

  it("refuses an import of another type, as compile does", async () => {
    const wrong: readonly (readonly [Uint8Array<ArrayBuffer>, string])[] = [
      [importing("wasm:js-string", "test", [3, i32, 0]), "(func (param externref) (result i32))"],
      [importing("'", "a", [3, externref, 1]), "(global (ref extern))"],
    ];
    for (const [module, text] of wrong) {
      const [own, compiled] = [thrownBy(() => inspect(module, both)), await rejectionOf(compile(module, both))];
      expect(own).toMatchObject({ code: "import-mismatch" });
      expect((own as Error).message).toContain(text);
      expect((own as Error).message).toBe((compiled as Error).message);
    }
  });

  it.each([
    { builtins: "js-string" },
    { builtins: ["js-strings"] },
    { importedStringConstants: 5 },
    { importedStringConstants: "wasm:js-string" },
  ])("checks its options: %j", (options) => {
    const [option] = Object.keys(options);
    expect(thrownBy(() => inspect(bytes, options as never))).toMatchObject({
      code: "invalid-option",
      details: { option },
    });
  });
});
