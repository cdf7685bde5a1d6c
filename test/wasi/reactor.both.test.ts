import { afterEach, describe, expect, it, vi } from "vitest";
import { compile, type Instance, load, loadSync, t } from "unglue";
import { memoryDirectory, wasi, type WasiOptions } from "unglue/wasi";
import { rejectionOf, thrownBy } from "../wat.ts";
import { collector, wasiBytes, wasiUrl } from "./fixture.ts";

const api = t.api({
  times_constructed: t.fn([], t.i32),
  say: t.fn([t.string], t.i32),
  variable: t.fn([t.cstring], t.cstring),
  ask: t.fn([], t.cstring),
  store: t.fn([t.cstring, t.cstring], t.cstring),
  reserve: t.fn([t.u32], t.u32),
  leave: t.fn([t.i32], t.void),
  nest: t.fn([t.i32], t.i32),
});
const allocator = { alloc: "allocate", free: "release" };
const between = { env: { between: (value: number) => value * 2 } };
const imports =
  (options?: WasiOptions) =>
  (wasm: Instance): object => ({ ...between, ...wasi(options)(wasm) });
const open = async (options?: WasiOptions, more: object = {}) =>
  load(wasiUrl("reactor"), { api, allocator, imports: imports(options) as never, ...more });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a reactor of C", () => {
  it("is initialized once, and called through its interface", async () => {
    const out = collector();
    const wasm = await open({ stdout: out.write, env: { NAME: "Zoë" }, stdin: "first\nsecond" });
    expect(wasm.api.times_constructed()).toBe(1);
    expect([wasm.api.say("grüß"), wasm.api.say("dich"), out.text()]).toEqual([1, 2, "grüß\ndich\n"]);
    expect([wasm.api.variable("NAME"), wasm.api.variable("HOME")]).toEqual(["Zoë", ""]);
    expect([wasm.api.ask(), wasm.api.ask(), wasm.api.ask()]).toEqual(["first", "second", ""]);
  });

  it("prints lines to the console by default", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue(undefined);
    const wasm = await open();
    wasm.api.say("one\ntwo");
    expect(log.mock.calls).toEqual([["one"], ["two"]]);
  });

  it("works in every call that makes an instance", async () => {
    const module = await compile(wasiUrl("reactor"));
    const bytes = await wasiBytes("reactor");
    const options = { api, allocator, imports: imports({ env: { NAME: "x" } }) as never };
    const all = [
      loadSync(bytes, options),
      await module.instantiate(options),
      module.instantiateSync(options),
      await load(bytes, options),
    ];
    expect(all.map(({ api: bound }) => [bound.variable("NAME"), bound.times_constructed()])).toEqual(
      all.map(() => ["x", 1]),
    );
  });

  it("has its own of everything in two instances at the same time", async () => {
    const [first, second] = [collector(), collector()];
    const a = await open({ stdout: first.write, env: { NAME: "a" } });
    const b = await open({ stdout: second.write, env: { NAME: "b" } });
    a.api.say("one");
    b.api.say("two");
    a.api.say("three");
    expect([first.text(), second.text(), a.api.variable("NAME"), b.api.variable("NAME")]).toEqual([
      "one\nthree\n",
      "two\n",
      "a",
      "b",
    ]);
  });

  it("begins each life anew, and reads its input from the beginning", async () => {
    const out = collector();
    const wasm = await open({ stdout: out.write, stdin: "one\ntwo\n" }, { onTrap: "restart" });
    for (let life = 1; life <= 3; life++) {
      expect([wasm.api.ask(), wasm.api.say(`life ${life}`), wasm.api.times_constructed()]).toEqual(["one", 1, 1]);
      expect(thrownBy(() => wasm.guarded["fail"]?.())).toMatchObject({ code: "trap" });
    }
    expect(out.text()).toBe("life 1\nlife 2\nlife 3\n");
  });

  it("shares a directory in memory with its later lives, and with other instances", async () => {
    const directory = await memoryDirectory();
    const options = { preopens: { "/data": directory } };
    const wasm = await open(options, { onTrap: "restart" });
    expect(wasm.api.store("/data/a", "text")).toBe("text");
    thrownBy(() => wasm.guarded["fail"]?.());
    expect([wasm.api.store("/data/b", "more"), directory.paths]).toEqual(["more", ["a", "b"]]);
    expect(wasm.api.store("/elsewhere", "text")).toBe("cannot open");
    const other = await open(options);
    expect(other.api.store("/data/a", "new")).toBe("new");
    expect(directory.text("a")).toBe("new");
  });

  it("is lent by a pool, each time new", async () => {
    const out = collector();
    const module = await compile(wasiUrl("reactor"));
    const pool = module.pool({ max: 2, api, allocator, imports: imports({ stdout: out.write }) as never });
    for (let round = 0; round < 3; round++) {
      expect(await pool.use((wasm) => wasm.api.say(`round ${round}`))).toBe(1);
    }
    expect(out.text()).toBe("round 0\nround 1\nround 2\n");
    await pool.dispose();
  });

  it("refuses later use once it is disposed of", async () => {
    const wasm = await open();
    const { say } = wasm.api;
    wasm.dispose();
    expect(thrownBy(() => say("x"))).toMatchObject({ code: "disposed" });
  });
});

describe("proc_exit", () => {
  it.each([0, 3])("inside a call of an interface is the error exited: %d", async (exitCode) => {
    const wasm = await open();
    const error = thrownBy(() => wasm.api.leave(exitCode));
    expect(error).toMatchObject({ code: "exited", details: { exitCode } });
    expect((error as Error).message).toContain(`exit code ${exitCode}`);
  });

  it("is no exception of a host function", async () => {
    const wasm = await open({}, { onHostThrow: "restart" });
    wasm.api.say("x");
    expect(thrownBy(() => wasm.guarded["leave"]?.(4))).toMatchObject({ code: "exited", details: { exitCode: 4 } });
    expect([wasm.state, wasm.api.say("y")]).toEqual(["live", 2]);
  });

  it("leaves nested calls, and the host function between them", async () => {
    const seen: unknown[] = [];
    const wasm: Instance = await load(wasiUrl("reactor"), {
      imports: (instance) => ({
        env: {
          between: () => {
            try {
              return wasm.guarded["leave"]?.(6);
            } catch (error) {
              seen.push(error);
              throw error;
            }
          },
        },
        ...wasi()(instance),
      }),
      onHostThrow: "poison",
    });
    const error = thrownBy(() => wasm.guarded["nest"]?.(1));
    expect(error).toMatchObject({ code: "exited", details: { exitCode: 6 } });
    expect([seen, wasm.state]).toEqual([[error], "live"]);
  });

  it("in an initializer rejects the load", async () => {
    expect(await rejectionOf(open({ env: { EXIT_EARLY: "1" } }))).toMatchObject({
      code: "exited",
      details: { exitCode: 9 },
    });
  });
});

describe("bad input", () => {
  it("has a code when the module's allocator is out of memory", async () => {
    const wasm = await open();
    expect(wasm.api.reserve(1 << 30)).toBe(0);
    expect(thrownBy(() => wasm.api.say("x".repeat(2 << 20)))).toMatchObject({ code: "allocation-failed" });
    expect(wasm.api.say("fits")).toBe(1);
  });

  it.each<[string, unknown, string]>([
    ["args", "text", "args"],
    ["args", [1], "args[0]"],
    ["args", ["a\0b"], "args[0]"],
    ["name", 5, "name"],
    ["env", [], "env"],
    ["env", { "A=B": "" }, 'env["A=B"]'],
    ["env", { A: 5 }, 'env["A"]'],
    ["env", { A: "a\0" }, 'env["A"]'],
    ["stdin", {}, "stdin"],
    ["stdin", -1, "stdin"],
    ["stdin", 0.5, "stdin"],
    ["stdout", "text", "stdout"],
    ["stderr", {}, "stderr"],
    ["preopens", "/", "preopens"],
    ["preopens", { "/": 5 }, 'preopens["/"]'],
    ["preopens", { "/": Promise.resolve() }, 'preopens["/"]'],
    ["preopens", { "/": "" }, 'preopens["/"]'],
  ])("%s: %o is refused", (name, value, option) => {
    const error = thrownBy(() => wasi({ [name]: value }));
    expect(error).toMatchObject({ code: "invalid-option", details: { call: "wasi", option } });
  });

  it("an unknown option is refused", () => {
    expect(thrownBy(() => wasi({ arguments: [] } as never))).toMatchObject({
      code: "unknown-option",
      details: { option: "arguments" },
    });
  });

  it("real and remembered directories do not mix, nor descriptors with those in memory", async () => {
    const directory = await memoryDirectory();
    const details = { option: "preopens" };
    expect(thrownBy(() => wasi({ preopens: { "/a": directory, "/b": "./b" } }))).toMatchObject({ details });
    expect(thrownBy(() => wasi({ preopens: { "/a": directory }, stdin: 0 }))).toMatchObject({ code: "invalid-option" });
  });

  it.each(["", "/a", "a/", "../a", "a/./b", "a\0", 5])("a path of a file in memory is inside: %j", async (path) => {
    const directory = await memoryDirectory();
    const codes = [
      thrownBy(() => directory.bytes(path as never)),
      thrownBy(() => directory.write(path as never, "")),
      await rejectionOf(memoryDirectory([[path as never, ""]])),
    ].map((error) => (error as { code: string }).code);
    expect(codes).toEqual(["invalid-argument", "invalid-argument", "invalid-argument"]);
  });

  it("a file is no directory, and a directory no file", async () => {
    const directory = await memoryDirectory({ a: "", "b/c": "", __proto__: "x" } as never);
    expect(thrownBy(() => directory.write("a/b", ""))).toMatchObject({ code: "invalid-argument" });
    expect(thrownBy(() => directory.write("b", ""))).toMatchObject({ code: "invalid-argument" });
    expect(thrownBy(() => directory.write("c", 5 as never))).toMatchObject({ code: "invalid-argument" });
    directory.write("__proto__", "odd");
    expect([directory.bytes("b"), directory.bytes("none"), directory.text("__proto__")]).toEqual([
      undefined,
      undefined,
      "odd",
    ]);
  });
});
