import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { list, sections, text } from "../reflect/assemble.ts";
import { wat } from "../wat.ts";
import { temporaryFolder } from "./terminal.ts";

/** A function that wasm-bindgen calls as it is. */
export const add = `(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))`;
/** The import of every module that may panic. */
export const throwing = `(import "wbg" "__wbindgen_throw" (func (param i32 i32)))`;

/** The JavaScript of such a module that exports `add`. */
export const glue = `let wasm;
let u8 = null;
function getUint8Memory0() { if (u8 === null || u8.byteLength === 0) u8 = new Uint8Array(wasm.memory.buffer); return u8; }
const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
function getStringFromWasm0(ptr, len) { ptr = ptr >>> 0; return decoder.decode(getUint8Memory0().subarray(ptr, ptr + len)); }
const imports = { wbg: { __wbindgen_throw: (arg0, arg1) => { throw new Error(getStringFromWasm0(arg0, arg1)); } } };
export function add(a, b) { const ret = wasm.add(a, b); return ret >>> 0; }
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; }`;

/** A module that a version of wasm-bindgen made. */
export async function madeBy(version: number, imports: string): Promise<Uint8Array<ArrayBuffer>> {
  const memory = imports.includes("(memory") ? "" : `(memory (export "memory") 1)`;
  const bytes = await wat(`(module ${imports} ${memory} ${add}
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 0)))`);
  const tools = list([...text("wasm-bindgen"), ...text(`0.2.${version}`)]);
  return Uint8Array.of(...bytes, ...sections.custom("producers", list([...text("processed-by"), ...tools])));
}

/** The files of a package whose function `ask` returns what the function `answer` of the package `other` does. */
export async function asking(): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const answer = "__wbg_answer_0123456789abcdef";
  const wanted = `(import "wbg" "${answer}" (func $answer (result i32))) ${throwing}
    (func (export "ask") (result i32) (call $answer))`;
  const asks = glue.replace(
    "const imports = { wbg: {",
    `const imports = { wbg: { ${answer}: () => { const ret = answer(); return ret; },`,
  );
  return {
    "package.json": '{ "name": "app", "version": "1.0.0", "type": "module" }',
    "app_bg.wasm": await madeBy(92, wanted),
    "app_bg.js": `import { answer } from "other";\n${asks}\nexport function ask() { const ret = wasm.ask(); return ret; }`,
    "app.d.ts": "export function add(a: number, b: number): number;\nexport function ask(): number;\n",
  };
}

/** A package with these files, for the length of a test. */
export function packageOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  const all = { "package.json": JSON.stringify({ name: "app", version: "1.0.0" }), ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
