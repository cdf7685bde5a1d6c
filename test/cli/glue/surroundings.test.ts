import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import type { Shape } from "../../../src/node.ts";
import { declaredWith, inputsOf, remarksWith, textsOf } from "./edits.ts";

const shape = {
  imports: [],
  exports: [
    ...["f", "g", "point_new"].map((name) => ({ kind: "function", name, type: { params: ["i32"], results: ["i32"] } })),
    { kind: "function", name: "__wbg_point_free", type: { params: ["i32", "i32"], results: [] } },
    { kind: "function", name: "__wbindgen_start", type: { params: [], results: [] } },
  ],
} as unknown as Shape;

const own = `let wasm;
  function f(x) { return wasm.f(x); }
  function g(x) { return wasm.g(x); }
  const PointFinalization = new FinalizationRegistry((ptr) => wasm.__wbg_point_free(ptr, 1));
  class Point {
    constructor(x) { this.__wbg_ptr = wasm.point_new(x) >>> 0; PointFinalization.register(this, this.__wbg_ptr, this); return this; }
    __destroy_into_raw() { const ptr = this.__wbg_ptr; this.__wbg_ptr = 0; PointFinalization.unregister(this); return ptr; }
    free() { const ptr = this.__destroy_into_raw(); wasm.__wbg_point_free(ptr, 0); }
    static of(x) { return wasm.g(x); }
  }`;
const commonJs = `${own}
  exports.f = f; exports.g = g; exports.Point = Point;
  exports.Mode = Object.freeze({ Find: 0, "0": "Find", Search: 1, "1": "Search" });
  wasm = new WebAssembly.Instance(new WebAssembly.Module(require("fs").readFileSync("a.wasm")), {}).exports;
  wasm.__wbindgen_start();`;
const esModule = `${own}
  export { f, g, Point };
  export const Mode = Object.freeze({ Find: 0, "0": "Find", Search: 1, "1": "Search" });
  export function initSync(module) { wasm = new WebAssembly.Instance(module, {}).exports; wasm.__wbindgen_start(); return wasm; }`;

const read = (text: string) => readGlue(text, "app.js", { shape });
const around = (text: string) => (read(text).surroundings ?? []).map(({ subject }) => subject.replace(/,.*/, ""));

describe.each([
  ["CommonJS", commonJs],
  ["a module", esModule],
])("the surroundings in %s", (_, glue) => {
  it.each([
    "",
    "if (typeof TextDecoder === 'undefined') globalThis.TextDecoder = require('util').TextDecoder;",
    "if (!('TextDecoder' in globalThis)) { globalThis.TextDecoder = mine; }",
    "if (globalThis.TextDecoder == null || !globalThis.TextEncoder) globalThis.other = mine;",
    "globalThis.TextDecoder ??= mine;",
    "globalThis.TextDecoder || (globalThis.TextDecoder = mine);",
    "if (!Uint8Array.prototype.toHex) Uint8Array.prototype.toHex = mine;",
    "typeof TextDecoder !== 'undefined' || (globalThis.TextDecoder = mine);",
    "globalThis.mine = 5; window.other = 6; const list = {}; list.Error = 5; list.prototype = {}; list.prototype.decode = 6;",
    "Error.stackTraceLimit = 50;",
    "const key = Symbol.for('mine'); globalThis[key] = 5;",
    "class Own extends Error { decode() {} } Own.prototype.name = 'Own';",
    "function later() { f(1); new Point(2); wasm.g(3); Own.of(4); eval(text); }",
    "const made = { start() { return f(1); } }; setUp.f(5);",
  ])("have nothing to be named with: %s", (more) => {
    expect(around(`${glue}\n${more}`)).toEqual([]);
  });

  it.each([
    ["Error = TypeError;", "Error"],
    ["[Error] = [TypeError];", "Error"],
    ["({ a: Error } = { a: TypeError });", "Error"],
    ["for (Error of [TypeError]);", "Error"],
    ["Uint8Array = class extends Uint8Array {};", "Uint8Array"],
    ["globalThis.TextDecoder = class {};", "TextDecoder"],
    ["globalThis['TextDecoder'] = class {};", "TextDecoder"],
    ["window.self.TextDecoder = class {};", "TextDecoder"],
    ["const of = globalThis; of.TextDecoder = class {};", "TextDecoder"],
    ["for (globalThis.TextDecoder of [class {}]);", "TextDecoder"],
    ["Object.assign(globalThis, { TextDecoder: class {} });", "TextDecoder"],
    ["Object.defineProperty(globalThis, 'TextDecoder', { value: class {} });", "TextDecoder"],
    ["delete globalThis.FinalizationRegistry;", "FinalizationRegistry"],
    ["Object.assign(globalThis, mine);", "a global"],
    ["for (const key in mine) globalThis[key] = mine[key];", "a global"],
    ["TextDecoder.prototype.decode = () => 'x';", "TextDecoder.prototype.decode"],
    ["Uint8Array.prototype.subarray = function () { return this; };", "Uint8Array.prototype.subarray"],
    ["const p = Uint8Array.prototype; p.subarray = () => 5;", "Uint8Array.prototype.subarray"],
    ["const { prototype: p } = Uint8Array; [p.subarray] = [() => 5];", "Uint8Array.prototype.subarray"],
    ["(function (root) { root.Uint8Array.prototype.subarray = 5; })(globalThis);", "Uint8Array.prototype.subarray"],
    ["function patch(of) { of.prototype.subarray = 5; } patch(Uint8Array);", "Uint8Array.prototype.subarray"],
    ["Object.defineProperty(Uint8Array.prototype, 'length', { get: () => 0 });", "Uint8Array.prototype.length"],
    ["Object.setPrototypeOf(Uint8Array.prototype, {});", "Uint8Array.prototype.__proto__"],
    ["Uint8Array.prototype.__defineGetter__('length', () => 0);", "Uint8Array.prototype.*"],
    ["Object.getPrototypeOf(Uint8Array).prototype.subarray = 5;", "a prototype.prototype.subarray"],
    ["[].__proto__.push = () => 5;", "a prototype.push"],
    ["Object.freeze = (object) => object;", "Object.freeze"],
    ["WebAssembly.Instance = class {};", "WebAssembly.Instance"],
    ["if (TextDecoder) TextDecoder.prototype.decode = () => 'x';", "TextDecoder.prototype.decode"],
    ["if (typeof TextDecoder !== 'undefined') globalThis.TextDecoder = class {};", "TextDecoder"],
    ["eval('f = g');", "code in a text"],
    ["(0, eval)('f = g');", "code in a text"],
    ["globalThis.eval(text);", "code in a text"],
    ["function later() { eval('wasm = mine'); }", "code in a text"],
    ["function now(code) { eval(code); } now(text);", "code in a text"],
  ])("are named with their change: %s", (more, subject) => {
    expect(around(`${glue}\n${more}`)).toEqual([subject]);
  });

  it("are named with a change in a function that uses the module", () => {
    expect(around(`${glue}\nfunction begin() { Error = TypeError; return wasm; }`)).toEqual(["Error"]);
  });

  it.each([
    "f(1);",
    "wasm.f(1);",
    "new Point(1);",
    "Point.of(1);",
    "const { f: call } = wasm; call(1);",
    "const call = wasm.f; call(1);",
    "(() => { f(1); })();",
    "[1].forEach((x) => f(x));",
    "function begin() { f(1); } begin();",
    "const begin = () => { f(1); }; const again = begin; begin();",
    "Promise.resolve().then(() => f(1));",
  ])("are named with a call of the module: %s", (more) => {
    expect(around(`${glue}\n${more}`)).toEqual(["a call of the module while it is loaded"]);
  });
});

describe("the surroundings in CommonJS", () => {
  it.each([
    "require.cache[name].exports = mine;",
    "delete require.cache[name];",
    "const { cache } = require; cache.x = 1;",
  ])("are named with the modules of Node: %s", (more) =>
    expect(around(`${commonJs}\n${more}`)).toEqual(["the loaded modules of Node"]),
  );

  it.each(["exports.f(1);", "module.exports.f(1);"])("are named with a call of an export: %s", (more) => {
    expect(around(`${commonJs}\n${more}`)).toEqual(["a call of the module while it is loaded"]);
  });

  it.each([
    "this.f = g;",
    "const self = this; self.f = g;",
    "(() => { this.f = g; })();",
    "(function (root) { root.f = g; })(this);",
    "(function () { this.f = g; }).call(this);",
    "Object.defineProperty(this, 'f', { value: g });",
    "[this.f] = [g];",
    "for (this.f of [g]);",
  ])("may change an export: %s", (more) => {
    expect(read(`${commonJs}\n${more}`).functions.get("f")?.kind).toBe("hole");
    expect(read(`${commonJs}\n${more}`).functions.get("g")?.kind).toBe("function");
  });

  it.each([
    "this.other = 5;",
    "var __importStar = (this && this.__importStar) || function (module) { return module; };",
    "function later() { this.f = g; }",
    "class Own { constructor() { this.f = g; } }",
  ])("may also have %s", (more) => {
    expect(read(`${commonJs}\n${more}`).functions.get("f")?.kind).toBe("function");
  });
});

describe("an enumeration", () => {
  const literal = "Object.freeze({ Find: 0, '0': 'Find', Search: 1, '1': 'Search' })";
  const withMode = (mode: string, more: string) => `${own}\nexport { f, g, Point };\n${mode}\n${more}`;
  const open = `export const Mode = ${literal.slice("Object.freeze(".length, -1)};`;

  it.each([
    [`export const Mode = ${literal};`, ""],
    [open, ""],
    [open, "Object.freeze(Mode);"],
    [open, "console.log(Mode.Search, Object.keys(Mode), Mode[0]);"],
    [open, "export const Other = { ...Mode, Mine: 5 }; Other.Mine = 6;"],
    [`const values = ${literal}; export { values as Mode };`, "export { values as Same };"],
    [`export const Mode = ${literal};`, "mine(Mode);"],
  ])("has its values: %s %s", (mode, more) => {
    const { enums, changedEnums } = read(withMode(mode, more));
    expect(enums.get("Mode")).toEqual(new Map([["Find", 0], ["Search", 1]])); // prettier-ignore
    expect(changedEnums?.has("Mode")).toBe(false);
  });

  it.each([
    "Mode.Search = 7;",
    "Mode.Search++;",
    "delete Mode.Search;",
    "Mode[name] = 7;",
    "[Mode.Search] = [7];",
    "for (Mode.Search of [7]);",
    "Object.assign(Mode, { Search: 7 });",
    "Object.defineProperty(Mode, 'Search', { value: 7 });",
    "Reflect.set(Mode, 'Search', 7);",
    "Mode.__defineGetter__('Search', () => 7);",
    "const same = Mode; same.Search = 7;",
    "(function (mode) { mode.Search = 7; })(Mode);",
    "const all = { Mode }; all.Mode.Search = 7;",
    "Object.freeze(Mode); mine(Mode);",
    "mine(Mode);",
    "for (const one of [Mode]) one.Search = 7;",
  ])("is a hole after a change: %s", (more) => {
    const { enums, changedEnums } = read(withMode(open, more));
    expect(enums.has("Mode")).toBe(false);
    expect(changedEnums?.get("Mode")).toMatchObject({ kind: "hole" });
  });

  it.each([
    [`const values = { Find: 0, Search: 1 }; values.Search = 7; export const Mode = Object.freeze(values);`],
    [`export let Mode = { Find: 0, Search: 1 }; Mode = { Find: 0, Search: 7 };`],
    [`export let Mode = { Find: 0, Search: 1 }; [Mode] = [{ Find: 0, Search: 7 }];`],
    [`export let Mode = { Find: 0, Search: 1 }; for (Mode of [{ Find: 0, Search: 7 }]);`],
  ])("is a hole: %s", (mode) => {
    const { enums, changedEnums } = read(withMode(mode, ""));
    expect(enums.has("Mode")).toBe(false);
    expect(changedEnums?.get("Mode")).toMatchObject({ kind: "hole" });
  });

  it.each(["exports.Mode.Search = 7;", "exports.Mode = { Find: 0, Search: 7 };", "delete exports.Mode;"])(
    "is a hole in CommonJS: %s",
    (more) => {
      const { enums, changedEnums } = read(`${commonJs}\n${more}`);
      expect(enums.has("Mode")).toBe(false);
      expect(changedEnums?.get("Mode")).toMatchObject({ kind: "hole" });
    },
  );
});

describe("the declaration", () => {
  it("names the place of a change around the functions as a hole", async () => {
    const inputs = await inputsOf("node_modules/prqlc/dist/node/prqlc_js_bg.wasm");
    const remarks = await remarksWith(inputs, (text) => `${text}\nError = TypeError;`);
    expect(remarks).toEqual([
      expect.stringMatching(/prqlc_js\.js:\d+:1: Error, .* is not followed: `Error = TypeError`$/),
    ]);
  });

  it("leaves out a changed enumeration, with a hole", async () => {
    const inputs = await inputsOf(
      "node_modules/@emurgo/cardano-serialization-lib-nodejs/cardano_serialization_lib_bg.wasm",
    );
    const [, name = ""] = /exports\.(\w+) = Object\.freeze/.exec(inputs.glue?.text ?? "") ?? [];
    const declared = await declaredWith(inputs, (text) => `${text}\nmodule.exports.${name}.Mine = 7;`);
    if (typeof declared === "string") throw new Error(declared);
    expect(declared.members.some((one) => one.name === name)).toBe(false);
    expect(textsOf(declared.holes).join("\n")).toContain(`${name}: ${name}, whose values may be changed,`);
  });
});
