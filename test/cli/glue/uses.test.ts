import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { declaredWith, inputsOf, textsOf } from "./edits.ts";
import { pairOf } from "./pairs.ts";
import { holesIn } from "./same.ts";

/**
 * Each edit gives a generated name to something else. The file must not state the generated function, class or import as if
 * nothing had happened: the command has to end with a hole, a guess or an error.
 */
type Edit = readonly [name: string, old: string, now: string];

const inputs = await inputsOf("node_modules/prqlc/dist/node/prqlc_js_bg.wasm");

/** The findings of the command; empty if it ends well. */
async function findings(edit: (text: string) => string): Promise<readonly string[]> {
  const declared = await declaredWith(inputs, (text) => {
    const edited = edit(text);
    expect(edited).not.toBe(text);
    return edited;
  });
  return typeof declared === "string" ? [declared] : textsOf(declared.holes, declared.guesses);
}

const last = "exports.rq_to_sql = rq_to_sql;";
const after = (name: string, code: string): Edit => [name, last, `${last}\n${code}`];
const getter = "{ get() { return 5; } }";

const exported: readonly Edit[] = [
  after("by a computed key", "exports['pl_to' + '_rq'] = rq_to_sql;"),
  after("by a key in a variable", "const key = 'pl_to_rq'; exports[key] = rq_to_sql;"),
  after(
    "in a loop",
    "for (const k of Object.keys(exports)) { const f = exports[k]; exports[k] = (...a) => f(...a) ?? null; }",
  ),
  after("in a loop over entries", "Object.entries(exports).forEach(([k, f]) => { exports[k] = (...a) => f(...a); });"),
  after("by being deleted", "delete exports.pl_to_rq;"),
  after("by being deleted by a computed key", "delete exports['pl_to' + '_rq'];"),
  after("by Reflect", "Reflect.deleteProperty(exports, 'pl_to_rq');"),
  after("by undefined", "exports.pl_to_rq = undefined;"),
  after("by void 0", "exports.pl_to_rq = void 0;"),
  after("by null", "exports.pl_to_rq = null;"),
  after("by a number", "exports.pl_to_rq = 5;"),
  after("by a bound function", "exports.pl_to_rq = pl_to_rq.bind(null, '[]');"),
  after("by another generated function", "exports.pl_to_rq = rq_to_sql;"),
  after("by a definition of a value", "Object.defineProperty(exports, 'pl_to_rq', { value: rq_to_sql });"),
  after("by a definition of a getter", "Object.defineProperty(exports, 'pl_to_rq', { get: () => pl_to_prql });"),
  after("by a definition of another key", "Object.defineProperty(exports, 'pl_to' + '_rq', { value: rq_to_sql });"),
  after(
    "by a definition under another name",
    "const d = Object.defineProperty; d(exports, 'pl_to_rq', { value: rq_to_sql });",
  ),
  after("by definitions", "Object.defineProperties(exports, { pl_to_rq: { value: rq_to_sql } });"),
  after("by __defineGetter__", "exports.__defineGetter__('pl_to_rq', () => rq_to_sql);"),
  after("by assigned members", "Object.assign(exports, { pl_to_rq: rq_to_sql });"),
  after("by assigned members of two objects", "Object.assign(exports, {}, { pl_to_rq: rq_to_sql });"),
  after("by assigned members of a variable", "const more = { pl_to_rq: rq_to_sql }; Object.assign(exports, more);"),
  after("by an exchange", "[exports.pl_to_rq, exports.pl_to_prql] = [exports.pl_to_prql, exports.pl_to_rq];"),
  after("by destructuring", "({ compile: exports.pl_to_rq } = exports);"),
  after("by a condition", "exports.pl_to_rq &&= rq_to_sql;"),
  after("by the head of a loop", "for (exports.pl_to_rq of [rq_to_sql]);"),
  after("by a function", "function change(e) { e.pl_to_rq = rq_to_sql; } change(exports);"),
  after("by a function that stands there", "(function (e) { e['pl_to_rq'] = rq_to_sql; })(module.exports);"),
  after("by a function of another file", "require('./change')(exports);"),
  after("by another name", "const e = module.exports; e.pl_to_rq = rq_to_sql;"),
  after("by another object", "module.exports = { ...exports, pl_to_rq: rq_to_sql };"),
  after("by a proxy", "module.exports = new Proxy(exports, { get: () => rq_to_sql });"),
  after("by a call around them", "module.exports = require('./wrap')(module.exports);"),
  after("by an object of others", "module.exports = Object.assign({}, exports, require('./more'));"),
  [
    "by a condition around it",
    "exports.pl_to_rq = pl_to_rq;",
    "if (process.env.X) exports.pl_to_rq = pl_to_rq; else exports.pl_to_rq = pl_to_prql;",
  ],
  [
    "by a getter",
    "exports.pl_to_rq = pl_to_rq;",
    "Object.defineProperty(exports, 'pl_to_rq', { enumerable: true, get: function () { return pl_to_prql; } });",
  ],
  ["by crossed names", "exports.pl_to_rq = pl_to_rq;", "exports.pl_to_rq = pl_to_prql;"],
  after(
    "of a class by a subclass",
    "exports.CompileOptions = class extends CompileOptions { get format() { return 7; } };",
  ),
];

const classes: readonly Edit[] = [
  after("by a definition", `Object.defineProperty(CompileOptions.prototype, 'format', ${getter});`),
  after(
    "by a definition under another name",
    `var d = Object.defineProperty; d(CompileOptions.prototype, 'format', ${getter});`,
  ),
  after(
    "by a definition that is taken out",
    `const { defineProperty } = Object; defineProperty(CompileOptions.prototype, 'format', ${getter});`,
  ),
  after(
    "by a definition of the global object",
    `globalThis.Object.defineProperty(CompileOptions.prototype, 'format', ${getter});`,
  ),
  after("by Reflect", `Reflect.defineProperty(CompileOptions.prototype, 'format', ${getter});`),
  after("by __defineGetter__", "CompileOptions.prototype.__defineGetter__('format', () => 5);"),
  after("by an assignment to the export", "exports.CompileOptions.prototype.free = function () {};"),
  after("by an assignment to the export of the module", "module.exports.CompileOptions.prototype.free = () => {};"),
  after("by an export that is taken out", "const { CompileOptions: C } = exports; C.prototype.free = () => {};"),
  after("by a prototype that is taken out", "const { prototype } = CompileOptions; prototype.free = () => {};"),
  after(
    "by a prototype that is taken out of the export",
    "const { CompileOptions: { prototype: p } } = exports; p.free = () => {};",
  ),
  after("by deleting", "delete CompileOptions.prototype.format;"),
  after("by destructuring", "({ free: CompileOptions.prototype.free } = { free() {} });"),
  after("by a condition", "CompileOptions.prototype.free ||= function () {};"),
  after("by a computed key", "CompileOptions.prototype['for' + 'mat'] = 5;"),
  after("by a computed prototype", "CompileOptions['proto' + 'type'].free = () => {};"),
  after(
    "by an object's prototype",
    "Object.getPrototypeOf(Object.create(CompileOptions.prototype)).free = function () {};",
  ),
  after("by an object's __proto__", "new CompileOptions().__proto__.free = function () {};"),
  after("by an object's constructor", "new CompileOptions().constructor.prototype.free = function () {};"),
  after("in a list", `[CompileOptions].forEach((c) => { Object.defineProperty(c.prototype, 'format', ${getter}); });`),
  after("in a list with a loop", "for (const c of [CompileOptions]) c.prototype.free = () => {};"),
  after("by a function that stands there", "(function (C) { C.prototype.free = function () {}; })(CompileOptions);"),
  after("by a function", "const change = (C) => { C.prototype.free = function () {}; }; change(CompileOptions);"),
  after(
    "by a function that is called with a list",
    "const change = (C) => { C.prototype.free = function () {}; }; change.apply(null, [CompileOptions]);",
  ),
  after("by a function of another file", "require('./decorate')(CompileOptions);"),
  after("by a function of another file with the prototype", "require('./decorate')(CompileOptions.prototype);"),
  after("by a decorator", "exports.CompileOptions = require('./decorate')(CompileOptions);"),
  after(
    "by a property of an object",
    "const all = { Options: CompileOptions }; all.Options.prototype.free = () => {};",
  ),
  after("by what a function returns", "const get = () => CompileOptions; get().prototype.free = () => {};"),
  after(
    "by exchanging the prototype",
    "Object.setPrototypeOf(CompileOptions.prototype, { get format() { return 5; } });",
  ),
  after("by assigned members", `Object.assign(CompileOptions.prototype, { free() {} });`),
  after("by definitions", `Object.defineProperties(CompileOptions.prototype, { format: ${getter} });`),
  after("by the class in an alias", "let C; C = CompileOptions; C.prototype.free = () => {};"),
  ["by a class that it extends", "class CompileOptions {", "class CompileOptions extends Array {"],
  [
    "by a class of the file that it extends",
    "class CompileOptions {",
    "class Base { get extra() { return 1; } }\nclass CompileOptions extends Base {",
  ],
  ["by what a call makes", "class CompileOptions {", "class CompileOptions extends require('./base')(Object) {"],
];

const own = "__wbg_new_227d7c05414eb861";
const object = "return {\n        __proto__: null,";
const named = '"./prqlc_js_bg.js": import0,';
const instance = "WebAssembly.Instance(wasmModule, __wbg_get_imports())";

const imports: readonly Edit[] = [
  [
    "by spread members before",
    "__wbindgen_init_externref_table: function",
    `...{ ${own}: () => new Map() }, __wbindgen_init_externref_table: function`,
  ],
  [
    "by members of another file",
    "__wbindgen_init_externref_table: function",
    "...require('./mine'), __wbindgen_init_externref_table: function",
  ],
  ["by a copy with another member", named, `"./prqlc_js_bg.js": { ...import0, ${own}() { return new Map(); } },`],
  ["by a copy with others", named, '"./prqlc_js_bg.js": { ...import0, ...require("./mine") },'],
  ["by a copy with a computed member", named, `"./prqlc_js_bg.js": { ...import0, ["${own}" + ""]: () => new Map() },`],
  ["by assigned members", object, `Object.assign(import0, { ${own}: () => new Map() });\n${object}`],
  ["by assigned members of another file", object, `Object.assign(import0, require("./mine"));\n${object}`],
  ["by assigned members of a variable", named, `"./prqlc_js_bg.js": Object.assign({}, import0, globalThis.mine),`],
  ["by a definition", object, `Object.defineProperty(import0, "${own}", { value: () => new Map() });\n${object}`],
  ["by deleting", object, `delete import0.${own};\n${object}`],
  ["by an assignment", object, `import0.${own} = () => new Map();\n${object}`],
  ["by a computed assignment", object, `import0["__wbg_new_" + "227d7c05414eb861"] = () => new Map();\n${object}`],
  [
    "by a loop",
    object,
    `for (const k in import0) { const f = import0[k]; import0[k] = (...a) => f(...a); }\n${object}`,
  ],
  ["by a setter", object, `Reflect.set(import0, "${own}", () => new Map());\n${object}`],
  ["by a function of another file", object, `require("./mine")(import0);\n${object}`],
  ["by a proxy", named, '"./prqlc_js_bg.js": new Proxy(import0, {}),'],
  ["by another object", named, '"./prqlc_js_bg.js": globalThis.mine,'],
  ["by a getter", `${own}: function() {`, `get ${own}() { return () => new Map(); },\n        unused: function() {`],
  ["by a function around them", instance, "WebAssembly.Instance(wasmModule, require('./mine')(__wbg_get_imports()))"],
  [
    "by a function of the file around them",
    instance,
    `WebAssembly.Instance(wasmModule, mine(__wbg_get_imports()));\nfunction mine(all) { all["./prqlc_js_bg.js"].${own} = () => new Map(); return all; }\nvoid (0`,
  ],
  [
    "by a function that copies them",
    instance,
    `WebAssembly.Instance(wasmModule, mine(__wbg_get_imports()));\nfunction mine(all) { return { ...all, "./prqlc_js_bg.js": globalThis.mine }; }\nvoid (0`,
  ],
  [
    "by a copy around them",
    instance,
    "WebAssembly.Instance(wasmModule, { ...__wbg_get_imports(), ...globalThis.mine })",
  ],
  [
    "by an object of the same name before",
    "function __wbg_get_imports() {",
    `const mock = { ${own}: function () { return new Map(); } };\nfunction __wbg_get_imports() {`,
  ],
  [
    "under a condition",
    `${own}: function() {`,
    `${own}: globalThis.window ? function() { return new Map(); } : function() {`,
  ],
];

const held = "new WebAssembly.Instance(wasmModule, __wbg_get_imports()).exports;";

/** Edits of the variable that holds the module's exports. */
const ofModule: readonly Edit[] = [
  ["by a function around them", held, `require("./mine")(${held.slice(0, -1)});`],
  ["by a proxy", held, `new Proxy(${held.slice(0, -1)}, globalThis.mine);`],
  ["by a copy with others", held, `({ ...${held.slice(0, -1)}, ...globalThis.mine });`],
  ["under a condition", held, `globalThis.mine ? wrap(${held.slice(0, -1)}) : globalThis.other;`],
];

describe("a generated name is remarked on where it is changed", () => {
  it("as the text that is changed says everything", async () => {
    expect(await findings((text) => `${text}\n`)).toEqual([]);
  });

  it.each(exported)("among the exports %s", async (_, old, now) => {
    expect((await findings((text) => text.replace(old, () => now))).length).toBeGreaterThan(0);
  });

  it.each(classes)("in a class %s", async (_, old, now) => {
    expect((await findings((text) => text.replace(old, () => now))).length).toBeGreaterThan(0);
  });

  it.each(ofModule)("among the module's exports %s", async (_, old, now) => {
    expect((await findings((text) => text.replace(old, () => now))).length).toBeGreaterThan(0);
  });

  it.each(imports)("among the imports %s", async (_, old, now) => {
    expect((await findings((text) => text.replace(old, () => now))).length).toBeGreaterThan(0);
  });
});

const path = "test/fixtures/realm/built/0.2.130-web.js";
const { shape } = pairOf(path);
const lowered = readFileSync("test/fixtures/lowered/babel-0.2.130-web.js", "utf8");
const disposal = "if (Symbol.dispose) HostedRealm";
const body = "  return _createClass(HostedRealm, [{";

/** Edits of classes as compilers print them for engines of before 2015. */
const old: readonly Edit[] = [
  ["by an assignment", disposal, `HostedRealm.prototype.generate = function () { return 5; };\n${disposal}`],
  [
    "by a definition",
    disposal,
    `Object.defineProperty(HostedRealm.prototype, "generate", { value: function () { return 5; } });\n${disposal}`,
  ],
  [
    "by the helper that makes classes",
    disposal,
    `_createClass(HostedRealm, [{ key: "generate", value: function () { return 5; } }]);\n${disposal}`,
  ],
  [
    "by a helper of that helper",
    disposal,
    `_defineProperties(HostedRealm.prototype, [{ key: "generate", value: function () { return 5; } }]);\n${disposal}`,
  ],
  ["by deleting", disposal, `delete HostedRealm.prototype.generate;\n${disposal}`],
  ["by a static member", disposal, `HostedRealm.load = function () { return 5; };\n${disposal}`],
  [
    "later",
    body,
    `  var _p = HostedRealm.prototype;\n  setTimeout(function () { _p.generate = function () { return 5; }; });\n${body}`,
  ],
  ["by a function of another file", body, `  globalThis.decorate(HostedRealm);\n${body}`],
];

const check = "_classCallCheck(this, HostedRealm);";

/** Edits of the check that an object is one of its class. */
const checks: readonly Edit[] = [
  ["for another class", check, "_classCallCheck(this, Realm);"],
  ["for a class of the engine", check, "_classCallCheck(this, Array);"],
  ["for an unknown class", check, "var self = this; _classCallCheck(self, globalThis.Other);"],
  ["of something else", check, "_classCallCheck(ret, HostedRealm);"],
  ["of another object", check, "_classCallCheck(Object.create(Realm.prototype), HostedRealm);"],
  ["of the arguments", check, "_classCallCheck(arguments, HostedRealm);"],
  ["under a condition", check, "HostedRealm !== Realm && _classCallCheck(this, Realm);"],
  ["by a helper for another class", "if (!(a instanceof n))", "if (!(a instanceof Realm))"],
  ["without a helper", check, 'if (!(this instanceof Realm)) throw new TypeError("no");'],
  ["that ends well", check, "if (!(this instanceof Realm)) return this;"],
  [
    "in a method",
    "var ret = wasm.hostedrealm_generate(",
    'if (!(this instanceof Realm)) throw new TypeError("no"); var ret = wasm.hostedrealm_generate(',
  ],
];

describe("a class of before 2015", () => {
  it("is whole", () => {
    expect(holesIn(readGlue(lowered, "glue.js", { shape }))).toEqual([]);
  });

  it.each(checks)("has a hole where its objects are checked %s", (_, from, to) => {
    const text = lowered.replace(from, () => to);
    expect(text).not.toBe(lowered);
    expect(holesIn(readGlue(text, "glue.js", { shape })).join()).toContain("HostedRealm");
  });

  it.each(old)("has a hole where it is changed %s", (_, from, to) => {
    const text = lowered.replace(from, () => to);
    expect(text).not.toBe(lowered);
    expect(holesIn(readGlue(text, "glue.js", { shape })).join()).toContain("HostedRealm");
  });
});
