import { afterEach, describe, expect, it, vi } from "vitest";
import { type Adapter, compile, type Instance, load, loadSync, t } from "unglue";
import { wasi } from "unglue/wasi";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { moduleUrl } from "../assemblyscript/module.ts";
import { wasiBytes, wasiUrl } from "../wasi/fixture.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Tells for each import who provides it. */
const providersOf = ({ imports }: Pick<Instance, "imports">): Record<string, string> =>
  Object.fromEntries(imports.map(({ module, name, provider, adapter }) => [`${module}.${name}`, adapter ?? provider]));
const system = (providers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(providers).filter(([path]) => path.startsWith("wasi_")));

describe("a reactor of C, without any option for WASI", () => {
  const api = t.api({
    times_constructed: t.fn([], t.i32),
    say: t.fn([t.string], t.i32),
    variable: t.fn([t.cstring], t.cstring),
    ask: t.fn([], t.cstring),
    store: t.fn([t.cstring, t.cstring], t.cstring),
    leave: t.fn([t.i32], t.void),
  });
  const options = {
    api,
    allocator: { alloc: "allocate", free: "release" },
    imports: { env: { between: (value: number) => value * 2 } },
  };

  it("has a system interface without files, and its convention", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue(undefined);
    const wasm = await load(wasiUrl("reactor"), options);
    expect([wasm.api.times_constructed(), wasm.api.say("Zoë"), wasm.api.say("two\nlines")]).toEqual([1, 1, 2]);
    expect(log.mock.calls).toEqual([["Zoë"], ["two"], ["lines"]]);
    expect([wasm.api.variable("HOME"), wasm.api.ask()]).toEqual(["", ""]);
    expect(wasm.api.store("/data/a", "text")).not.toBe("text");
    expect(wasm.toolchain.name).toBe("wasi");
    const served = Object.values(system(providersOf(wasm)));
    expect(served.length).toBeGreaterThan(5);
    expect(new Set(served)).toEqual(new Set(["wasi"]));
    expect(wasm.imports.find(({ name }) => name === "fd_write")).toMatchObject({
      provider: "adapter",
      adapter: "wasi",
      evidence: "WASI: an empty input, output to the console, and no files",
    });
    expect(thrownBy(() => wasm.api.leave(3))).toMatchObject({ code: "exited", details: { exitCode: 3 } });
  });

  it("writes to the console that is given", async () => {
    const log = vi.fn();
    const wasm = await load(wasiUrl("reactor"), { ...options, console: { log, error: vi.fn() } });
    wasm.api.say("here");
    const byMeaning = await load(wasiUrl("reactor"), { ...options, importsByMeaning: { "console.log": log as never } });
    byMeaning.api.say("and here");
    expect(log.mock.calls).toEqual([["here"], ["and here"]]);
  });

  it("has its own of everything in each life and in each instance of a module", async () => {
    const module = await compile(wasiUrl("reactor"));
    const log = vi.spyOn(console, "log").mockReturnValue(undefined);
    const wasm = await module.instantiate({ ...options, onTrap: "restart" });
    const other = module.instantiateSync(options);
    for (let life = 1; life <= 2; life++) {
      expect([wasm.api.say(`life ${life}`), wasm.api.times_constructed()]).toEqual([1, 1]);
      expect(thrownBy(() => wasm.guarded["fail"]?.())).toMatchObject({ code: "trap" });
    }
    expect(other.api.say("other")).toBe(1);
    expect(log.mock.calls).toEqual([["life 1"], ["life 2"], ["other"]]);
  });

  it("has the caller's functions before those", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue(undefined);
    const written: string[] = [];
    const own = wasi({ stdout: (bytes) => written.push(new TextDecoder().decode(bytes)), env: { HOME: "/" } });
    const imports = (wasm: Instance) => ({ ...options.imports, ...own(wasm) });
    const wasm = await load(wasiUrl("reactor"), { ...options, imports });
    wasm.api.say("to a function");
    expect([written.join(""), wasm.api.variable("HOME"), log.mock.calls]).toEqual(["to a function\n", "/", []]);
    expect(new Set(Object.values(system(providersOf(wasm))))).toEqual(new Set(["user"]));
    const some = await load(wasiUrl("reactor"), {
      ...options,
      imports: { ...options.imports, wasi_snapshot_preview1: { random_get: () => 0, fd_write: () => 8 } },
    });
    expect(system(providersOf(some))).toMatchObject({ "wasi_snapshot_preview1.fd_write": "user" });
    expect(system(providersOf(some))).toMatchObject({ "wasi_snapshot_preview1.environ_get": "wasi" });
  });

  it('is served under toolchain: "c" too, and a synchronous call says what to pass', async () => {
    vi.spyOn(console, "log").mockReturnValue(undefined);
    const wasm = await load(wasiUrl("reactor"), { ...options, toolchain: "c" });
    expect([wasm.toolchain.name, wasm.api.say("x")]).toEqual(["c", 1]);
    const bytes = await wasiBytes("reactor");
    expect(thrownBy(() => loadSync(bytes, options))).toMatchObject({
      code: "missing-import-called",
      message: expect.stringContaining("pass imports: wasi(), from unglue/wasi") as string,
    });
  });
});

describe("a module of AssemblyScript that imports WASI", () => {
  const api = t.api({
    print: t.fn([t.string], t.i32),
    random: t.fn([t.i32], t.bytes),
    now: t.fn([], t.f64),
    open: t.fn([t.string], t.i32),
    fail: t.fn([t.string], t.void),
  });

  it("is served by both adapters, each with what it knows", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue(undefined);
    const wasm = await load(moduleUrl("system.wasm"), { api });
    expect(providersOf(wasm)).toEqual({
      "env.abort": "assemblyscript",
      "env.trace": "assemblyscript",
      "wasi_snapshot_preview1.clock_time_get": "wasi",
      "wasi_snapshot_preview1.fd_write": "wasi",
      "wasi_snapshot_preview1.path_open": "wasi",
      "wasi_snapshot_preview1.random_get": "wasi",
    });
    expect(wasm.toolchain.name).toBe("assemblyscript");
    expect([wasm.api.print("Zoë 🎲\n"), log.mock.calls[0]]).toEqual([0, ["Zoë 🎲"]]);
    const [one, two] = [wasm.api.random(16), wasm.api.random(16)];
    expect([one.length, two.length, String(one) === String(two)]).toEqual([16, 16, false]);
    expect(Math.abs(wasm.api.now() - Date.now())).toBeLessThan(10_000);
    expect(wasm.api.open("/etc/passwd")).toBe(8);
    expect(thrownBy(() => wasm.api.fail("no luck"))).toMatchObject({
      code: "trap",
      message: expect.stringContaining("no luck") as string,
    });
  });
});

describe("a module of wasm-bindgen that imports WASI", () => {
  const bytes = wat(`(module
    (import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 8) "thrown by Rust")
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 1024))
    (func (export "__wbindgen_free") (param i32 i32 i32))
    (func (export "dice") (result i32)
      (drop (call $random (i32.const 512) (i32.const 4)))
      (i32.load (i32.const 512)))
    (func (export "fail") (call $throw (i32.const 8) (i32.const 14)))
    (func (export "leave") (call $exit (i32.const 4))))`);

  it.each([{}, { console }, { missing: "error" as const }])("is served by both adapters, with %o", async (more) => {
    const wasm = await load<Record<string, () => number>>(await bytes, more);
    expect(providersOf(wasm)).toEqual({
      "wbg.__wbindgen_throw": "wasm-bindgen",
      "wasi_snapshot_preview1.random_get": "wasi",
      "wasi_snapshot_preview1.proc_exit": "wasi",
    });
    expect(new Set(Array.from({ length: 8 }, () => wasm.guarded["dice"]?.())).size).toBeGreaterThan(4);
    expect(thrownBy(() => wasm.guarded["fail"]?.())).toMatchObject({ message: "thrown by Rust" });
    const error = thrownBy(() => wasm.guarded["leave"]?.());
    expect(error).toMatchObject({ code: "exited", details: { exitCode: 4 } });
  });

  it("has no system interface in a synchronous call, which says what to pass", async () => {
    const wasm = loadSync<Record<string, () => number>>(await bytes, { adapters: [wasmBindgen()] });
    expect(wasm.imports.map(({ provider }) => provider)).toEqual(["adapter", "stub", "stub"]);
    expect(wasm.imports[1]?.evidence).toContain("pass imports: wasi(), from unglue/wasi");
  });
});

describe("a function with the name of one of WASI and another type", () => {
  it("is not served, since it is another function", async () => {
    const bytes = await wat(`(module
      (import "wasi_snapshot_preview1" "fd_seek" (func (param i32 i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_close" (global i32))
      (import "wasi_snapshot_preview1" "other" (func)))`);
    const imports = { wasi_snapshot_preview1: { fd_close: 1 } };
    const wasm = await load(bytes, { imports });
    expect(wasm.imports.map(({ provider }) => provider)).toEqual(["stub", "adapter", "user", "stub"]);
    expect(wasm.imports[0]?.evidence).toContain("-sWASM_BIGINT");
    const given = await load(bytes, { imports: (wasm) => ({ ...wasi()(wasm), ...{ a: {} } }), create: false }).catch(
      (error: unknown) => error,
    );
    expect(given).toMatchObject({ code: "unresolved-imports" });
  });
});

describe("the adapters of the caller", () => {
  const module = wat(`(module
    (import "a" "one" (func $one (result i32)))
    (import "a" "two" (func $two (result i32)))
    (export "one" (func $one)) (export "two" (func $two)))`);
  const providing = (name: string, values: Record<string, number>, more: Partial<Adapter> = {}): Adapter => ({
    name,
    detect: () => ({ evidence: [`it is ${name}`] }),
    provide: (wanted) => {
      const value = values[wanted.name];
      return value === undefined ? undefined : { value: () => value, evidence: `of ${name}` };
    },
    ...more,
  });
  const attach = () => ({});

  it("serve a module together: the first that knows an import provides it, and one sets the convention", async () => {
    const adapters = [
      providing("first", { one: 1 }),
      providing("second", { one: 2, two: 2 }, { attach }),
      providing("third", { two: 3 }),
    ];
    for (const wasm of [await load(await module, { adapters }), loadSync(await module, { adapters })]) {
      expect(wasm.toolchain).toEqual({ name: "second", evidence: ["it is second"] });
      expect(providersOf(wasm)).toEqual({ "a.one": "first", "a.two": "second" });
      expect([wasm.exports["one"]?.(), wasm.exports["two"]?.()]).toEqual([1, 2]);
    }
  });

  it("leave the module's own adapter in place if they set no convention", async () => {
    const bytes = await wat(`(module
      (import "a" "one" (func $one (result i32)))
      (import "wbg" "__wbindgen_throw" (func (param i32 i32)))
      (export "one" (func $one)))`);
    const prepare = vi.fn(() => Promise.resolve());
    const wasm = await load(bytes, { adapters: [providing("mine", { one: 7 }, { prepare })] });
    expect(providersOf(wasm)).toEqual({ "a.one": "mine", "wbg.__wbindgen_throw": "wasm-bindgen" });
    expect([wasm.toolchain.name, prepare.mock.calls.length]).toEqual(["wasm-bindgen", 1]);
  });

  it("are refused if two set the convention, until one is named", async () => {
    const adapters = [providing("first", {}, { attach }), providing("second", { one: 2 }, { attach })];
    const expected = {
      code: "invalid-option",
      message: expect.stringMatching(
        /adapters must be adapters of which one .*"first" and "second" both do, so name one: toolchain: "first"/,
      ) as string,
    };
    expect(await rejectionOf(load(await module, { adapters }))).toMatchObject(expected);
    const bytes = await module;
    expect(thrownBy(() => loadSync(bytes, { adapters }))).toMatchObject(expected);
    const wasm = await load(await module, { adapters, toolchain: "second" });
    expect([wasm.toolchain.name, providersOf(wasm)["a.one"]]).toEqual(["second", "second"]);
  });
});

describe("what an adapter's `guard` returns", () => {
  it("is for an export the guarded function of the instance, made before or after the others", async () => {
    const source = await wat('(module (func (export "one")) (func (export "two")))');
    for (const before of [true, false]) {
      let found: unknown[] = [];
      const adapter: Adapter = {
        name: "test",
        detect: () => ({ evidence: ["it is asked for"] }),
        provide: () => undefined,
        attach: (instance, { guard, exports }) => ({
          mark: () => {
            const { one } = exports() as { one: () => void };
            const all = before ? instance.guarded : undefined;
            const guarded = guard("one", one);
            found = [
              guarded === guard("one", one),
              guarded === (all ?? instance.guarded)["one"],
              guard("other", one) === guarded,
            ];
          },
        }),
      };
      await load(source, { adapters: [adapter] });
      expect(found).toEqual([true, true, false]);
    }
  });
});
