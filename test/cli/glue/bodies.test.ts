import { describe, expect, it } from "vitest";
import { type Edit, inputsOf, remarksOn } from "./edits.ts";

/** Changes inside of functions. The file must not state what the function did before, nor what it does not do. */

const packages = {
  gluesql: await inputsOf("node_modules/gluesql/web/gluesql_js_bg.wasm"),
  matrix: await inputsOf("node_modules/@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.wasm"),
  prqlc: await inputsOf("node_modules/prqlc/dist/node/prqlc_js_bg.wasm"),
  voy: await inputsOf("node_modules/voy-search/voy_search_bg.wasm"),
};

const run = "return f(a, state.b, ...args);";
const destroy = "wasm.__wbindgen_export_2.get(state.dtor)(a, state.b);";
const adapter = "wasm.__wbindgen_export_3(arg0, arg1, addHeapObject(arg2));";
const attempt = "            return f(a, state.b, ...args);\n        } finally";

/** Closures that a list of tables destroys. */
const gluesql: readonly Edit[] = [
  ["a closure gets its words exchanged", run, "return f(state.b, a, ...args);"],
  ["a closure does something else, too", run, `console.log(args); ${run}`],
  ["a closure is called under a condition", run, `if (args.length) ${run}`],
  ["a closure is called under a condition on the outside", run, `if (globalThis.mine) ${run}`],
  ["a closure is called twice", run, `f(a, state.b, ...args); ${run}`],
  ["a closure is called in a loop", run, `for (const one of args) f(a, state.b, one);`],
  ["a closure gets another argument", run, "return f(a, state.b, undefined, ...args);"],
  ["a closure's arguments are in another order", run, "return f(a, state.b, ...args.reverse());"],
  ["a closure's result is another one", run, "f(a, state.b, ...args); return 5;"],
  ["a closure's result is a promise", run, "return Promise.resolve(f(a, state.b, ...args));"],
  ["a closure runs later", run, "queueMicrotask(() => f(a, state.b, ...args));"],
  ["a closure's errors are swallowed", attempt, attempt.replace("finally", "catch { return undefined; } finally")],
  ["a closure's errors are others", attempt, attempt.replace("finally", "catch (e) { throw new Error(e); } finally")],
  [
    "a closure's errors end in the console",
    attempt,
    attempt.replace("finally", "catch (e) { console.log(e); } finally"),
  ],
  ["a closure runs once", "state.cnt++;", 'state.cnt++; if (state.used) throw new Error("once"); state.used = true;'],
  ["a closure runs twice", "state.cnt++;", "state.cnt++; if (state.cnt > 2) return;"],
  ["a closure is destroyed by its words exchanged", destroy, destroy.replace("a, state.b", "state.b, a")],
  ["a closure is destroyed by its second word", destroy, destroy.replace("a, state.b", "state.b, state.b")],
  ["a closure is never destroyed", destroy, ""],
  ["a closure is destroyed while it lives", "if (--state.cnt === 0) {", "if (--state.cnt !== 0) {"],
  ["a closure is destroyed by every call", "if (--state.cnt === 0) {", "{"],
  [
    "a closure is destroyed too early",
    "const state = { a: arg0, b: arg1, cnt: 1, dtor };",
    "const state = { a: arg0, b: arg1, cnt: 0, dtor };",
  ],
  [
    "a closure is destroyed too late",
    "const state = { a: arg0, b: arg1, cnt: 1, dtor };",
    "const state = { a: arg0, b: arg1, cnt: 2, dtor };",
  ],
  ["a closure does not get its address back", "state.a = a;", ""],
  ["a closure's values are lent", adapter, adapter.replace("addHeapObject", "addBorrowedObject")],
  ["an adapter exchanges the words", adapter, adapter.replace("arg0, arg1", "arg1, arg0")],
  ["an adapter has a condition", adapter, `if (arg2) ${adapter}`],
  ["an adapter has a condition on the outside", adapter, `if (globalThis.mine) ${adapter}`],
  ["an adapter leaves the call out early", adapter, `if (arg2 === undefined) return; ${adapter}`],
  ["an adapter calls nothing", adapter, ""],
  ["an adapter calls the console", adapter, `console.log(arg2); ${adapter}`],
  ["an adapter throws", adapter, `if (!arg2) throw new Error("none"); ${adapter}`],
  ["an adapter calls twice", adapter, `${adapter} ${adapter}`],
  [
    "an adapter calls another function first",
    adapter,
    `wasm.__wbindgen_export_4(arg0, arg1, addHeapObject(arg2)); ${adapter}`,
  ],
  ["an adapter swallows errors", adapter, `try { ${adapter} } catch {}`],
  ["an adapter changes a value", adapter, adapter.replace("arg2", "arg2 + 1")],
  [
    "an adapter has a default value",
    "function __wbg_adapter_26(arg0, arg1, arg2) {",
    "function __wbg_adapter_26(arg0, arg1, arg2 = 5) {",
  ],
  [
    "an adapter exchanges two values",
    "(arg0, arg1, addHeapObject(arg2), addHeapObject(arg3))",
    "(arg0, arg1, addHeapObject(arg3), addHeapObject(arg2))",
  ],
  [
    "an adapter passes one value twice",
    "(arg0, arg1, addHeapObject(arg2), addHeapObject(arg3))",
    "(arg0, arg1, addHeapObject(arg2), addHeapObject(arg2))",
  ],
  [
    "an executor exchanges its functions",
    "return __wbg_adapter_191(a, state0.b, arg0, arg1);",
    "return __wbg_adapter_191(a, state0.b, arg1, arg0);",
  ],
  [
    "an executor runs under a condition",
    "return __wbg_adapter_191(a, state0.b, arg0, arg1);",
    "if (arg0) return __wbg_adapter_191(a, state0.b, arg0, arg1);",
  ],
  [
    "an executor exchanges its words",
    "return __wbg_adapter_191(a, state0.b, arg0, arg1);",
    "return __wbg_adapter_191(state0.b, a, arg0, arg1);",
  ],
  ["a handle of the module's own is given back", "if (idx < 132) return;", "if (idx < 36) return;"],
  ["a closure that is dropped keeps its count", "if (obj.cnt-- == 1) {", "if (obj.cnt == 1) {"],
  [
    "a closure that is dropped is told to live",
    "            obj.a = 0;\n            return true;",
    "            obj.a = 0;\n            return false;",
  ],
  [
    "a closure that is dropped can be called",
    "            obj.a = 0;\n            return true;",
    "            return true;",
  ],
  [
    "a closure that is dropped keeps its handle",
    "const obj = takeObject(arg0).original;",
    "const obj = getObject(arg0).original;",
  ],
  [
    "a closure that lives is told to be dropped",
    "const ret = false;\n        return ret;\n    };\n    imports.wbg.__wbindgen_is_string",
    "const ret = true;\n        return ret;\n    };\n    imports.wbg.__wbindgen_is_string",
  ],
];

const invoke = "return f(a, state.b, ...args);";
const dtor = "wasm.__wbindgen_destroy_closure(state.a, state.b);\n            state.a = 0;";
const modes =
  'const __wbindgen_enum_IdbTransactionMode = ["readonly", "readwrite", "versionchange", "readwriteflush", "cleanup"];';

/** Closures that a function of the module destroys, objects of classes, and texts that are passed by number. */
const matrix: readonly Edit[] = [
  ["a closure gets its words exchanged", invoke, "return f(state.b, a, ...args);"],
  ["a closure gets one argument", invoke, "return f(a, state.b, args[0]);"],
  ["a closure is asynchronous", "const real = (...args) => {", "const real = async (...args) => {"],
  ["a closure is destroyed by its words exchanged", dtor, dtor.replace("state.a, state.b", "state.b, state.a")],
  ["a closure is never destroyed", dtor, "state.a = 0;"],
  ["a closure is destroyed too late", "cnt: 1 }", "cnt: 2 }"],
  [
    "a closure is not released",
    "            state.a = a;\n            real._wbg_cb_unref();",
    "            state.a = a;",
  ],
  [
    "a closure's error is not thrown",
    /(JsError___true_\(arg0, arg1, arg2\);\n) {4}if \(ret\[1\]\) \{\n {8}throw takeFromExternrefTable0\(ret\[0\]\);\n {4}\}/,
    "$1",
  ],
  ["an adapter exchanges the words", "invoke_______true_(arg0, arg1);\n}", "invoke_______true_(arg1, arg0);\n}"],
  ["an import wraps another class", "const ret = ToDeviceRequest.__wrap(arg0);", "const ret = RoomId.__wrap(arg0);"],
  [
    "a class wraps another class",
    /static __wrap\(ptr\) \{\n {8}const obj = Object.create\(RoomId.prototype\)/,
    "static __wrap(ptr) {\n        const obj = Object.create(UserId.prototype)",
  ],
  ["a class unwraps another class", "if (!(jsValue instanceof RoomId)) {", "if (!(jsValue instanceof UserId)) {"],
  ["a class unwraps without a check", "if (!(jsValue instanceof RoomId)) {\n            return 0;\n        }", ""],
  [
    "a class unwraps nothing to another number",
    "if (!(jsValue instanceof RoomId)) {\n            return 0;",
    "if (!(jsValue instanceof RoomId)) {\n            return 1;",
  ],
  [
    "an object stays when it is unwrapped",
    /(instanceof RoomId\)\) \{\n {12}return 0;\n {8}\}\n {8}return jsValue\.)__destroy_into_raw\(\)/,
    "$1__wbg_ptr",
  ],
  [
    "a registry frees by another export",
    "ptr => wasm.__wbg_roomid_free(ptr, 1)",
    "ptr => wasm.__wbg_userid_free(ptr, 1)",
  ],
  [
    "objects are freed by the export of another class",
    "wasm.__wbg_roomid_free(ptr, 0)",
    "wasm.__wbg_userid_free(ptr, 0)",
  ],
  [
    "a destroyed object keeps its address",
    /(class RoomId [^]*?const ptr = this.__wbg_ptr;\n) {8}this.__wbg_ptr = 0;\n/,
    "$1",
  ],
  ["texts are reversed", modes, `${modes}\n__wbindgen_enum_IdbTransactionMode.reverse();`],
  ["a text is replaced", modes, `${modes}\n__wbindgen_enum_IdbTransactionMode[0] = "readwrite";`],
  ["a text is added", modes, `${modes}\n__wbindgen_enum_IdbTransactionMode.push("mine");`],
  ["texts are taken out", modes, `${modes}\n__wbindgen_enum_IdbTransactionMode.length = 1;`],
  [
    "texts are changed under another name",
    modes,
    `${modes}\nconst mine = __wbindgen_enum_IdbTransactionMode; mine.pop();`,
  ],
  [
    "texts are changed by a function",
    modes,
    `${modes}\n(function (all) { all[0] = "x"; })(__wbindgen_enum_IdbTransactionMode);`,
  ],
  ["an unknown text has another number", ".indexOf(ret) + 1 || 3) - 1;", ".indexOf(ret) + 1 || 4) - 1;"],
  ["texts have other numbers", ".indexOf(ret) + 1 || 3) - 1;", ".indexOf(ret) + 1 || 3) - 2;"],
  ["a text that is not there is null", "ret === 0xFFFFFF ? undefined : ret", "ret === 0xFFFFFF ? null : ret"],
  [
    "an assertion of a class is empty",
    /function _assertClass\(instance, klass\) \{[^]*?\n\}/,
    "function _assertClass(instance, klass) {}",
  ],
  [
    "an assertion of a class is the opposite",
    "if (!(instance instanceof klass)) {",
    "if (instance instanceof klass) {",
  ],
  [
    "a view begins elsewhere",
    "cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);",
    "cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer, 16);",
  ],
  [
    "a decoder is replaced",
    "let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });",
    "let cachedTextDecoder = { decode: () => 'x' };",
  ],
  [
    "a decoder is replaced later",
    "cachedTextDecoder.decode();",
    "cachedTextDecoder.decode();\ncachedTextDecoder = { decode: () => 'x' };",
  ],
  [
    "a decoder is patched",
    "cachedTextDecoder.decode();",
    "cachedTextDecoder.decode();\ncachedTextDecoder.decode = () => 'x';",
  ],
  [
    "a decoder is of a library",
    "let cachedTextDecoder = new TextDecoder(",
    "import { TextDecoder as Mine } from './mine';\nlet cachedTextDecoder = new Mine(",
  ],
  [
    "an encoder is patched",
    "const cachedTextEncoder = new TextEncoder();",
    "const cachedTextEncoder = new TextEncoder();\ncachedTextEncoder.encode = () => new Uint8Array();",
  ],
  [
    "an encoder is replaced",
    "const cachedTextEncoder = new TextEncoder();",
    "const cachedTextEncoder = { encode: () => new Uint8Array(), encodeInto: () => ({ read: 0, written: 0 }) };",
  ],
  [
    "an encoder writes other bytes in place",
    "const cachedTextEncoder = new TextEncoder();",
    "const cachedTextEncoder = new TextEncoder();\ncachedTextEncoder.encodeInto = () => ({ read: 1, written: 1 });",
  ],
  [
    "an encoder is of a library",
    "const cachedTextEncoder = new TextEncoder();",
    "import { TextEncoder as Mine } from './mine';\nconst cachedTextEncoder = new Mine();",
  ],
];

const format = "const ret = wasm.__wbg_get_compileoptions_format(this.__wbg_ptr);\n        return ret !== 0;";

const prqlc: readonly Edit[] = [
  ["a question is answered by a number", format, format.replace("ret !== 0;", "ret;")],
  ["a question is answered by an unsigned number", format, format.replace("ret !== 0;", "ret >>> 0;")],
  ["a question is answered by half a number", format, format.replace("ret !== 0;", "ret >>> 1;")],
  ["an object is freed by a registry alone", "wasm.__wbg_compileoptions_free(ptr, 0);", ""],
  [
    "a list is freed by another size",
    "wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);",
    "wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);",
  ],
  [
    "a text is freed by another size",
    "wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);",
    "wasm.__wbindgen_free(ret[0], ret[1] * 2, 1);",
  ],
  ["no value is null", "let v3;", "let v3 = null;"],
  ["no value is an empty text", "let v3;", "let v3 = '';"],
  ["a text is longer than it is", "WASM_VECTOR_LEN = offset;", "WASM_VECTOR_LEN = offset + 1;"],
  ["elements lie elsewhere", "i < ptr + 4 * len; i += 4", "i < ptr + 4 * len; i += 8"],
  ["elements are of the other byte order", "mem.getUint32(i, true)", "mem.getUint32(i, false)"],
  ["a decoder is of another module", "new TextDecoder(", "new (require('./mine').TextDecoder)("],
  [
    "a registry frees by another export",
    "wasm.__wbg_compileoptions_free(ptr >>> 0, 1)",
    "wasm.__wbindgen_free(ptr, 1, 1)",
  ],
  ["an object is not registered", "this.__wbg_ptr = ret >>> 0;", "this.__wbg_ptr = ret >>> 1;"],
];

const free = "        wasm.__wbg_voy_free(ptr);";

const voy: readonly Edit[] = [["an object is freed twice", free, `${free} ${free}`]];

/** Remarks without places, which a change moves. */
const wordsOf = (remarks: readonly string[] | string): readonly string[] =>
  [remarks].flat().map((one) => one.replace(/:\d+:\d+/g, ""));

describe.each(Object.entries({ gluesql, matrix, prqlc, voy }))("a function of %s", (name, edits) => {
  const inputs = packages[name as keyof typeof packages];

  it.each(edits.map((edit) => [edit[0], edit] as const))("is remarked on where %s", async (_, edit) => {
    const before = new Set(wordsOf(await remarksOn(inputs, ["nothing"])));
    const after = wordsOf(await remarksOn(inputs, edit));
    expect(after.filter((one) => !before.has(one)).length).toBeGreaterThan(0);
  });
});
