import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { compile, compileSync, type Module, type Progress } from "unglue";
import { afterAll, describe, expect, it, vi } from "vitest";
import { browserPlatform } from "../../src/platform/browser.ts";
import { nodePlatform } from "../../src/platform/node.ts";
import { compileSource } from "../../src/source/index.ts";
import * as reader from "../../src/source/reader.ts";
import { recognise } from "../../src/source/source.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { hashOf } from "./served.ts";

const bytes = await wat(`(module (func (export "answer") (result i32) i32.const 42))`);
const folder = await mkdtemp(join(tmpdir(), "unglue-"));
const path = join(folder, "app with spaces.wasm");
await writeFile(path, bytes);
await writeFile(`${path}.gz`, gzipSync(bytes));

afterAll(() => rm(folder, { recursive: true }));

function answer(module: Module): unknown {
  return (new WebAssembly.Instance(module.raw).exports.answer as () => number)();
}

describe("a file", () => {
  const sources = {
    path,
    "relative path": relative(".", path),
    "file: URL": pathToFileURL(path),
    "URL text": pathToFileURL(path).href,
  };

  it.each(Object.keys(sources))("is loaded by its %s", async (kind) => {
    const source = sources[kind as keyof typeof sources];
    expect(answer(await compile(source))).toBe(42);
    expect(answer(await compile(() => Promise.resolve(source)))).toBe(42);
    expect(answer(compileSync(source))).toBe(42);
  });

  it("has progress and integrity", async () => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => void seen.push(progress);
    const integrity = await hashOf(bytes);
    expect(answer(await compile(path, { onProgress, integrity }))).toBe(42);
    expect(seen).toEqual([{ loaded: bytes.length, total: bytes.length }]);
    expect(await rejectionOf(compile(`${path}.gz`, { integrity }))).toMatchObject({ code: "integrity-mismatch" });
  });

  it("is decompressed", async () => {
    expect(answer(await compile(`${path}.gz`))).toBe(42);
    expect(thrownBy(() => compileSync(`${path}.gz`))).toMatchObject({ code: "not-wasm", details: { found: "gzip" } });
  });

  it("that is something else is named by its path", async () => {
    const page = join(folder, "page.wasm");
    await writeFile(page, "<!doctype html>");
    const error = { code: "not-wasm", details: { found: "html", from: page } };
    expect(await rejectionOf(compile(page))).toMatchObject(error);
    expect(thrownBy(() => compileSync(pathToFileURL(page)))).toMatchObject(error);
    const short = join(folder, "short.wasm");
    await writeFile(short, bytes.subarray(0, -2));
    expect(await rejectionOf(compile(short))).toMatchObject({ code: "truncated", details: { from: short } });
  });

  it("that is not there is named by its absolute path, with the system's error", async () => {
    const missing = relative(".", join(folder, "missing.wasm"));
    for (const error of [await rejectionOf(compile(missing)), thrownBy(() => compileSync(missing))]) {
      expect(error).toMatchObject({
        code: "read-failed",
        details: { path: join(folder, "missing.wasm") },
        cause: { code: "ENOENT" },
      });
      expect((error as Error).message).toContain(process.cwd());
      expect((error as Error).message).toContain("import.meta.url");
    }
    const absolute = await rejectionOf(compile(join(folder, "missing.wasm")));
    expect((absolute as Error).message).not.toContain(process.cwd());
  });

  it.each(["ht\ntp://usr:s3cr3t@host/a.wasm", "ht\tp://usr:s3cr3t@host/a.wasm", "x\n://usr:s3cr3t@host\n/a.wasm"])(
    "whose name may be a mistyped URL is named without its password: %j",
    async (path) => {
      for (const error of [await rejectionOf(compile(path)), thrownBy(() => compileSync(path))]) {
        expect(error).toMatchObject({ code: "read-failed" });
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("s3cr3t");
      }
    },
  );

  it("that cannot be read is named", async () => {
    await mkdir(join(folder, "directory.wasm"));
    for (const source of [join(folder, "directory.wasm"), "file://elsewhere/share/app.wasm", "nul\0byte.wasm"]) {
      expect(await rejectionOf(compile(source))).toMatchObject({ code: "read-failed" });
      expect(thrownBy(() => compileSync(source))).toMatchObject({ code: "read-failed" });
    }
  });

  it("is not waited for after an abort", async () => {
    const controller = new AbortController();
    const read = vi.fn(() => new Promise<never>(() => undefined));
    const platform = {
      checksIntegrity: undefined,
      loadHash: undefined,
      files: { read, readSync: vi.fn() },
    } as const;
    const error = rejectionOf(compileSource(platform, path, { signal: controller.signal }, vi.fn(), () => reader));
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort("enough");
    expect(await error).toMatchObject({ code: "aborted", cause: "enough" });
    expect(read.mock.calls).toEqual([[path, expect.objectContaining({ aborted: true }), undefined]]);
  });
});

describe("a string", () => {
  const strings: [text: string, inNode: "path" | "request"][] = [
    ["app.wasm", "path"],
    ["./app.wasm", "path"],
    ["/srv/app.wasm", "path"],
    ["C:\\app.wasm", "path"],
    ["c:/app.wasm", "path"],
    ["a b:c.wasm", "path"],
    ["", "path"],
    ["file:///srv/app.wasm", "path"],
    ["FILE:///srv/app.wasm", "path"],
    ["filer:app.wasm", "request"],
    ["https://example.com/app.wasm", "request"],
    ["HTTP://example.com/app.wasm", "request"],
    ["data:application/wasm;base64,AGFzbQEAAAA=", "request"],
    ["blob:nodedata:00000000", "request"],
  ];

  it.each(strings)("such as %j is a %s in Node, and always a request in a browser", (text, inNode) => {
    expect(recognise(nodePlatform, text)).toEqual({ [inNode]: text });
    expect(recognise(browserPlatform, text)).toEqual({ request: text });
  });
});

describe("a value of another realm", () => {
  it("is recognised", async () => {
    const realm = { bytes: [...bytes], compiled: undefined as unknown };
    const foreign = runInNewContext(
      `const view = new Uint8Array(bytes); ({ view, buffer: view.buffer, module: new WebAssembly.Module(view), promise: Promise.resolve(view), make: () => view })`,
      realm,
    ) as {
      view: Uint8Array;
      buffer: ArrayBuffer;
      module: WebAssembly.Module;
      promise: Promise<Uint8Array>;
      make: () => Uint8Array;
    };
    expect(foreign.view).not.toBeInstanceOf(Uint8Array);
    expect(foreign.module).not.toBeInstanceOf(WebAssembly.Module);
    for (const source of Object.values(foreign)) expect(answer(await compile(source))).toBe(42);
    for (const source of [foreign.view, foreign.buffer, foreign.module]) expect(answer(compileSync(source))).toBe(42);
  });

  it("is named where it is a failure", async () => {
    const cause = runInNewContext(`new WebAssembly.CompileError("blocked by CSP")`) as Error;
    const compiler = vi.spyOn(WebAssembly, "compile").mockRejectedValue(cause);
    expect(await rejectionOf(compile(bytes))).toMatchObject({ code: "compile-forbidden", cause });
    compiler.mockRestore();
  });
});
