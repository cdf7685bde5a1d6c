import { describe, expect, it } from "vitest";
import { inspect, load, loadSync } from "unglue";
import { advise } from "../../src/toolchains/advice.ts";
import { detectToolchain } from "../../src/toolchains/detect.ts";
import type { Clues } from "../../src/toolchains/toolchain.ts";
import type { Extern, FunctionType, ImportShape, NamedVersion, ValueType } from "../../src/public/index.ts";
import { assemble, exported, functionType, sections, text } from "./assemble.ts";

const encode = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

const nothing: Clues = { imports: [], exports: [], customSections: [] };
const type: FunctionType = { params: [], results: [] };

/** A type from letters, as in `ii>d`. */
function typeOf(letters: string): FunctionType {
  const word = (letter: string) => ({ i: "i32", j: "i64", d: "f64", r: "externref" })[letter] as ValueType;
  const [params = "", results = ""] = letters.split(">");
  return { params: Array.from(params, word), results: Array.from(results, word) };
}

const global = (value: ValueType, mutable = false): Extern => ({ kind: "global", type: { value, mutable } });
const table = (element: "funcref" | "externref"): Extern => ({
  kind: "table",
  type: { element, initial: 1, shared: false, address: "i32" },
});

/** The true types of what bears these names; of all others here it is a function of nothing. */
const real: { readonly [name: string]: string | Extern } = {
  __wbindgen_throw: "ii>",
  __wbindgen_describe: "i>",
  __wbindgen_malloc: "ii>i",
  __wbg_counter_free: "ii>",
  napi_create_function: "iiiiii>i",
  napi_throw: "ii>i",
  napi_register_wasm_v1: "ii>i",
  JSTag: { kind: "tag", type: { params: ["externref"] } },
  "runtime.ticks": ">d",
  "runtime.wasmExit": "i>",
  "syscall/js.valueGet": "i>",
  __pin: "i>i",
  emscripten_resize_heap: "i>i",
  _emscripten_get_now: ">d",
  dynCall_vii: "iii>",
  fd_write: "iiii>i",
  __heap_base: global("i32"),
  __stack_low: global("i32", true),
};
const externOf = (of: string | Extern = ">"): Extern =>
  typeof of === "string" ? { kind: "function", type: typeOf(of) } : of;
const imported = (module: string, name: string, of = real[name]) => ({ module, name, ...externOf(of) });
const exportedAs = (name: string, of = real[name]) => ({ name, ...externOf(of) });
const imports = (...names: [module: string, name: string][]): Clues => ({
  ...nothing,
  imports: names.map(([module, name]): ImportShape => imported(module, name)),
});
const exports = (...names: string[]): Clues => ({ ...nothing, exports: names.map((name) => exportedAs(name)) });
const section = (name: string): Clues => ({ ...nothing, customSections: [{ name, size: 0 }] });
const producers = (processedBy: NamedVersion[], language: NamedVersion[] = [], sdk: NamedVersion[] = []): Clues => ({
  ...nothing,
  producers: { language, processedBy, sdk },
});
const abort = (params: FunctionType["params"]): Clues => ({
  ...nothing,
  imports: [{ module: "env", name: "abort", kind: "function", type: { params, results: [] } }],
});

describe("a sign among thousands of names", () => {
  const many = Array.from({ length: 3000 }, (_, at) => `item_${at}`);

  it.each([
    ["wasm-bindgen", "__wbindgen_malloc"],
    ["wasm-bindgen", "__wbg_counter_free"],
    ["napi", "napi_register_wasm_v1"],
  ])("is found: %s by %s", (name, sign) => {
    for (const names of [
      [...many, sign],
      [sign, ...many],
    ])
      expect(detectToolchain(exports(...names)).toolchain).toMatchObject({ name, evidence: [`export ${sign}`] });
  });

  it("is not found in a line of a name", () => {
    for (const name of ["a\n__wbindgen_malloc\nb", "a\n__wbg_counter_free", "napi_register_wasm_v1\n"])
      expect(detectToolchain(exports(...many, name)).toolchain.name).toBe("unknown");
  });
});

describe("a toolchain", () => {
  it.each<[name: string, evidence: string, clues: Clues]>([
    ["wasm-bindgen", "import wbg.__wbg_new_16b304a2cfa7ff4a () -> ()", imports(["wbg", "__wbg_new_16b304a2cfa7ff4a"])],
    ["wasm-bindgen", "import ./a_bg.js.__wbindgen_throw (i32, i32) -> ()", imports(["./a_bg.js", "__wbindgen_throw"])],
    ["wasm-bindgen", "export __wbindgen_malloc", exports("memory", "__wbindgen_malloc")],
    ["wasm-bindgen", "export __wbg_counter_free", exports("__wbg_counter_free")],
    ["wasm-bindgen", "section __wasm_bindgen_unstable", section("__wasm_bindgen_unstable")],
    [
      "napi",
      "import env.napi_create_function (i32, i32, i32, i32, i32, i32) -> i32",
      imports(["wasi_snapshot_preview1", "fd_write"], ["env", "napi_create_function"]),
    ],
    ["napi", "import napi.napi_throw (i32, i32) -> i32", imports(["napi", "napi_throw"])],
    ["napi", "export napi_register_wasm_v1", exports("malloc", "napi_register_wasm_v1")],
    [
      "ruby",
      "import rb-js-abi-host.eval-js: func(code: string) () -> ()",
      imports(["rb-js-abi-host", "eval-js: func(code: string)"]),
    ],
    [
      "ruby",
      "export ruby-show-version: func() -> ()",
      exports("cabi_post_rstring-ptr", "ruby-show-version: func() -> ()"),
    ],
    [
      "component",
      "import wasi:cli/environment@0.2.12.get-environment () -> ()",
      imports(["wasi:cli/environment@0.2.12", "get-environment"]),
    ],
    ["component", "import wasi:io/streams.read () -> ()", imports(["wasi:io/streams", "read"])],
    ["component", "import shop:cart/items@1.0.0.add () -> ()", imports(["shop:cart/items@1.0.0", "add"])],
    [
      "component",
      "import [export]shop:cart/items@1.0.0.[resource-new]cart () -> ()",
      imports(["[export]shop:cart/items@1.0.0", "[resource-new]cart"]),
    ],
    ["component", "import $root.[resource-drop]cart () -> ()", imports(["$root", "[resource-drop]cart"])],
    ["component", "export shop:cart/items@1.0.0#add", exports("memory", "shop:cart/items@1.0.0#add")],
    ["component", "export cabi_post_generate", exports("cabi_realloc", "cabi_post_generate")],
    ["component", "section component-type:wit-bindgen:0.58.0:shop", section("component-type:wit-bindgen:0.58.0:shop")],
    ["scala-js", "import __scalaJSHelpers.JSTag tag", imports(["__scalaJSHelpers", "JSTag"])],
    [
      "moonbit",
      "import moonbit:ffi.make_closure () -> ()",
      imports(["spectest", "print_char"], ["moonbit:ffi", "make_closure"]),
    ],
    ["teavm", "import teavm.takeStackTrace () -> ()", imports(["teavm", "takeStackTrace"])],
    ["teavm", "export teavm.stringToJs", exports("teavm.stringToJs")],
    ["dart", "import dart2wasm._1 () -> ()", imports(["Math", "pow"], ["dart2wasm", "_1"])],
    ["kotlin", "import js_code.kotlin.captureStackTrace () -> ()", imports(["js_code", "kotlin.captureStackTrace"])],
    ["tinygo", "import gojs.runtime.ticks () -> f64", imports(["gojs", "runtime.ticks"])],
    ["tinygo", "export go_scheduler", exports("go_scheduler", "_start")],
    ["go", "import gojs.runtime.wasmExit (i32) -> ()", imports(["gojs", "runtime.wasmExit"])],
    ["go", "import go.syscall/js.valueGet (i32) -> ()", imports(["go", "syscall/js.valueGet"])],
    ["go", "section go:buildid", section("go:buildid")],
    ["assemblyscript", "export __pin", exports("__new", "__pin")],
    ["assemblyscript", "import env.abort (i32, i32, i32, i32) -> ()", abort(["i32", "i32", "i32", "i32"])],
    ["emscripten", "import env.emscripten_resize_heap (i32) -> i32", imports(["env", "emscripten_resize_heap"])],
    ["emscripten", "import env._emscripten_get_now () -> f64", imports(["env", "_emscripten_get_now"])],
    ["emscripten", "export dynCall_vii", exports("dynCall_vii")],
    [
      "wasi",
      "import wasi_snapshot_preview1.fd_write (i32, i32, i32, i32) -> i32",
      imports(["wasi_snapshot_preview1", "fd_write"]),
    ],
    ["llvm", "export __heap_base", exports("memory", "__heap_base")],
  ])("is %s by: %s", (name, evidence, clues) => {
    expect(detectToolchain(clues).toolchain).toEqual({ name, evidence: [evidence] });
  });

  const noVersion = "of no version";

  it.each<[name: string, version: string, evidence: string, clues: Clues]>([
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
    [
      "component",
      "0.259.0",
      "producer wit-component 0.259.0",
      producers([
        { name: "wit-component", version: "0.259.0" },
        { name: "wit-bindgen-rust", version: "0.62.0" },
      ]),
    ],
    ["zig", "0.13.0", "producer Zig 0.13.0", producers([{ name: "Zig", version: "0.13.0" }])],
    ["rust", noVersion, "producer Rust", producers([], [{ name: "Rust", version: "" }])],
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
    ["clang", noVersion, "producer clang", producers([{ name: "clang", version: "" }])],
  ])("is %s %s by its producers: %s", (name, version, evidence, clues) => {
    const stated = version === noVersion ? {} : { version };
    expect(detectToolchain(clues).toolchain).toEqual({ name, ...stated, evidence: [evidence] });
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
    ["modules of JavaScript's", imports(["node:fs/promises", "readFile"], ["https://example.com/a@1/b.js", "run"])],
    ["an allocator that components need, and others may have", exports("memory", "cabi_realloc")],
    ["names that only contain another's", exports("my__wbg_x", "go_scheduler_2x ", "undynCall_v")],
  ])("is unknown for %s", (_, clues) => {
    expect(detectToolchain(clues)).toEqual({ toolchain: { name: "unknown", evidence: [] }, advice: [] });
  });
});

describe("a name that gives a toolchain away", () => {
  const anExport = "the export";
  const memory: Extern = { kind: "memory", type: { initial: 1, shared: false, address: "i32", pageSize: 0x10000 } };
  const others = [
    memory,
    table("externref"),
    table("funcref"),
    global("f64"),
    { kind: "tag", type: { params: ["f64"] } },
  ] as const;

  const rows: [toolchain: string, module: string, name: string, right: string | Extern, wrong: string | Extern][] = [
    ["wasm-bindgen", anExport, "__wbindgen_malloc", "i>i", ">"],
    ["wasm-bindgen", anExport, "__wbindgen_malloc", "jj>j", "ii>"],
    ["wasm-bindgen", anExport, "__wbindgen_realloc", "iii>i", "i>i"],
    ["wasm-bindgen", anExport, "__wbindgen_free", "iii>", "i>i"],
    ["wasm-bindgen", anExport, "__wbindgen_start", ">", "ii>i"],
    ["wasm-bindgen", anExport, "__wbindgen_add_to_stack_pointer", "i>i", "i>"],
    ["wasm-bindgen", anExport, "__wbindgen_exn_store", "i>", "ii>"],
    ["wasm-bindgen", anExport, "__wbg_counter_free", "i>", "iii>i"],
    ["wasm-bindgen", anExport, "__wbg_get_counter_value", "i>i", ">i"],
    ["wasm-bindgen", anExport, "__wbindgen_externrefs", table("externref"), table("funcref")],
    ["wasm-bindgen", "wbg", "__wbindgen_throw", "ii>", ">"],
    ["wasm-bindgen", "wbg", "__wbindgen_object_drop_ref", "i>", "i>i"],
    ["wasm-bindgen", "wbg", "__wbindgen_init_externref_table", ">", "i>"],
    ["wasm-bindgen", "wbg", "__wbindgen_jstag", { kind: "tag", type: { params: ["externref"] } }, ">"],
    ["ruby", anExport, "ruby-show-version: func() -> ()", ">", "i>"],
    ["ruby", "rb-js-abi-host", "eval-js: func(code: string)", "iii>", "r>"],
    ["napi", anExport, "napi_register_wasm_v1", "ii>i", ">"],
    ["napi", anExport, "napi_register_wasm_v1", "jj>j", "ii>"],
    ["napi", "env", "napi_create_double", "idi>i", ">"],
    ["napi", "env", "napi_fatal_error", "iiii>", "ii>ii"],
    ["component", anExport, "cabi_post_generate", "i>", "i>i"],
    ["component", anExport, "shop:cart/items@1.0.0#add", "ii>i", "r>"],
    ["component", "shop:cart/items@1.0.0", "add", "ii>", "r>r"],
    ["dart", "dart2wasm", "_1", "r>r", memory],
    ["kotlin", "js_code", "kotlin.captureStackTrace", ">r", memory],
    ["scala-js", "__scalaJSHelpers", "JSTag", { kind: "tag", type: { params: ["externref"] } }, ">"],
    ["moonbit", "moonbit:ffi", "make_closure", "ir>r", memory],
    ["teavm", "teavm", "takeStackTrace", ">r", memory],
    ["teavm", anExport, "teavm.stringToJs", "r>r", memory],
    ["tinygo", anExport, "go_scheduler", ">", "i>"],
    ["tinygo", "gojs", "runtime.ticks", ">d", "i>i"],
    ["go", "gojs", "runtime.wasmExit", "i>", ">i"],
    ["assemblyscript", anExport, "__pin", "i>i", ">"],
    ["assemblyscript", anExport, "__retain", "i>i", "i>"],
    ["assemblyscript", anExport, "__rtti_base", global("i32"), ">"],
    ["assemblyscript", anExport, "__setArgumentsLength", "i>", ">"],
    ["emscripten", "env", "emscripten_resize_heap", "i>i", ">"],
    ["emscripten", "env", "emscripten_resize_heap", "j>i", "ii>"],
    ["emscripten", "env", "_embind_register_void", "ii>", ">"],
    ["emscripten", "env", "__syscall_openat", "iiii>i", "iiii>"],
    ["emscripten", anExport, "dynCall_vii", "iii>", ">"],
    ["emscripten", anExport, "emscripten_stack_get_current", ">i", "i>"],
    ["wasi", "wasi_snapshot_preview1", "fd_write", "iiii>i", ">"],
    ["wasi", "wasi_snapshot_preview1", "proc_exit", "i>", ">"],
    ["llvm", anExport, "__wasm_call_ctors", ">", "i>i"],
    ["llvm", anExport, "__heap_base", global("i32"), global("i32", true)],
    ["llvm", anExport, "__indirect_function_table", table("funcref"), table("externref")],
  ];
  it.each(rows)("counts with its kind and type alone: %s by %s %s", (toolchain, module, name, right, wrong) => {
    const cluesOf = (of: string | Extern): Clues =>
      module === anExport
        ? { ...nothing, exports: [exportedAs(name, of)] }
        : { ...nothing, imports: [imported(module, name, of)] };
    const nameOf = (of: string | Extern) => detectToolchain(cluesOf(of)).toolchain.name;
    expect(nameOf(right)).toBe(toolchain);
    expect(nameOf(wrong)).toBe("unknown");
    // A compiled module tells kinds only.
    const { kind } = externOf(right);
    expect(nameOf({ kind })).toBe(toolchain);
    for (const other of others)
      if (other.kind !== kind) expect([other.kind, nameOf(other)]).toEqual([other.kind, "unknown"]);
    expect(detectToolchain(cluesOf(memory)).advice).toEqual([]);
  });

  it("counts where another item by that name is something else", () => {
    const clues: Clues = {
      ...nothing,
      imports: [imported("env", "napi_throw", memory), imported("napi", "napi_throw", "ii>i")],
    };
    expect(detectToolchain(clues).toolchain.evidence).toEqual(["import napi.napi_throw (i32, i32) -> i32"]);
  });
});

describe("advice", () => {
  const adviceFor = (clues: Clues) => detectToolchain(clues).advice;

  it("tells how to keep the names that Emscripten minifies", () => {
    const clues = { ...imports(["a", "a"], ["a", "aa"], ["a", "$b"]), exports: exports("c", "_").exports };
    expect(detectToolchain(clues)).toEqual({
      toolchain: { name: "emscripten", evidence: ["minified names in all imports and exports"] },
      advice: ["minified-names", "constructors-not-run"],
    });
    const shape = { ...clues, ...detectToolchain(clues), complete: true, memories: [], tables: [] };
    expect(advise(shape).advice).toEqual([
      { code: "minified-names", message: expect.stringMatching(/-lexports\.js.*-sSTANDALONE_WASM/) as string },
      { code: "constructors-not-run", message: expect.stringContaining('wasm.guarded["c"]()') as string },
    ]);
  });

  it.each<
    [where: string, name: string | undefined, types: readonly [kind: "memory" | "function", type?: FunctionType][]]
  >([
    ["behind the memory", "b", [["memory"], ["function", type]]],
    [
      "first of all where the memory is imported",
      "a",
      [
        ["function", type],
        ["function", type],
      ],
    ],
    [
      "nowhere, where the first function takes something",
      undefined,
      [["memory"], ["function", { params: ["i32"], results: [] }]],
    ],
    ["nowhere, where no types are known", undefined, [["memory"], ["function"]]],
  ])("tells that the constructors of a minified module were not run: they are %s", (_, name, types) => {
    const all = types.map(([kind, of], at) => ({ name: "abc"[at] ?? "", kind, ...(of && { type: of }) }));
    const clues = { ...imports(["a", "a"]), exports: all as Clues["exports"] };
    const shape = { ...clues, ...detectToolchain(clues), complete: true, memories: [], tables: [] };
    const { message } = advise(shape).advice.find(({ code }) => code === "constructors-not-run") ?? {};
    expect(/wasm\.guarded\["(.)"\]/.exec(message ?? "")?.[1]).toBe(name);
    expect(message).toContain("once, before anything else");
  });

  it("stands in the report of a minified module, and in the error of its stubs", async () => {
    const bytes = assemble(
      sections.type(functionType([])),
      sections.import([...text("a"), ...text("a"), 0, 0]),
      sections.export(exported("b", 0)),
    );
    const wasm = await load(bytes);
    const stated = /constructors were not run, because their name is minified too/;
    expect(wasm.imports[0]?.evidence).toMatch(stated);
    expect(() => wasm.guarded["b"]?.()).toThrow(stated);
    expect(wasm.shape.advice.map(({ code }) => code)).toEqual(["minified-names", "constructors-not-run"]);
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
    // A library's own functions may come from everywhere; libc's calls to its JavaScript come from the main program.
    const side = ["__memory_base", "__table_base", "memory", "__indirect_function_table", "malloc", "realloc"];
    const library = imports(...side.map((name): [string, string] => ["env", name]), ["GOT.mem", "__heap_base"]);
    expect(adviceFor({ ...library, ...section("dylink.0"), imports: library.imports })).toEqual(["side-module"]);
  });

  it("tells what the main program of dynamic linking needs, and not that it is a library", () => {
    const names = ["emscripten_resize_heap", "_abort_js", "__stack_pointer", "__memory_base", "__table_base", "memory"];
    const main = imports(...names.map((name): [string, string] => ["env", name]), ["GOT.mem", "__stack_low"]);
    const clues = { ...section("dylink.0"), imports: main.imports };
    expect(detectToolchain(clues)).toMatchObject({ toolchain: { name: "emscripten" }, advice: ["main-module"] });
    // The same names in a module that is not linked dynamically.
    expect(adviceFor(main)).toEqual([]);
  });

  it("tells what runs an addon for Node-API, and where a component's core module belongs", () => {
    expect(adviceFor(imports(["env", "napi_throw"]))).toEqual(["node-api"]);
    expect(adviceFor(exports("napi_register_wasm_v1"))).toEqual(["node-api"]);
    expect(adviceFor(imports(["wasi:cli/exit@0.2.0", "exit"]))).toEqual(["component-core"]);
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
