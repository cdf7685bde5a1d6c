import { describe, expect, it } from "vitest";
import { compile, type Instance, load } from "unglue";
import { loadCommand, memoryDirectory, type RunOptions, wasi } from "unglue/wasi";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { collector, wasiUrl } from "./fixture.ts";

const c = await loadCommand(wasiUrl("command"));
const rust = await loadCommand(wasiUrl("program"));

describe("a command of C", () => {
  it("gets its name and its arguments, in UTF-8", async () => {
    expect(await c.run({ args: ["größer", "日本", ""], name: "näme" })).toEqual({
      exitCode: 68,
      stdout: "näme\ngrößer\n日本\n\n",
      stderr: "",
    });
    expect(await c.run()).toEqual({ exitCode: 65, stdout: "main.wasm\n", stderr: "" });
  });

  it("gets only the environment that it is given", async () => {
    const run = (env?: Record<string, string>) =>
      c.run({ args: ["env", "NAME"], ...(env && { env }) }).then(({ stdout }) => stdout);
    expect([await run(), await run({ NAME: "Zoë=1", OTHER: "" })]).toEqual(["(none)\n", "Zoë=1\n"]);
  });

  it.each([0, 1, 7, 255, -1])("exits with %d", async (code) => {
    expect(await c.run({ args: ["exit", String(code)] })).toEqual({ exitCode: code, stdout: "", stderr: "" });
  });

  it("reads its standard input as text, bytes, a function and a stream, and answers the same", async () => {
    const text = "Zoë ".repeat(1000);
    const bytes = new TextEncoder().encode(text);
    let at = 0;
    const pull = (size: number): Uint8Array | undefined => {
      const piece = bytes.subarray(at, at + Math.min(size, 11));
      at += piece.length;
      return piece.length > 0 ? piece : undefined;
    };
    const inputs: RunOptions["stdin"][] = [text, bytes, pull, new Blob([bytes]).stream()];
    for (const stdin of inputs) {
      expect(await c.run({ args: ["cat"], stdin })).toEqual({ exitCode: 0, stdout: text, stderr: "5000 bytes\n" });
    }
    expect(await c.run({ args: ["cat"] })).toEqual({ exitCode: 0, stdout: "", stderr: "0 bytes\n" });
  });

  it("writes to functions and streams", async () => {
    const [out, error] = [collector(), collector()];
    const { stdout, stderr } = await c.run({ args: ["cat"], stdin: "text", stdout: out.write, stderr: error.write });
    expect([stdout, stderr, out.text(), error.text()]).toEqual(["", "", "text", "4 bytes\n"]);
    const written = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 100 });
    const text = new Response(written.readable).text();
    await c.run({ args: ["many"], stdout: written.writable });
    await written.writable.close();
    expect((await text).split("\n").slice(-2)).toEqual(["99999", ""]);
  });

  it("flushes each line to a function, as to a terminal, and not to what is kept", async () => {
    const terminals = async (options: RunOptions) => (await c.run({ args: ["tty"], ...options })).stdout;
    const out = collector();
    expect(await terminals({})).toBe("000\n");
    expect(await terminals({ stdout: out.write, stderr: () => undefined })).toBe("");
    expect(out.text()).toBe("011\n");
  });

  it("sleeps, and gets the time and random bytes", async () => {
    const { stdout } = await c.run({ args: ["sleep", "30"] });
    expect(Number(stdout)).toBeGreaterThanOrEqual(29);
    expect((await c.run({ args: ["random"] })).stdout).toBe("255 1\n");
  });

  it("writes more than a megabyte", async () => {
    const { stdout } = await c.run({ args: ["many"] });
    expect(stdout).toHaveLength(588_890);
  });

  it("runs again and again, at the same time too, and no run sees another", async () => {
    const runs = Array.from({ length: 20 }, (_, at) => c.run({ args: ["cat"], stdin: `run ${at}` }));
    expect((await Promise.all(runs)).map(({ stdout }) => stdout)).toEqual(runs.map((_, at) => `run ${at}`));
  });

  it("has an error for a trap, with what it wrote before, and runs again", async () => {
    const error = await rejectionOf(c.run({ args: ["trap"] }));
    expect(error).toMatchObject({ code: "trap", details: { export: "_start", stderr: "about to trap" } });
    expect((error as Error).message).toContain("The program wrote to its standard error: about to trap");
    expect((await c.run({ args: ["exit", "0"] })).exitCode).toBe(0);
  });

  it("finds no files unless it is given some", async () => {
    const { exitCode, stderr } = await c.run({ args: ["copy", "a", "b"] });
    expect([exitCode, stderr]).toEqual([2, "a: Capabilities insufficient\n"]);
  });

  it("reads and writes files in memory, which last", async () => {
    const work = await memoryDirectory(
      new Map<string, string | Uint8Array>([
        ["in.txt", "hello"],
        ["sub/a.bin", Uint8Array.of(1)],
      ]),
    );
    const preopens = { "/": work };
    expect(await c.run({ args: ["copy", "/in.txt", "/sub/out.txt"], preopens })).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
    expect(work.paths).toEqual(["in.txt", "sub/a.bin", "sub/out.txt"]);
    expect(work.text("sub/out.txt")).toBe("hello[5 bytes, ends with l]\n");
    expect((await c.run({ args: ["list", "/sub"], preopens })).stdout).toBe("a.bin\nout.txt\n");
    work.write("in.txt", "changed");
    expect((await c.run({ args: ["copy", "/in.txt", "/again.txt"], preopens })).exitCode).toBe(0);
    expect(work.text("again.txt")).toBe("changed[7 bytes, ends with g]\n");
    expect((await c.run({ args: ["copy", "/../in.txt", "/x"], preopens })).exitCode).not.toBe(0);
  });

  it("has several directories, each by its name", async () => {
    const [input, output] = [await memoryDirectory({ a: "12345" }), await memoryDirectory()];
    const preopens = { "/in": input, "/out": output };
    expect((await c.run({ args: ["copy", "/in/a", "/out/b"], preopens })).exitCode).toBe(0);
    expect([input.paths, output.paths, output.text("b")]).toEqual([["a"], ["b"], "12345[5 bytes, ends with 3]\n"]);
  });
});

describe("a command of Rust", () => {
  it("reads its input", async () => {
    const { stdout, exitCode } = await rust.run({ args: ["words"], stdin: "one two\ntwo zwölf\n" });
    expect([stdout, exitCode]).toEqual(["one: 1\ntwo: 2\nzwölf: 1\n", 0]);
    expect((await rust.run()).exitCode).toBe(3);
  });

  it("appends to a file", async () => {
    const preopens = { ".": await memoryDirectory({ "log.txt": "first\n" }) };
    const append = (text: string) => rust.run({ args: ["append", "log.txt", text], preopens });
    expect((await append("second")).stdout).toBe("first\nsecond\n");
    expect((await append("third")).stdout).toBe("first\nsecond\nthird\n");
  });

  it("panics with its message", async () => {
    const error = await rejectionOf(rust.run({ args: ["panic", "Friday"] }));
    expect(error).toMatchObject({ code: "trap" });
    expect((error as { details: { stderr: string } }).details.stderr).toMatch(/panicked at .*no luck with Friday/);
  });
});

describe("a stream that cannot be used", () => {
  it("is refused by a coded error while another has it", async () => {
    const program = await loadCommand(wasiUrl("command"));
    const stdin = new Blob(["x"]).stream();
    stdin.getReader();
    const stdout = new TransformStream().writable;
    stdout.getWriter();
    for (const [option, options] of Object.entries({
      stdin: { stdin },
      stdout: { stdout },
      stderr: { stderr: stdout },
    })) {
      const error = await rejectionOf(program.run(options));
      expect(error).toMatchObject({ code: "invalid-option", details: { call: "run", option } });
      expect((error as Error).message).toContain("which nothing else has locked");
    }
  });

  it("is one stream for both outputs", async () => {
    const program = await loadCommand(wasiUrl("command"));
    const { writable } = new TransformStream();
    const error = await rejectionOf(program.run({ stdout: writable, stderr: writable }));
    expect(error).toMatchObject({ code: "invalid-option", details: { call: "run", option: "stderr" } });
    expect((error as Error).message).toContain("another stream than stdout");
    expect(writable.locked).toBe(false);
  });

  it("is a function that gives more than was asked for, with both sizes", async () => {
    const program = await loadCommand(wasiUrl("command"));
    const error = await rejectionOf(program.run({ args: ["cat"], stdin: (size) => new Uint8Array(size + 9) }));
    expect(error).toMatchObject({ code: "invalid-argument" });
    expect((error as Error).message).toMatch(/at most (\d+) bytes \(it has \d+: keep the rest for the next call\)/);
  });
});

describe("an exit code", () => {
  it("is signed, as that of node:wasi", async () => {
    const bytes = await wat(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const -1))) (func (export "leave") (call $exit (i32.const -1))))`);
    expect((await (await loadCommand(bytes)).run()).exitCode).toBe(-1);
    const wasm = await load(bytes, { imports: wasi() });
    const error = thrownBy(wasm.exports["leave"] as () => void);
    expect(error).toMatchObject({ code: "exited", details: { exitCode: -1 } });
    expect((error as Error).message).toContain("is not meant to be called again");
  });
});

describe("loadCommand", () => {
  it("passes on the caller's imports, which come first", async () => {
    const bytes = await wat(`(module
      (import "env" "f" (func $f (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start") (call $exit (i32.add (call $f) (call $random (i32.const 0) (i32.const 1))))))`);
    const one = await loadCommand(bytes, { imports: { env: { f: () => 3 } } });
    expect((await one.run()).exitCode).toBe(3);
    const imports = () => ({ env: { f: () => 3 }, wasi_snapshot_preview1: { random_get: () => 100 } });
    expect((await (await loadCommand(bytes, { imports })).run()).exitCode).toBe(103);
  });

  it.each([
    ["reactor", `(module (memory (export "memory") 1) (func (export "_initialize")))`, "wasi()"],
    [
      "library",
      `(module (func (export "a")) (func (export "b")) (func (export "c")) (func (export "d")))`,
      "and 1 more",
    ],
    ["library", `(module (global (export "_start") i32 (i32.const 0)))`, "no function"],
    [
      "component",
      `(module (func (export "wasi:cli/run@0.2.0#run") (result i32) (i32.const 0)))`,
      "npx @bytecodealliance/jco transpile",
    ],
  ])("refuses a %s", async (kind, text, advice) => {
    const error = await rejectionOf(loadCommand(await wat(text)));
    expect(error).toMatchObject({ code: "not-a-command", details: { kind } });
    expect((error as Error).message).toContain(advice);
  });

  it.each([
    ["made by wasi()", () => wasi()],
    ["that contain those of wasi()", () => (wasm: Instance) => ({ ...wasi()(wasm), env: {} })],
    [
      "that override some of wasi()",
      () => (wasm: Instance) => ({
        wasi_snapshot_preview1: { ...wasi()(wasm)["wasi_snapshot_preview1"], sched_yield: () => 0 },
      }),
    ],
  ])("refuses imports %s, since run() makes them", async (_, make) => {
    const bytes = await wat(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 0))))`);
    const error = await rejectionOf(loadCommand(bytes, { imports: make() as never }).then(({ run }) => run()));
    expect(error).toMatchObject({ code: "invalid-option", details: { call: "loadCommand", option: "imports" } });
    expect((error as Error).message).toContain("run() makes those of WASI, and takes what wasi() takes");
  });

  it("refuses what wasi() makes before it gets the module", async () => {
    expect(await rejectionOf(loadCommand("./nowhere.wasm", { imports: wasi() }))).toMatchObject({
      code: "invalid-option",
    });
  });

  it("says that the options of a run belong to run(), and which it takes itself", async () => {
    const bytes = await wat(`(module (func (export "_start")))`);
    const error = await rejectionOf(loadCommand(bytes, { args: [] } as never));
    expect(error).toMatchObject({ code: "unknown-option", details: { call: "loadCommand", option: "args" } });
    expect((error as Error).message).toContain(
      'loadCommand: there is no option "args". run() takes it: program.run({ args }).',
    );
    const other = await rejectionOf(loadCommand(bytes, { bogus: [] } as never));
    expect((other as Error).message).toMatch(
      /^loadCommand: there is no option "bogus"\. It takes signal, .*\bimports, /,
    );
    const near = await rejectionOf(loadCommand(bytes, { import: {} } as never));
    expect(near).toMatchObject({ details: { call: "loadCommand", nearest: "imports" } });
  });

  it("names what runs a module that is no command", async () => {
    const go = await wat(`(module (import "gojs" "runtime.wasmExit" (func (param i32))) (memory (export "mem") 1)
      (func (export "run") (param i32 i32)) (func (export "resume")) (func (export "getsp") (result i32) (i32.const 0)))`);
    const script = await wat(`(module (import "env" "abort" (func (param i32 i32 i32 i32))) (memory (export "memory") 1)
      (func (export "f")))`);
    const library = await wat(`(module (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "f")))`);
    const addon = await wat(`(module (import "env" "napi_typeof" (func (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (func (export "napi_register_wasm_v1") (param i32 i32) (result i32) (local.get 1)))`);
    const messages = await Promise.all(
      [go, script, library, addon].map(async (bytes) => ((await rejectionOf(loadCommand(bytes))) as Error).message),
    );
    expect(messages[0]).toContain("loadProgram(source)");
    expect(messages[1]).toMatch(/load\(source\)\. See/);
    expect(messages[2]).toContain("load(source, { imports: wasi() })");
    expect(messages[3]).toContain("adapters: [napi()]");
    expect([messages[0], messages[1], messages[3]].join()).not.toContain("wasi()");
  });

  it("of a core module of preview 2 names what transpiles it, as load does", async () => {
    const bytes = await wat(`(module (import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 0))))`);
    const error = await rejectionOf((await loadCommand(bytes)).run());
    expect(error).toMatchObject({ code: "missing-import-called" });
    expect((error as Error).message).toContain("npx @bytecodealliance/jco transpile");
    expect((thrownBy((await load(bytes)).exports["_start"] as () => void) as Error).message).toContain(
      "npx @bytecodealliance/jco transpile",
    );
  });

  it("takes a compiled module", async () => {
    const { raw } = await compile(wasiUrl("command"));
    expect((await (await loadCommand(raw)).run({ args: ["exit", "5"] })).exitCode).toBe(5);
  });
});
