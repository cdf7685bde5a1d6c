import {
  compile,
  compileSync,
  inspect,
  load,
  loadSync,
  type ErrorCode,
  type ErrorDetails,
  t,
  UnglueError,
} from "unglue";
import { withoutAddress } from "../src/errors/docs-address.ts";
import { load as loadInBrowser } from "../src/entries/browser-load.ts";
import { createLedger } from "unglue/ledger";
import { loadCommand, memoryDirectory, wasi } from "unglue/wasi";
import { wasmBindgen } from "unglue/wasm-bindgen";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchChunk } from "../src/platform/chunk.ts";
import { loadMembers } from "./members/module.ts";
import { fingerprintOf } from "../src/reflect/fingerprint.ts";
import { thrownBy, wat } from "./wat.ts";

/** One way to an error, through the public API. */
interface Case<Code extends ErrorCode> {
  readonly provoke: () => unknown;
  readonly details: ErrorDetails[Code];
  /** The part of the message that tells the reader what to do. */
  readonly advice: string;
  readonly hasCause?: true;
}

const empty = await wat(`(module)`);
const needy = await wat(`(module (import "env" "log" (func $log (param i32))) (export "log" (func $log)))`);
const memory = await wat(`(module (memory (export "memory") 1 2))`);
const table = await wat(`(module (table (export "table") 2 2 funcref))`);
const roomy = await wat(`(module (table (export "table") 2 funcref))`);
const global = await wat(`(module (import "env" "base" (global i32)))`);
const trapping = await wat(`(module (func (export "run") unreachable))`);
const exiting = await wat(
  `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (func (export "run") (call $exit (i32.const 3))))`,
);
const nesting = await wat(
  `(module (import "env" "f" (func $f)) (export "call" (func $f)) (func (export "run") unreachable))`,
);
const fragile = await wat(`(module (memory (export "memory") 1) (func (export "run") unreachable))`);
const malloc = (body: string): Promise<Uint8Array<ArrayBuffer>> =>
  wat(`(module (memory (export "memory") 1) (func (export "malloc") ${body}))`);

const leaking = createLedger();
const leaky = await load(
  await wat(`(module (memory (export "memory") 1) (global $top (mut i32) (i32.const 1024))
    (func (export "malloc") (param i32) (result i32)
      (global.get $top) (global.set $top (i32.add (global.get $top) (i32.const 64))))
    (func (export "free") (param i32)))`),
  { ledger: leaking },
);
const freed = leaky.memory.alloc(8);
leaky.memory.free(freed);
leaky.memory.alloc(24);

/** An engine that fails as Chromium and others do where this one does not. */
function failing(name: "Instance" | "Module", error: Error): void {
  vi.stubGlobal("WebAssembly", {
    ...Object.fromEntries(Object.getOwnPropertyNames(WebAssembly).map((key) => [key, Reflect.get(WebAssembly, key)])),
    [name]: function () {
      throw error;
    },
  });
}

/** A closure that calls what JavaScript gave it. */
const selfCalling = `(module
  (import "wbg" "__wbindgen_closure_wrapper1" (func $wrap (param i32 i32 i32) (result i32)))
  (import "env" "again" (func $again))
  (func (export "make") (result i32) (call $wrap (i32.const 8) (i32.const 16) (i32.const 0)))
  (func (export "_dyn_core__ops__function__FnMut") (param i32 i32) (call $again)))`;

/** A class and a function by C's convention. */
const counting = `(module
  (func (export "add") (param i32) (result i32) (local.get 0))
  (func (export "counter_new") (result i32) (i32.const 8))
  (func (export "counter_value") (param i32) (result i32) (local.get 0))
  (func (export "counter_free") (param i32)))`;

const respond = (body: BodyInit | null, init?: ResponseInit) => () => Promise.resolve(new Response(body, init));
const aborted = AbortSignal.abort("enough");

/** These need the built workers: test/offload has them. */
type OfWorkers = "timeout" | "worker-ended" | "worker-unavailable" | "worker-busy" | "not-cloneable";

// The type asks for a case of every other code.
const cases: { readonly [Code in Exclude<ErrorCode, OfWorkers>]: Case<Code> } = {
  "invalid-option": {
    provoke: () => load(empty, { create: 1 as never }),
    details: { call: "load", option: "create", expected: "true or false", received: "1" },
    advice: "create must be true or false, got 1",
  },
  "unknown-option": {
    provoke: () => load(empty, { mising: "zero" } as never),
    details: { call: "load", option: "mising", nearest: "missing" },
    advice: "Did you mean missing?",
  },
  "declaration-format": {
    provoke: () => load(empty, { format: 2 as never, known: "unreadable" as never }),
    details: { format: "2" },
    advice: "Update unglue, or write the file again",
  },
  "declaration-mismatch": {
    provoke: () =>
      load(needy, { fingerprint: "0123456789abcdef", shape: { imports: [["env", ">:log"]], exports: [">:log"] } }),
    details: {
      declared: "0123456789abcdef",
      found: fingerprintOf(inspect(needy)),
      difference: { of: "import", name: "env.log", declared: "(func)", found: "(func (param i32))" },
    },
    advice: "Run `unglue declare` on this module",
  },
  "needs-bytes": {
    provoke: () => load(new WebAssembly.Module(empty), { onProgress: () => undefined }),
    details: { option: "onProgress" },
    advice: "Load from the bytes, or leave the option out",
  },
  "limit-needs-bytes": {
    provoke: () => loadSync(new WebAssembly.Module(memory), { limits: { memoryPages: 1 } }),
    details: { limit: "memoryPages" },
    advice: "Give `limits` to compile() or load(), with the bytes",
  },
  "invalid-argument": {
    provoke: () => loadSync(memory).memory.read(0.5, 1),
    details: { call: "memory.read", argument: "address", expected: "a whole number or bigint", received: "0.5" },
    advice: "address must be a whole number or bigint, got 0.5",
  },
  "invalid-source": {
    provoke: () => load(5 as never),
    details: { received: "5", problem: "kind" },
    advice: "It can be a URL",
  },
  "read-failed": {
    provoke: () => load("/nowhere/app.wasm"),
    details: { path: "/nowhere/app.wasm" },
    advice: "Check the path",
    hasCause: true,
  },
  "fetch-failed": {
    provoke: () => load("https://unglue.test/app.wasm", { fetch: () => Promise.reject(new Error("no such host")) }),
    details: { url: "https://unglue.test/app.wasm" },
    advice: "Check the URL and the connection",
    hasCause: true,
  },
  "http-status": {
    provoke: () =>
      load("https://unglue.test/app.wasm", { fetch: respond("", { status: 404, statusText: "Not Found" }) }),
    details: { url: "https://unglue.test/app.wasm", status: 404, statusText: "Not Found" },
    advice: "Check the URL, and that the .wasm file is deployed there",
  },
  aborted: {
    provoke: () => load(empty, { signal: aborted }),
    details: {},
    advice: "aborted by its signal",
    hasCause: true,
  },
  "integrity-mismatch": {
    provoke: () => load(empty, { integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }),
    details: {
      expected: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      actual: "sha256-k6RLu5bHUSGOTADUeeTBQ1gSKjiazKFiBbHk0NxflHY=",
    },
    advice: "put the new hash into integrity",
  },
  "integrity-unavailable": {
    provoke: () => {
      vi.stubGlobal("crypto", {});
      return loadInBrowser(empty, { integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" });
    },
    details: {},
    advice: "Serve the page over https:",
  },
  "not-wasm": {
    provoke: () => load(new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } })),
    details: { found: "html", contentType: "text/html" },
    advice: "Check the URL",
  },
  truncated: {
    provoke: () => load(needy.slice(0, 20)),
    details: { offset: 15, size: 20 },
    advice: "get it again",
  },
  malformed: {
    provoke: () => inspect(Uint8Array.of(...empty, 1, 2, 1, 0x10)),
    details: { offset: 11, section: "type", problem: "byte", subject: 0x10 },
    advice: "run `wasm-tools validate` on it",
  },
  "compile-failed": {
    // A body that ends without the i32 that its type promises.
    provoke: () => load(Uint8Array.of(...empty, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b)),
    details: {},
    advice: "inspect(bytes).targetFeatures",
    hasCause: true,
  },
  "wasm-unavailable": {
    provoke: () => {
      vi.stubGlobal("WebAssembly", undefined);
      return load(empty);
    },
    details: { missing: "WebAssembly" },
    advice: "inspect() works without it",
  },
  "chunk-unavailable": {
    provoke: () => fetchChunk(() => Promise.reject(new TypeError("import() is disallowed here"))),
    details: {},
    advice: '"unglue/whole"',
    hasCause: true,
  },
  "compile-forbidden": {
    provoke: () => {
      failing("Module", new WebAssembly.CompileError("Wasm code generation disallowed by embedder"));
      return loadSync(empty);
    },
    details: {},
    advice: "'wasm-unsafe-eval'",
    hasCause: true,
  },
  "sync-too-large": {
    provoke: () => {
      failing("Module", new RangeError("Wasm compilation exceeds internal limits in this context"));
      return loadSync(empty);
    },
    details: { size: 8 },
    advice: "Use load()",
    hasCause: true,
  },
  "unresolved-imports": {
    provoke: () => load(needy, { missing: "error", imports: { env: { lug: () => undefined } } }),
    details: {
      imports: [
        { module: "env", name: "log", kind: "function", type: { params: ["i32"], results: [] }, nearest: "env.lug" },
      ],
    },
    advice: "Give it in `imports`",
  },
  "missing-import-called": {
    provoke: async () => (await load<{ log(value: number): void }>(needy)).guarded.log(1),
    details: { module: "env", name: "log", type: { params: ["i32"], results: [] } },
    advice: "Give it in `imports`",
  },
  "import-mismatch": {
    provoke: () => load(global, { imports: { env: { base: 1n } } }),
    details: { module: "env", name: "base", expected: "(global i32)", given: "1n" },
    advice: "the module declares (global i32), and 1n was given",
  },
  "import-conflict": {
    provoke: async () => load(await wat(`(module (import "m" "x" (memory 1)) (import "m" "x" (table 1 funcref)))`)),
    details: { module: "m", name: "x", types: ["(memory 1)", "(table 1 funcref)"] },
    advice: "no single value serves them",
  },
  "types-unknown": {
    provoke: async () => load(new WebAssembly.Module(await wat(`(module (import "env" "memory" (memory 1)))`))),
    details: { imports: [{ module: "env", name: "memory", kind: "memory" }] },
    advice: "pass the module's `shape`",
  },
  "cannot-create": {
    // The reference that may not be null is in the shape only: not every engine here compiles one.
    provoke: async () => {
      const bytes = await wat(`(module (import "env" "table" (table 1 funcref)))`);
      const { imports, ...rest } = inspect(bytes);
      const strict = imports.map((one) => ({ ...one, type: { ...one.type, element: "(ref func)" } }) as never);
      return load(new WebAssembly.Module(bytes), { shape: { ...rest, imports: strict } });
    },
    details: { module: "env", name: "table", type: "(table 1 (ref func))", obstacle: "not-nullable" },
    advice: "Give it in `imports`",
  },
  "limit-exceeded": {
    provoke: async () => load(await wat(`(module (import "env" "memory" (memory 9)))`), { limits: { memoryPages: 8 } }),
    details: {
      limit: "memoryPages",
      asked: 9,
      allowed: 8,
      of: { kind: "import", module: "env", name: "memory", isDefault: false },
    },
    advice: "raise limits.memoryPages",
  },
  "link-failed": {
    provoke: () => load(new WebAssembly.Module(global), { imports: { env: { base: 1n } } }),
    details: {},
    advice: "The engine refused to link the module",
    hasCause: true,
  },
  "out-of-memory": {
    provoke: () => {
      const module = new WebAssembly.Module(memory);
      const error = new RangeError(
        "WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance",
      );
      failing("Instance", error);
      return loadSync(module);
    },
    details: {},
    advice: "Dispose instances that are done",
    hasCause: true,
  },
  "not-ready": {
    provoke: () => load(memory, { imports: ({ memory }) => ({ env: { memory } }) }),
    details: { what: "the memory" },
    advice: "Read it inside the import that needs it",
  },
  "no-interface": {
    provoke: () => loadSync(empty).api,
    details: {},
    advice: "load(source, { api: t.api({ … }) })",
  },
  "no-memory": {
    provoke: () => loadSync(empty).memory,
    details: {},
    advice: "neither exports nor imports a memory",
  },
  "no-table": {
    provoke: async () => (await load(empty)).callback("->", () => undefined),
    details: {},
    advice: "-Wl,--export-table",
  },
  "no-handles": {
    provoke: () => loadSync(memory).handles,
    details: {},
    advice: "whose convention is known here",
  },
  "unsupported-module": {
    provoke: async () =>
      load(
        await wat(`(module (import "wbg" "memory" (memory 1 2 shared)) (export "__wbindgen_start" (func 0)) (func))`),
      ),
    details: { toolchain: "wasm-bindgen", feature: "threads" },
    advice: "make an instance in each worker",
  },
  "helper-unknown": {
    provoke: async () => {
      const handle = `(import "wbg" "__wbindgen_init_externref_table" (func))`;
      return (await load(await wat(`(module ${handle} (table (export "t") 128 externref))`))).handles.add("value");
    },
    details: { helper: "allocateSlot" },
    advice: "Build it without stripping names",
  },
  "convention-unavailable": {
    provoke: async () => {
      const script = `(module (import "dart2wasm" "_1" (func)) (func (export "greet") (param i32) (result i32) local.get 0))`;
      return loadSync(await wat(script), { api: t.api({ greet: t.fn([t.string], t.string) }) });
    },
    details: { toolchain: "dart", member: "greet" },
    advice: "pass the rest by hand with wasm.memory and wasm.guarded",
  },
  "interface-mismatch": {
    provoke: async () => load(await wat(counting), { api: t.api({ adds: t.fn([t.u32], t.u32) }) }),
    details: { misfits: [{ name: "adds", declared: "(u32) -> u32", convention: "c" }] },
    advice: "did you mean add?",
  },
  "object-unusable": {
    provoke: async () => {
      const Counter = t.class({ new: t.ctor([]), value: t.getter(t.u32) });
      const wasm = await load(await wat(counting), { api: t.api({ Counter }) });
      const counter = new wasm.api.Counter();
      counter.free();
      return counter.value;
    },
    details: { class: "Counter", reason: "freed" },
    advice: "Keep it until its last use",
  },
  busy: {
    provoke: async () => {
      const wasm = await loadMembers();
      const counter = new wasm.api.Counter(1);
      void counter.add(2);
      return counter.peek();
    },
    details: { class: "Counter", running: "Counter.add" },
    advice: "Await that first",
  },
  "null-pointer": {
    provoke: async () => {
      const source = `(module (memory (export "memory") 1) (func (export "name") (result i32) (i32.const 0)))`;
      const wasm = await load(await wat(source), { api: t.api({ name: t.fn([], t.cstring) }) });
      return wasm.api.name();
    },
    details: { name: "The result of name", declared: "cstring" },
    advice: "declare t.optional of it",
  },
  "invalid-value": {
    provoke: async () => {
      const source = `(module (func (export "first") (result i32) (i32.const 0xd800)))`;
      const wasm = await load(await wat(source), { api: t.api({ first: t.fn([], t.char) }) });
      return wasm.api.first();
    },
    details: { declared: "t.char", received: "55296" },
    advice: "Declare t.u32 if it is a number",
  },
  "buffer-too-small": {
    provoke: async () => {
      const source = `(module (memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) (i32.const 64))
        (func (export "free") (param i32)) (func (export "name") (param i32 i32) (result i32) (i32.const 9)))`;
      const api = t.api({ name: t.fn([t.buffer(t.cstring), t.length(0)], t.length(0)) });
      return (await load(await wat(source), { api })).api.name(4);
    },
    details: { name: "name", capacity: 4, length: 10 },
    advice: "call it again with the capacity 10",
  },
  "class-unclear": {
    provoke: async () => {
      // Two classes of typed arrays with the same flags, as those of Uint8Array and Uint8ClampedArray are.
      const source = `(module (memory (export "memory") 1) (global (export "__rtti_base") i32 (i32.const 16))
        (data (i32.const 16) "\\06\\00\\00\\00\\20\\00\\00\\00\\20\\00\\00\\00\\20\\00\\00\\00\\00\\00\\00\\00\\41\\00\\00\\00\\41\\00\\00\\00")
        (func (export "__new") (param i32 i32) (result i32) (i32.const 1024))
        (func (export "__pin") (param i32) (result i32) local.get 0) (func (export "__unpin") (param i32))
        (func (export "sum") (param i32) (result i32) local.get 0))`;
      const api = t.api({ sum: t.fn([t.array(t.u8)], t.i32) });
      (await load(await wat(source), { api })).api.sum(new Uint8Array(4));
    },
    details: { declared: "array(u8)", candidates: [4, 5] },
    advice: "unglue declare reads them",
  },
  "array-detached": {
    provoke: async () => {
      const source = `(module (import "env" "take" (func $take)) (memory (export "memory") 1)
        (func (export "malloc") (param i32) (result i32) (i32.const 1024)) (func (export "free") (param i32))
        (func (export "fill") (param i32 i32) (call $take)))`;
      const array = new Uint8Array(4);
      const take = () => structuredClone(array.buffer, { transfer: [array.buffer] });
      const api = t.api({ fill: t.fn([t.array(t.u8, { mutable: true })], t.void) });
      (await load(await wat(source), { api, imports: { env: { take } } })).api.fill(array);
    },
    details: { size: 4 },
    advice: "pass a copy",
  },
  "closure-unusable": {
    provoke: async () => {
      const closures = {
        __wbindgen_closure_wrapper1: { call: "_dyn_core__ops__function__FnMut", signature: "mut ()" },
      };
      const wasm = await load<{ make(): number }>(await wat(selfCalling), {
        adapters: [wasmBindgen({ closures })],
        imports: { env: { again: () => closure() } },
      });
      const closure = wasm.handles.take(wasm.exports.make()) as () => void;
      closure();
    },
    details: { reason: "running" },
    advice: "Call it later",
  },
  "unavailable-here": {
    provoke: () => {
      vi.stubGlobal("fetch", undefined);
      return load("https://example.com/app.wasm");
    },
    details: { what: "fetch" },
    advice: "pass the bytes",
  },
  disposed: {
    provoke: () => {
      const wasm = loadSync(memory);
      wasm.dispose();
      return wasm.memory;
    },
    details: {},
    advice: "compile first",
  },
  poisoned: {
    provoke: () => {
      const { run } = loadSync<{ run(): void }>(trapping).guarded;
      expect(run).toThrow("unreachable");
      return run();
    },
    details: { export: "run" },
    advice: "compile first",
    hasCause: true,
  },
  restarting: {
    provoke: () => {
      let refused: unknown;
      const wasm = loadSync<{ call(): void; run(): void }>(nesting, {
        onTrap: "restart",
        imports: {
          env: {
            f: () => {
              expect(() => wasm.guarded.run()).toThrow("unreachable");
              refused = thrownBy(() => wasm.guarded.run());
            },
          },
        },
      });
      wasm.guarded.call();
      throw refused;
    },
    details: {},
    advice: "Wait for `ready`",
  },
  "life-ended": {
    provoke: () => {
      const wasm = loadSync<{ run(): void }>(fragile, { onTrap: "restart" });
      const { memory } = wasm;
      expect(() => wasm.guarded.run()).toThrow("unreachable");
      return memory.u8;
    },
    details: {},
    advice: "Take it from the instance again",
    hasCause: true,
  },
  "restart-unavailable": {
    provoke: () => load(global, { onTrap: "restart", imports: { env: { base: 1 } } }),
    details: { imports: [{ module: "env", name: "base", kind: "global" }] },
    advice: "Make them in a function",
  },
  "restart-failed": {
    provoke: () => {
      const onRestart = () => {
        throw new Error("no");
      };
      const wasm = loadSync<{ run(): void }>(trapping, { onTrap: "restart", onRestart });
      expect(() => wasm.guarded.run()).toThrow("unreachable");
      throw (thrownBy(() => wasm.guarded.run()) as Error).cause;
    },
    details: {},
    advice: "compile first",
    hasCause: true,
  },
  "host-threw": {
    provoke: () => {
      const f = () => {
        throw new Error("no");
      };
      const wasm = loadSync<{ call(): void }>(nesting, { onHostThrow: "poison", imports: { env: { f } } });
      expect(() => wasm.guarded.call()).toThrow("no");
      throw (thrownBy(() => wasm.guarded.call()) as Error).cause;
    },
    details: { export: "call" },
    advice: "Catch it in the host function",
    hasCause: true,
  },
  trap: {
    provoke: () => loadSync<{ run(): void }>(trapping).guarded.run(),
    details: { export: "run", frames: [{ offset: 32 }] },
    advice: "The cause has the stack inside the module",
    hasCause: true,
  },
  exited: {
    provoke: () => load<{ run(): void }>(exiting, { imports: wasi() }).then((wasm) => wasm.guarded.run()),
    details: { exitCode: 3 },
    advice: "make a new instance",
  },
  "not-a-command": {
    provoke: () => loadCommand(trapping),
    details: { kind: "library" },
    advice: "call its functions: load(source).",
  },
  "peer-missing": {
    provoke: () => {
      vi.doMock("@bjorn3/browser_wasi_shim", () => {
        throw new Error("Cannot find package");
      });
      return memoryDirectory();
    },
    details: { package: "@bjorn3/browser_wasi_shim", install: "npm install @bjorn3/browser_wasi_shim@0.4" },
    advice: "Install it: `npm install @bjorn3/browser_wasi_shim@0.4`.",
    hasCause: true,
  },
  "out-of-bounds": {
    provoke: () => loadSync(memory).memory.read(65530, 10),
    details: { address: 65530, length: 10, size: 65536 },
    advice: "Check that the address came from this instance",
  },
  "invalid-string": {
    provoke: () => loadSync(memory).memory.writeString(0, "a\ud800", 9, { fatal: true }),
    details: { encoding: "utf-8", offset: 1 },
    advice: "Without the option fatal",
  },
  "string-too-long": {
    provoke: () => loadSync(memory).memory.writeString(0, "abc", 3, { layout: "nul" }),
    details: { needed: 4, capacity: 3 },
    advice: "Give it more room",
  },
  "engine-limit": {
    provoke: async () => {
      // Never written to, so that hardly any of it takes place.
      const { memory: large } = await load(await wat(`(module (memory (export "memory") 8193))`));
      return large.readString(0, large.byteLength);
    },
    details: { what: "text", size: 8193 * 65536 },
    advice: "in parts",
    hasCause: true,
  },
  "no-allocator": {
    provoke: () => loadSync(memory, { allocator: { alloc: "grab" } }).memory.alloc(8),
    details: { tried: ["grab"] },
    advice: "name its exports with the option allocator",
  },
  "allocator-mismatch": {
    provoke: async () => (await load(await malloc(`(param i32) (result f32) f32.const 8`))).memory.alloc(8),
    details: { name: "malloc", expected: "(size) -> address", given: "(i32) -> f32" },
    advice: "name its exports with the option allocator",
  },
  "allocation-failed": {
    provoke: async () => (await load(await malloc(`(param i32) (result i32) i32.const 0`))).memory.alloc(8),
    details: { size: 8, align: 8 },
    advice: "Free what is not needed",
  },
  "memory-leaked": {
    provoke: () => leaking.expectNoLeaks(),
    details: { allocations: leaking.live, bytes: 24 },
    advice: "Free each with memory.free, or allocate it in an arena",
  },
  "memory-grew": {
    provoke: async () => {
      const ledger = createLedger();
      const wasm = await load<{ grow(): number }>(
        await wat(`(module (memory (export "memory") 1)
          (func (export "grow") (result i32) (memory.grow (i32.const 1))))`),
        { ledger },
      );
      await ledger.expectNoGrowth(() => wasm.guarded.grow(), { rounds: 10 });
    },
    details: { rounds: 10, instances: [{ instance: 1, parts: [131_072, 131_072, 131_072, 131_072] }] },
    advice: "t.object for t.owned",
  },
  "double-free": {
    provoke: () => leaky.memory.free(freed),
    details: {
      call: "memory.free",
      address: freed,
      before: "freed",
      stack: expect.stringContaining("errors.test") as string,
    },
    advice: "Free it in one place only",
  },
  "foreign-pointer": {
    provoke: () => leaky.memory.free(64),
    details: { call: "memory.free", address: 64 },
    advice: "If the module gave it to you to free, call memory.adopt first",
  },
  "invalid-signature": {
    provoke: () => loadSync(roomy).callback("ix->i" as "->", () => undefined),
    details: { signature: "ix->i", position: 1 },
    advice: 'as in "ij->f"',
  },
  "trampoline-unavailable": {
    provoke: () =>
      loadSync(roomy, { trampolines: { "i->i": new WebAssembly.Module(empty) } }).callback("i->i", (value) => value),
    details: { signature: "i->i" },
    advice: 'trampolineBytes("i->i")',
  },
  "table-out-of-bounds": {
    provoke: () => loadSync(table).table.get(2),
    details: { index: 2, length: 2 },
    advice: "it has 2, counted from 0",
  },
  "table-full": {
    provoke: () => loadSync(table).callback("->", () => undefined),
    details: { length: 2, maximum: 2 },
    advice: "-Wl,--growable-table",
  },
  "pool-disposed": {
    provoke: async () => {
      const pool = compileSync(empty).pool({ max: 1 });
      await pool.dispose();
      return pool.take();
    },
    details: {},
    advice: "Make a new pool with module.pool()",
  },
  "pool-timeout": {
    provoke: async () => {
      const pool = compileSync(empty).pool({ max: 1 });
      await pool.take();
      return pool.take({ timeout: 1 });
    },
    details: { timeout: 1, size: 1, waiting: 0 },
    advice: "Give instances back as soon as they are done",
  },
  "foreign-instance": {
    provoke: () => compileSync(empty).pool({ max: 1 }).give(loadSync(empty)),
    details: {},
    advice: "Give back what take() returned, once",
  },
  "unknown-callback": {
    provoke: () => loadSync(roomy).freeCallback(1),
    details: { index: 1 },
    advice: "no callback with the index 1",
  },
};

afterEach(() => vi.unstubAllGlobals());

describe("the public API fails with", () => {
  it.each(Object.entries(cases))("%s", async (code, { provoke, details, advice, hasCause }: Case<ErrorCode>) => {
    const error: unknown = await Promise.resolve()
      .then(provoke)
      .catch((reason: unknown) => reason);
    vi.unstubAllGlobals();
    expect(error).toMatchObject({ name: "UnglueError", code });
    expect(UnglueError.is(error)).toBe(true);
    const { message, cause, details: given } = error as UnglueError;
    expect(given).toEqual(details);
    expect(message).toContain(advice);
    // Sentences, or code at the end.
    expect(withoutAddress(message, code as ErrorCode)).toMatch(/[.?!`})]$/);
    expect(cause !== undefined).toBe(hasCause === true);
  });
});

describe("the same failure", () => {
  it("has the same words from every call", async () => {
    const module = await compile(needy);
    const failures = [
      () => load(needy, { missing: "error" }),
      () => loadSync(needy, { missing: "error" }),
      () => module.instantiate({ missing: "error" }),
      () => module.instantiateSync({ missing: "error" }),
    ].map((call) =>
      Promise.resolve()
        .then(call)
        .catch((error: unknown) => (error as Error).message),
    );
    expect(new Set(await Promise.all(failures)).size).toBe(1);
  });
});
