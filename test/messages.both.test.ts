import { compileSync, inspect, load, loadSync, t, UnglueError } from "unglue";
import { assemblyscript } from "unglue/assemblyscript";
import { go } from "unglue/go";
import { createLedger } from "unglue/ledger";
import { napi } from "unglue/napi";
import { wasi } from "unglue/wasi";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { describe, expect, it } from "vitest";
import { wat } from "./wat.ts";

const thrownBy = (act: () => unknown): UnglueError => {
  try {
    act();
  } catch (error) {
    if (UnglueError.is(error)) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
};

describe("a synchronous load of a wasm-bindgen module without its adapter", () => {
  const bytes = wat(`(module (import "wbg" "__wbg_now_0123456789abcdef" (func $now (result f64)))
    (import "env" "other" (func)) (memory (export "memory") 1)
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 1024))
    (func (export "call") (drop (call $now))))`);
  const line = 'pass adapters: [wasmBindgen()] from "unglue/wasm-bindgen"';

  it("says so in the report and in the trap of the stub, and says nothing of other imports", async () => {
    for (const wasm of [loadSync(await bytes), compileSync(await bytes).instantiateSync()]) {
      expect(wasm.imports.map(({ evidence }) => evidence.includes(line))).toEqual([true, false]);
      const error = thrownBy(() => wasm.guarded.call?.());
      expect(error.code).toBe("missing-import-called");
      expect(error.message).toContain(line);
    }
  });

  it("says nothing of the kind where the adapter is there", async () => {
    const instances = [loadSync(await bytes, { adapters: [wasmBindgen()] }), await load(await bytes)];
    for (const { imports } of instances) expect(imports[0]?.evidence).not.toContain(line);
  });
});

describe("options", () => {
  const bytes = wat("(module)");

  it.each([
    [{ limits: { byte: 1 } }, "limits.byte", "limits.bytes"],
    [{ limits: { memoryPage: 1 } }, "limits.memoryPage", "limits.memoryPages"],
    [{ retry: { attempt: 3 } }, "retry.attempt", "retry.attempts"],
    [{ retry: { delays: 3 } }, "retry.delays", "retry.delay"],
    [{ allocator: { alloc: "a", fre: "b" } }, "allocator.fre", "allocator.free"],
  ])("name a misspelt member in full, with the nearest one: %j", async (options, option, nearest) => {
    const error: unknown = await load(await bytes, options as object).catch((error: unknown) => error);
    expect(UnglueError.is(error, "unknown-option") && error.details).toEqual({ call: "load", option, nearest });
    expect((error as Error).message).toBe(
      `load: there is no option "${option}". Did you mean ${nearest}? See unglue/docs/errors.md#unknown-option`,
    );
  });

  it.each([
    ["go", { imports: go }, "call this one, adapters: [go()]"],
    ["napi", { imports: napi }, "call this one, adapters: [napi()]"],
    ["wasmBindgen", { imports: wasmBindgen }, "call this one, adapters: [wasmBindgen()]"],
    ["wasi", { imports: wasi }, "call this one, imports: wasi()"],
    ["assemblyscript", { imports: assemblyscript }, "call this one, adapters: [assemblyscript()]"],
    ["napi()", { imports: napi() }, "an adapter belongs in adapters"],
    ["[go]", { adapters: [go] }, "call it: go()"],
    ["[napi]", { adapters: [napi] }, "call it: napi()"],
    ["[assemblyscript]", { adapters: [assemblyscript] }, "call it: assemblyscript()"],
    ["[wasi]", { adapters: [wasi] }, "call it, or give it in imports if it makes them"],
    ["[wasi()]", { adapters: [wasi()] }, "call it, or give it in imports if it makes them"],
  ])("say how to pass %s", async (_, options, advice) => {
    for (const error of [
      await load(await bytes, options as object).catch((error: unknown) => error),
      thrownBy(() => loadSync(bytesNow, options as object)),
    ]) {
      expect(UnglueError.is(error) && error.code).toBe("invalid-option");
      expect((error as Error).message).toContain(advice);
    }
  });

  it("say to call what makes an adapter", async () => {
    const error = thrownBy(() => loadSync(bytesNow, { adapters: [wasmBindgen as never] }));
    expect(error.code).toBe("invalid-option");
    expect(error.message).toContain("call it: wasmBindgen()");
    expect((await load(await bytes, { adapters: [wasmBindgen()] })).state).toBe("live");
  });
});

const bytesNow = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

describe("an addon for Node-API", () => {
  it("is refused with a declaration, by its toolchain's name", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1)
      (func (export "napi_register_wasm_v1") (param i32 i32) (result i32) (local.get 1))
      (func (export "one") (result i32) (i32.const 1)))`);
    for (const member of [t.fn([t.u32], t.u32), t.fn([t.string], t.u32)]) {
      const error = thrownBy(() => loadSync(bytes, { api: t.api({ crc32: member }) }));
      expect(UnglueError.is(error, "convention-unavailable") && error.details).toEqual({
        toolchain: "napi",
        member: "crc32",
      });
    }
    expect(loadSync(bytes, { api: t.api({ one: t.fn([], t.i32) }) }).api.one()).toBe(1);
  });
});

describe("advice about closures that no export can run", () => {
  it("says what to do instead of naming candidates", async () => {
    const bytes =
      await wat(`(module (import "wbg" "__wbindgen_closure_wrapper12" (func (param i32 i32 i32) (result i32)))
      (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 0)))`);
    const { message = "" } = inspect(bytes).advice.find(({ code }) => code === "closures") ?? {};
    expect(message).not.toContain("candidates");
    expect(message).toContain("give these imports in `imports`");
  });
});

describe("an instance that its initializer's caller disposes of", () => {
  it("is not what a load returns", async () => {
    const dispose = { initialize: (instance: { dispose(): void }) => instance.dispose() };
    expect(thrownBy(() => loadSync(bytesNow, dispose)).code).toBe("disposed");
    await expect(load(bytesNow, dispose)).rejects.toMatchObject({ code: "disposed" });
    const later = { initialize: async (instance: { dispose(): void }) => instance.dispose() };
    await expect(load(bytesNow, later)).rejects.toMatchObject({ code: "disposed" });
  });
});

describe("the prefix of a class", () => {
  it.each(["cnt", "cnt_"])("may have its underscore or not in C: %s", async (prefix) => {
    const bytes = await wat(`(module (func (export "cnt_new") (result i32) (i32.const 64))
      (func (export "cnt_value") (param i32) (result i32) (i32.const 7)) (func (export "cnt_free") (param i32)))`);
    const api = t.api({ Counter: t.class({ new: t.ctor([]), value: t.method([], t.i32) }, { prefix }) });
    const { api: bound } = await load(bytes, { api });
    expect(new bound.Counter().value()).toBe(7);
  });

  it.each(["cnt", "cnt_"])("may have its underscore or not in wasm-bindgen: %s", async (prefix) => {
    const bytes = await wat(`(module (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 0))
      (func (export "cnt_new") (result i32) (i32.const 64))
      (func (export "cnt_value") (param i32) (result i32) (i32.const 7)) (func (export "__wbg_cnt_free") (param i32 i32)))`);
    const api = t.api({ Counter: t.class({ new: t.ctor([]), value: t.method([], t.i32) }, { prefix }) });
    const { api: bound } = await load(bytes, { api });
    expect(new bound.Counter().value()).toBe(7);
  });
});

describe("what a console shows of a ledger", () => {
  it("is a line", async () => {
    const ledger = createLedger();
    const { memory } = await load(
      await wat(
        `(module (memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) (i32.const 1024)))`,
      ),
      { ledger },
    );
    memory.alloc(8);
    const { [Symbol.for("nodejs.util.inspect.custom")]: custom } = ledger as unknown as { [key: symbol]: () => string };
    expect(custom?.()).toBe("Ledger { live: 1, objects: 0 }");
    expect(JSON.parse(JSON.stringify(ledger))).toEqual({ live: 1, objects: 0 });
    expect(ledger.live).toHaveLength(1);
  });
});

describe("bytes of another hash", () => {
  it("are named by their source, without its credentials", async () => {
    const integrity = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    const fetch = () => Promise.resolve(new Response(bytesNow, { headers: { "Content-Type": "application/wasm" } }));
    const url = "https://user:secret@unglue.test/app.wasm";
    const error: unknown = await load(url, { integrity, fetch }).catch((error: unknown) => error);
    expect(UnglueError.is(error, "integrity-mismatch") && error.details.from).toMatch(/unglue\.test\/app\.wasm$/);
    expect((error as Error).message).toContain("unglue.test/app.wasm");
    expect(JSON.stringify(error) + (error as Error).message).not.toContain("secret");
  });
});
