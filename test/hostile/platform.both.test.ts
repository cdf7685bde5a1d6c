import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { compile, inspect, load, loadSync } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Exports {
  add(a: number, b: number): number;
  shout(): void;
}

let bytes: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  bytes = await wat(`(module
    (import "env" "läuft 🏃" (func (param i32 i32)))
    (memory (export "memory") 1) (data (i32.const 8) "short")
    (table (export "table") 1 funcref)
    (func (export "shout") (call 0 (i32.const 8) (i32.const 5)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`);
});
afterEach(() => vi.unstubAllGlobals());

const parts = [
  ["TextDecoder", "TextEncoder"],
  ["crypto"],
  ["SharedArrayBuffer"],
  ["FinalizationRegistry", "WeakRef"],
  ["fetch", "Request"],
  ["DecompressionStream"],
  ["Response", "ReadableStream"],
  ["AbortController", "AbortSignal"],
  ["setTimeout", "clearTimeout", "queueMicrotask"],
  ["console", "performance", "structuredClone"],
  ["URL", "Headers", "Blob", "atob", "btoa"],
];

describe.each(parts.map((missing) => [missing.join(", "), missing] as const))("a platform without %s", (_, missing) => {
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
        const long = "Zoë läuft 🏃 bis zum Ende der \ud800 langen Straße";
        const size = wasm.memory.writeString(64, long, 200);
        expect(wasm.memory.readString(64, size)).toBe(long.replace("\ud800", "\ufffd"));
        expect(wasm.memory.readString(64, size, { fatal: true })).toHaveLength(long.length);
        wasm.memory.u8[64] = 0xff;
        expect(thrownBy(() => wasm.memory.readString(64, size, { fatal: true }))).toMatchObject({
          code: "invalid-string",
          details: { encoding: "utf-8", offset: 0 },
        });
        expect(wasm.callback("i->i", (value) => value)).toBeGreaterThan(0);
      }
      const warned = await load<Exports>(bytes, { missing: "warn" });
      expect(warned.guarded.shout()).toBeUndefined();
      const pool = (await compile(bytes)).pool<Exports>({ max: 1, min: 1 });
      const sums = await Promise.all([1, 2, 3].map((one) => pool.use((wasm) => wasm.guarded.add(one, 1))));
      expect(sums).toEqual([2, 3, 4]);
      await pool.dispose();
      const ledger = createLedger();
      const ledgered = await load<Exports>(bytes, { ledger, allocator: "grow" });
      ledgered.memory.alloc(8);
      expect(ledger.live).toHaveLength(1);
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

describe("a platform without coders", () => {
  it("tells text from other bytes", () => {
    const found = (...start: number[]) => thrownBy(() => inspect(Uint8Array.from(start)));
    const text = [0xef, 0xbb, 0xbf, 0x5a, 0xc3, 0xab, 0xf0, 0x9f, 0x8f];
    const cases = [
      text,
      text.slice(0, -1),
      [0xff, ...text],
      [0x5a, 0xc3, 0x20],
      [0x5a, 0x01],
      [0xef, 0xbb, 0xbf, 0x3c],
    ];
    const expected = ["text", "text", "unknown", "unknown", "unknown", "html"];
    expect(cases.map((start) => found(...start))).toMatchObject(expected.map((one) => ({ details: { found: one } })));
  });
});

describe("a platform without atob", () => {
  it("refuses integrity by code", async () => {
    vi.stubGlobal("atob", undefined);
    const integrity = `sha256-${"A".repeat(43)}=`;
    expect(await rejectionOf(load(bytes, { integrity }))).toMatchObject({ code: "integrity-unavailable" });
  });
});

describe("a platform without timers", () => {
  it("refuses a timeout of a pool by code", async () => {
    const pool = (await compile(bytes)).pool({ max: 1 });
    await pool.take();
    vi.stubGlobal("setTimeout", undefined);
    expect(await rejectionOf(pool.take({ timeout: 5 }))).toMatchObject({
      code: "unavailable-here",
      details: { what: "setTimeout" },
    });
    expect(pool.waiting).toBe(0);
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
