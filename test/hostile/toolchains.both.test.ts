import { describe, expect, inject, it } from "vitest";
import { inspect, load, t } from "unglue";
import { assemblyscript } from "unglue/assemblyscript";
import { napi } from "unglue/napi";
import { api as script, moduleUrl as scriptUrl } from "../assemblyscript/module.ts";
import { small, type Small } from "../napi/small.ts";
import { api as brotli } from "../packages/brotli/api.ts";
import { moduleUrl } from "../packages/served.ts";
import { wasiBytes } from "../wasi/fixture.ts";
import { bytesOf } from "../wasmgc/fixture.ts";
import { thrownBy, wat } from "../wat.ts";

/** Takes the custom sections out of a module, as `wasm-strip` does: names, producers and all others. */
function stripped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = [...bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const start = at;
    const id = bytes[at++];
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++] ?? 0;
      size += (byte & 127) * 2 ** shift;
      more = byte > 127;
    }
    at += size;
    if (id !== 0) for (const byte of bytes.subarray(start, at)) kept.push(byte);
  }
  return new Uint8Array(kept);
}

async function fetched(url: string | URL): Promise<Uint8Array> {
  const { href, protocol } = new URL(url);
  if (protocol === "file:") return (await import("node:fs/promises")).readFile(new URL(href));
  return new Uint8Array(await (await fetch(href)).arrayBuffer());
}

const addonUrl = new URL("/addons/crc32.wasm", inject("serverUrl"));
interface Crc32 {
  crc32(input: string): number;
}

describe("a module without any custom section", () => {
  it("of AssemblyScript is recognised, and passes texts and lists", async () => {
    const bytes = stripped(await fetched(scriptUrl("values.wasm")));
    expect(inspect(bytes).customSections).toEqual([]);
    const wasm = await load(bytes, { api: script });
    expect(wasm.toolchain.name).toBe("assemblyscript");
    expect([wasm.api.greet("Zoë"), wasm.api.sort(["b", "a"])]).toEqual(["Hello, Zoë!", ["a", "b"]]);
  });

  it("of Node-API is recognised, and does its job", async () => {
    for (const [bytes, job] of [
      [small, (api: unknown) => (api as Small).answer() === 42],
      [await fetched(addonUrl), (api: unknown) => (api as Crc32).crc32("hello") === 907060870],
    ] as const) {
      const wasm = await load(stripped(bytes), { adapters: [napi()] });
      expect([wasm.toolchain.name, job(wasm.api)]).toEqual(["napi", true]);
    }
  });

  it("of wasm-bindgen is recognised, and passes bytes", async () => {
    // Only a custom section tells the version, and versions differ in how they pass what its classes take.
    const { compress, decompress } = brotli.members;
    const api = t.api({ compress, decompress });
    const wasm = await load(stripped(await fetched(moduleUrl("brotli"))), { api });
    expect(wasm.toolchain.name).toBe("wasm-bindgen");
    const bytes = new Uint8Array(1000).fill(7);
    expect(wasm.api.decompress(wasm.api.compress(bytes, undefined))).toEqual(bytes);
  });

  it("of C is called with the allocator that the option names", async () => {
    const api = t.api({ say: t.fn([t.string], t.i32) });
    const wasm = await load(stripped(await wasiBytes("reactor")), {
      api,
      allocator: { alloc: "allocate", free: "release" },
    });
    expect(wasm.api.say("fits")).toBe(1);
  });

  it("of Kotlin is recognised by its imports", async () => {
    const bytes = await bytesOf("kotlin/app.wasm");
    expect(inspect(stripped(bytes)).toolchain).toEqual(inspect(bytes).toolchain);
  });
});

describe("an AssemblyScript module whose type information has an unknown form", () => {
  it("passes numbers, and refuses what needs a class", async () => {
    const bytes = await wat(`(module (memory (export "memory") 1)
      (global (export "__rtti_base") i32 (i32.const 16)) (data (i32.const 16) "\\ff\\ff\\ff\\7f")
      (func (export "__new") (param i32 i32) (result i32) (i32.const 1024))
      (func (export "__pin") (param i32) (result i32) (local.get 0)) (func (export "__unpin") (param i32))
      (func (export "__setArgumentsLength") (param i32))
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "length") (param i32) (result i32) (i32.const 0)))`);
    const api = t.api({ add: t.fn([t.i32, t.i32], t.i32), length: t.fn([t.string], t.i32) });
    const wasm = await load(bytes, { api, adapters: [assemblyscript()] });
    expect(wasm.api.add(40, 2)).toBe(42);
    expect(thrownBy(() => wasm.api.length("text"))).toMatchObject({
      code: "unsupported-module",
      details: { toolchain: "assemblyscript", feature: "type information" },
    });
  });
});

describe("an allocator that is out of memory", () => {
  it("of an addon is a trap with what it said", async () => {
    const lines: string[] = [];
    const wasi = { stderr: (bytes: Uint8Array) => void lines.push(new TextDecoder().decode(bytes)) };
    // As much as the addon declares, and nothing more.
    const wasm = await load(addonUrl, { adapters: [napi({ wasi })], limits: { memoryPages: 99 }, onTrap: "restart" });
    const error = thrownBy(() => (wasm.api as Crc32).crc32("x".repeat(20_000_000)));
    expect(error).toMatchObject({
      code: "trap",
      details: {
        export: "crc32",
        panic: expect.stringContaining("memory allocation of 20000001 bytes failed") as string,
      },
    });
    expect(lines.join("")).toContain("memory allocation of 20000001 bytes failed");
    await wasm.ready;
    expect((wasm.api as Crc32).crc32("hello")).toBe(907060870);
  });

  it("of wasm-bindgen is a trap, and the next life serves", async () => {
    const { shape } = await load(moduleUrl("brotli"), { api: brotli });
    const pages = shape.memories[0]?.initial ?? 0;
    const wasm = await load(moduleUrl("brotli"), {
      api: brotli,
      limits: { memoryPages: Number(pages) + 1000 },
      onTrap: "restart",
    });
    expect(thrownBy(() => wasm.api.compress(new Uint8Array(100_000_000), undefined))).toMatchObject({ code: "trap" });
    await wasm.ready;
    const bytes = new Uint8Array(1000).fill(7);
    expect(wasm.api.decompress(wasm.api.compress(bytes, undefined))).toEqual(bytes);
  });
});

describe("an addon with shared memory", () => {
  it("works where the runtime has no SharedArrayBuffer", async () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, "SharedArrayBuffer");
    Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    try {
      const wasm = await load(addonUrl, { adapters: [napi()] });
      expect((wasm.api as Crc32).crc32("hello")).toBe(907060870);
    } finally {
      if (own) Object.defineProperty(globalThis, "SharedArrayBuffer", own);
    }
  });
});
