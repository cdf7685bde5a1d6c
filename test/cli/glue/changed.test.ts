import { describe, expect, it } from "vitest";
import { inputsOf, remarksWith } from "./edits.ts";

/** Each edit of generated JavaScript changes what the package does. The file must not state what the package did before. */
type Edit = readonly [name: string, old: string, now: string];

const packages = {
  voy: await inputsOf("node_modules/voy-search/voy_search_bg.wasm"),
  prqlc: await inputsOf("node_modules/prqlc/dist/node/prqlc_js_bg.wasm"),
};

/** The remarks of a file that is written for edited JavaScript, or the message with which nothing is written. */
function remarks(name: keyof typeof packages, old: string, now: string): Promise<readonly string[] | string> {
  return remarksWith(packages[name], (given) => {
    const text = old === "" ? `${given}\n${now}\n` : given.replace(old, () => now);
    expect(text).not.toBe(given);
    return text;
  });
}

const search = "export function search(index, query, k) {";

const voy: readonly Edit[] = [
  ["a method is replaced", "", "Voy.prototype.size = function () { return 42; };"],
  ["a method is replaced by another name", "", "const P = Voy.prototype; P['size'] = () => 42;"],
  ["a method is defined", "", "Object.defineProperty(Voy.prototype, 'size', { value() { return 42; } });"],
  ["methods are assigned", "", "Object.assign(Voy.prototype, { size() { return 42; } });"],
  ["a method is added", "", "Voy.prototype.mine = function () { return 42; };"],
  ["a static method is replaced", "", "Voy.deserialize = (x) => new Voy();"],
  ["the way to wrap objects is replaced", "", "Voy.__wrap = (x) => x;"],
  ["a class gets another prototype", "", "Object.setPrototypeOf(Voy.prototype, { size: () => 42 });"],
  ["a helper is replaced", "", "getStringFromWasm0 = () => 'x';"],
  ["a parameter has a default value", search, "export function search(index, query, k = 10) {"],
  ["arguments are checked", search, `${search}\n  if (query.length > 10) throw new Error('x');`],
  ["something else is called", search, `${search}\n  console.log(query);`],
  ["an argument is changed", search, `${search}\n  query.length = 2;`],
  [
    "the call happens twice",
    "wasm.voy_clear(this.__wbg_ptr);",
    "wasm.voy_clear(this.__wbg_ptr); wasm.voy_clear(this.__wbg_ptr);",
  ],
  [
    "another export is called too",
    "wasm.voy_clear(this.__wbg_ptr);",
    "wasm.voy_clear(this.__wbg_ptr); wasm.voy_size(this.__wbg_ptr);",
  ],
  ["a result is not taken over", "return takeObject(ret);", "return getObject(ret);"],
  ["a text is not freed", "wasm.__wbindgen_free(deferred1_0, deferred1_1);", ""],
  ["the words of a text are exchanged", "return getStringFromWasm0(r0, r1);", "return getStringFromWasm0(r1, r0);"],
  [
    "a word is read at another place",
    "var r0 = getInt32Memory0()[retptr / 4 + 0];",
    "var r0 = getInt32Memory0()[retptr / 4 + 1];",
  ],
  [
    "no value is another number",
    "isLikeNone(resource) ? 0 : addHeapObject(resource)",
    "isLikeNone(resource) ? 1 : addHeapObject(resource)",
  ],
  ["an object gets more members", "obj.__wbg_ptr = ptr;", "obj.__wbg_ptr = ptr; obj.mine = 1;"],
  ["the exports are others", "wasm = val;", "wasm = { ...val, voy_size: () => 42 };"],
  [
    "texts are in another encoding",
    "new lTextDecoder('utf-8', { ignoreBOM: true, fatal: true })",
    "new lTextDecoder('latin1')",
  ],
  ["texts lose a mark", "{ ignoreBOM: true, fatal: true }", "{ ignoreBOM: false, fatal: true }"],
  ["texts are written in another encoding", "if (code > 0x7F) break;", "if (code > 0xFF) break;"],
  [
    "an array has another length",
    "    getFloat32Memory0().set(arg, ptr / 4);\n    WASM_VECTOR_LEN = arg.length;",
    "    getFloat32Memory0().set(arg, ptr / 4);\n    WASM_VECTOR_LEN = arg.length * 4;",
  ],
  ["errors are swallowed", "wasm.__wbindgen_exn_store(addHeapObject(e));", "console.warn(e);"],
  ["errors are lost", "wasm.__wbindgen_exn_store(addHeapObject(e));", ""],
  [
    "errors are others",
    "wasm.__wbindgen_exn_store(addHeapObject(e));",
    "wasm.__wbindgen_exn_store(addHeapObject(e.message));",
  ],
  [
    "an error of the module is another",
    "throw new Error(getStringFromWasm0(arg0, arg1));",
    "throw new RangeError(getStringFromWasm0(arg0, arg1));",
  ],
  [
    "an error of the module is a text",
    "throw new Error(getStringFromWasm0(arg0, arg1));",
    "throw getStringFromWasm0(arg0, arg1);",
  ],
  ["an error of the module is lost", "throw new Error(getStringFromWasm0(arg0, arg1));", ""],
  [
    "a test of undefined takes null",
    "const ret = getObject(arg0) === undefined;",
    "const ret = getObject(arg0) == undefined;",
  ],
  [
    "a test of undefined is the opposite",
    "const ret = getObject(arg0) === undefined;",
    "const ret = getObject(arg0) !== undefined;",
  ],
  ["any value is a text", "const ret = typeof(obj) === 'string' ? obj : undefined;", "const ret = String(obj);"],
  [
    "a value is copied",
    "    const ret = getObject(arg0);\n    return addHeapObject(ret);",
    "    const ret = structuredClone(getObject(arg0));\n    return addHeapObject(ret);",
  ],
  ["a value is kept", "    takeObject(arg0);\n", "    getObject(arg0);\n"],
];

const size = "    size() {\n";

/** Functions that run later than generated ones, or in parts. */
const late: readonly Edit[] = [
  ["a function is asynchronous", search, "export async function search(index, query, k) {"],
  ["a function is a generator", search, "export function* search(index, query, k) {"],
  ["a method is asynchronous", size, "    async size() {\n"],
  ["a method is a generator", size, "    *size() {\n"],
  ["a static method is asynchronous", "static deserialize(", "static async deserialize("],
  ["a helper is asynchronous", "function isLikeNone(x) {", "async function isLikeNone(x) {"],
  ["a helper for text is asynchronous", "function passStringToWasm0(", "async function passStringToWasm0("],
  ["a helper for text is a generator", "function getStringFromWasm0(", "function* getStringFromWasm0("],
  ["a helper for handles is asynchronous", "function dropObject(", "async function dropObject("],
  ["an import is asynchronous", "function __wbg_error_", "async function __wbg_error_"],
  ["an import is a generator", "function __wbg_error_", "function* __wbg_error_"],
  ["a caught import is asynchronous", "handleError(function (arg0) {", "handleError(async function (arg0) {"],
  ["an intrinsic is asynchronous", "function __wbindgen_string_get(", "async function __wbindgen_string_get("],
  ["an intrinsic is a generator", "function __wbindgen_object_drop_ref(", "function* __wbindgen_object_drop_ref("],
];

/** Members that a class of generated JavaScript does not have. */
const members: readonly Edit[] = [
  ["a class can be iterated", size, `    [Symbol.iterator]() { return wasm.voy_size(this.__wbg_ptr); }\n${size}`],
  ["a class can be iterated by a generator", size, `    *[Symbol.iterator]() { yield 1; }\n${size}`],
  ["a class has a primitive value", size, `    [Symbol.toPrimitive]() { return 1; }\n${size}`],
  ["a class answers instanceof", size, `    static [Symbol.hasInstance](x) { return true; }\n${size}`],
  ["a name is computed", size, `    ["cle" + "ar"]() { return 1; }\n${size}`],
  ["a class can be iterated later", "", "Voy.prototype[Symbol.iterator] = function* () { yield 1; };"],
  ["a symbol is defined", "", "Object.defineProperty(Voy.prototype, Symbol.iterator, { value() {} });"],
  ["disposing does something else", "", "Voy.prototype[Symbol.dispose] = Voy.prototype.clear;"],
  ["a field covers a method", size, `    size = () => 42;\n${size}`],
  ["a field without a value covers a method", size, `    size;\n${size}`],
  ["an object has a field", size, `    extra = 1;\n${size}`],
  ["an object has a private field", size, `    #extra = 1;\n${size}`],
  ["a class has a static field", size, `    static extra = 1;\n${size}`],
  ["a class has a static block", size, `    static { this.prototype.size = () => 42; }\n${size}`],
  ["a class has an accessor", size, `    accessor extra = 1;\n${size}`],
  [
    "a later method covers one",
    "\n}\n\nexport function __wbindgen_object_clone_ref",
    "    size() { return 1; }\n}\n\nexport function __wbindgen_object_clone_ref",
  ],
  [
    "a later getter covers a method",
    "\n}\n\nexport function __wbindgen_object_clone_ref",
    "    get size() { return 1; }\n}\n\nexport function __wbindgen_object_clone_ref",
  ],
  ["a method is of JavaScript", size, `    extra() { return 1; }\n${size}`],
  ["a getter is of JavaScript", size, `    get extra() { return 1; }\n${size}`],
];

/** Names that get another value, and parameters that have one. */
const values: readonly Edit[] = [
  ["a function gets another value", "", "search = (x) => x;"],
  ["a class gets another value", "", "Voy = class {};"],
  ["a function may get another value", "", "if (globalThis.mine) ({ search } = globalThis.mine);"],
  ["an import gets another value", "", "__wbindgen_throw = () => {};"],
  ["a method has a default value", "    search(query, k) {", "    search(query, k = 10) {"],
  ["a helper has a default value", "function addHeapObject(obj) {", "function addHeapObject(obj = null) {"],
  [
    "an import has a default value",
    "function __wbg_error_f851667af71bcfc6(arg0, arg1) {",
    "function __wbg_error_f851667af71bcfc6(arg0 = 5, arg1) {",
  ],
];

const free = "        wasm.__wbg_voy_free(ptr);";
const results = "        wasm.index(retptr, addHeapObject(resource));";
const first = "        var r0 = getInt32Memory0()[retptr / 4 + 0];";
const second = "        var r1 = getInt32Memory0()[retptr / 4 + 1];";
const restored = "        wasm.__wbindgen_add_to_stack_pointer(16);\n";

/** Steps that are left out, exchanged or aimed at something else. */
const steps: readonly Edit[] = [
  ["an object is freed under a condition", free, `if (Date.now() > 5) { ${free} }`],
  ["freeing does something else, too", free, `console.log(1); ${free}`],
  ["freeing passes nothing", free, "wasm.__wbg_voy_free();"],
  [
    "freeing does not take the address",
    "        const ptr = this.__destroy_into_raw();",
    "        const ptr = this.__wbg_ptr;",
  ],
  ["results are read before the call", `${results}\n${first}`, `${first}\n${results}`],
  ["the length is read elsewhere", second, second.replace("+ 1", "+ 2")],
  ["the length is read as a float", second, second.replace("Int32", "Float32")],
  ["the stack is not restored", restored, ""],
  ["the stack is restored twice", restored, `${restored}${restored}`],
  ["the stack is restored by more", restored, restored.replace("16", "17")],
  ["the stack is restored by nothing", restored, "        wasm.__wbindgen_add_to_stack_pointerx(16);\n"],
  [
    "a text is freed by nothing",
    "wasm.__wbindgen_free(deferred1_0, deferred1_1);",
    "wasm.__wbindgen_freex(deferred1_0, deferred1_1);",
  ],
  [
    "a text is allocated by nothing",
    "wasm.__wbindgen_malloc, wasm.__wbindgen_realloc",
    "wasm.__wbindgen_malloc, wasm.__wbindgen_reallocx",
  ],
  ["a text is dropped", "        return getStringFromWasm0(r0, r1);\n", ""],
  ["a value is dropped", "    return takeObject(ret);\n", ""],
  ["the result of an import is dropped", "    return addHeapObject(ret);\n}, arguments) };", "}, arguments) };"],
  [
    "the result of an import is in a list",
    "    return addHeapObject(ret);\n}, arguments) };",
    "    return [addHeapObject(ret)];\n}, arguments) };",
  ],
];

const stack = "const ret = getObject(arg1).stack;";
const log = "console.error(getStringFromWasm0(arg0, arg1));";
const parse = "const ret = JSON.parse(getStringFromWasm0(arg0, arg1));";

/** Imports that do more than their operation, or not always that. */
const imports: readonly Edit[] = [
  ["an operation has a condition", log, `if (arg1 > 5) ${log}`],
  ["an operation has a condition on the outside", log, `if (globalThis.mine) ${log}`],
  ["an operation is left out early", log, `if (arg1 > 5) return;\n${log}`],
  ["an operation is repeated", log, `for (let i = 0; i < 2; i++) ${log}`],
  ["an operation may be another", log, `arg1 > 5 ? ${log.slice(0, -1)} : console.warn(arg0);`],
  ["an operation follows a check", log, `if (!arg0) throw new Error("x");\n${log}`],
  ["the module is called, too", log, `${log} wasm.size(arg0, arg1);`],
  ["a member is set, too", stack, `${stack} getObject(arg1).mine = 5;`],
  ["a member is deleted, too", stack, `${stack} delete getObject(arg1).mine;`],
  ["memory is written, too", parse, `${parse} getInt32Memory0()[0] = 1;`],
  [
    "an argument is freed twice",
    "        wasm.__wbindgen_free(deferred0_0, deferred0_1);",
    "        wasm.__wbindgen_free(deferred0_0, deferred0_1); wasm.__wbindgen_free(deferred0_0, deferred0_1);",
  ],
];

const prqlc: readonly Edit[] = [
  [
    "an object is changed after the constructor's call",
    "this.__wbg_ptr = ret >>> 0;",
    "this.__wbg_ptr = ret >>> 0;\n this.format = false;",
  ],
  [
    "the constructor calls another export",
    "this.__wbg_ptr = ret >>> 0;",
    "this.__wbg_ptr = ret >>> 0;\n wasm.__wbg_set_compileoptions_format(ret, false);",
  ],
  [
    "a function is exported in its place",
    "exports.compile = compile;",
    "exports.compile = (q, o) => compile(q + '\\n', o);",
  ],
  ["a function is exported over it", "", "exports.compile = function (q) { return q; };"],
  ["the table begins with other values", "table.set(offset + 2, true);", "table.set(offset + 2, false);"],
];

describe("generated JavaScript that was changed by hand", () => {
  it("is remarked on, and what is not changed is not", async () => {
    for (const inputs of Object.values(packages)) {
      expect(await remarksWith(inputs, (text) => text)).toEqual([]);
    }
  });

  it.each([...voy, ...late, ...members, ...values, ...steps, ...imports])(
    "is remarked on where %s",
    async (_, old, now) => {
      expect((await remarks("voy", old, now)).length).toBeGreaterThan(0);
    },
  );

  it.each(prqlc)("is remarked on where %s, of another target", async (_, old, now) => {
    expect((await remarks("prqlc", old, now)).length).toBeGreaterThan(0);
  });

  it("is named with its place", async () => {
    expect(await remarks("voy", "", "Voy.prototype.size = () => 42;")).toEqual([
      expect.stringMatching(
        /^Voy\.size: .* is changed after the class, .*voy_search_bg\.js:\d+:1: `Voy\.prototype\.size = /,
      ),
    ]);
  });
});
