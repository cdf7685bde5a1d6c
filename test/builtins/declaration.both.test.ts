import { describe, expect, it } from "vitest";
import { compile, type DeclarationFile, inspect, load, loadSync, t } from "unglue";
import { compactShape } from "../../src/reflect/compact.ts";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { i32 } from "../reflect/assemble.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { type Compiler, hasConstants, importing } from "./modules.ts";

const { Module } = WebAssembly as unknown as Compiler;
const source = `(module
  (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
  (import "wasm:js-string" "equals" (func $equals (param externref externref) (result i32)))
  (import "env" "count" (func $count (result i32)))
  (import "'" "hello 😀" (global $hello externref))
  (func (export "greets") (param externref) (result i32) (call $equals (global.get $hello) (local.get 0)))
  (func (export "size") (result i32) (i32.add (call $count) (call $length (global.get $hello)))))`;
const bytes = await wat(source);
const other = await wat(source.replace('"size"', '"length"'));
const shape = inspect(bytes);
const api = t.api({ greets: t.fn([t.js], t.bool), size: t.fn([], t.i32) });
const both = { builtins: ["js-string"], importedStringConstants: "'" } as const;
const file: DeclarationFile<typeof api.members> = {
  format: 1,
  fingerprint: fingerprintOf(shape),
  api,
  shape: compactShape(shape),
  ...both,
};
/** The options that compile takes of it. */
const describing = { ...file, api: undefined as never };
const imports = { env: { count: () => 1 } };

const withBuiltins = "a module that was compiled with builtins";
/** Every way to give the module: its bytes, and compiled with the builtins and without. */
const sources: readonly [string, () => Uint8Array<ArrayBuffer> | WebAssembly.Module][] = [
  ["bytes", () => bytes],
  ["a compiled module", () => new Module(bytes)],
  [withBuiltins, () => new Module(bytes, both)],
];

describe.each(sources)("a declaration file with builtins, for %s", (what, open) => {
  it("is all that load needs", async () => {
    for (const wasm of [await load(open(), { ...file, imports }), loadSync(open(), { ...file, imports })]) {
      expect([wasm.api.greets("hello 😀"), wasm.api.greets("hello")]).toEqual([true, false]);
      expect(wasm.api.size()).toBe(9);
      expect(wasm.imports.map(({ name, provider }) => [name, provider === "user"])).toEqual([
        ["length", false],
        ["equals", false],
        ["count", true],
        ["hello 😀", false],
      ]);
    }
  });

  it("is the options of compile, of instances and of a pool", async () => {
    const module = await compile(open(), describing);
    for (const wasm of [
      await module.instantiate({ ...file, imports }),
      module.instantiateSync({ ...file, imports }),
      await module.instantiate({ ...file, builtins: undefined as never, imports }),
    ]) {
      expect(wasm.api.greets("hello 😀")).toBe(true);
    }
    const pool = module.pool({ ...file, imports, max: 1 });
    expect(await pool.use((wasm) => wasm.api.greets("hello 😀"))).toBe(true);
    await pool.dispose();
  });

  it("refuses string constants of another module", async () => {
    for (const importedStringConstants of ["_", ""]) {
      const options = { ...describing, importedStringConstants };
      for (const error of [
        await rejectionOf(load(open(), options)),
        await rejectionOf(compile(open(), options)),
        thrownBy(() => loadSync(open(), options)),
      ]) {
        expect(error).toMatchObject({
          code: "invalid-option",
          details: { option: "importedStringConstants", received: JSON.stringify(importedStringConstants) },
        });
        expect((error as Error).message).toContain(`must be "'", from which the declared module imports`);
      }
    }
    const module = await compile(open(), describing);
    const error = await rejectionOf(module.instantiate({ ...file, importedStringConstants: "_" }));
    expect(error).toMatchObject({ code: "invalid-option", details: { option: "importedStringConstants" } });
  });

  it("refuses as string constants what are none", async () => {
    const error = await rejectionOf(load(open(), { ...file, importedStringConstants: "env" }));
    // An engine with string constants does not list the string constants that the module was compiled with.
    const expected =
      hasConstants && what === withBuiltins
        ? { code: "declaration-mismatch", details: { difference: { name: "'.hello 😀" } } }
        : { code: "import-mismatch", details: { module: "env", name: "count" } };
    expect(error).toMatchObject(expected);
  });
});

describe("a declaration file", () => {
  it("of another module is refused by its fingerprint, whatever its builtins", async () => {
    for (const given of [file, { ...file, importedStringConstants: "_" }]) {
      expect(await rejectionOf(load(other, given))).toMatchObject({ code: "declaration-mismatch" });
      expect(thrownBy(() => loadSync(other, given))).toMatchObject({ code: "declaration-mismatch" });
    }
  });

  it("of another compiled module: the error names what differs, which is no builtin", async () => {
    for (const module of [new Module(other), new Module(other, both)]) {
      const error = await rejectionOf(load(module, file));
      expect(error).toMatchObject({ code: "declaration-mismatch", details: { difference: { name: "size" } } });
    }
  });

  it("without builtins takes them beside it, if they are the module's", async () => {
    const rest = { format: file.format, fingerprint: file.fingerprint, api };
    const wasm = await load(bytes, { ...rest, ...both, imports });
    expect(wasm.api.greets("hello 😀")).toBe(true);
    const error = await rejectionOf(load(bytes, { ...rest, importedStringConstants: "_" }));
    expect(error).toMatchObject({ code: "invalid-option", details: { option: "importedStringConstants" } });
  });

  it("of a module without string constants takes none", async () => {
    const plain = importing("env", "value", [3, i32, 0]);
    const given = { format: 1, fingerprint: fingerprintOf(inspect(plain)), importedStringConstants: "'" } as const;
    const error = await rejectionOf(load(plain, given));
    expect(error).toMatchObject({ code: "invalid-option" });
    expect((error as Error).message).toContain("left out, because the declared module imports nothing from it");
  });
});
