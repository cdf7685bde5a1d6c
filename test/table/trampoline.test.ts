import { createContext, runInContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { encodeTrampoline as trampolineBytes, toWasmFunction } from "../../src/binary/trampoline.ts";
import { thrownBy, wat } from "../wat.ts";

afterEach(() => vi.unstubAllGlobals());

/** The WebAssembly object of a realm that forbids compiling, as hosts at the edge do. */
function forbidding(): typeof WebAssembly {
  return runInContext("WebAssembly", createContext({}, { codeGeneration: { strings: false, wasm: false } })) as never;
}

describe("the bytes of a trampoline", () => {
  it("are a module that re-exports an import with the signature's type", async () => {
    const module = new WebAssembly.Module(trampolineBytes("ij->fd"));
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: "js", name: "callback", kind: "function" }]);
    expect(WebAssembly.Module.exports(module)).toEqual([{ name: "callback", kind: "function" }]);
    const text = `(module (import "js" "callback" (func (param i32 i64) (result f32 f64))) (export "callback" (func 0)))`;
    expect(trampolineBytes("ij->fd")).toEqual(await wat(text));
  });

  it("stay valid where counts and sizes need more than a byte", () => {
    const signature = `${"i".repeat(300)}->${"j".repeat(200)}`;
    expect(WebAssembly.validate(trampolineBytes(signature))).toBe(true);
  });

  it("are refused for an unreadable signature", () => {
    expect(thrownBy(() => trampolineBytes("i"))).toMatchObject({ code: "invalid-signature" });
  });
});

describe("a WebAssembly function of a JavaScript one", () => {
  it("compiles one trampoline for all functions of a signature", () => {
    const trampolines = new Map<string, WebAssembly.Module>();
    const made = Array.from(
      { length: 20 },
      (_, k) => toWasmFunction("i->i", () => k, { trampolines, given: undefined }) as () => number,
    );
    expect(made.map((one) => one())).toEqual(made.map((_, k) => k));
    expect([...trampolines.keys()]).toEqual(["i->i"]);
    const compiled = trampolines.get("i->i");
    toWasmFunction("i->i", () => 0, { trampolines, given: undefined });
    expect(trampolines.get("i->i")).toBe(compiled);
  });

  it("is made by WebAssembly.Function where the engine has it", () => {
    const types: unknown[] = [];
    const trampolines = new Map<string, WebAssembly.Module>();
    const Function = class {
      constructor(type: unknown) {
        types.push(type);
      }
    };
    vi.stubGlobal("WebAssembly", Object.assign(Object.create(WebAssembly), { Function }));
    expect(toWasmFunction("ij->f", () => 1, { trampolines, given: undefined })).toBeInstanceOf(Function);
    expect(types).toEqual([{ parameters: ["i32", "i64"], results: ["f32"] }]);
    expect(trampolines.size).toBe(0);
  });

  it("falls back to a trampoline where WebAssembly.Function does not serve", () => {
    const Function = class {
      constructor() {
        throw new TypeError("not this type");
      }
    };
    vi.stubGlobal("WebAssembly", Object.assign(Object.create(WebAssembly), { Function }));
    const made = toWasmFunction("i->i", (n: number) => n + 1, { trampolines: new Map(), given: undefined }) as (
      n: number,
    ) => number;
    expect(made(1)).toBe(2);
  });

  it("where compiling is forbidden is an error that says what to compile beforehand", () => {
    vi.stubGlobal("WebAssembly", forbidding());
    const error = thrownBy(() => toWasmFunction("ii->i", () => 1, { trampolines: new Map(), given: undefined }));
    expect(error).toMatchObject({ code: "trampoline-unavailable", details: { signature: "ii->i" } });
    expect((error as Error).message).toContain('trampolineBytes("ii->i")');
    expect((error as Error).message).toContain("`trampolines`");
    expect(String((error as Error).cause)).toContain("disallowed");
  });

  it("where compiling is forbidden is made with a trampoline that the user compiled", () => {
    const given = { "ii->i": new WebAssembly.Module(trampolineBytes("ii->i")) };
    vi.stubGlobal("WebAssembly", forbidding());
    const trampolines = new Map<string, WebAssembly.Module>();
    const add = toWasmFunction("ii->i", (a: number, b: number) => a + b, { trampolines, given }) as (
      a: number,
      b: number,
    ) => number;
    expect(add(2, 3)).toBe(5);
    // Imports given to one instance do not reach another of the module.
    expect(trampolines.size).toBe(0);
  });

  it.each([
    ["other imports", `(module (import "env" "f" (func (param i32))) (export "callback" (func 0)))`],
    ["another type of import", `(module (import "js" "callback" (memory 1)))`],
    ["other exports", `(module (import "js" "callback" (func (param i32))) (export "f" (func 0)))`],
    ["no function", `(module (memory (export "callback") 1))`],
  ])("is refused where the given trampoline has %s", async (_, text) => {
    const given = { "i->": new WebAssembly.Module(await wat(text)) };
    const error = thrownBy(() => toWasmFunction("i->", () => 1, { trampolines: new Map(), given }));
    expect(error).toMatchObject({ code: "trampoline-unavailable", details: { signature: "i->" } });
    expect((error as Error).message).toContain('trampolineBytes("i->")');
    expect((error as Error).message).toContain("`trampolines`");
  });

  it("is refused where the given trampoline is no module", () => {
    expect(
      thrownBy(() => toWasmFunction("i->", () => 1, { trampolines: new Map(), given: { "i->": {} } })),
    ).toMatchObject({ code: "trampoline-unavailable", details: { signature: "i->" } });
  });

  it("does not take inherited names for signatures", () => {
    expect(thrownBy(() => toWasmFunction("toString", () => 1, { trampolines: new Map(), given: {} }))).toMatchObject({
      code: "invalid-signature",
    });
  });
});
