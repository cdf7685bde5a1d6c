import { inspect, load, loadSync, t, type UnglueError } from "unglue";
import { describe, expect, it } from "vitest";
import { explain } from "../src/errors/explain.ts";
import { loadError } from "../src/errors/load-error.ts";
import { messages } from "../src/errors/messages/index.ts";
import { lackingFeature } from "../src/errors/messages/features.ts";
import { rejectionOf, thrownBy, wat } from "./wat.ts";

const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  ((await rejectionOf(promise)) as UnglueError).message;
const written = (error: UnglueError): string => {
  explain(error, messages);
  return error.message;
};

describe("a server's answer", () => {
  it.each([
    [503, "Service Unavailable", "Try again later; the option `retry` makes several attempts"],
    [429, "Too Many Requests", "Try again later"],
    [404, "Not Found", "Check the URL, and that the .wasm file is deployed there"],
  ])("of status %i says what to do", async (status, statusText, advice) => {
    const fetch = () => Promise.resolve(new Response("", { status, statusText }));
    const message = await messageOf(load("https://example.com/app.wasm", { fetch }));
    expect(message).toContain(`answered with ${status} ${statusText}. ${advice}`);
  });
});

describe("a server that tells when to come again", () => {
  it("is quoted", async () => {
    const headers = { "retry-after": "30" };
    const fetch = () => Promise.resolve(new Response("", { status: 503, headers }));
    expect(await messageOf(load("https://example.com/app.wasm", { fetch }))).toContain("Try again in 30 s; the option");
  });
});

describe("a permission that Deno refuses", () => {
  it("is named with the flag that gives it", async () => {
    const refused = new Error('Requires net access to "example.com:443", run again with the --allow-net flag');
    const fetch = () => Promise.reject(refused);
    expect(await messageOf(load("https://example.com/app.wasm", { fetch }))).toContain(
      "This process may not make the request: allow it with --allow-net.",
    );
  });
});

describe("a module with minified names", () => {
  it("carries the advice of inspect in its errors", async () => {
    const bytes = await wat(`(module (import "a" "a" (func $a (param i32) (result i32)))
      (import "a" "b" (func (param i32 i32 i32))) (memory (export "c") 1) (func (export "d"))
      (func (export "e") (param i32) (result i32) (call $a (i32.const 1))) (table (export "f") 1 funcref)
      (func (export "g") (param i32)))`);
    const { advice } = inspect(bytes);
    expect(advice.map(({ code }) => code)).toContain("minified-names");
    const wasm = await load<{ e(of: number): number }>(bytes);
    for (const message of [
      await messageOf(load(bytes, { missing: "error" })),
      await messageOf(load(bytes, { api: t.api({ add: t.fn([t.i32], t.i32) }) })),
      (thrownBy(() => wasm.guarded.e(1)) as Error).message,
    ]) {
      for (const one of advice) expect(message).toContain(one.message);
    }
  });
});

describe("an initializer that traps", () => {
  it("is called one", async () => {
    const bytes = await wat(`(module (func (export "_initialize") unreachable))`);
    expect(await messageOf(load(bytes))).toMatch(/^The initializer "_initialize" trapped: /);
  });
});

describe("a host that has only a compiled module", () => {
  it("is told of `shape` where an interface is declared", () => {
    expect(written(loadError("needs-bytes", { option: "api" }))).toContain("Pass the module's `shape`");
    expect(written(loadError("needs-bytes", { option: "integrity" }))).toContain("or leave the option out");
    expect(written(loadError("compile-forbidden", {}, new Error("no")))).toContain("pass also its `shape`");
  });
});

describe("a Blob without methods, as of jsdom", () => {
  it("is said to be unreadable", async () => {
    class Blob {
      readonly size = 5;
      readonly type = "";
      readonly [Symbol.toStringTag] = "Blob";
    }
    expect(await messageOf(load(new Blob() as never))).toContain("This Blob cannot be read");
  });
});

describe("a module that the engine refuses", () => {
  it.each([
    // V8
    ["Compiling function #0 failed: Invalid opcode 0xfd (enable with --experimental-wasm-simd) @+30", "SIMD"],
    ["invalid memory limits flags 0x4 (enable with --experimental-wasm-memory64) @+11", "64-bit memory"],
    ["Compiling function #0 failed: Invalid opcode 0x1f @+38", "exceptions with exnref"],
    ["unknown type form: 95, expected 0x60 (enable with --experimental-wasm-gc) @+11", "garbage collection"],
    ["multiple memories are not allowed (pass --experimental-wasm-multi-memory) @+14", "several memories"],
    // SpiderMonkey
    ["wasm validation error: at offset 31: unrecognized opcode: fd 100", "relaxed SIMD"],
    ["wasm validation error: at offset 31: unrecognized opcode: fb 0", "garbage collection"],
    ["wasm validation error: at offset 11: memory64 is disabled", "64-bit memory"],
    // JavaScriptCore
    ["WebAssembly.Module doesn't validate: invalid opcode 254, in function at index 0", "threads"],
    ["WebAssembly.Module doesn't parse at byte 31: invalid opcode 18, in function at index 0", "tail calls"],
  ])("is explained by the feature in %j", (message, feature) => {
    expect(lackingFeature(message)?.name).toBe(feature);
    const text = written(loadError("compile-failed", {}, new WebAssembly.CompileError(message)));
    expect(text).toContain(`The module uses ${feature}, which Chrome `);
    expect(text).toMatch(/ have: run it there, or build it without\. See /);
  });

  it.each([
    "Compiling function #0 failed: type error in fallthru[0] (expected i32, got f64) @+30",
    "Compiling function #12 failed: not enough arguments on the stack for i32.add @+18",
    "wasm validation error: at offset 31: type mismatch",
    "WebAssembly.Module doesn't validate: control flow returns with unexpected type, in function at index 0",
  ])("and that is damaged is explained by no feature: %j", (message) => {
    expect(lackingFeature(message)).toBeUndefined();
  });

  it("names the feature where this engine lacks one", async () => {
    const uses: Readonly<Record<string, string>> = {
      "several memories": "(module (memory 1) (memory 1))",
      "extended constant expressions": "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
      "relaxed SIMD": "(module (func (param v128) (drop (i32x4.relaxed_trunc_f32x4_s (local.get 0)))))",
      "64-bit memory": "(module (memory i64 1))",
      "tail calls": "(module (func $f (return_call $f)))",
      "exceptions with exnref": "(module (func (block $b (try_table (catch_all $b)))))",
    };
    for (const [feature, text] of Object.entries(uses)) {
      const bytes = await wat(text);
      const message = WebAssembly.validate(bytes) ? `The module uses ${feature}` : await messageOf(load(bytes));
      expect(message).toContain(`The module uses ${feature}`);
    }
  });
});

describe("an import that only a runtime provides", () => {
  it.each([
    ["wasi_snapshot_preview1", "fd_write", "WASI preview 1 has this function as (i32, i32, i32, i32) -> i32"],
    ["gojs", "syscall/js.valueGet", "run the program with loadProgram, from unglue/go"],
    ["gojs", "runtime.sleepTicks", "belongs to TinyGo's runtime"],
    ["go", "runtime.wasmExit", "belongs to a Go before 1.21"],
    ["env", "_embind_register_void", "belongs to embind"],
    ["env", "emscripten_resize_heap", "-sSTANDALONE_WASM"],
    ["env", "napi_create_function", "adapters: [napi()] from unglue/napi"],
  ])("is told by whom: %s.%s", async (module, name, hint) => {
    const bytes = await wat(
      `(module (import "${module}" "${name}" (func $f (param i32))) (func (export "run") (call $f (i32.const 0))))`,
    );
    expect(await messageOf(load(bytes, { missing: "error" }))).toContain(hint);
    const wasm = await load(bytes);
    expect((thrownBy(() => wasm.guarded.run?.()) as Error).message).toContain(hint);
    expect(wasm.imports[0]?.evidence).toContain(hint);
  });

  it("is told in the initializer that calls it", async () => {
    const bytes = await wat(`(module (import "env" "f" (func $f)) (func (export "_initialize") (call $f)))`);
    const error = thrownBy(() => loadSync(bytes)) as UnglueError;
    expect(error).toMatchObject({
      code: "missing-import-called",
      details: { module: "env", name: "f", during: "_initialize" },
    });
    expect(error.message).toMatch(
      /^The initializer "_initialize" did not end: The module called its import "env"\."f"/,
    );
    expect(error.message.match(/See unglue/g)).toHaveLength(1);
  });
});

describe("an interface that is not wrapped", () => {
  it("is told to be", async () => {
    const bytes = await wat("(module)");
    const bare = { one: t.fn([], t.i32) } as never;
    expect(await messageOf(load(bytes, { api: bare }))).toContain("wrap it: t.api({ … })");
  });
});
