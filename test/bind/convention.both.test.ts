import { describe, expect, it } from "vitest";
import { type Adapter, compile, compileSync, inspect, load, loadSync, t, UnglueError } from "unglue";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { rejectionOf, thrownBy, wat } from "../wat.ts";
import { bindgen, heap } from "./bindgen.ts";

const bound = await bindgen(
  `(global $given (mut i32) (i32.const 0))
   (func (export "greet") (param $at i32) (param $size i32) (result i32)
     (global.set $given (i32.load8_u (local.get $at)))
     (call $free (local.get $at) (local.get $size) (i32.const 1))
     (global.get $given))
   (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
   (func (export "realm_new") (result i32) (i32.const 16))
   (func (export "__wbg_realm_free") (param i32 i32))`,
  heap,
);
const greet = t.api({ greet: t.fn([t.string], t.u32) });
const line = 'import { wasmBindgen } from "unglue/wasm-bindgen";';
const missing = { toolchain: "wasm-bindgen", member: "greet", import: line };

/** Every way in which an instance is made without an adapter being fetched. */
const ways: readonly (readonly [name: string, make: (bytes: Uint8Array<ArrayBuffer>) => unknown])[] = [
  ["loadSync", (bytes) => loadSync(bytes, { api: greet })],
  ["loadSync, restarting", (bytes) => loadSync(bytes, { api: greet, onTrap: "restart" })],
  ["loadSync, with an allocator named", (bytes) => loadSync(bytes, { api: greet, allocator: "grow" })],
  ["instantiateSync", (bytes) => compileSync(bytes).instantiateSync({ api: greet })],
  ["instantiate", async (bytes) => compileSync(bytes).instantiate({ api: greet })],
  ["pool", async (bytes) => compileSync(bytes).pool({ max: 1, api: greet }).take()],
];

describe("a synchronous call without the adapter of a wasm-bindgen module", () => {
  it.each(ways)("refuses a declaration that needs its convention: %s", async (_, make) => {
    const error = await rejectionOf((async () => make(bound))());
    expect(UnglueError.is(error, "convention-unavailable") && error.details).toEqual(missing);
    expect((error as Error).message).toContain(`${line} and adapters: [wasmBindgen()]`);
  });

  it("calls it rightly once the adapter is given", () => {
    const adapters = [wasmBindgen()];
    const wasm = loadSync(bound, { api: greet, adapters });
    expect(wasm.api.greet("H")).toBe(72);
    expect(wasm.guarded.live?.()).toBe(0);
    expect(compileSync(bound, { adapters }).instantiateSync({ api: greet }).api.greet("é")).toBe(0xc3);
  });

  it("is not needed where the call can wait", async () => {
    expect((await load(bound, { api: greet })).api.greet("H")).toBe(72);
    expect((await compile(bound)).instantiateSync({ api: greet }).api.greet("H")).toBe(72);
  });

  it("calls what is declared with numbers alone", () => {
    const Unit = t.enumeration({ Metre: 0, Foot: 1 });
    const api = t.api({ add: t.fn([t.u32, Unit], t.i32) });
    expect(loadSync(bound, { api }).api.add(40, 1)).toBe(41);
  });

  it.each([
    ["Realm", t.class({ new: t.ctor([]) })],
    ["add", t.fn([t.enumeration(["a", "b"]), t.u32], t.u32)],
    ["add", t.fn([t.char, t.u32], t.u32)],
    ["add", t.fn([t.js, t.u32], t.u32)],
    ["add", t.fn([t.bytes], t.u32)],
    ["add", t.fn([t.u32, t.out(t.u32)], t.void)],
  ] as const)("refuses %s, %#", (name, member) => {
    const error = thrownBy(() => loadSync(bound, { api: t.api({ [name]: member }) }));
    expect(UnglueError.is(error, "convention-unavailable") && error.details.member).toBe(name);
  });

  it("still says what is no type and what is not there", () => {
    const refused = (member: unknown) =>
      thrownBy(() => loadSync(bound, { api: t.api({ add: member } as Parameters<typeof t.api>[0]) }));
    expect(refused(t.fn([undefined as never], t.u32))).toMatchObject({ code: "interface-mismatch" });
    expect(refused(t.fn([t.u32], t.u32))).toMatchObject({ code: "interface-mismatch" });
  });
});

describe("an adapter without a convention", () => {
  const adapter: Adapter = {
    name: "mine",
    detect: () => ({ evidence: ["mine"] }),
    provide: () => undefined,
    attach: () => ({}),
  };

  it("leaves the declarations of a wasm-bindgen module without one", async () => {
    const error = await rejectionOf(load(bound, { api: greet, adapters: [adapter] }));
    expect(UnglueError.is(error, "convention-unavailable") && error.details).toEqual({ ...missing, adapter: "mine" });
    expect((error as Error).message).toContain("adapters: [wasmBindgen(), …]");
    const { attach, ...providing } = adapter;
    expect(attach).toBeDefined();
    for (const adapters of [[wasmBindgen(), providing], [providing]]) {
      const served = await load(bound, { api: greet, adapters });
      expect(served.api.greet("H")).toBe(72);
    }
    const both = load(bound, { api: greet, adapters: [wasmBindgen(), adapter] });
    expect(await rejectionOf(both)).toMatchObject({ code: "invalid-option" });
    const chosen = await load(bound, { api: greet, adapters: [wasmBindgen(), adapter], toolchain: "wasm-bindgen" });
    expect(chosen.api.greet("H")).toBe(72);
  });

  it("may bring one", async () => {
    const own: Adapter = { ...wasmBindgen(), name: "mine", detect: adapter.detect };
    const wasm = await load(bound, { api: greet, adapters: [own] });
    expect(wasm.toolchain.name).toBe("mine");
    expect(wasm.api.greet("H")).toBe(72);
  });

  it("leaves a module of C with C's", async () => {
    const api = t.api({ first: t.fn([t.cstring], t.u32) });
    const wasm = await load(await echoing(""), { api, adapters: [adapter], allocator: "grow" });
    expect(wasm.api.first("H")).toBe(72);
  });
});

/** The first byte at an address, with what shows the toolchain. */
const echoing = (signs: string) =>
  wat(`(module ${signs} (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "first") (param i32) (result i32) (i32.load8_u (local.get 0))))`);

describe("a toolchain whose convention is not known here", () => {
  it.each([
    ["moonbit", '(import "moonbit:ffi" "make_closure" (func))'],
    ["scala-js", '(import "__scalaJSHelpers" "f" (func))'],
    ["dart", '(import "dart2wasm" "_1" (func))'],
    ["kotlin", '(import "js_code" "kotlin.captureStackTrace" (func))'],
  ])("refuses what needs one, and calls numbers: %s, %#", async (toolchain, signs) => {
    const bytes = await echoing(signs);
    const api = t.api({ add: t.fn([t.u32, t.u32], t.u32), first: t.fn([t.cstring], t.u32) });
    const error = await rejectionOf(load(bytes, { api, allocator: "grow" }));
    expect(UnglueError.is(error, "convention-unavailable") && error.details).toEqual({ toolchain, member: "first" });
    expect((error as Error).message).toContain("pass the rest by hand with wasm.memory and wasm.guarded");
    expect(thrownBy(() => loadSync(bytes, { api }))).toMatchObject({ code: "convention-unavailable" });
    const numbers = await load(bytes, { api: t.api({ add: t.fn([t.u32, t.u32], t.u32) }) });
    expect(numbers.api.add(40, 2)).toBe(42);
  });

  it.each([
    ["unknown", ""],
    ["emscripten", '(import "env" "emscripten_resize_heap" (func (param i32) (result i32)))'],
    ["wasi", '(import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))'],
    ["llvm", '(global (export "__heap_base") i32 (i32.const 1024))'],
  ])("is not one that follows C: %s", async (toolchain, signs) => {
    const api = t.api({ first: t.fn([t.cstring], t.u32) });
    const wasm = await load(await echoing(signs), { api, allocator: "grow" });
    expect(wasm.toolchain.name).toBe(toolchain);
    expect(wasm.api.first("H")).toBe(72);
  });

  it.each([
    ["tinygo", '(func (export "go_scheduler"))'],
    ["go", '(import "gojs" "runtime.wasmExit" (func (param i32)))'],
  ])("takes grown memory for its own, so an allocator has to be named: %s", async (_, signs) => {
    const allocating = `${signs} (func (export "grab") (param i32) (result i32) (i32.const 4096))`;
    const api = t.api({ first: t.fn([t.cstring], t.u32) });
    const bytes = await echoing(allocating);
    const grown = await load(bytes, { api, allocator: "grow" });
    const error = thrownBy(() => grown.api.first("H"));
    expect(UnglueError.is(error, "invalid-option") && error.details).toMatchObject({ option: "allocator" });
    expect((await load(bytes, { api, allocator: { alloc: "grab" } })).api.first("H")).toBe(72);
  });
});

describe("text given to a function of each toolchain's modules", () => {
  it.each<[toolchain: string, signs: string, isC: boolean]>([
    // Pointer and length by the C ABI: clang, Rust's extern "C", Zig, and the exports of Go and TinyGo.
    ["unknown", "", true],
    ["llvm", '(func (export "__wasm_call_ctors"))', true],
    ["clang", '(@producers (processed-by "clang" "19.1"))', true],
    ["rust", '(@producers (language "Rust" ""))', true],
    ["zig", '(@producers (processed-by "Zig" "0.13.0"))', true],
    ["wasi", '(import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))', true],
    ["emscripten", '(import "env" "emscripten_resize_heap" (func (param i32) (result i32)))', true],
    ["tinygo", '(import "gojs" "runtime.ticks" (func (result f64)))', true],
    ["go", '(import "gojs" "runtime.wasmExit" (func (param i32)))', true],
    // References to collected objects, the canonical ABI, or functions that only a runtime has.
    ["assemblyscript", '(import "env" "abort" (func (param i32 i32 i32 i32)))', false],
    ["dart", '(import "dart2wasm" "_1" (func))', false],
    ["kotlin", '(import "js_code" "kotlin.captureStackTrace" (func))', false],
    ["scala-js", '(import "__scalaJSHelpers" "f" (func))', false],
    ["moonbit", '(import "moonbit:ffi" "make_closure" (func))', false],
    ["component", '(func (export "cabi_post_add") (param i32))', false],
    ["ruby", '(func (export "ruby-show-version: func() -> ()"))', false],
    ["napi", '(func (export "napi_register_wasm_v1") (param i32 i32) (result i32) (i32.const 0))', false],
    ["wasm-bindgen", '(func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 0))', false],
  ])("is passed as C passes it, or refused: %s", async (toolchain, signs, isC) => {
    const bytes = withProducers(
      await wat(`(module ${signs.startsWith("(@") ? "" : signs} (memory (export "memory") 1)
        (func (export "malloc") (param i32) (result i32) (i32.const 1024)) (func (export "free") (param i32))
        (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
        (func (export "last") (param i32 i32) (result i32)
          (i32.load8_u (i32.sub (i32.add (local.get 0) (local.get 1)) (i32.const 1)))))`),
      signs,
    );
    expect(inspect(bytes).toolchain.name).toBe(toolchain);
    const numbers = t.api({ add: t.fn([t.u32, t.u32], t.u32) });
    expect(loadSync(bytes, { api: numbers }).api.add(40, 2)).toBe(42);
    const text = t.api({ last: t.fn([t.string], t.u32) });
    if (isC) expect(loadSync(bytes, { api: text }).api.last("Zoë!")).toBe(0x21);
    else {
      const error = thrownBy(() => loadSync(bytes, { api: text }));
      expect(error).toMatchObject({ code: "convention-unavailable", details: { toolchain, member: "last" } });
    }
  });
});

/** Adds the section `producers` that a sign such as `(@producers (language "Rust" ""))` describes. */
function withProducers(bytes: Uint8Array, sign: string): Uint8Array {
  const [, field, name, version] = /^\(@producers \(([\w-]+) "([^"]*)" "([^"]*)"/.exec(sign) ?? [];
  if (field === undefined) return bytes;
  const text = (of = "") => [of.length, ...new TextEncoder().encode(of)];
  const contents = [...text("producers"), 1, ...text(field), 1, ...text(name), ...text(version)];
  return Uint8Array.from([...bytes, 0, contents.length, ...contents]);
}
