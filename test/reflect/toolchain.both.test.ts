import { describe, expect, it } from "vitest";
import { inspect, load, loadSync } from "unglue";
import { advise, type Clues, detectToolchain } from "../../src/reflect/index.ts";
import type { FunctionType, ImportShape, NamedVersion } from "../../src/types/index.ts";
import { assemble, sections } from "./assemble.ts";

const encode = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

const nothing: Clues = { imports: [], exports: [], customSections: [] };
const type: FunctionType = { params: [], results: [] };
const imports = (...names: [module: string, name: string][]): Clues => ({
  ...nothing,
  imports: names.map(([module, name]): ImportShape => ({ module, name, kind: "function", type })),
});
const exports = (...names: string[]): Clues => ({
  ...nothing,
  exports: names.map((name) => ({ name, kind: "function", type })),
});
const section = (name: string): Clues => ({ ...nothing, customSections: [{ name, size: 0 }] });
const producers = (processedBy: NamedVersion[], language: NamedVersion[] = [], sdk: NamedVersion[] = []): Clues => ({
  ...nothing,
  producers: { language, processedBy, sdk },
});
const abort = (params: FunctionType["params"]): Clues => ({
  ...nothing,
  imports: [{ module: "env", name: "abort", kind: "function", type: { params, results: [] } }],
});

describe("a toolchain", () => {
  it.each<[name: string, evidence: string, clues: Clues]>([
    ["wasm-bindgen", "import wbg.__wbg_new_16b304a2cfa7ff4a () -> ()", imports(["wbg", "__wbg_new_16b304a2cfa7ff4a"])],
    ["wasm-bindgen", "import ./a_bg.js.__wbindgen_throw () -> ()", imports(["./a_bg.js", "__wbindgen_throw"])],
    ["wasm-bindgen", "export __wbindgen_malloc", exports("memory", "__wbindgen_malloc")],
    ["wasm-bindgen", "export __wbg_counter_free", exports("__wbg_counter_free")],
    ["wasm-bindgen", "section __wasm_bindgen_unstable", section("__wasm_bindgen_unstable")],
    ["dart", "import dart2wasm._1 () -> ()", imports(["Math", "pow"], ["dart2wasm", "_1"])],
    ["kotlin", "import js_code.kotlin.captureStackTrace () -> ()", imports(["js_code", "kotlin.captureStackTrace"])],
    ["tinygo", "import gojs.runtime.ticks () -> ()", imports(["gojs", "runtime.ticks"])],
    ["tinygo", "export go_scheduler", exports("go_scheduler", "_start")],
    ["go", "import gojs.runtime.wasmExit () -> ()", imports(["gojs", "runtime.wasmExit"])],
    ["go", "import go.syscall/js.valueGet () -> ()", imports(["go", "syscall/js.valueGet"])],
    ["go", "section go:buildid", section("go:buildid")],
    ["assemblyscript", "export __pin", exports("__new", "__pin")],
    ["assemblyscript", "import env.abort (i32, i32, i32, i32) -> ()", abort(["i32", "i32", "i32", "i32"])],
    ["emscripten", "import env.emscripten_resize_heap () -> ()", imports(["env", "emscripten_resize_heap"])],
    ["emscripten", "import env._emscripten_get_now () -> ()", imports(["env", "_emscripten_get_now"])],
    ["emscripten", "export dynCall_vii", exports("dynCall_vii")],
    ["wasi", "import wasi_snapshot_preview1.fd_write () -> ()", imports(["wasi_snapshot_preview1", "fd_write"])],
    ["llvm", "export __heap_base", exports("memory", "__heap_base")],
  ])("is %s by: %s", (name, evidence, clues) => {
    expect(detectToolchain(clues).toolchain).toEqual({ name, evidence: [evidence] });
  });

  it.each<[name: string, version: string | undefined, evidence: string, clues: Clues]>([
    [
      "wasm-bindgen",
      "0.2.92",
      "producer wasm-bindgen 0.2.92 (2a4a49362)",
      producers([
        { name: "rustc", version: "1.77.0" },
        { name: "wasm-bindgen", version: "0.2.92 (2a4a49362)" },
      ]),
    ],
    [
      "go",
      "go1.26.8",
      "producer Go cmd/compile go1.26.8",
      producers([{ name: "Go cmd/compile", version: "go1.26.8" }], [{ name: "Go", version: "go1.26.8" }]),
    ],
    [
      "emscripten",
      "3.1.64",
      "producer emscripten 3.1.64",
      producers([{ name: "clang", version: "19.0.0" }], [], [{ name: "emscripten", version: "3.1.64" }]),
    ],
    ["zig", "0.13.0", "producer Zig 0.13.0", producers([{ name: "Zig", version: "0.13.0" }])],
    ["rust", undefined, "producer Rust", producers([], [{ name: "Rust", version: "" }])],
    [
      "rust",
      "1.85.0",
      "producer rustc 1.85.0 (4d91de4e4)",
      producers([
        { name: "clang", version: "19.1" },
        { name: "rustc", version: "1.85.0 (4d91de4e4)" },
      ]),
    ],
    ["clang", "14.0.6", "producer Debian clang 14.0.6", producers([{ name: "Debian clang", version: "14.0.6" }])],
    ["clang", undefined, "producer clang", producers([{ name: "clang", version: "" }])],
  ])("is %s %s by its producers: %s", (name, version, evidence, clues) => {
    expect(detectToolchain(clues).toolchain).toEqual({ name, ...(version && { version }), evidence: [evidence] });
  });

  it("has every kind of its own evidence, and none that is another's", () => {
    const clues = {
      ...exports("__heap_base"),
      imports: imports(["wasi_snapshot_preview1", "fd_write"]).imports,
      producers: {
        language: [{ name: "Rust", version: "" }],
        processedBy: [{ name: "rustc", version: "1.85.0" }],
        sdk: [],
      },
    };
    const evidence = ["producer rustc 1.85.0", "producer Rust"];
    expect(detectToolchain(clues).toolchain).toEqual({ name: "rust", version: "1.85.0", evidence });
  });

  it.each<[what: string, clues: Clues]>([
    ["nothing at all", nothing],
    ["plain names", { ...imports(["env", "log"]), exports: exports("add").exports }],
    ["an abort without its four parameters", abort([])],
    ["an abort whose type is not known", { ...nothing, imports: [{ module: "env", name: "abort", kind: "function" }] }],
    ["an initializer that many toolchains export", exports("memory", "_initialize")],
    ["short names that are not from one module a", { ...imports(["env", "a"]), exports: exports("b").exports }],
    ["imports from a with an export of a whole word", { ...imports(["a", "a"]), exports: exports("sum4").exports }],
    [
      "tools that work on any module",
      producers([
        { name: "wasm-opt", version: "120" },
        { name: "walrus", version: "0.20" },
      ]),
    ],
    ["names that only contain another's", exports("my__wbg_x", "go_scheduler_2x ", "undynCall_v")],
  ])("is unknown for %s", (_, clues) => {
    expect(detectToolchain(clues)).toEqual({ toolchain: { name: "unknown", evidence: [] }, advice: [] });
  });
});

describe("advice", () => {
  const adviceFor = (clues: Clues) => detectToolchain(clues).advice;

  it("tells how to keep the names that Emscripten minifies", () => {
    const clues = { ...imports(["a", "a"], ["a", "aa"], ["a", "$b"]), exports: exports("c", "_").exports };
    expect(detectToolchain(clues)).toEqual({
      toolchain: { name: "emscripten", evidence: ["minified names in all imports and exports"] },
      advice: ["minified-names"],
    });
    const shape = { ...clues, ...detectToolchain(clues), complete: true, memories: [], tables: [] };
    expect(advise(shape).advice).toEqual([
      { code: "minified-names", message: expect.stringMatching(/-lexports\.js.*-sSTANDALONE_WASM/) as string },
    ]);
  });

  it.each<[string, Clues]>([
    ["section", section("__wasm_bindgen_unstable")],
    ["import", imports(["__wbindgen_placeholder__", "__wbindgen_describe"])],
    ["transformed reference", imports(["__wbindgen_externref_xform__", "__wbindgen_externref_table_grow"])],
    ["export", exports("__wbindgen_describe_greet")],
  ])("tells to run wasm-bindgen on what it has not processed, known by a %s", (_, clues) => {
    expect(adviceFor(clues)).toEqual(["unprocessed"]);
    expect(detectToolchain(clues).toolchain.name).toBe("wasm-bindgen");
  });

  it("is not given for what wasm-bindgen has processed, also for Node with its old import module", () => {
    expect(adviceFor(imports(["__wbindgen_placeholder__", "__wbindgen_throw"]))).toEqual([]);
  });

  it("tells what a dynamic library needs", () => {
    expect(adviceFor(section("dylink.0"))).toEqual(["side-module"]);
    expect(adviceFor(section("dylink"))).toEqual(["side-module"]);
  });

  it("is in words however a module comes", async () => {
    const bytes = assemble(sections.custom("dylink.0", []));
    const message = expect.stringContaining("__memory_base") as string;
    const sources = [
      bytes,
      new Blob([bytes]),
      new WebAssembly.Module(bytes),
      `data:application/wasm;base64,${encode(bytes)}`,
    ];
    const shapes = [
      inspect(bytes),
      loadSync(bytes).shape,
      ...(await Promise.all(sources.map(async (source) => (await load(source)).shape))),
    ];
    for (const { advice } of shapes) expect(advice).toEqual([{ code: "side-module", message }]);
  });
});

describe("hostile names", () => {
  it("take time in proportion to their length", () => {
    const long = `${". ".repeat(200_000)}x`;
    const many = Array.from({ length: 100_000 }, (): [string, string] => ["a", "a"]);
    const started = performance.now();
    detectToolchain({ ...imports(["wbg", long], [long, "x"]), exports: exports(long, `export ${long}`).exports });
    detectToolchain(producers([{ name: long, version: long }]));
    detectToolchain({ ...imports(...many), exports: exports("a whole word").exports });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
