import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { type Instance, load, t } from "unglue";
import { loadCommand, memoryDirectory, wasi } from "unglue/wasi";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { wasiUrl } from "./fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "unglue-wasi-"));
const at = (name: string) => join(folder, name);
const c = await loadCommand(wasiUrl("command"));
const rust = await loadCommand(wasiUrl("program"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("real directories", () => {
  it("are read and written by commands, while the streams are this library's", async () => {
    writeFileSync(at("in.txt"), "hello");
    const preopens = { "/work": folder };
    expect(await c.run({ args: ["copy", "/work/in.txt", "/work/out.txt"], preopens })).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
    expect(readFileSync(at("out.txt"), "utf8")).toBe("hello[5 bytes, ends with l]\n");
    expect((await c.run({ args: ["list", "/work"], preopens })).stdout.split("\n").sort()).toEqual([
      "",
      "in.txt",
      "out.txt",
    ]);
    expect(await c.run({ args: ["cat"], stdin: "text", preopens })).toMatchObject({ stdout: "text", exitCode: 0 });
    expect((await c.run({ args: ["sleep", "20"], preopens })).stdout).toMatch(/^[2-9]\d\n$/);
    expect((await rust.run({ args: ["append", "/work/log.txt", "one"], preopens })).stdout).toBe("one\n");
    expect((await c.run({ args: ["copy", "/work/../x", "/work/y"], preopens })).exitCode).not.toBe(0);
  });

  it("are opened by reactors, and by each of their lives", async () => {
    const wasm = await load(wasiUrl("reactor"), {
      api: t.api({ store: t.fn([t.cstring, t.cstring], t.cstring) }),
      onTrap: "restart",
      allocator: { alloc: "allocate", free: "release" },
      imports: (instance) => ({ ...wasi({ preopens: { "/data": folder } })(instance), env: { between: () => 0 } }),
    });
    for (const name of ["a", "b"]) {
      expect(wasm.api.store(`/data/${name}.txt`, name)).toBe(name);
      expect(readFileSync(at(`${name}.txt`), "utf8")).toBe(name);
      thrownBy(() => wasm.guarded["fail"]?.());
    }
  });

  it("that do not exist are an error when the program opens a file", async () => {
    const run = c.run({ args: ["list", "/x"], preopens: { "/x": at("none") } });
    const error = await rejectionOf(run);
    expect(error).toMatchObject({ code: "read-failed", details: { path: at("none") } });
  });

  it.each([
    ["lacks", undefined],
    ["has only in part", class {}],
  ])("are refused before the program runs where the runtime %s node:wasi", async (has, WASI) => {
    const builtin = vi.spyOn(process, "getBuiltinModule").mockReturnValue({ WASI });
    const error = await rejectionOf(c.run({ args: ["list", "/x"], preopens: { "/x": folder } }));
    builtin.mockRestore();
    expect(error).toMatchObject({ code: "unavailable-here", details: { what: "node:wasi" } });
    expect((error as Error).message).toContain(
      `which this runtime ${has}. Give directories in memory (memoryDirectory)`,
    );
  });

  it("leave no descriptor open after many runs", async () => {
    const open = () => readdirSync("/proc/self/fd").length;
    const preopens = { "/work": folder };
    await c.run({ args: ["list", "/work"], preopens });
    const before = open();
    for (let round = 0; round < 50; round++) await c.run({ args: ["list", "/work"], preopens });
    expect(open() - before).toBeLessThan(10);
  });
});

describe("file descriptors", () => {
  it("are the standard streams of commands", async () => {
    writeFileSync(at("stdin"), "from a file");
    const [stdin, stdout] = [openSync(at("stdin"), "r"), openSync(at("stdout"), "w")];
    const result = await c.run({ args: ["cat"], stdin, stdout });
    closeSync(stdin);
    closeSync(stdout);
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "11 bytes\n" });
    expect(readFileSync(at("stdout"), "utf8")).toBe("from a file");
  });

  it("must be open, which is said of them and of no directory", async () => {
    const error = (await rejectionOf(c.run({ args: ["cat"], stdin: 99 }))) as Error;
    expect(error).toMatchObject({ code: "read-failed", details: { path: "99, 1, 2" } });
    expect(error.message).toContain("Cannot use the file descriptors 99, 1, 2 as stdin, stdout and stderr");
    expect(error.message).not.toContain("director");
  });

  it("that a program closes do not become the process's own", async () => {
    const bytes = await wat(`(module
      (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
      (memory (export "memory") 1) (data (i32.const 0) "\\08\\00\\00\\00\\01\\00\\00\\00x")
      (func (export "close") (param i32) (result i32) (call $close (local.get 0)))
      (func (export "renumber") (param i32 i32) (result i32) (call $renumber (local.get 0) (local.get 1)))
      (func (export "write") (param i32) (result i32)
        (call $write (local.get 0) (i32.const 0) (i32.const 1) (i32.const 16))))`);
    const written: string[] = [];
    const wasm = await load<
      Record<"close" | "write", (descriptor: number) => number> & { renumber(from: number, to: number): number }
    >(bytes, {
      imports: (instance: Instance) => ({
        ...wasi({
          preopens: { "/": folder },
          stdout: (part) => written.push(new TextDecoder().decode(part)),
        })(instance),
      }),
    });
    expect([wasm.exports.write(1), wasm.exports.close(1), wasm.exports.close(1), wasm.exports.write(1)]).toEqual([
      0, 0, 8, 8,
    ]);
    expect([wasm.exports.renumber(3, 2), written]).toEqual([58, ["x"]]);
  });
});

describe("the optional package", () => {
  it("in another version is refused when it is needed", async () => {
    vi.doMock("@bjorn3/browser_wasi_shim", () => ({
      ConsoleStdout: class {},
      Directory: class {},
      File: class {},
      PreopenDirectory: undefined,
      WASI: class {},
    }));
    const error = await rejectionOf(memoryDirectory());
    vi.doUnmock("@bjorn3/browser_wasi_shim");
    expect(error).toMatchObject({ code: "peer-missing", details: { package: "@bjorn3/browser_wasi_shim" } });
    expect((error as Error).message).toContain("in a version without PreopenDirectory. Install it: `npm install");
  });
});
