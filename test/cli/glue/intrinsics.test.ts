import { describe, expect, it } from "vitest";
import { type Abi, readPrinted } from "./printed.ts";

/** Functions of wasm-bindgen's runtime as its versions print them, and the same ones with a change that their names do not tell. */

type Body = readonly [from: string, to: string];

function isChanged(abi: Abi, name: string, type: string, body: string): boolean {
  const found = readPrinted(abi, name, type, body);
  if (found?.kind !== "intrinsic") throw new Error(`${name} is ${String(found?.kind)}`);
  return found.changed !== undefined;
}

const hashed = (name: string) => `__wbg___wbindgen_${name}_0123456789abcdef`;
const old = (name: string) => `__wbindgen_${name}`;

/** The name, the types of words, the function, and its changes. */
type Row = readonly [name: string, type: string, body: string, ...changes: readonly Body[]];

const word = (expression: string) => `function(arg0, arg1) { const ret = ${expression}; return ret; }`;
const value = (expression: string) => `function(arg0, arg1) { const ret = ${expression}; return PUT(ret); }`;
const binary = (name: string, operator: string, other: string): Row => [
  hashed(name),
  "hh->h",
  value(`GET(arg0) ${operator} GET(arg1)`),
  ["(arg0)", "(arg1)"],
  [` ${operator} `, ` ${other} `],
  ["const ret = ", "const ret = 0 + "],
  ["return PUT(ret)", "wasm.__wbindgen_other(1); return PUT(ret)"],
];
const compared = (name: string, operator: string, other: string): Row => [
  hashed(name),
  "hh->i",
  word(`GET(arg0) ${operator} GET(arg1)`),
  [` ${operator} `, ` ${other} `],
  ["return ret", "return !ret"],
];
const question = (name: string, test: string, ...changes: readonly Body[]): Row => [
  hashed(name),
  "h->i",
  word(test),
  ["return ret", "return !ret"],
  ["return ret", "return ret ? 2 : 0"],
  ["return ret", "if (ret) return ret"],
  ["return ret", "return globalThis.mine ? 0 : ret"],
  ...changes,
];
const written = (body: string, write: string) => `function(arg0, arg1) { ${body} ${write} }`;
const optional = (set: string, zero: string) =>
  `getDataViewMemory0().${set}(arg0 + 8 * 1, isLikeNone(ret) ? ${zero} : ret, true); getDataViewMemory0().setInt32(arg0 + 4 * 0, !isLikeNone(ret), true);`;
const text =
  "const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc); const len1 = WASM_VECTOR_LEN; getDataViewMemory0().setInt32(arg0 + 4 * 1, len1, true); getDataViewMemory0().setInt32(arg0 + 4 * 0, ptr1, true);";
const array = (element: string, size: number) =>
  `function(arg0, arg1) { var v0 = getArray${element}FromWasm0(arg0, arg1).slice(); wasm.__wbindgen_free(arg0, arg1 * ${size}, ${size}); const ret = v0; return PUT(ret); }`;

const rows: readonly Row[] = [
  question("is_undefined", "GET(arg0) === undefined", ["===", "=="], ["GET(arg0)", "GET(arg0)?.name"]),
  question("is_null", "GET(arg0) === null", ["===", "=="], ["null", "false"]),
  question("is_falsy", "!GET(arg0)", ["!", "null == "]),
  question("is_function", "typeof(GET(arg0)) === 'function'", ["'function'", "'object'"]),
  question("is_string", "typeof(GET(arg0)) === 'string'", ["'string'", "'symbol'"]),
  question("is_bigint", "typeof(GET(arg0)) === 'bigint'", ["'bigint'", "'number'"]),
  question("is_symbol", "typeof(GET(arg0)) === 'symbol'", ["'symbol'", "'string'"]),
  question("is_array", "Array.isArray(GET(arg0))", ["Array.isArray(", "Boolean("]),
  [
    hashed("is_object"),
    "h->i",
    "function(arg0) { const val = GET(arg0); const ret = typeof(val) === 'object' && val !== null; return ret; }",
    [" && val !== null", ""],
    ["&&", "||"],
  ],
  compared("jsval_eq", "===", "=="),
  compared("jsval_loose_eq", "==", "==="),
  compared("lt", "<", "<="),
  compared("le", "<=", "<"),
  compared("ge", ">=", ">"),
  compared("gt", ">", ">="),
  [old("in"), "hh->i", word("GET(arg0) in GET(arg1)"), ["GET(arg0) in GET(arg1)", "GET(arg1) in GET(arg0)"]],
  binary("bit_and", "&", "|"),
  binary("bit_or", "|", "&"),
  binary("bit_xor", "^", "|"),
  binary("shl", "<<", ">>"),
  binary("shr", ">>", ">>>"),
  binary("add", "+", "-"),
  binary("sub", "-", "+"),
  binary("mul", "*", "**"),
  binary("div", "/", "%"),
  binary("rem", "%", "/"),
  binary("pow", "**", "*"),
  [
    hashed("checked_div"),
    "hh->h",
    "function(arg0, arg1) { let result; try { result = GET(arg0) / GET(arg1); } catch (e) { if (e instanceof RangeError) { result = e; } else { throw e; } } const ret = result; return PUT(ret); }",
    ["GET(arg0) / GET(arg1)", "GET(arg1) / GET(arg0)"],
    ["GET(arg0) / GET(arg1)", "GET(arg0) % GET(arg1)"],
    ["RangeError", "TypeError"],
    ["else { throw e; }", "else { result = e; }"],
    ["if (e instanceof RangeError) { result = e; } else { throw e; }", "result = e;"],
    ["result = e;", "result = 0;"],
    ["result = e;", "throw e;"],
    ["const ret = result", "const ret = Number(result)"],
  ],
  [
    hashed("try_into_number"),
    "h->h",
    "function(arg0) { let result; try { result = +GET(arg0) } catch (e) { result = e } const ret = result; return PUT(ret); }",
    ["+GET", "-GET"],
    ["+GET", "GET"],
    ["result = e", "throw e"],
    ["result = e", "result = e.message"],
    ["result = e", "result = NaN"],
    ["const ret = result", "const ret = result | 0"],
  ],
  [hashed("neg"), "h->h", value("-GET(arg0)"), ["-GET", "+GET"], ["-GET", "0 - GET"]],
  [hashed("bit_not"), "h->h", value("~GET(arg0)"), ["~GET", "-GET"]],
  [hashed("typeof"), "h->h", value("typeof GET(arg0)"), ["typeof GET", "GET"]],
  [hashed("unsigned_shr"), "hh->i", word("GET(arg0) >>> GET(arg1)"), [">>>", ">>"]],
  [old("as_number"), "h->d", word("+GET(arg0)"), ["+GET", "-GET"], ["return ret", "return ret | 0"]],
  [
    old("boolean_get"),
    "h->i",
    "function(arg0) { const v = GET(arg0); const ret = typeof(v) === 'boolean' ? (v ? 1 : 0) : 2; return ret; }",
    ["2", "0xFFFFFF"],
    ["(v ? 1 : 0)", "(v ? 0 : 1)"],
  ],
  [
    hashed("boolean_get"),
    "h->i",
    "function(arg0) { const v = GET(arg0); const ret = typeof(v) === 'boolean' ? v : undefined; return isLikeNone(ret) ? 0xFFFFFF : ret ? 1 : 0; }",
    ["0xFFFFFF", "2"],
    ["ret ? 1 : 0", "ret ? 0 : 1"],
    ["typeof(v) === 'boolean' ? v : undefined", "Boolean(v)"],
  ],
  [
    hashed("number_get"),
    "ih->",
    written(
      "const obj = GET(arg1); const ret = typeof(obj) === 'number' ? obj : undefined;",
      optional("setFloat64", "0"),
    ),
    ["'number'", "'bigint'"],
    ["8 * 1", "4 * 1"],
    ["!isLikeNone(ret), true", "isLikeNone(ret), true"],
    ["setFloat64", "setFloat32"],
    ["? obj : undefined", "? obj | 0 : undefined"],
  ],
  [
    hashed("bigint_get_as_i64"),
    "ih->",
    written(
      "const v = GET(arg1); const ret = typeof(v) === 'bigint' ? v : undefined;",
      optional("setBigInt64", "BigInt(0)"),
    ),
    ["'bigint'", "'number'"],
    ["? v : undefined", "? -v : undefined"],
    ["4 * 0", "4 * 1"],
  ],
  [
    hashed("string_get"),
    "ih->",
    "function(arg0, arg1) { const obj = GET(arg1); const ret = typeof(obj) === 'string' ? obj : undefined; var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc); var len1 = WASM_VECTOR_LEN; getDataViewMemory0().setInt32(arg0 + 4 * 1, len1, true); getDataViewMemory0().setInt32(arg0 + 4 * 0, ptr1, true); }",
    ["? obj : undefined", "? obj.trim() : undefined"],
    ["'string'", "'symbol'"],
    ["4 * 1, len1", "4 * 1, ptr1"],
    ["len1 = WASM_VECTOR_LEN", "len1 = ret.length"],
    ["getDataViewMemory0().setInt32(arg0 + 4 * 0", "if (globalThis.mine) getDataViewMemory0().setInt32(arg0 + 4 * 0"],
  ],
  [
    hashed("debug_string"),
    "ih->",
    written("const ret = debugString(GET(arg1));", text),
    ["debugString(", "String("],
    ["debugString(GET(arg1))", "debugString(arg0)"],
    ["len1, true", "len1 + 1, true"],
  ],
  [
    old("json_serialize"),
    "ih->",
    written("const obj = GET(arg1); const ret = JSON.stringify(obj === undefined ? null : obj);", text),
    ["obj === undefined ? null : obj", "obj"],
    ["obj === undefined ? null : obj", "obj === null ? undefined : obj"],
    ["obj === undefined ? null : obj", "{ obj }"],
  ],
  [
    old("json_parse"),
    "ii->h",
    value("JSON.parse(getStringFromWasm0(arg0, arg1))"),
    ["Wasm0(arg0, arg1)", "Wasm0(arg1, arg0)"],
  ],
  [old("string_new"), "ii->h", value("getStringFromWasm0(arg0, arg1)"), ["Wasm0(arg0, arg1)", "Wasm0(arg0, arg1 - 1)"]],
  [
    old("error_new"),
    "ii->h",
    value("new Error(getStringFromWasm0(arg0, arg1))"),
    ["new Error", "new TypeError"],
    ["new Error", ""],
  ],
  [old("number_new"), "d->h", value("arg0"), ["= arg0", "= arg0 | 0"], ["= arg0", "= String(arg0)"]],
  [
    old("bigint_from_i64"),
    "I->h",
    value("arg0"),
    ["= arg0", "= BigInt.asUintN(64, arg0)"],
    ["= arg0", "= Number(arg0)"],
  ],
  [
    old("bigint_from_u64"),
    "I->h",
    value("BigInt.asUintN(64, arg0)"),
    ["asUintN(64", "asUintN(63"],
    ["asUintN", "asIntN"],
  ],
  [
    old("bigint_from_u128"),
    "II->h",
    value("BigInt.asUintN(64, arg0) << BigInt(64) | BigInt.asUintN(64, arg1)"),
    [
      "BigInt.asUintN(64, arg0) << BigInt(64) | BigInt.asUintN(64, arg1)",
      "BigInt.asUintN(64, arg1) << BigInt(64) | BigInt.asUintN(64, arg0)",
    ],
    ["BigInt.asUintN(64, arg0) <<", "arg0 <<"],
    ["| BigInt.asUintN(64, arg1)", "| arg1"],
    ["BigInt(64)", "BigInt(63)"],
    ["|", "&"],
    ["|", "+ BigInt(1) +"],
  ],
  [
    old("bigint_from_i128"),
    "II->h",
    value("arg0 << BigInt(64) | BigInt.asUintN(64, arg1)"),
    ["= arg0", "= BigInt.asUintN(64, arg0)"],
    ["BigInt.asUintN(64, arg1)", "arg1"],
  ],
  [
    old("bigint_from_str"),
    "ii->h",
    value("BigInt(getStringFromWasm0(arg0, arg1))"),
    ["BigInt(", "Number("],
    ["BigInt(", "-BigInt("],
    ["Wasm0(arg0, arg1)", "Wasm0(arg0, arg1 - 1)"],
    ["const ret =", "wasm.__wbindgen_free(arg0, arg1, 1); const ret ="],
  ],
  [
    old("symbol_named_new"),
    "ii->h",
    value("Symbol(getStringFromWasm0(arg0, arg1))"),
    ["Symbol(", "String("],
    ["Symbol(getStringFromWasm0(arg0, arg1))", "Symbol()"],
  ],
  [old("symbol_anonymous_new"), "->h", value("Symbol()"), ["Symbol()", "Symbol('x')"], ["Symbol()", "undefined"]],
  [old("array_new"), "->h", value("[]"), ["[]", "[undefined]"], ["[]", "{}"]],
  [
    old("array_push"),
    "hh->",
    "function(arg0, arg1) { GET(arg0).push(TAKE(arg1)); }",
    [".push(", ".unshift("],
    ["push(TAKE(arg1))", "push(TAKE(arg1), 1)"],
  ],
  [
    old("uint8_array_new"),
    "ii->h",
    array("U8", 1),
    [".slice()", ""],
    [".slice()", ".slice(1)"],
    ["wasm.__wbindgen_free(arg0, arg1 * 1, 1);", ""],
    ["arg1 * 1, 1", "arg1 * 2, 1"],
    ["wasm.__wbindgen_free(arg0", "wasm.__wbindgen_free(arg1"],
    ["const ret = v0", "const ret = v0.buffer"],
    ["(arg0, arg1).", "(arg0, arg1 - 1)."],
  ],
  [
    old("float64_array_new"),
    "ii->h",
    array("F64", 8),
    ["F64", "U8"],
    ["arg1 * 8, 8", "arg1, 8"],
    ["const ret = v0", "wasm.__wbindgen_free(arg0, arg1 * 8, 8); const ret = v0"],
  ],
  [
    hashed("copy_to_typed_array"),
    "iih->",
    "function(arg0, arg1, arg2) { new Uint8Array(GET(arg2).buffer, GET(arg2).byteOffset, GET(arg2).byteLength).set(getArrayU8FromWasm0(arg0, arg1)); }",
    [", GET(arg2).byteOffset, GET(arg2).byteLength", ""],
    ["GET(arg2).byteOffset", "0"],
    ["(arg0, arg1)", "(arg0, arg1 - 1)"],
    ["new Uint8Array(GET(arg2).buffer, GET(arg2).byteOffset, GET(arg2).byteLength)", "GET(arg2)"],
    [
      ".set(getArrayU8FromWasm0(arg0, arg1))",
      ".set(getArrayU8FromWasm0(arg0, arg1), 0); getUint8ArrayMemory0()[arg0] = 7",
    ],
    [".set(getArrayU8FromWasm0(arg0, arg1))", ""],
  ],
  [
    hashed("throw"),
    "ii->",
    "function(arg0, arg1) { throw new Error(getStringFromWasm0(arg0, arg1)); }",
    ["throw new Error(getStringFromWasm0(arg0, arg1));", "if (arg1) throw new Error(getStringFromWasm0(arg0, arg1));"],
    ["throw new Error", "if (Date.now() > 5) throw new Error"],
    ["Error(", "TypeError("],
    ["throw new", "return new"],
  ],
  [
    hashed("throw"),
    "ii->",
    "function(arg0, arg1) { throw new WebAssembly.Exception(tag, [new Error(getStringFromWasm0(arg0, arg1))]); }",
    ["new Error(getStringFromWasm0(arg0, arg1))]", "getStringFromWasm0(arg0, arg1)]"],
    ["throw new WebAssembly", "return new WebAssembly"],
  ],
  [
    hashed("rethrow"),
    "h->",
    "function(arg0) { throw new WebAssembly.Exception(tag, [TAKE(arg0)]); }",
    ["[TAKE(arg0)]", "[]"],
    ["[TAKE(arg0)]", "[String(TAKE(arg0))]"],
  ],
  [
    hashed("rethrow"),
    "h->",
    "function(arg0) { throw TAKE(arg0); }",
    ["throw TAKE(arg0)", "if (Date.now() > 5) throw TAKE(arg0)"],
    ["throw TAKE(arg0)", "if (globalThis.mine) throw TAKE(arg0)"],
    ["throw TAKE(arg0)", "throw new Error(TAKE(arg0))"],
    ["throw TAKE(arg0)", "try { throw TAKE(arg0) } catch {}"],
  ],
  [old("memory"), "->h", value("wasm.memory"), ["wasm.memory", "wasm.memory.buffer"], ["wasm.memory", "wasm.table"]],
  [old("exports"), "->h", value("wasm"), ["= wasm", "= wasm.memory"], ["= wasm", "= { memory: wasm.memory }"]],
  [old("function_table"), "->h", value("wasm.table"), ["wasm.table", "wasm.memory"]],
  [
    old("module"),
    "->h",
    value("load.__wbindgen_wasm_module"),
    ["load.__wbindgen_wasm_module", "undefined"],
    ["load.__wbindgen_wasm_module", "{}"],
  ],
  [
    "__wbg__wbg_cb_unref_0123456789abcdef",
    "h->",
    "function(arg0) { GET(arg0)._wbg_cb_unref(); }",
    ["GET(arg0)._wbg_cb_unref();", ""],
    ["GET(arg0)._wbg_cb_unref();", "GET(arg0)._wbg_cb_unref(); GET(arg0)._wbg_cb_unref();"],
    ["GET(arg0)._wbg_cb_unref();", "GET(arg0)._wbg_cb_unref;"],
    ["_wbg_cb_unref", "original"],
    ["GET(arg0)._wbg_cb_unref();", "if (globalThis.mine) GET(arg0)._wbg_cb_unref();"],
    ["GET(arg0)._wbg_cb_unref();", "if (Date.now() > 5) GET(arg0)._wbg_cb_unref();"],
  ],
];

/** Functions that only a module with a list of values, or only one with a table, imports. */
const single: Readonly<Record<Abi, readonly Row[]>> = {
  heap: [
    [old("object_clone_ref"), "h->h", value("GET(arg0)"), ["PUT(ret)", "arg0"], ["GET(arg0)", "TAKE(arg0)"]],
    [
      old("object_drop_ref"),
      "h->",
      "function(arg0) { TAKE(arg0); }",
      ["TAKE", "GET"],
      ["TAKE(arg0)", "TAKE(arg0 + 1)"],
      ["TAKE(arg0)", "if (globalThis.mine) TAKE(arg0)"],
    ],
    [
      old("externref_heap_live_count"),
      "->i",
      "function() { let free_count = 0; let next = heap_next; while (next < heap.length) { free_count += 1; next = heap[next]; } const ret = heap.length - free_count - 128 - 4; return ret; }",
      ["- free_count - 128", "- 128"],
      ["- 4", "- 5"],
      ["+= 1", "+= 2"],
    ],
    ...["neg", "try_into_number", "checked_div"].map((name): Row => {
      const [, type = "", body = ""] = rows.find(([one]) => one === hashed(name)) ?? [];
      // A value that is lent is not given back.
      return [hashed(name), type, body, ["GET", "TAKE"], ["PUT(ret)", "ret"]];
    }),
  ],
  table: [
    [
      old("init_externref_table"),
      "->",
      "function() { const table = wasm.__wbindgen_externrefs; const offset = table.grow(4); table.set(0, undefined); table.set(offset + 0, undefined); table.set(offset + 1, null); table.set(offset + 2, true); table.set(offset + 3, false); ; }",
      ["offset + 3, false", "offset + 3, true"],
      ["table.set(0, undefined);", "table.set(0, null);"],
      ["grow(4)", "grow(5)"],
    ],
    [
      old("init_externref_table"),
      "->",
      "function() { const table = wasm.__wbindgen_externrefs; table.set(0, undefined); table.set(1024, undefined); table.set(1025, null); table.set(1026, true); table.set(1027, false); table.set(1028, 'text'); }",
      ["1027", "1029"],
      ["1024, undefined", "1000, undefined"],
    ],
  ],
};

for (const abi of ["heap", "table"] as const) {
  describe(`a function of wasm-bindgen's own, with values in a ${abi === "heap" ? "list" : "table"}`, () => {
    const all = [...rows, ...single[abi]];
    it.each(all.map(([name, type, body]) => [name, type, body] as const))("%s (%s) is known", (name, type, body) => {
      expect(isChanged(abi, name, type, body)).toBe(false);
    });

    const changes = all.flatMap(([name, type, body, ...edits]) =>
      edits.map(([from, to]) => ({ name, type, body, from, to })),
    );
    // In a table, a value and its place are the same.
    const seen = changes.filter(({ body, from, to }) => {
      const plain = (one: string) => one.replaceAll(/(GET|TAKE|PUT)\(/g, "(");
      return abi === "heap" || plain(body) !== plain(body.replace(from, () => to));
    });
    it.each(seen)("$name is remarked on with $to in place of $from", ({ name, type, body, from, to }) => {
      const changed = body.replace(from, () => to);
      expect(changed).not.toBe(body);
      expect(isChanged(abi, name, type, changed)).toBe(true);
    });
  });
}
