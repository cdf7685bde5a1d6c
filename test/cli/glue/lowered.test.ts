import { readFileSync, readdirSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { isModule, pairOf, paths } from "./pairs.ts";
import { comparable, holesIn } from "./same.ts";

const built = "test/fixtures/realm/built";
const lowered = "test/fixtures/lowered";

describe.each(paths)("the generated JavaScript %s", (path) => {
  const { text, shape } = pairOf(path);
  const own = readGlue(text, path, { shape });
  const classNames = [...own.classes.keys()];

  it("says the same as TypeScript prints it for ES5", () => {
    const { outputText } = ts.transpileModule(text, {
      fileName: "glue.js",
      compilerOptions: {
        allowJs: true,
        target: ts.ScriptTarget.ES5,
        module: isModule(text) ? ts.ModuleKind.ESNext : ts.ModuleKind.None,
      },
    });
    expect(outputText).not.toMatch(/^class /m);
    expect(comparable(readGlue(outputText, path, { shape, classNames }))).toEqual(comparable(own));
  });
});

describe.each(readdirSync(lowered).filter((name) => name.endsWith(".js")))("%s", (name) => {
  it("says the same as the JavaScript that a compiler rewrote", () => {
    const path = `${built}/${name.replace(/^[a-z]+-/, "")}`;
    const { text, shape } = pairOf(path);
    const own = readGlue(text, path, { shape });
    const other = readFileSync(`${lowered}/${name}`, "utf8");
    expect(other).toMatch(/_classCallCheck|_class_call_check/);
    expect(comparable(readGlue(other, name, { shape }))).toEqual(comparable(own));
  });
});

/** The helpers of the compilers' older versions. */
const helpers = {
  "Babel 6": `
var _typeof = typeof Symbol === "function" && typeof Symbol.iterator === "symbol" ? function (obj) { return typeof obj; } : function (obj) { return obj && typeof Symbol === "function" && obj.constructor === Symbol && obj !== Symbol.prototype ? "symbol" : typeof obj; };
var _createClass = function () { function defineProperties(target, props) { for (var i = 0; i < props.length; i++) { var descriptor = props[i]; descriptor.enumerable = descriptor.enumerable || false; descriptor.configurable = true; if ("value" in descriptor) descriptor.writable = true; Object.defineProperty(target, descriptor.key, descriptor); } } return function (Constructor, protoProps, staticProps) { if (protoProps) defineProperties(Constructor.prototype, protoProps); if (staticProps) defineProperties(Constructor, staticProps); return Constructor; }; }();
function _classCallCheck(instance, Constructor) { if (!(instance instanceof Constructor)) { throw new TypeError("Cannot call a class as a function"); } }`,
  "early Babel 7": `
function _typeof(obj) { if (typeof Symbol === "function" && typeof Symbol.iterator === "symbol") { _typeof = function _typeof(obj) { return typeof obj; }; } else { _typeof = function _typeof(obj) { return obj && typeof Symbol === "function" && obj.constructor === Symbol && obj !== Symbol.prototype ? "symbol" : typeof obj; }; } return _typeof(obj); }
function _instanceof(left, right) { if (right != null && typeof Symbol !== "undefined" && right[Symbol.hasInstance]) { return !!right[Symbol.hasInstance](left); } else { return left instanceof right; } }
function _classCallCheck(instance, Constructor) { if (!_instanceof(instance, Constructor)) { throw new TypeError("Cannot call a class as a function"); } }
function _defineProperties(target, props) { for (var i = 0; i < props.length; i++) { var descriptor = props[i]; descriptor.enumerable = descriptor.enumerable || false; descriptor.configurable = true; if ("value" in descriptor) descriptor.writable = true; Object.defineProperty(target, descriptor.key, descriptor); } }
function _createClass(Constructor, protoProps, staticProps) { if (protoProps) _defineProperties(Constructor.prototype, protoProps); if (staticProps) _defineProperties(Constructor, staticProps); return Constructor; }`,
};

const thing = `
var wasm;
var heap = new Array(128).fill(undefined);
function getObject(idx) { return heap[idx]; }
var Thing = exports.Thing = function () {
  function Thing(size) { _classCallCheck(this, Thing); var ret = wasm.thing_new(size); this.at = ret >>> 0; return this; }
  _createClass(Thing, [{
    key: "__destroy_into_raw", value: function __destroy_into_raw() { var ptr = this.at; this.at = 0; return ptr; }
  }, {
    key: "free", value: function free() { wasm.__wbg_thing_free(this.__destroy_into_raw(), 0); }
  }, {
    key: "size", get: function get() { return wasm.thing_size(this.at) >>> 0; }, set: function set(size) { wasm.thing_set_size(this.at, size); }
  }, {
    key: "grow", value: function grow(by) { return wasm.thing_grow(this.at, by) !== 0; }
  }], [{
    key: "__wrap", value: function __wrap(ptr) { var obj = Object.create(Thing.prototype); obj.at = ptr; return obj; }
  }, {
    key: "most", value: function most() { return Thing.__wrap(wasm.thing_most()); }
  }, {
    key: "count", get: function get() { return wasm.thing_count() >>> 0; }
  }]);
  return Thing;
}();
exports.__wbindgen_is_object = function (arg0) { var val = getObject(arg0); return (typeof val === "undefined" ? "undefined" : _typeof(val)) === "object" && val !== null; };
`;

describe.each(Object.entries(helpers))("a class by the helpers of %s", (_, text) => {
  const read = (changed: string) => readGlue(changed, "glue.js");

  it("has all its members", () => {
    const glue = read(text + thing);
    expect(holesIn(glue)).toEqual([]);
    const found = glue.classes.get("Thing");
    expect(found?.free).toBe("__wbg_thing_free");
    const object = { kind: "object", class: "Thing", isMoved: true };
    expect(found?.construct).toMatchObject({ export: "thing_new", result: object });
    expect(found?.methods.get("grow")).toMatchObject({ export: "thing_grow", self: "lent", result: { kind: "bool" } });
    expect(found?.getters.get("size")).toMatchObject({ export: "thing_size", self: "lent" });
    expect(found?.setters.get("size")).toMatchObject({ export: "thing_set_size", params: [{ name: "size" }] });
    expect(found?.statics.get("most")).toMatchObject({ export: "thing_most", result: object });
    expect(found?.staticGetters.get("count")).toMatchObject({ export: "thing_count" });
    expect([...(found?.others ?? [])]).toEqual([]);
    expect(glue.imports.get("__wbindgen_is_object")).toEqual({ kind: "intrinsic" });
  });

  it.each([
    ["the type of something else", "typeof obj;", "typeof obj.name;"],
    ["a type that is another one", "typeof obj;", '"string";'],
    ["a test of another class", "obj.constructor === Symbol", "obj.constructor === Date"],
  ])("does not take %s for a type", (_case, from, to) => {
    const changed = text.replaceAll(from, to);
    expect(changed).not.toBe(text);
    const found = read(changed + thing).imports.get("__wbindgen_is_object");
    expect(found?.kind === "intrinsic" && found.changed).toBeTruthy();
  });

  it.each([
    ["leaves the last one out", "i < props.length", "i < props.length - 1", "grow"],
    ["gives them other names", "descriptor.key, descriptor", '"x" + descriptor.key, descriptor', "grow"],
  ])("has no member that a helper which %s does not make", (_case, from, to, name) => {
    const changed = text.replaceAll(from, to);
    expect(changed).not.toBe(text);
    expect(
      read(changed + thing)
        .classes.get("Thing")
        ?.methods.get(name),
    ).toBeUndefined();
  });
});

describe("text that Node writes", () => {
  const node = (write: string) => `
var wasm, cached = null, length = 0;
function getNodeBufferMemory0() { if (cached === null || cached.buffer !== wasm.memory.buffer) { cached = Buffer.from(wasm.memory.buffer); } return cached; }
function passStringToWasm0(arg, malloc) { const len = Buffer.byteLength(arg); const ptr = malloc(len); ${write} length = len; return ptr; }
exports.f = function (text) { var ptr0 = passStringToWasm0(text, wasm.__wbindgen_malloc); var len0 = length; wasm.f(ptr0, len0); };`;
  const parameter = (write: string) => readGlue(node(write), "glue.js").functions.get("f");

  it("is a string", () => {
    expect(parameter("getNodeBufferMemory0().write(arg, ptr, len);")).toMatchObject({
      kind: "function",
      params: [{ name: "text", type: { kind: "string" } }],
    });
  });

  it.each([
    ["in another encoding", "getNodeBufferMemory0().write(arg, ptr, len, 'latin1');"],
    ["of another value", "getNodeBufferMemory0().write(arg.name, ptr, len);"],
  ])("is a hole %s", (_, write) => {
    expect(parameter(write)?.kind).toBe("hole");
  });
});
