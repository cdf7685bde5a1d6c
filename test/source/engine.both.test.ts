import { compile, compileSync, inspect, load, loadSync } from "unglue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

const bytes = await wat(`(module (func (export "f")))`);
const needy = await wat(`(module (import "env" "memory" (memory 1)) (import "env" "f" (func $f)) (start $f))`);
const wasmType = { headers: { "Content-Type": "application/wasm" } };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The exception, the reason or else the result of a call. */
function outcomeOf(call: () => unknown): Promise<unknown> {
  return Promise.resolve()
    .then(call)
    .catch((reason: unknown) => reason);
}

/** An engine that lacks some of its members. */
function without(...members: string[]): void {
  const names = Object.getOwnPropertyNames(WebAssembly).filter((name) => !members.includes(name));
  vi.stubGlobal("WebAssembly", Object.fromEntries(names.map((name) => [name, Reflect.get(WebAssembly, name)])));
}

describe("a host without WebAssembly", () => {
  it("is named by every call that needs it, before any request", async () => {
    const compiled = await compile(bytes);
    const pool = compiled.pool({ max: 1 });
    vi.stubGlobal("WebAssembly", undefined);
    const fetch = vi.fn(() => Promise.resolve(new Response(bytes, wasmType)));
    const source = vi.fn(() => bytes);
    const url = "https://unglue.test/app.wasm";
    const calls = {
      load: () => load(url, { fetch }),
      "load of bytes": () => load(bytes),
      "load of a function": () => load(source),
      "load with options": () => load(url, { fetch, onProgress: () => undefined, retry: {} }),
      compile: () => compile(url, { fetch }),
      loadSync: () => loadSync(bytes),
      compileSync: () => compileSync(bytes),
      instantiate: () => compiled.instantiate(),
      instantiateSync: () => compiled.instantiateSync(),
      pool: () => pool.take(),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await outcomeOf(call);
      expect([name, error]).toMatchObject([name, { code: "wasm-unavailable", details: { missing: "WebAssembly" } }]);
      expect((error as Error).message).toContain("no WebAssembly");
    }
    expect([fetch.mock.calls.length, source.mock.calls.length]).toEqual([0, 0]);
    expect(inspect(bytes).exports).toHaveLength(1);
  });
});

describe("a host with a part of WebAssembly", () => {
  it.each(["compile", "instantiate", "Module"])("is named where it lacks WebAssembly.%s", async (member) => {
    without(member);
    const error = await rejectionOf(load(bytes));
    expect(error).toMatchObject({ code: "wasm-unavailable", details: { missing: `WebAssembly.${member}` } });
  });

  it.each(["Module", "Instance"])("is named by synchronous calls where it lacks WebAssembly.%s", (member) => {
    without(member);
    const error = thrownBy(() => loadSync(bytes));
    expect(error).toMatchObject({ code: "wasm-unavailable", details: { missing: `WebAssembly.${member}` } });
  });

  it("does what it can: a compiled module needs no compiler", async () => {
    const { raw, shape } = await compile(bytes);
    without("compile", "compileStreaming", "instantiateStreaming", "validate");
    expect(Object.keys((await load(raw, { shape })).exports)).toEqual(["f"]);
  });

  it("loads from responses without compileStreaming, and creates what is imported without its classes", async () => {
    without("compileStreaming", "instantiateStreaming", "Memory", "Table", "Global", "Tag");
    const f = vi.fn();
    await load(new Response(needy, wasmType), { imports: { env: { f } } });
    expect(f).toHaveBeenCalledTimes(1);
  });
});

describe("a policy that is applied where a module is instantiated", () => {
  const messages = [
    "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script in the following Content Security Policy directive: \"script-src 'self'\".",
    "WebAssembly.instantiate(): Refused to compile or instantiate WebAssembly module because 'unsafe-eval' is not an allowed source of script",
    "call to WebAssembly.instantiate() blocked by CSP",
    "WebAssembly.Instance(): Wasm code generation disallowed by embedder",
  ];

  function refuse(error: unknown): void {
    vi.spyOn(WebAssembly, "instantiate").mockRejectedValue(error);
    vi.spyOn(WebAssembly, "Instance").mockImplementation(function refuseInstance() {
      throw error;
    });
  }

  it.each(messages)("is compile-forbidden from every call: %s", async (message) => {
    const module = await compile(bytes);
    const cause = new WebAssembly.CompileError(message);
    refuse(cause);
    const calls = [
      () => load(bytes),
      () => load(module.raw),
      () => loadSync(bytes),
      () => module.instantiate(),
      () => module.instantiateSync(),
      () => module.pool({ max: 1 }).take(),
    ];
    for (const call of calls) {
      const error = await outcomeOf(call);
      expect(error).toMatchObject({ code: "compile-forbidden", cause });
      expect((error as Error).message).toContain("'wasm-unsafe-eval'");
    }
  });

  it("is no other refusal of the engine's, nor what an import throws that the start function calls", async () => {
    const cause = new WebAssembly.CompileError("WebAssembly.instantiate(): invalid local type");
    const imports = {
      env: {
        f: () => {
          throw cause;
        },
      },
    };
    expect(await rejectionOf(load(needy, { imports }))).toBe(cause);
    expect(thrownBy(() => loadSync(needy, { imports }))).toBe(cause);
    refuse(cause);
    expect(await rejectionOf(load(bytes))).toMatchObject({ code: "compile-failed", cause });
    expect(thrownBy(() => loadSync(bytes))).toMatchObject({ code: "compile-failed", cause });
  });
});
