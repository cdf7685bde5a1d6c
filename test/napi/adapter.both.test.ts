import * as core from "@emnapi/core";
import * as runtime from "@emnapi/runtime";
import { describe, expect, it } from "vitest";
import { compile, load, loadSync, t } from "unglue";
import { napi } from "unglue/napi";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { small, type Small } from "./small.ts";

const options = { adapters: [napi({ core, runtime })] };

describe("an addon for Node-API", () => {
  it("registers its functions as the interface, in synchronous calls too", async () => {
    expect((loadSync(small, options).api as Small).answer()).toBe(42);
    expect(((await load(small, { adapters: [napi()] })).api as Small).answer()).toBe(42);
    const module = await compile(small, options);
    const pool = module.pool({ max: 1 });
    expect(await pool.use((wasm) => (wasm.api as Small).answer())).toBe(42);
    await pool.dispose();
  });

  it("needs the packages in synchronous calls", () => {
    expect(() => loadSync(small, { adapters: [napi()] })).toThrow(
      expect.objectContaining({
        code: "not-ready",
        message: expect.stringContaining("napi({ core, runtime })") as string,
      }),
    );
  });

  it("names a function that traps, and is poisoned", () => {
    const wasm = loadSync(small, options);
    const { fail, answer, Thing } = wasm.api as Small;
    const thing = new Thing();
    expect(fail).toThrow(
      expect.objectContaining({ code: "trap", message: expect.stringContaining('"fail" trapped') as string }),
    );
    expect(wasm.state).toBe("poisoned");
    expect(answer).toThrow(expect.objectContaining({ code: "poisoned" }));
    expect(() => thing.broken()).toThrow(expect.objectContaining({ code: "poisoned" }));
  });

  it("names a method that traps", () => {
    const { Thing } = loadSync(small, options).api as Small;
    expect(() => new Thing().broken()).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ export: "Thing.broken" }) as object }),
    );
  });

  it("has its functions again after a restart", async () => {
    const wasm = await load(small, { ...options, onTrap: "restart" });
    const first = wasm.api as Small;
    expect(first.fail).toThrow(expect.objectContaining({ code: "trap" }));
    await wasm.ready;
    expect(() => first.answer()).toThrow(expect.objectContaining({ code: "life-ended" }));
    expect((wasm.api as Small).answer()).toBe(42);
  });

  it("rejects the promise of a call that traps later", async () => {
    const warnings: string[] = [];
    const wasm = await load(small, { ...options, warn: (message) => void warnings.push(message) });
    const { later } = wasm.api as Small;
    await expect(later()).rejects.toThrow(
      expect.objectContaining({ code: "poisoned", cause: expect.objectContaining({ code: "trap" }) as Error }),
    );
    expect(wasm.state).toBe("poisoned");
    expect(warnings).toEqual([expect.stringContaining("trapped")]);
  });

  it("refuses its interface once it is disposed of", () => {
    const wasm = loadSync(small, options);
    wasm.dispose();
    expect(() => wasm.api).toThrow(expect.objectContaining({ code: "disposed" }));
  });
});

describe("an addon with a declaration", () => {
  const api = t.api({ answer: t.fn([], t.u32) });
  const leading = /adapters: \[napi\(\)\]`, from `unglue\/napi`.* leave out `api`/;

  it("is told to leave it out, with the adapter and without", async () => {
    for (const error of [
      await rejectionOf(load(small, { api })),
      await rejectionOf(load(small, { api, adapters: [napi()] })),
      thrownBy(() => loadSync(small, { api })),
      thrownBy(() => loadSync(small, { api: t.api({ other: t.fn([t.string], t.string) }), ...options })),
    ]) {
      expect(error).toMatchObject({ code: "convention-unavailable" });
      expect((error as Error).message).toMatch(leading);
      expect((error as Error).message).not.toContain("by hand");
    }
  });

  it("is told how its interface comes about, where there is none", async () => {
    const error = thrownBy(() => loadSync(small).api);
    expect(error).toMatchObject({ code: "no-interface" });
    expect((error as Error).message).toMatch(leading);
    expect((error as Error).message).not.toContain("Pass one");
  });
});

describe("a module that is no addon for emnapi", () => {
  it("is refused with the export that it lacks", async () => {
    const bytes = await wat(`(module (import "env" "napi_typeof" (func (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (func (export "napi_register_wasm_v1") (param i32 i32) (result i32) (local.get 1)))`);
    await expect(load(bytes, { adapters: [napi()] })).rejects.toThrow(
      expect.objectContaining({ code: "unsupported-module", message: expect.stringContaining('"malloc"') as string }),
    );
  });

  it("is refused if it was built for version 1 of emnapi, and version 2 is given", async () => {
    const later = { ...core, version: "2.0.0-alpha.6" };
    await expect(load(small, { adapters: [napi({ core: later, runtime })] })).rejects.toThrow(
      expect.objectContaining({
        code: "unsupported-module",
        details: { toolchain: "napi", feature: "no export emnapi_create_env" },
        message: expect.stringMatching(
          /version 1 of emnapi, .* 2\.0\.0-alpha\.6\. Run npm install @emnapi\/core@1/,
        ) as string,
      }),
    );
  });

  it("is told where a function of Node-API is in no package", async () => {
    const bytes = await wat(`(module (import "env" "napi_of_tomorrow" (func (param i32 i32) (result i32)))
      (import "wasi" "thread-spawn" (func (param i32) (result i32)))
      (memory (export "memory") 1) (table (export "__indirect_function_table") 1 funcref)
      (func (export "malloc") (param i32) (result i32) (i32.const 0)) (func (export "free") (param i32))
      (func (export "napi_register_wasm_v1") (param i32 i32) (result i32) (local.get 1)))`);
    const { imports } = await load(bytes, { adapters: [napi()] });
    expect(imports.map(({ name, provider, evidence }) => [name, provider, evidence])).toEqual([
      ["napi_of_tomorrow", "stub", expect.stringContaining("Install the version")],
      ["thread-spawn", "stub", expect.stringContaining("starts a thread")],
    ]);
  });
});
