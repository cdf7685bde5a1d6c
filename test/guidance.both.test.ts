import * as core from "@emnapi/core";
import * as runtime from "@emnapi/runtime";
import { type Adapter, compile, load, loadSync, t, UnglueError } from "unglue";
import { go, loadProgram } from "unglue/go";
import { napi } from "unglue/napi";
import { loadCommand, wasi } from "unglue/wasi";
import { describe, expect, it } from "vitest";
import { small } from "./napi/small.ts";
import { wasiBytes } from "./wasi/fixture.ts";
import { rejectionOf, wat } from "./wat.ts";

const importing = wat(`(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (import "env" "f" (func)) (memory (export "memory") 1))`);
const own = "wasi_snapshot_preview1";

describe("what stands for the imports of a module", () => {
  it.each([
    ["a function of wasi()", { [own]: wasi() }, `imports.${own}`, "imports: wasi(…)"],
    ["wasi itself", { [own]: wasi }, `imports.${own}`, "imports: wasi()"],
    ["a member that wasi() lacks", { [own]: undefined }, `imports.${own}`, "must be an object of the module's imports"],
    ["null", { env: null }, "imports.env", "must be an object of the module's imports"],
    ["a text", { env: "f" }, "imports.env", "must be an object of the module's imports"],
    ["a function", { env: () => undefined }, "imports.env", "must be an object of the module's imports"],
    ["null by a pattern", { "e*": null }, 'imports["e*"]', "must be an object of the module's imports"],
  ])("is refused if it is %s", async (_, imports, option, advice) => {
    const bytes = await importing;
    const module = await compile(bytes);
    for (const error of [
      await rejectionOf(load(bytes, { imports: imports as never })),
      await rejectionOf(load(bytes, { imports: () => imports as never })),
      await rejectionOf(module.instantiate({ imports: imports as never })),
    ]) {
      expect(UnglueError.is(error, "invalid-option") && error.details.option).toBe(option);
      expect((error as Error).message).toContain(advice);
    }
  });

  it("may be a class with static members, and other modules may have anything", async () => {
    class Host {
      static f(): number {
        return 1;
      }
    }
    const { imports } = await load(await importing, { imports: { env: Host, other: null } as never });
    expect(imports.map(({ provider }) => provider)).toEqual([expect.any(String), "user"]);
  });
});

describe("imports of wasi()", () => {
  it("need the instance", () => {
    const make = wasi() as unknown as () => object;
    expect(make).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect(make).toThrow("...wasi()(instance), env");
  });

  it.each([
    ["wasi", wasi],
    ["wasi()", wasi()],
    ["wasi inside", { [own]: wasi }],
  ])("are refused by a command before it runs: %s", async (_, imports) => {
    const error = await rejectionOf(loadCommand(await wasiBytes("command"), { imports: imports as never }));
    expect(UnglueError.is(error, "invalid-option") && error.details.option).toBe("imports");
    expect((error as Error).message).toContain("or left out: run() makes those of WASI");
  });

  it.each([
    ["a function", () => wasi(), "passed whole"],
    ["a promise", async () => ({ env: {} }), "await it before the call"],
    ["an adapter", () => go(), "an adapter belongs in adapters"],
  ])("say what to do with %s that a function returns", async (_, imports, advice) => {
    const error = await rejectionOf(load(await importing, { imports: imports as never }));
    expect(error).toMatchObject({ code: "invalid-option" });
    expect((error as Error).message).toContain(advice);
  });
});

describe("advice", () => {
  it("leads from the interface of an addon no way back to what was left out", async () => {
    const wasm = await load(small, { toolchain: "c" });
    expect(() => wasm.api).toThrow(expect.objectContaining({ code: "no-interface" }));
    expect(() => wasm.api).not.toThrow("napi()");
    expect(() => loadSync(small).api).toThrow("napi()");
  });

  it("refuses an adapter that the option toolchain would drop", async () => {
    for (const adapter of [go(), napi({ core, runtime })]) {
      const error = await rejectionOf(load(small, { toolchain: "c", adapters: [adapter] }));
      expect(error).toMatchObject({ code: "invalid-option", details: { option: "adapters" } });
      const sync = () => loadSync(small, { toolchain: "c", adapters: [adapter] });
      expect(sync).toThrow(expect.objectContaining({ code: "invalid-option" }));
      expect(await rejectionOf(compile(small, { toolchain: "c", adapters: [adapter] }))).toMatchObject({
        code: "invalid-option",
      });
    }
  });

  it("names loadCommand for the interface of a command", async () => {
    const wasm = await load(await wasiBytes("command"), { imports: wasi() });
    expect(() => wasm.api).toThrow("loadCommand(source), from unglue/wasi");
  });

  it("names load for a library of Go that loadProgram is given", async () => {
    const bytes = await wat(`(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
      (memory (export "memory") 1) (func (export "_initialize"))
      (@custom "go:buildid" "x") (@producers (language "Go" "1.26") (processed-by "Go cmd/compile" "go1.26")))`);
    const error = await rejectionOf(loadProgram(bytes));
    expect(error).toMatchObject({ code: "unsupported-module", details: { feature: "GOOS=wasip1" } });
    expect((error as Error).message).toContain("load(source, { imports: wasi() })");
    expect((error as Error).message).not.toContain("loadCommand");
  });

  it("tells interfaces, declaration files and namespaces from options", async () => {
    const api = t.api({ f: t.fn([], t.void) });
    for (const [options, advice] of [
      [api, "{ api: t.api({ … }) }"],
      [{ default: { format: 1 } }, "the namespace's default export"],
      [{ api: { format: 1, fingerprint: "x", api } }, "a declaration file is spread"],
    ] as const) {
      const error = await rejectionOf(load(await importing, options as never));
      expect((error as Error).message).toContain(advice);
    }
  });

  it("asks no adapter for advice that nothing reads", async () => {
    const bytes = await wat(`(module (func (export "f")))`);
    let asked = 0;
    const adapter: Adapter = {
      name: "mine",
      detect: () => ({ evidence: ["it is"] }),
      provide: () => undefined,
      advise: () => {
        asked++;
        return [];
      },
    };
    const wasm = await load(bytes, { adapters: [adapter], api: t.api({ f: t.fn([], t.void) }) });
    wasm.api.f();
    expect(asked).toBe(0);
    expect(wasm.shape.advice).toEqual([]);
    expect(asked).toBe(1);
  });

  it("lists for the outputs of a Go program what they take", async () => {
    const error = await rejectionOf(loadProgram(Uint8Array.of(), { stdout: 1 }));
    expect((error as Error).message).toContain("stdout must be a function or a stream, or a file descriptor");
  });
});

describe("an addon whose memory is full", () => {
  it("fails with a code", async () => {
    const addon = await wat(`(module
      (import "env" "napi_create_arraybuffer" (func $create (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (table (export "__indirect_function_table") 1 funcref)
      (func (export "malloc") (param i32) (result i32) (i32.const 0)) (func (export "free") (param i32))
      (func (export "napi_register_wasm_v1") (param $env i32) (param $exports i32) (result i32)
        (drop (call $create (local.get $env) (i32.const 64) (i32.const 8) (i32.const 16))) (local.get $exports)))`);
    const error = await rejectionOf(load(addon, { adapters: [napi({ core, runtime })] }));
    expect(UnglueError.is(error, "allocation-failed") && error.details).toEqual({ size: 64, align: 8 });
  });
});

describe("the packages of Node-API", () => {
  it("are refused in two versions", async () => {
    const adapters = [napi({ core: { ...core, version: "1.2.0" } as never, runtime })];
    const error = await rejectionOf(load(small, { adapters }));
    expect(UnglueError.is(error, "peer-missing") && error.details.package).toBe("@emnapi/runtime");
    expect((error as Error).message).toContain("@emnapi/core is 1.2.0");
    const [major, minor] = core.version.split(".");
    const patched = { ...core, version: `${major}.${minor}.99` } as never;
    expect((await load(small, { adapters: [napi({ core: patched, runtime })] })).state).toBe("live");
  });
});
