import type { GlueImport, Read } from "../../../src/cli/declare/glue/model.ts";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import type { Shape, ValueType } from "../../../src/node.ts";

/** Helpers as wasm-bindgen prints them for every module. */
const shared = `
let wasm;
let bytes = null;
function getUint8ArrayMemory0() { if (bytes === null || bytes.byteLength === 0) { bytes = new Uint8Array(wasm.memory.buffer); } return bytes; }
let floats = null;
function getFloat64ArrayMemory0() { if (floats === null || floats.byteLength === 0) { floats = new Float64Array(wasm.memory.buffer); } return floats; }
let view = null;
function getDataViewMemory0() { if (view === null || view.buffer.detached === true || (view.buffer.detached === undefined && view.buffer !== wasm.memory.buffer)) { view = new DataView(wasm.memory.buffer); } return view; }
const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
function getStringFromWasm0(ptr, len) { ptr = ptr >>> 0; return decoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len)); }
function getArrayU8FromWasm0(ptr, len) { ptr = ptr >>> 0; return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len); }
function getArrayF64FromWasm0(ptr, len) { ptr = ptr >>> 0; return getFloat64ArrayMemory0().subarray(ptr / 8, ptr / 8 + len); }
const encoder = new TextEncoder();
let WASM_VECTOR_LEN = 0;
function passStringToWasm0(arg, malloc, realloc) { const buf = encoder.encode(arg); const ptr = malloc(buf.length, 1) >>> 0; getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf); WASM_VECTOR_LEN = buf.length; return ptr; }
async function load() {}
const tag = new WebAssembly.Tag({ parameters: ["externref"] });
function isLikeNone(x) { return x === undefined || x === null; }
function debugString(val) {
  const type = typeof val;
  if (type == 'number' || type == 'boolean' || val == null) { return \`\${val}\`; }
  if (type == 'string') { return \`"\${val}"\`; }
  if (type == 'symbol') { const description = val.description; if (description == null) { return 'Symbol'; } else { return \`Symbol(\${description})\`; } }
  if (type == 'function') { const name = val.name; if (typeof name == 'string' && name.length > 0) { return \`Function(\${name})\`; } else { return 'Function'; } }
  if (Array.isArray(val)) {
    const length = val.length; let debug = '[';
    if (length > 0) { debug += debugString(val[0]); }
    for (let i = 1; i < length; i++) { debug += ', ' + debugString(val[i]); }
    debug += ']'; return debug;
  }
  const builtInMatches = /\\[object ([^\\]]+)\\]/.exec(toString.call(val));
  let className;
  if (builtInMatches && builtInMatches.length > 1) { className = builtInMatches[1]; } else { return toString.call(val); }
  if (className == 'Object') { try { return 'Object(' + JSON.stringify(val) + ')'; } catch (_) { return 'Object'; } }
  if (val instanceof Error) { return \`\${val.name}: \${val.message}\\n\${val.stack}\`; }
  return className;
}
`;

/** Those of a module whose values are in a list. */
const heap = `
let heap = new Array(128).fill(undefined);
heap.push(undefined, null, true, false);
function getObject(idx) { return heap[idx]; }
let heap_next = heap.length;
function addHeapObject(obj) { if (heap_next === heap.length) heap.push(heap.length + 1); const idx = heap_next; heap_next = heap[idx]; heap[idx] = obj; return idx; }
function dropObject(idx) { if (idx < 132) return; heap[idx] = heap_next; heap_next = idx; }
function takeObject(idx) { const ret = getObject(idx); dropObject(idx); return ret; }
`;

/** Where the values are that a module knows by number. */
export type Abi = "heap" | "table";
/**
 * Reads an import as wasm-bindgen prints it.
 *
 * @param abi - Where values are.
 * @param name - The name of the import.
 * @param type - The types of its words: `h` is a value, in a list or as it is, `I` and `d` are `i64` and `f64`.
 * @param body - The function. `GET`, `TAKE` and `PUT` are the helpers for values of a list.
 * @param more - More of the text.
 */
export function readPrinted(
  abi: Abi,
  name: string,
  type: string,
  body: string,
  more = "",
): Read<GlueImport> | undefined {
  const [params = [], results = []] = type.split("->").map((list) =>
    Array.from(list.trim(), (letter): ValueType => {
      if (letter === "h") return abi === "heap" ? "i32" : "externref";
      return letter === "I" ? "i64" : letter === "d" ? "f64" : "i32";
    }),
  );
  const value = abi === "heap" ? "i32" : "externref";
  const shape = {
    imports: [{ kind: "function", module: "wbg", name, type: { params, results } }],
    exports: [
      { kind: "memory", name: "memory" },
      { kind: "function", name: "__externref_table_alloc", type: { params: [], results: ["i32"] } },
      { kind: "table", name: "table", type: { element: "funcref" } },
      { kind: "table", name: "__wbindgen_externrefs", type: { element: "externref" } },
      ...(
        [
          ["malloc", 2, 1],
          ["realloc", 4, 1],
          ["free", 3, 0],
          ["other", 1, 0],
          ["exn_store", 1, 0],
          ["run", 3, 0],
          ["run_two", 4, 0],
          ["run_result", 3, 1],
        ] as const
      ).map(([one, count, result]) => ({
        kind: "function",
        name: `__wbindgen_${one}`,
        type: {
          params: Array.from({ length: count }, (_, at) => (one.startsWith("run") && at > 1 ? value : "i32")),
          results: Array(result).fill("i32"),
        },
      })),
    ],
  } as unknown as Shape;
  const names = { GET: "getObject", TAKE: "takeObject", PUT: "addHeapObject" };
  const written = (text: string): string =>
    text.replace(/(GET|TAKE|PUT)\(/g, (_, word: keyof typeof names) => (abi === "heap" ? `${names[word]}(` : "("));
  const used = "wasm.memory; wasm.__wbindgen_malloc; wasm.__wbindgen_realloc; wasm.__wbindgen_free;";
  const text = `${shared}${abi === "heap" ? heap : ""} export function used() { ${used} } ${written(more)} const imports = { wbg: {} }; imports.wbg.${name} = ${written(body)};`;
  return readGlue(text, "test.js", { shape }).imports.get(name);
}
