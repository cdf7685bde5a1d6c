import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { readPrinted } from "./printed.ts";

/** Exported functions, and methods, that do something else with errors than to pass them on. */

const helpers = `
let wasm;
let heap = new Array(128).fill(undefined);
heap.push(undefined, null, true, false);
let heap_next = heap.length;
function getObject(idx) { return heap[idx]; }
function addHeapObject(obj) { if (heap_next === heap.length) heap.push(heap.length + 1); const idx = heap_next; heap_next = heap[idx]; heap[idx] = obj; return idx; }
function dropObject(idx) { if (idx < 132) return; heap[idx] = heap_next; heap_next = idx; }
function takeObject(idx) { const ret = getObject(idx); dropObject(idx); return ret; }
let view = null;
function getDataViewMemory0() { if (view === null || view.buffer.detached === true || (view.buffer.detached === undefined && view.buffer !== wasm.memory.buffer)) { view = new DataView(wasm.memory.buffer); } return view; }
`;

const plain = "const ret = wasm.f(x); return ret >>> 0;";
const area =
  "const retptr = wasm.__wbindgen_add_to_stack_pointer(-16); wasm.f(retptr, x); var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true); var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true); var r2 = getDataViewMemory0().getInt32(retptr + 4 * 2, true); if (r2) { throw takeObject(r1); } return takeObject(r0);";
const restored = "finally { wasm.__wbindgen_add_to_stack_pointer(16); }";

const handlers = [
  "catch (e) { throw new Error(e); }",
  "catch (e) { throw new Error(String(e)); }",
  "catch (e) { throw e.message; }",
  "catch (e) { throw e.cause; }",
  "catch (e) { throw e.toString(); }",
  "catch (e) { e.stack.push(1); throw e; }",
  "catch (e) { throw e ?? new Error(); }",
  "catch (e) { throw [e]; }",
  "catch (e) { throw undefined; }",
  "catch (e) { throw x; }",
  "catch (e) { e.mine = 1; throw e; }",
  "catch (e) { console.log(e); throw e; }",
  "catch (e) { if (e instanceof Error) throw e; }",
  "catch (e) { if (e instanceof Error) throw e; return 5; }",
  "catch (e) { if (e instanceof Error) throw new RangeError(e.message); throw e; }",
  "catch (e) { return 0; }",
  "catch (e) { return undefined; }",
  "catch (e) { }",
  "catch { throw new Error('failed'); }",
  "catch (e) { return Promise.reject(e); }",
  "catch (e) { wasm.g(); throw e; }",
  "catch (e) { throw convert(e); }",
  "catch (e) { return wasm.f(x) >>> 0; }",
];

const convert = "function convert(e) { return new Error(e); }";

function kindsOf(text: string): readonly unknown[] {
  const { functions, classes } = readGlue(`${helpers} ${convert} ${text}`, "test.js");
  return [functions.get("f")?.kind, classes.get("Thing")?.methods.get("f")?.kind].filter((one) => one !== undefined);
}

const asFunction = (body: string) => `export function f(x) { ${body} }`;
const asMethod = (body: string) =>
  `export class Thing { __destroy_into_raw() { const ptr = this.__wbg_ptr; this.__wbg_ptr = 0; return ptr; } free() { wasm.__wbg_thing_free(this.__destroy_into_raw(), 0); } f(x) { ${body.replaceAll("wasm.f(", "wasm.thing_f(").replace("thing_f(x)", "thing_f(this.__wbg_ptr, x)").replace("thing_f(retptr, x)", "thing_f(retptr, this.__wbg_ptr, x)")} } }`;

describe.each([
  ["a function", asFunction],
  ["a method", asMethod],
])("%s that catches errors", (_, written) => {
  it("is read if it passes them on", () => {
    expect(kindsOf(written(plain))).toEqual(["function"]);
    expect(kindsOf(written(`try { ${area} } ${restored}`))).toEqual(["function"]);
  });

  it.each(handlers)("is a hole with %s", (handler) => {
    expect(kindsOf(written(`try { ${plain} } ${handler}`))).toEqual(["hole"]);
    expect(kindsOf(written(`try { ${area} } ${handler} ${restored}`))).toEqual(["hole"]);
    expect(kindsOf(written(`try { try { ${area} } ${restored} } ${handler}`))).toEqual(["hole"]);
  });

  it.each(["return 0;", "return;", "throw new Error('last');", "if (x) return 0;", "throw x;"])(
    "is a hole if it ends with %s in any case",
    (last) => {
      expect(kindsOf(written(`try { ${plain} } finally { ${last} }`))).toEqual(["hole"]);
      expect(kindsOf(written(`try { ${area} } ${restored.replace("}", `${last} }`)}`))).toEqual(["hole"]);
    },
  );

  it.each([
    "throw new Error(takeObject(r1));",
    "throw takeObject(r1).message;",
    "throw r1;",
    "throw takeObject(r0);",
    "throw getObject(r1);",
    "return takeObject(r1);",
    "console.log(takeObject(r1)); return;",
    "return undefined;",
    "throw [takeObject(r1)];",
    "throw Object.assign(takeObject(r1), { mine: 1 });",
  ])("is a hole if it has %s in place of the module's error", (thrown) => {
    const changed = area.replace("throw takeObject(r1);", thrown);
    expect(kindsOf(written(`try { ${changed} } ${restored}`))).toEqual(["hole"]);
  });
});

describe.each(["heap", "table"] as const)("an import that catches errors, with values in a %s", (abi) => {
  const read = (body: string) =>
    readPrinted(abi, "__wbg_parse_0123456789abcdef", "h->h", body, `${convert} ${debug}`)?.kind;
  const debug = `
function logError(f, args) { try { return f.apply(this, args); } catch (e) {
  let error = (function () { try { return e instanceof Error ? \`\${e.message}\n\nStack:\n\${e.stack}\` : e.toString(); } catch(_) { return "<failed to stringify thrown value>"; } }());
  console.error("wasm-bindgen: imported JS function that was not marked as \`catch\` threw an error:", error);
  throw e;
} }
function handleError(f, args) { try { return f.apply(this, args); } catch (e) { const idx = ${abi === "heap" ? "addHeapObject(e)" : "addToExternrefTable0(e)"}; wasm.__wbindgen_exn_store(idx); } }
function addToExternrefTable0(obj) { const idx = wasm.__externref_table_alloc(); wasm.__wbindgen_externrefs.set(idx, obj); return idx; }
function wrapError(f, args) { try { return f.apply(this, args); } catch (e) {
  if (e instanceof WebAssembly.Exception) throw e;
  throw new WebAssembly.Exception(tag, [e], { traceStack: true });
} }`;
  const operation = "const ret = JSON.parse(GET(arg0)); return PUT(ret);";

  it.each([
    `function(arg0) { ${operation} }`,
    `function() { return logError(function (arg0) { ${operation} }, arguments) }`,
    `function() { return wrapError(function (arg0) { ${operation} }, arguments) }`,
    `function() { return handleError(function (arg0) { ${operation} }, arguments) }`,
    ...["", "logError", "wrapError"].map((wrapper) => {
      const test =
        "function (arg0) { let result; try { result = GET(arg0) instanceof Map; } catch (_) { result = false; } const ret = result; return ret; }";
      return wrapper === "" ? test : `function() { return ${wrapper}(${test}, arguments) }`;
    }),
  ])("is read if it passes them on: %s", (body) => {
    expect(read(body)).toBe("meaning");
  });

  it.each(handlers.filter((one) => !one.includes("wasm.f(")))("is a hole with %s", (handler) => {
    expect(read(`function(arg0) { try { ${operation} } ${handler.replaceAll(/\bx\b/g, "arg0")} }`)).toBe("hole");
  });
});
