import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";

const shape = {
  imports: [
    { kind: "function", module: "wbg", name: "__wbindgen_throw", type: { params: ["i32", "i32"], results: [] } },
    { kind: "function", module: "wbg", name: "__wbg_log_1", type: { params: ["i32", "i32"], results: [] } },
  ],
  exports: [
    { kind: "memory", name: "memory" },
    { kind: "function", name: "add", type: { params: ["i32", "i32"], results: ["i32"] } },
  ],
} as never;

/** The helpers and imports of one module of a bundle, whose names have this ending. */
function moduleOf(end: string, export_: string, { thrown = "", start = "assigned" } = {}): string {
  const fail = `function (arg0, arg1) { ${thrown || `throw new Error(getStringFromWasm0${end}(arg0, arg1));`} }`;
  const log = `function (arg0, arg1) { console.log(getStringFromWasm0${end}(arg0, arg1)); }`;
  const helpers = `let wasm${end};
let decoder${end} = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
let cached${end} = null;
function getUint8Memory0${end}() {
  if (cached${end} === null || cached${end}.buffer !== wasm${end}.memory.buffer) cached${end} = new Uint8Array(wasm${end}.memory.buffer);
  return cached${end};
}
function getStringFromWasm0${end}(ptr, len) { return decoder${end}.decode(getUint8Memory0${end}().subarray(ptr, ptr + len)); }
function ${export_}(a, b) { return wasm${end}.${export_}(a, b); }
exports.${export_} = ${export_};`;
  if (start === "assigned") {
    return `${helpers}
async function init${end}(input) {
  const imports = {};
  imports.wbg = {};
  imports.wbg.__wbindgen_throw = ${fail};
  imports.wbg.__wbg_log_1 = ${log};
  const { instance, module } = await WebAssembly.instantiate(input, imports);
  wasm${end} = instance.exports;
  init${end}.__wbindgen_wasm_module = module;
  return wasm${end};
}
exports.init${end} = init${end};`;
  }
  return `${helpers}
function imports${end}() {
  const import0 = { __proto__: null, __wbindgen_throw: ${fail}, __wbg_log_1: ${log} };
  return { __proto__: null, wbg: import0 };
}
function finish${end}(instance, module) { wasm${end} = instance.exports; return wasm${end}; }
async function init${end}(input) {
  const { instance, module } = await WebAssembly.instantiate(input, imports${end}());
  return finish${end}(instance, module);
}
exports.init${end} = init${end};`;
}

const importsOf = (text: string) => readGlue(text, "bundle.js", { shape }).imports;
const starts = ["assigned", "listed"];

describe.each(starts)("a bundle with the JavaScript of several modules, whose imports are %s", (start) => {
  const first = moduleOf("$1", "add", { start });
  const second = moduleOf("", "multiply", { start });
  const both = [`${first}\n${second}`, `${second}\n${first}`];

  it.each(both)("is read with each module's own helpers", (text) => {
    expect(importsOf(text).get("__wbindgen_throw")).toEqual({ kind: "intrinsic" });
    expect(importsOf(text).get("__wbg_log_1")).toMatchObject({ kind: "meaning", declaration: { name: "log" } });
  });

  it("has nothing to do with what the import of another module does", () => {
    const other = moduleOf("", "multiply", { start, thrown: "mine(getStringFromWasm0(arg0, arg1));" });
    expect(importsOf(`${first}\n${other}`).get("__wbindgen_throw")).toEqual({ kind: "intrinsic" });
  });

  it("tells that the module's own one does something else", () => {
    const own = moduleOf("$1", "add", { start, thrown: "mine(getStringFromWasm0$1(arg0, arg1));" });
    expect(importsOf(`${own}\n${second}`).get("__wbindgen_throw")).toMatchObject({
      changed: { kind: "hole", text: expect.stringContaining("mine(") as unknown },
    });
  });
});

describe("JavaScript that gives an import twice", () => {
  const twice = (one: string, other: string) => {
    const at = "imports.wbg.__wbg_log_1";
    const own = moduleOf("$1", "add").replace(at, `imports.wbg.${one} = ${other}; ${at}`);
    return importsOf(`${own}\n${moduleOf("", "multiply")}`).get(one);
  };

  it.each(["mine()", "mine(getStringFromWasm0(arg0, arg1))"])("has a hole for it: %s", (does) => {
    expect(twice("__wbindgen_throw", `(arg0, arg1) => { ${does}; }`)?.kind).toBe("hole");
    expect(twice("__wbg_log_1", `(arg0, arg1) => { ${does}; }`)?.kind).toBe("hole");
  });

  it("tells it of an object that may be another module's, for one of wasm-bindgen's own", () => {
    const other =
      "const imports = { wbg: { __wbindgen_throw: () => { mine(); } } }; new WebAssembly.Instance(input, imports);";
    expect(importsOf(`${moduleOf("", "add")}\n{ ${other} }`).get("__wbindgen_throw")).toMatchObject({
      kind: "intrinsic",
      changed: { text: expect.stringContaining("mine()") as unknown },
    });
  });
});
