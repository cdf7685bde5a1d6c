import { describe, expect, it } from "vitest";
import { load, t, UnglueError } from "unglue";
import { createLedger } from "unglue/ledger";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { bindgen, type Helpers, heap } from "./bindgen.ts";

/** Frees what it is given, as wasm-bindgen's functions do. */
const taking = await bindgen(
  `(func (export "first") (param $at i32) (param $size i32) (result i32) (local $byte i32)
     (local.set $byte (i32.load8_u (local.get $at)))
     (call $free (local.get $at) (local.get $size) (i32.const 1))
     (local.get $byte))
   (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
   (func (export "other_alloc") (param i32) (result i32) unreachable)`,
  heap,
);
const add = t.fn([t.u32, t.u32], t.u32);

describe("an allocator that is given for a wasm-bindgen module", () => {
  it.each([
    ["text", t.string],
    ["bytes", t.bytes],
    ["numbers", t.array(t.u8)],
    ["numbers that are written back", t.array(t.u8, { mutable: true })],
    ["a list", t.list(t.js)],
    ["text or nothing", t.optional(t.string)],
  ] as const)("is refused where it would allocate what the module frees: %s", async (_, type) => {
    const body = `(func (export "first") ${type.type === "array" && "mutable" in type ? "(param i32)" : ""} (param i32 i32))`;
    const bytes = await bindgen(body, heap);
    const api = t.api({ first: t.fn([type], t.void) });
    const error = await rejectionOf(load(bytes, { api, allocator: "grow" }));
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({ option: "allocator" });
    expect((error as Error).message).toContain("first: by wasm-bindgen's convention a function frees what it is given");
    expect((await load(bytes, { api })).state).toBe("live");
  });

  it("serves memory.alloc", async () => {
    const wasm = await load(taking, { api: t.api({ add }), allocator: "grow" });
    const size = wasm.memory.byteLength;
    expect(wasm.memory.alloc(8)).toBeGreaterThanOrEqual(size);
    expect(wasm.api.add(40, 2)).toBe(42);
  });

  it("does not take the place of the module's own", async () => {
    const api = t.api({ first: t.fn([t.bytes], t.u32) });
    const wasm = await load(taking, { api, allocator: { alloc: "other_alloc" } });
    expect(wasm.api.first(Uint8Array.of(72))).toBe(72);
    expect((wasm.guarded as unknown as Helpers).live()).toBe(0);
    expect(thrownBy(() => wasm.memory.alloc(8))).toMatchObject({ code: "trap" });
  });
});

describe('an extern "C" function of a wasm-bindgen module that exports its allocator', () => {
  // It frees nothing, and nothing in the module tells it from the others.
  const realm = bindgen(
    `(func (export "realm_hash") (param i32 i32) (result i32) (i32.load8_u (local.get 0)))
     (func (export "realm_name") (param i32) (i32.store (local.get 0) (i32.const 1024)) (i32.store offset=4 (local.get 0) (i32.const 3)))`,
    heap,
  );
  const long = "H".repeat(10_000);

  it("leaks what is declared as a text, and the ledger shows it", async () => {
    const ledger = createLedger();
    const wasm = await load(await realm, { ledger, api: t.api({ realm_hash: t.fn([t.string], t.u32) }) });
    const error = await rejectionOf(
      ledger.expectNoGrowth(() => {
        for (let turn = 0; turn < 10; turn++) expect(wasm.api.realm_hash(long)).toBe(72);
      }),
    );
    expect(UnglueError.is(error, "memory-grew") && error.details).toMatchObject({ instances: [{ instance: 1 }] });
    expect((wasm.guarded as unknown as Helpers).live()).toBe(500);
  });

  it("leaks nothing where its text is passed by hand", async () => {
    const ledger = createLedger();
    const wasm = await load(await realm, { ledger, api: t.api({ realm_hash: t.fn([t.size, t.size], t.u32) }) });
    await ledger.expectNoGrowth(() => {
      for (let turn = 0; turn < 10; turn++) {
        wasm.memory.arena((arena) => {
          const { address, length } = arena.string(long);
          expect(wasm.api.realm_hash(address, length)).toBe(72);
        });
      }
    });
    ledger.expectNoLeaks();
    expect((wasm.guarded as unknown as Helpers).live()).toBe(0);
  });

  it.each([
    [{ owned: false }, "leave out owned: false"],
    [{ owned: true, free: "__wbindgen_free" }, "leave out free"],
    [{ free: "__wbindgen_free" }, "leave out free"],
  ] as const)("cannot be said to keep its result, or to free it otherwise: %j", async (options, advice) => {
    const name = t.fn([], t.string, options);
    const Realm = t.class({ name: t.static([], t.string, { export: "realm_name", ...options }) });
    const bytes = await realm;
    for (const [called, loadIt] of [
      ["realm_name", () => load(bytes, { api: t.api({ realm_name: name }) })],
      ["Realm.name", () => load(bytes, { api: t.api({ Realm }) })],
    ] as const) {
      const error = await rejectionOf(loadIt());
      expect(UnglueError.is(error, "interface-mismatch")).toBe(true);
      expect((error as Error).message).toContain(called);
      expect((error as Error).message).toContain(`by wasm-bindgen's convention what it returns is freed`);
      expect((error as Error).message).toContain(advice);
    }
    const api = t.api({ realm_name: t.fn([], t.string, { owned: true }) });
    expect((await load(await realm, { api })).state).toBe("live");
  });
});

describe("a wasm-bindgen module that exports no allocator", () => {
  const plain = wat(`(module
    (import "wbg" "__wbindgen_throw" (func (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "hash") (param i32 i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`);

  it.each([
    ["no option", {}],
    ["memory that is grown", { allocator: "grow" }],
    ["an allocator that is named", { allocator: { alloc: "add" } }],
  ] as const)("takes no text by its convention, with %s", async (_, options) => {
    const api = t.api({ add, hash: t.fn([t.string], t.u32) });
    const error = await rejectionOf(load(await plain, { api, ...options }));
    expect(UnglueError.is(error, "no-allocator") && error.details).toEqual({ tried: ["__wbindgen_malloc"] });
    expect((error as Error).message).toContain('Declare an extern "C" function with { convention: "c" }');
  });

  it("takes it by hand", async () => {
    const api = t.api({ add, hash: t.fn([t.size, t.size], t.u32) });
    const wasm = await load(await plain, { api, allocator: "grow" });
    const hash = wasm.memory.arena((arena) => {
      const { address, length } = arena.string("H");
      return wasm.api.hash(address, length);
    });
    expect([hash, wasm.api.add(40, 2)]).toEqual([72, 42]);
  });
});

describe("an allocator whose name was stripped beside another export of its type", () => {
  const stripped = wat(`(module
    (import "wbg" "__wbindgen_throw" (func (param i32 i32)))
    (memory (export "memory") 1)
    (global $freed (export "freed") (mut i32) (i32.const 0))
    (func (export "__wbindgen_export") (param i32 i32) (result i32) (i32.const 4096))
    (func (export "__wbindgen_export2") (param i32 i32) (result i32) unreachable)
    (func (export "__wbindgen_export3") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "__wbindgen_export4") (param i32 i32 i32) (global.set $freed (local.get 1)))
    (func (export "first") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))`);
  const api = t.api({ first: t.fn([t.string], t.u32) });

  it("is asked for by the error", async () => {
    const wasm = await load(await stripped, { api });
    const error = thrownBy(() => wasm.api.first("H"));
    expect(UnglueError.is(error, "helper-unknown") && error.details).toEqual({ helper: "malloc" });
    expect((error as Error).message).toContain("__wbindgen_export, __wbindgen_export2 have its signature");
    expect((error as Error).message).toContain('allocator: { alloc: "…", free: "…" }');
  });

  it("is the one that the option names", async () => {
    const wasm = await load(await stripped, {
      api,
      allocator: { alloc: "__wbindgen_export", free: "__wbindgen_export4" },
    });
    expect(wasm.api.first("H")).toBe(72);
    wasm.memory.free(wasm.memory.alloc(24), 24);
    expect((wasm.exports as unknown as { freed: { value: number } }).freed.value).toBe(24);
  });
});
