import { describe, expect, it } from "vitest";
import { inspect, type Instance, load, loadSync } from "unglue";
import { loadCommand, memoryDirectory, wasi, type WasiOptions } from "unglue/wasi";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { wasiBytes } from "./fixture.ts";

type Calls = Record<string, (...args: (number | bigint)[]) => number>;

/** Parameters and results of functions, in letters. */
const functions = {
  args_sizes_get: "ii",
  args_get: "ii",
  environ_get: "ii",
  clock_res_get: "ii",
  clock_time_get: "iji",
  random_get: "ii",
  sched_yield: "",
  poll_oneoff: "iiii",
  fd_read: "iiii",
  fd_write: "iiii",
  fd_seek: "ijii",
  fd_fdstat_get: "ii",
  fd_filestat_get: "ii",
  fd_prestat_get: "ii",
  fd_close: "i",
  path_open: "iiiiijjii",
  path_filestat_get: "iiiii",
  sock_recv: "iiiiii",
  sock_accept: "iii",
  proc_raise: "i",
} as const;

/** A module that exports each function that it imports. */
function forwarding(module = "wasi_snapshot_preview1"): Promise<Uint8Array<ArrayBuffer>> {
  const types = { i: "i32", j: "i64" };
  const all = Object.entries(functions).map(([name, letters]) => {
    const params = letters
      .split("")
      .map((letter) => types[letter as "i" | "j"])
      .join(" ");
    return `(import "${module}" "${name}" (func $${name} (param ${params}) (result i32))) (export "${name}" (func $${name}))`;
  });
  return wat(`(module ${all.join("\n")} (memory (export "memory") 1))`);
}

async function open(options: WasiOptions = {}, module?: string): Promise<Instance<Calls>> {
  return load<Calls>(await forwarding(module), { imports: wasi(options) });
}

const [badFile, fault, invalid, notImplemented, notSupported, pipe] = [8, 21, 28, 52, 58, 70];
const page = 65536;

describe("hostile calls", () => {
  it.each<[keyof typeof functions, (number | bigint)[]]>([
    ["args_sizes_get", [page - 3, 0]],
    ["args_sizes_get", [0, -1]],
    ["args_get", [0, page - 2]],
    ["args_get", [-4, 0]],
    ["environ_get", [page, 0]],
    ["clock_time_get", [0, 0n, page - 7]],
    ["clock_res_get", [1, -8]],
    ["random_get", [0, -1]],
    ["random_get", [page - 1, 2]],
    ["fd_read", [0, 0, 0x20000000, 0]],
    ["fd_write", [1, 0, -1, 0]],
    ["fd_write", [1, page - 7, 1, 0]],
    ["fd_fdstat_get", [1, page - 23]],
    ["fd_filestat_get", [1, page - 63]],
    ["poll_oneoff", [0, 0, 0x10000000, 0]],
    ["poll_oneoff", [0, page - 31, 1, 0]],
  ])("%s outside of the memory is EFAULT: case %#", async (name, args) => {
    const { exports } = await open({ args: ["a long argument"], env: { A: "b" } });
    expect(exports[name]?.(...args)).toBe(fault);
  });

  it("are answered with an error number where nothing serves them", async () => {
    const { exports } = await open();
    expect([
      exports["fd_close"]?.(9),
      exports["fd_prestat_get"]?.(3, 0),
      exports["path_open"]?.(3, 0, 0, 1, 0, 0n, 0n, 0, 0),
      exports["sock_recv"]?.(5, 0, 0, 0, 0, 0),
      exports["proc_raise"]?.(9),
      exports["clock_time_get"]?.(2, 0n, 0),
      exports["poll_oneoff"]?.(0, 0, 0, 0),
      exports["fd_seek"]?.(0, 0n, 0, 0),
      exports["fd_read"]?.(1, 0, 0, 0),
      exports["fd_write"]?.(0, 0, 0, 0),
      exports["sched_yield"]?.(),
    ]).toEqual([badFile, badFile, badFile, badFile, notImplemented, notSupported, invalid, pipe, badFile, badFile, 0]);
  });

  it("cost what one write takes, however often a buffer stands in it", async () => {
    const sizes: number[] = [];
    const wasm = await open({ stdout: (bytes) => sizes.push(bytes.length) });
    const view = new DataView(wasm.memory.raw.buffer);
    for (let at = 0; at < 4096; at += 8) view.setUint32(at + 4, page, true);
    expect(wasm.exports["fd_write"]?.(1, 0, 512, 8192)).toBe(0);
    expect([sizes, view.getUint32(8192, true)]).toEqual([[2 ** 20], 2 ** 20]);
  });

  it("in memory end with an error number, also those that the file system throws for", async () => {
    const { exports } = await open({ preopens: { "/": await memoryDirectory({ a: "" }) } });
    expect([
      exports["path_open"]?.(3, 0, page - 1, 9, 1, 0n, 0n, 0, -1),
      exports["fd_prestat_get"]?.(3, -1),
      exports["sock_accept"]?.(3, 0, 0),
      exports["sock_recv"]?.(3, 0, 0, 0, 0, 0),
    ]).toEqual([expect.toSatisfy((number) => number > 0), fault, notImplemented, notImplemented]);
  });

  it("let an exception of a stream's function through", async () => {
    const failure = new Error("mine");
    const fail = (): never => {
      throw failure;
    };
    const wasm = await open({ stdout: fail, stdin: fail });
    wasm.memory.write(0, Uint8Array.of(16, 0, 0, 0, 1, 0, 0, 0));
    expect(thrownBy(() => wasm.exports["fd_write"]?.(1, 0, 1, 8))).toBe(failure);
    expect(thrownBy(() => wasm.exports["fd_read"]?.(0, 0, 1, 8))).toBe(failure);
    for (const returned of [5, new Uint8Array(2), "x"]) {
      const other = await open({ stdin: () => returned as never });
      other.memory.write(0, Uint8Array.of(16, 0, 0, 0, 1, 0, 0, 0));
      expect(thrownBy(() => other.exports["fd_read"]?.(0, 0, 1, 8))).toMatchObject({ code: "invalid-argument" });
    }
  });
});

describe("poll_oneoff", () => {
  it.each([
    ["wasi_snapshot_preview1", 48, 16],
    ["wasi_unstable", 56, 24],
  ])("of %s waits for the first clock, and not for a stream", async (module, size, clock) => {
    const wasm = await open({}, module);
    const view = new DataView(wasm.memory.raw.buffer);
    const subscribe = (at: number, userData: bigint, milliseconds: number) => {
      view.setBigUint64(at * size, userData, true);
      view.setUint32(at * size + clock, 1, true);
      view.setBigUint64(at * size + clock + 8, BigInt(milliseconds) * 1_000_000n, true);
    };
    subscribe(0, 5n, 10_000);
    subscribe(1, 6n, 20);
    const before = performance.now();
    expect(wasm.exports["poll_oneoff"]?.(0, 1024, 2, 2048)).toBe(0);
    expect(performance.now() - before).toBeGreaterThan(15);
    expect([view.getUint32(2048, true), view.getBigUint64(1024, true), view.getUint16(1032, true)]).toEqual([1, 6n, 0]);
    view.setUint8(8, 1);
    view.setUint32(16, 0, true);
    expect(wasm.exports["poll_oneoff"]?.(0, 1024, 2, 2048)).toBe(0);
    expect([view.getUint32(2048, true), view.getBigUint64(1024, true), view.getUint8(1034)]).toEqual([1, 5n, 1]);
  });
});

describe("wasi_unstable", () => {
  const text = (path: string) => new TextEncoder().encode(path);

  it("has the layouts of its own", async () => {
    const { exports, memory } = await open(
      { preopens: { "/": await memoryDirectory({ file: "0123456789" }) } },
      "wasi_unstable",
    );
    const view = new DataView(memory.raw.buffer);
    memory.write(1000, text("file"));
    memory.write(56, new Uint8Array(8).fill(7));
    expect(exports["path_filestat_get"]?.(3, 0, 1000, 4, 0)).toBe(0);
    expect([view.getUint8(16), view.getBigUint64(24, true), view.getUint8(56), view.getUint8(63)]).toEqual([
      4,
      10n,
      7,
      7,
    ]);
    expect(exports["path_open"]?.(3, 0, 1000, 4, 0, 2n, 0n, 0, 2000)).toBe(0);
    const file = view.getUint32(2000, true);
    // From the current position, the end, and the start.
    for (const [offset, whence, expected] of [
      [3n, 0, 3n],
      [2n, 0, 5n],
      [-1n, 1, 9n],
      [4n, 2, 4n],
    ] as const) {
      expect(exports["fd_seek"]?.(file, offset, whence, 2008)).toBe(0);
      expect(view.getBigUint64(2008, true)).toBe(expected);
    }
    expect(exports["fd_seek"]?.(file, 0n, 3, 2008)).toBe(invalid);
  });

  it("runs a program", async () => {
    const bytes = await wat(`(module
      (import "wasi_unstable" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 4))))`);
    expect((await (await loadCommand(bytes)).run()).exitCode).toBe(4);
  });
});

describe("other versions", () => {
  it.each([
    ["wasix_32v1", "proc_fork", "not preview 1"],
    ["wasi_snapshot_preview2", "fd_read", "not preview 1"],
    ["wasi", "thread-spawn", "build without threads"],
  ])("an import of %s.%s stays a stub that tells what to do", async (module, name, advice) => {
    const bytes = await wat(`(module (import "${module}" "${name}" (func $f (result i32)))
      (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "_start") (drop (call $f))))`);
    const error = await rejectionOf((await loadCommand(bytes)).run());
    expect(error).toMatchObject({ code: "missing-import-called", details: { module, name } });
    expect((error as Error).message).toContain(advice);
  });

  it("a function that preview 1 lacks is not provided", async () => {
    const bytes = await wat(
      `(module (import "wasi_snapshot_preview1" "fd_invent" (func (result i32))) (memory (export "memory") 1))`,
    );
    const wasm = await load(bytes, { imports: wasi() });
    expect(wasm.imports[0]?.provider).toBe("stub");
  });
});

describe("an import that wasi() does not serve", () => {
  const one = (name: string, type: string, more = ""): Promise<Uint8Array<ArrayBuffer>> =>
    wat(`(module (import "wasi_snapshot_preview1" "${name}" (func $f ${type})) ${more}
      (memory (export "memory") 1) (func (export "_start") (drop (call $f${" (i32.const 0)".repeat(type.split("i32").length - 2)}))))`);
  const errorsOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<readonly Error[]> => [
    (await rejectionOf((await loadCommand(bytes)).run())) as Error,
    thrownBy((await load<Calls>(bytes, { imports: wasi() })).exports["_start"] as () => void) as Error,
    thrownBy((await load<Calls>(bytes)).exports["_start"] as () => void) as Error,
    (await rejectionOf(load(bytes, { imports: wasi(), missing: "error" }))) as Error,
  ];

  it.each([
    ["alone", ""],
    ["beside others", `(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))`],
  ])("by an unknown name says that preview 1 has no such function: %s", async (_, more) => {
    for (const { message } of await errorsOf(await one("fd_invent", "(result i32)", more))) {
      expect(message).toContain('WASI preview 1 has no function "fd_invent", so wasi() does not serve it.');
      expect(message).not.toContain("pass imports: wasi()");
    }
  });

  it("with another type says both types", async () => {
    for (const { message } of await errorsOf(await one("fd_close", "(param i32 i32) (result i32)"))) {
      expect(message).toContain(
        "WASI preview 1 has this function as (i32) -> i32 and the module imports it as (i32, i32) -> i32, so wasi() does not serve it.",
      );
      expect(message).toContain("Build the module with the declarations of preview 1");
      expect(message).not.toContain("pass imports: wasi()");
    }
  });

  it("with its 64-bit numbers split says how to keep them whole", async () => {
    const type = "(param i32 i32 i32 i32) (result i32)";
    for (const { message } of await errorsOf(await one("clock_time_get", type))) {
      expect(message).toContain("(i32, i64, i32) -> i32 and the module imports it as (i32, i32, i32, i32) -> i32");
      expect(message).toContain("-sWASM_BIGINT");
    }
  });

  it("in a synchronous call leads to what serves preview 1 alone", async () => {
    const wasm = loadSync<Calls>(await one("fd_invent", "(result i32)"), { imports: wasi() });
    expect((thrownBy(wasm.exports["_start"] as () => void) as Error).message).toContain(
      "wasi() serves the functions of preview 1, by their names and types",
    );
  });
});

describe("inspect", () => {
  it.each(["command", "reactor", "program"])("names a stripped %s by its imports", async (name) => {
    const { toolchain } = inspect(await wasiBytes(name));
    expect(toolchain.evidence.length).toBeGreaterThan(0);
    expect(["wasi", "clang", "rust"]).toContain(toolchain.name);
  });
});
