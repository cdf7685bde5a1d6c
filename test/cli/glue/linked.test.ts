import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { pairOf } from "./pairs.ts";
import { comparable, holesIn } from "./same.ts";

const built = "test/fixtures/realm/built";

/** The facts of JavaScript, without the names that its helpers read. */
function factsOf(text: string, path: string): unknown {
  const { shape } = pairOf(path);
  return comparable({ ...readGlue(text, "glue.js", { shape }), mentioned: new Set(), others: new Set() });
}

const { ES5, ES2015 } = ts.ScriptTarget;
const { ESNext, CommonJS, UMD } = ts.ModuleKind;

const settings = [ES5, ES2015].flatMap((target) =>
  [ESNext, CommonJS].flatMap((module) => [
    { target, module, importHelpers: false },
    { target, module, importHelpers: true },
  ]),
);

describe.each([`${built}/0.2.130-web.js`, `${built}/0.2.80-server.js`])("%s", (path) => {
  const { text } = pairOf(path);
  const print = (options: ts.CompilerOptions): string =>
    ts.transpileModule(text, {
      fileName: "glue.js",
      compilerOptions: { allowJs: true, esModuleInterop: true, downlevelIteration: true, ...options },
    }).outputText;

  it.each(settings)("says the same as TypeScript prints it with %o", (options) => {
    const printed = print(options);
    expect(printed.includes("tslib")).toBe(options.importHelpers);
    expect(factsOf(printed, path)).toEqual(factsOf(text, path));
  });

  it("says the same as TypeScript prints it for several kinds of modules", () => {
    expect(factsOf(print({ target: ES5, module: UMD }), path)).toEqual(factsOf(text, path));
  });
});

/** Takes the helpers out of a text that has them, and imports them. */
function withImports(text: string, importOf: (name: string) => string | undefined): string {
  let imports = "";
  const rest = text.replace(
    /^function (_\w+)\([^]*?\}$(?=\n(?:function|import|export|var|let|const|\/))/gm,
    (whole, name: string) => {
      const line = importOf(name);
      if (line === undefined) return whole;
      imports += `${line}\n`;
      return "";
    },
  );
  expect(imports.split("\n").length).toBeGreaterThan(2);
  return imports + rest;
}

const babel: Record<string, string> = {
  _classCallCheck: "classCallCheck",
  _createClass: "createClass",
  _defineProperty: "defineProperty",
  _typeof: "typeof",
};
const swc: Record<string, string> = {
  _class_call_check: "_class_call_check",
  _create_class: "_create_class",
  _define_property: "_define_property",
  _instanceof: "_instanceof",
  _to_consumable_array: "_to_consumable_array",
};
const ways: readonly (readonly [title: string, file: string, importOf: (name: string) => string | undefined])[] = [
  [
    "Babel's runtime",
    "babel-0.2.130-web.js",
    (name) => babel[name] && `import ${name} from "@babel/runtime/helpers/${babel[name]}";`,
  ],
  [
    "Babel's runtime by its files",
    "babel-0.2.130-web.js",
    (name) => babel[name] && `import ${name} from "@babel/runtime/helpers/esm/${babel[name]}.js";`,
  ],
  [
    "SWC's helpers",
    "swc-0.2.92-web.js",
    (name) => swc[name] && `import { _ as ${name} } from "@swc/helpers/_/${swc[name]}";`,
  ],
];

describe.each(ways)("helpers that are imported from %s", (_, file, importOf) => {
  const path = `${built}/${file.replace(/^[a-z]+-/, "")}`;
  const text = withImports(readFileSync(`test/fixtures/lowered/${file}`, "utf8"), importOf);

  it("are read as those in the text", () => {
    expect(factsOf(text, path)).toEqual(factsOf(pairOf(path).text, path));
  });

  it("leave holes if they come from somewhere else", () => {
    const other = text.replace(/@babel\/runtime|@swc\/helpers/g, "mine");
    const { shape } = pairOf(path);
    const glue = readGlue(other, "glue.js", { shape });
    const holes = holesIn(glue);
    for (const name of ["HostedRealm", "Realm", "GenerationConfig"]) {
      expect(holes.some((one) => one.includes(name))).toBe(true);
    }
  });
});

const shape = {
  imports: [{ kind: "function", module: "env", name: "log", type: { params: ["i32"], results: [] } }],
  exports: [
    { kind: "memory", name: "memory" },
    { kind: "function", name: "thing_new", type: { params: [], results: ["i32"] } },
    { kind: "function", name: "thing_size", type: { params: ["i32"], results: ["i32"] } },
    { kind: "function", name: "__wbg_thing_free", type: { params: ["i32", "i32"], results: [] } },
  ],
} as never;

/** A class of before 2015, whose helpers are called by other names. */
const thing = (check: string, make: string): string => `
var wasm;
var Thing = exports.Thing = function () {
  function Thing() { ${check}(this, Thing); var ret = wasm.thing_new(); this.__wbg_ptr = ret >>> 0; return this; }
  return ${make}(Thing, [{
    key: "__destroy_into_raw", value: function () { var ptr = this.__wbg_ptr; this.__wbg_ptr = 0; return ptr; }
  }, {
    key: "free", value: function () { wasm.__wbg_thing_free(this.__destroy_into_raw(), 0); }
  }, {
    key: "size", get: function () { return wasm.thing_size(this.__wbg_ptr) >>> 0; }
  }]);
}();`;

describe("CommonJS", () => {
  const interop = 'var _interopRequireDefault = require("@babel/runtime/helpers/interopRequireDefault");';

  it.each([
    [
      "Babel's runtime",
      `${interop}
       var _check = _interopRequireDefault(require("@babel/runtime/helpers/classCallCheck"));
       var _make = _interopRequireDefault(require("@babel/runtime/helpers/createClass"));
       ${thing("(0, _check.default)", "(0, _make.default)")}`,
    ],
    [
      "Babel's runtime without an object around it",
      `var _check = require("@babel/runtime/helpers/classCallCheck");
       var _make = require("@babel/runtime/helpers/createClass");
       ${thing("_check", "_make")}`,
    ],
    [
      "SWC's helpers",
      `var _check = require("@swc/helpers/_/_class_call_check");
       var _make = require("@swc/helpers/_/_create_class");
       ${thing("_check._", "_make._")}`,
    ],
  ])("has a class by %s", (_, text) => {
    const glue = readGlue(text, "glue.js", { shape });
    expect(holesIn(glue)).toEqual([]);
    expect(glue.classes.get("Thing")?.construct).toMatchObject({ export: "thing_new" });
    expect(glue.classes.get("Thing")?.getters.get("size")).toMatchObject({ export: "thing_size" });
  });

  it("has a hole for a class by unknown helpers", () => {
    const text = `var _mine = require("mine"); ${thing("_mine.check", "_mine.make")}`;
    expect(holesIn(readGlue(text, "glue.js", { shape })).join()).toContain("Thing");
  });

  it("does not link a name that the text has twice", () => {
    const text = `var _check = require("@babel/runtime/helpers/classCallCheck");
      var _make = require("@babel/runtime/helpers/createClass"); function other(_make) { return _make; }
      ${thing("_check", "_make")}`;
    expect(holesIn(readGlue(text, "glue.js", { shape })).join()).toContain("Thing");
  });
});

const wildcard = `function _interopRequireWildcard(e) {
  if (e && e.__esModule) return e;
  var n = { __proto__: null };
  if (e) for (var k in e) if (k !== "default" && Object.prototype.hasOwnProperty.call(e, k)) n[k] = e[k];
  n.default = e;
  return n;
}`;
const importing = (helper: string): string => `
${helper}
var env = _interopRequireWildcard(require("env"));
var wasm;
exports.start = function (module) {
  wasm = new WebAssembly.Instance(module, { env: env }).exports;
  return wasm.thing_size(1);
};`;

describe("a helper around an imported module", () => {
  const read = (helper: string) => readGlue(importing(helper), "glue.js", { shape }).imports.get("log");

  it("passes it on", () => {
    expect(read(wildcard)).toMatchObject({ kind: "foreign", module: "env", name: "log" });
  });

  it.each([
    ["has other members", "n[k] = e[k]", 'n[k] = e[k === "log" ? "warn" : k]'],
    ["has functions of its own", "n.default = e;", "n.default = e; n.log = mine;"],
    ["has members of another object", "n[k] = e[k]", "n[k] = globalThis[k]"],
    ["returns something else", "return n;", "return console;"],
    ["returns the default export", "return e;", "return e.default;"],
  ])("does not if it %s", (_, old, now) => {
    const changed = wildcard.replace(old, () => now);
    expect(changed).not.toBe(wildcard);
    expect(read(changed)?.kind).not.toBe("foreign");
  });
});

describe("a list that is read by its iterator", () => {
  const path = `${built}/0.2.130-web.js`;
  const printed = ts.transpileModule(pairOf(path).text, {
    fileName: "glue.js",
    compilerOptions: { allowJs: true, target: ES5, module: ESNext, downlevelIteration: true },
  }).outputText;

  it.each([
    ["leaves values out", "ar.push(r.value)", "ar[0] = r.value"],
    ["adds values", "ar.push(r.value)", "ar.push(r.value, 5)"],
    ["returns something else", "return ar;", "return [ar];"],
  ])("is not taken for a copy if it %s", (_, old, now) => {
    const changed = printed.replace(old, () => now);
    expect(changed).not.toBe(printed);
    expect(holesIn(readGlue(changed, "glue.js", { shape: pairOf(path).shape }))).not.toEqual([]);
  });
});
