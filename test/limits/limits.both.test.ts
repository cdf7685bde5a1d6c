import { compile, compileSync, inspect, load, loadSync, type LoadOptions, type Source } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { describe, expect, it } from "vitest";
import { createSlots } from "../../src/toolchains/wasm-bindgen/handles.ts";
import { moduleBytes, moduleUrl } from "../packages/served.ts";
import { rejectionOf, thrownBy, wat } from "../wat.ts";

interface Growing {
  grow(pages: number): number;
  memory: WebAssembly.Memory;
}

const own = await wat(`(module (memory (export "memory") 2) (table (export "table") 3 funcref)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`);
const needy = await wat(`(module (import "env" "memory" (memory 2)) (import "env" "table" (table 3 funcref)))`);
const xxhash = await moduleBytes("xxhash");
const lz4 = (await moduleBytes("lz4")).slice();

/** Bytes in pieces of three, so that the head comes in many. */
function trickle(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += 3)));
    },
  });
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Response(bytes).body?.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const served = (type: string): Source => new Response(own, { headers: { "Content-Type": type } });
const progress: LoadOptions = { onProgress: () => undefined };
const hash = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", own)));
const integrity = `sha256-${btoa(String.fromCharCode(...hash))}`;

describe("a memory that the module defines", () => {
  it.each<[string, () => Source | Promise<Source>, LoadOptions?]>([
    ["bytes", () => own],
    ["bytes with progress", () => own, progress],
    ["bytes with integrity", () => own, { integrity }],
    ["a blob", () => new Blob([own])],
    ["a stream", () => trickle(own)],
    ["a compressed stream", async () => trickle(await gzipped(own))],
    ["a response for the streaming compiler", () => served("application/wasm")],
    ["a response of another type", () => served("text/plain")],
    ["a response with progress and integrity", () => served("application/wasm"), { ...progress, integrity }],
    ["a promise of a response", () => Promise.resolve(served("application/wasm"))],
  ])("is capped from %s", async (_, source, options) => {
    const wasm = await load<Growing>(await source(), { ...options, limits: { memoryPages: 5, tableElements: 4 } });
    expect(wasm.shape.memories).toMatchObject([{ initial: 2, maximum: 5 }]);
    expect(wasm.shape.tables).toMatchObject([{ initial: 3, maximum: 4 }]);
    expect([wasm.exports.grow(4), wasm.exports.grow(3), wasm.exports.grow(1)]).toEqual([-1, 2, -1]);
    expect(thrownBy(() => wasm.memory.grow(1))).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "memoryPages", asked: 6, allowed: 5 },
    });
    expect(wasm.table.grow(1)).toBe(3);
    const error = thrownBy(() => wasm.callback("->", () => undefined));
    expect(error).toMatchObject({ code: "limit-exceeded", details: { limit: "tableElements", asked: 5, allowed: 4 } });
    expect((error as Error).message).toContain("limits.tableElements");
  });

  it("is capped at once", () => {
    const wasm = loadSync<Growing>(own, { limits: { memoryPages: 3 } });
    expect([wasm.exports.grow(2), wasm.exports.grow(1)]).toEqual([-1, 2]);
  });

  it("is capped over HTTP, and the module works: lz4", async () => {
    const url = moduleUrl("lz4");
    const free = await load(url, { missing: "zero" });
    const pages = free.memory.byteLength / 65536;
    const wasm = await load(url, { missing: "zero", limits: { memoryPages: pages + 1 } });
    expect(wasm.memory.grow(1)).toBe(pages);
    expect(thrownBy(() => wasm.memory.grow(1))).toMatchObject({ code: "limit-exceeded" });
    expect(wasm.shape.customSections).toEqual(free.shape.customSections);
  });

  it("is refused before anything runs if it is larger than the limit", async () => {
    const starting = await wat(
      `(module (import "env" "run" (func $run)) (memory 2) (memory 4) (func $main (call $run)) (start $main))`,
    );
    let ran = 0;
    const imports = { env: { run: () => ran++ } };
    const options = { imports, limits: { memoryPages: 3 } };
    const details = { limit: "memoryPages", asked: 4, allowed: 3 };
    for (const source of [starting, trickle(starting), new Blob([starting])]) {
      const error = await rejectionOf(load(source, options));
      expect(error).toMatchObject({ code: "limit-exceeded", details });
      expect((error as Error).message).toMatch(/defines a memory, its number 1.*raise limits\.memoryPages/);
    }
    expect(thrownBy(() => loadSync(starting, options))).toMatchObject({ code: "limit-exceeded", details });
    expect(await rejectionOf(compile(own, { limits: { tableElements: 2 } }))).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "tableElements", asked: 3, allowed: 2 },
    });
    expect(ran).toBe(0);
  });

  it("says what is wrong with bytes as without limits", async () => {
    const limits = { memoryPages: 5 };
    const cut = own.slice(0, 30);
    const [plain, limited, streamed] = await Promise.all(
      [load(cut), load(cut, { limits }), load(trickle(cut), { limits })].map(rejectionOf),
    );
    expect(plain).toMatchObject({ code: "truncated" });
    expect(limited).toEqual(plain);
    expect(streamed).toEqual(plain);
    expect(await rejectionOf(load(trickle(new TextEncoder().encode("<!doctype html>")), { limits }))).toMatchObject({
      code: "not-wasm",
    });
  });

  it("stays uncapped, and its bytes what they were, without a limit for it", async () => {
    const copy = own.slice();
    await load(own, { limits: { memoryPages: 5 } });
    expect(own).toEqual(copy);
    const wasm = await load<Growing>(own, { limits: { handles: 1, memoryPages: undefined } as never });
    expect(wasm.exports.grow(9)).toBe(2);
  });

  it("is capped inside a pool's instances", async () => {
    const pool = compileSync(own, { limits: { memoryPages: 3 } }).pool<Growing>({ max: 1 });
    expect(await pool.use((wasm) => [wasm.exports.grow(2), wasm.exports.grow(1)])).toEqual([-1, 2]);
  });
});

describe("a module that is compiled already", () => {
  const limits = { memoryPages: 5 };

  it("needs its bytes, unless its shape says that it keeps to the limits", async () => {
    const raw = new WebAssembly.Module(own);
    const refusal = { code: "limit-needs-bytes", details: { limit: "memoryPages" } };
    expect(await rejectionOf(load(raw, { limits }))).toMatchObject(refusal);
    expect(await rejectionOf(compile(raw, { limits }))).toMatchObject(refusal);
    expect(thrownBy(() => loadSync(raw, { limits }))).toMatchObject(refusal);
    expect(await rejectionOf(load(raw, { limits, shape: inspect(own) }))).toMatchObject(refusal);
    expect(await rejectionOf(load(raw, { limits: { tableElements: 9 } }))).toMatchObject({
      code: "limit-needs-bytes",
      details: { limit: "tableElements" },
    });

    const capped = await compile(own, { limits });
    const wasm = await load<Growing>(capped.raw, { limits, shape: structuredClone(capped.shape) });
    expect(wasm.exports.grow(4)).toBe(-1);
    expect((await load(raw, { limits: { handles: 3 } })).state).toBe("live");
  });

  it("passes its limits to its instances, which may have others where they need no bytes", async () => {
    const module = await compile(own, { limits });
    for (const wasm of [
      await module.instantiate<Growing>(),
      module.instantiateSync<Growing>({ limits: { memoryPages: 9 } }),
    ]) {
      expect([wasm.exports.grow(4), wasm.exports.grow(3)]).toEqual([-1, 2]);
    }
    const lower = { limits: { memoryPages: 4 } };
    expect(await rejectionOf(module.instantiate(lower))).toMatchObject({ code: "limit-needs-bytes" });
    expect(thrownBy(() => module.instantiateSync(lower))).toMatchObject({ code: "limit-needs-bytes" });
    expect(thrownBy(() => module.pool({ max: 1, ...lower }))).toMatchObject({ code: "limit-needs-bytes" });
    expect(thrownBy(() => module.instantiateSync({ limits: { memoryPages: 1 } }))).toMatchObject({
      code: "limit-exceeded",
      details: { asked: 2, allowed: 1 },
    });

    const imports = await compile(needy, { limits: { memoryPages: 2 } });
    expect((await imports.instantiate({ limits: { memoryPages: 3 } })).memory.grow(1)).toBe(2);
    expect(thrownBy(() => imports.instantiateSync().memory.grow(1))).toMatchObject({ code: "limit-exceeded" });
  });
});

describe("a memory or table that is given", () => {
  const memory = () => new WebAssembly.Memory({ initial: 4 });
  const table = () => new WebAssembly.Table({ initial: 5, element: "anyfunc" });

  it("is checked, and not changed", async () => {
    const imports = { env: { memory: memory(), table: table() } };
    const error = await rejectionOf(load(needy, { imports, limits: { memoryPages: 3 } }));
    expect(error).toMatchObject({ code: "limit-exceeded", details: { limit: "memoryPages", asked: 4, allowed: 3 } });
    expect((error as Error).message).toMatch(/given for the import "env"\."memory" is a memory of 4 pages/);
    expect(thrownBy(() => loadSync(needy, { imports, limits: { tableElements: 4 } }))).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "tableElements", asked: 5, allowed: 4 },
    });

    const wasm = await load(needy, { imports, limits: { memoryPages: 4, tableElements: 5 } });
    expect(wasm.memory.raw).toBe(imports.env.memory);
    expect(thrownBy(() => wasm.memory.grow(1))).toMatchObject({ code: "limit-exceeded" });
    expect(thrownBy(() => wasm.table.grow(1))).toMatchObject({ code: "limit-exceeded" });
    // Its owner may do with it what he likes.
    expect(imports.env.memory.grow(1)).toBe(4);
  });
});

describe("handles", () => {
  it("are held up to the limit: lz4, values in an array", () => {
    const wasm = loadSync(lz4, { adapters: [wasmBindgen()], limits: { handles: 3 }, missing: "zero" });
    const { handles } = wasm;
    const first = handles.add({ at: 1 });
    handles.add({});
    handles.add({});
    const error = thrownBy(() => handles.add({}));
    expect(error).toMatchObject({ code: "limit-exceeded", details: { limit: "handles", asked: 4, allowed: 3 } });
    expect((error as Error).message).toContain("raise limits.handles");
    // Borrowed memory does not count, and dropped memory makes room.
    expect(handles.borrow({}, (handle) => handle)).toBeGreaterThan(0);
    expect(handles.take(first)).toEqual({ at: 1 });
    handles.add({});
    expect(handles.size).toBe(3);
    expect(wasm.state).toBe("live");
  });

  it("are held up to the limit: values in a table", () => {
    const table = new WebAssembly.Table({ element: "externref", initial: 128 });
    const vacant: number[] = [];
    const handles = createSlots({
      leaked: undefined,
      table: () => table,
      allocate: () => vacant.pop() ?? table.grow(1, null),
      free: (slot) => {
        table.set(slot, null);
        vacant.push(slot);
      },
      limit: 200,
    });
    handles.initialize();
    const held = Array.from({ length: 200 }, () => handles.add({}));
    for (let round = 0; round < 3; round++) {
      expect(thrownBy(() => handles.add({}))).toMatchObject({
        details: { limit: "handles", asked: 201, allowed: 200 },
      });
      for (const handle of held.splice(0, 50)) handles.drop(handle);
      expect(handles.borrow({}, (handle) => handle)).toBeGreaterThan(131);
      for (let count = 0; count < 50; count++) held.push(handles.add({}));
    }
    expect(handles.size).toBe(200);
  });

  it("that a module adds by itself are seen at its next call: prqlc, values in a table", async () => {
    const limits = { handles: 100 };
    const wasm = await load<{ compileoptions_new(): number }>(moduleUrl("prqlc"), { limits, missing: "zero" });
    const values = wasm.tables["__wbindgen_externrefs"]?.raw;
    values?.grow(100, {});
    expect(wasm.guarded.compileoptions_new()).toBeGreaterThan(0);
    values?.grow(1, {});
    expect(thrownBy(() => wasm.guarded.compileoptions_new())).toMatchObject({
      code: "limit-exceeded",
      details: { limit: "handles", asked: 101, allowed: 100 },
    });
    values?.set(values.length - 1, null);
    expect(wasm.guarded.compileoptions_new()).toBeGreaterThan(0);
    expect(wasm.state).toBe("live");
  });

  it("are not limited where nothing says so", () => {
    const { handles } = loadSync(lz4, { adapters: [wasmBindgen()], missing: "zero" });
    for (let count = 0; count < 5000; count++) handles.add(count);
    expect(handles.size).toBe(5000);
  });
});

describe("limits", () => {
  it("leave a real module with what it needs: xxhash", async () => {
    const wasm = await load(xxhash, { limits: { memoryPages: 2 } });
    expect(wasm.shape.memories).toMatchObject([{ maximum: 2 }]);
  });

  it("are refused where they are no whole numbers", async () => {
    for (const limits of [{ handles: -1 }, { handles: 0.5 }, { memoryPages: "4" }]) {
      expect(await rejectionOf(load(own, { limits: limits as never }))).toMatchObject({ code: "invalid-option" });
      expect(thrownBy(() => compileSync(own, { limits: limits as never }))).toMatchObject({ code: "invalid-option" });
    }
  });
});
