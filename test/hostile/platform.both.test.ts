import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { inspect, load, loadSync } from "unglue";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Exports {
  add(a: number, b: number): number;
}

let bytes: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  bytes = await wat(`(module
    (import "env" "läuft 🏃" (func (param i32 i32)))
    (memory (export "memory") 1) (data (i32.const 8) "short")
    (table (export "table") 1 funcref)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`);
});
afterEach(() => vi.unstubAllGlobals());

describe.each([
  ["TextDecoder", "TextEncoder"],
  ["crypto"],
  ["SharedArrayBuffer"],
  ["FinalizationRegistry", "WeakRef"],
  ["fetch", "Request"],
  ["DecompressionStream"],
  ["Response", "ReadableStream"],
  ["AbortController", "AbortSignal"],
])("a platform without %s %s", (...missing) => {
  const without = async (body: () => unknown): Promise<void> => {
    for (const name of missing) vi.stubGlobal(name, undefined);
    try {
      await body();
    } finally {
      vi.unstubAllGlobals();
    }
  };

  it("reads, loads and calls", () =>
    without(async () => {
      expect(inspect(bytes).imports[0]?.name).toBe("läuft 🏃");
      const module = new WebAssembly.Module(bytes);
      const instances = [
        await load<Exports>(bytes),
        loadSync<Exports>(bytes),
        await load<Exports>(module),
        loadSync<Exports>(module, { shape: inspect(bytes) }),
      ];
      for (const wasm of instances) {
        expect(wasm.guarded.add(1, 2)).toBe(3);
        expect(wasm.memory.readString(8, 5)).toBe("short");
        expect(wasm.memory.writeString(8, "text", 4)).toBe(4);
        expect(wasm.callback("i->i", (value) => value)).toBeGreaterThan(0);
      }
    }));

  it("says what is wrong as anywhere else", () =>
    without(async () => {
      expect(thrownBy(() => inspect(new Uint8Array([60, 104, 116, 109, 108])))).toMatchObject({ code: "not-wasm" });
      expect(await rejectionOf(load(bytes, { missing: "error" }))).toMatchObject({ code: "unresolved-imports" });
    }));
});

describe("a platform without TextDecoder", () => {
  it("refuses names that are not UTF-8 all the same", async () => {
    const broken = bytes.slice();
    broken[broken.indexOf(0xc3)] = 0xff;
    const expected = thrownBy(() => inspect(broken));
    vi.stubGlobal("TextDecoder", undefined);
    expect(thrownBy(() => inspect(broken))).toEqual(expected);
  });
});

describe("a platform without AbortController", () => {
  it("aborts all the same, and closes what was open", async () => {
    let abort: (() => void) | undefined;
    const signal = {
      aborted: false,
      reason: "enough",
      addEventListener: (_: "abort", listener: () => void) => void (abort = listener),
      removeEventListener: () => void (abort = undefined),
    };
    let closed: unknown;
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(bytes.slice(0, 9)),
      pull: () => abort?.(),
      cancel: (reason) => void (closed = reason),
    });
    vi.stubGlobal("AbortController", undefined);
    const error = await rejectionOf(load(endless, { signal }));
    expect(error).toMatchObject({ code: "aborted", cause: "enough" });
    expect(closed).toBe(error);
    expect(abort).toBeUndefined();
  });
});

describe("an engine without streaming compilation", () => {
  it("compiles what it has received", async () => {
    vi.stubGlobal("WebAssembly", Object.create(WebAssembly, { compileStreaming: { value: undefined } }));
    const response = new Response(bytes, { headers: { "Content-Type": "application/wasm" } });
    expect((await load<Exports>(response)).exports.add(1, 2)).toBe(3);
    expect((await load<Exports>(new Blob([bytes]), { onProgress: () => undefined })).exports.add(1, 2)).toBe(3);
  });
});
