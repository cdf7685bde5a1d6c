import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Format } from "esbuild";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { inspect } from "../../../src/node.ts";
import { bundleText } from "./bundle.ts";
import { holesIn } from "./same.ts";

const folder = resolve("node_modules/prqlc/dist/bundler");
const shape = inspect(readFileSync(`${folder}/prqlc_js_bg.wasm`));

/** Reads a bundle of generated JavaScript and a script that gives it the module's exports. */
async function readBundle(script: string, format: Format, minify: boolean) {
  const contents = `import * as wasm from "./prqlc_js_bg.wasm"; import * as own from "./prqlc_js_bg.js"; export * from "./prqlc_js_bg.js"; ${script}`;
  const options = { stdin: { contents, resolveDir: folder }, external: ["*.wasm"] };
  return readGlue(await bundleText({ format, minify, globalName: "prqlc" }, options), "bundle.js", { shape });
}

const load = 'const { instance } = await WebAssembly.instantiate(module, { "./prqlc_js_bg.js": own });';

const own: readonly (readonly [name: string, script: string])[] = [
  ["the module", "own.__wbg_set_wasm(wasm); wasm.__wbindgen_start();"],
  ["an instance's exports", `export async function start(module) { ${load} own.__wbg_set_wasm(instance.exports); }`],
  [
    "exports that are taken out of an instance",
    `export async function start(module) { ${load} const { exports } = instance; own.__wbg_set_wasm(exports); }`,
  ],
  ["a parameter", "export function start(exports) { own.__wbg_set_wasm(exports); }"],
  ["the module of a promise", 'import("./prqlc_js_bg.wasm").then(own.__wbg_set_wasm);'],
  ["a list of the exports", "const { memory, compile } = wasm; own.__wbg_set_wasm({ memory, compile });"],
];

const others: readonly (readonly [name: string, script: string])[] = [
  ["a proxy", "own.__wbg_set_wasm(new Proxy(wasm, {}));"],
  [
    "a proxy of an instance's exports",
    `export async function start(module) { ${load} own.__wbg_set_wasm(new Proxy(instance.exports, {})); }`,
  ],
  ["a proxy by another name of the function", "const set = own.__wbg_set_wasm; set(new Proxy(wasm, {}));"],
  ["a proxy by a member", 'const all = own; all["__wbg_set_wasm"](new Proxy(wasm, {}));'],
  ["a proxy by `call`", "own.__wbg_set_wasm.call(null, new Proxy(wasm, {}));"],
  ["a proxy by `apply`", "own.__wbg_set_wasm.apply(null, [new Proxy(wasm, {})]);"],
  ["a proxy in a variable", "const mine = new Proxy(wasm, {}); own.__wbg_set_wasm(mine);"],
  ["a proxy in a list", "[new Proxy(wasm, {})].forEach(own.__wbg_set_wasm);"],
  ["a proxy in a promise", "Promise.resolve(new Proxy(wasm, {})).then(own.__wbg_set_wasm);"],
  ["a proxy by default", "(function set(all = new Proxy(wasm, {})) { own.__wbg_set_wasm(all); })();"],
  ["a proxy by a condition", "own.__wbg_set_wasm(globalThis.mine ? wasm : new Proxy(wasm, {}));"],
  ["a proxy by a function", "const wrap = (all) => new Proxy(all, {}); own.__wbg_set_wasm(wrap(wasm));"],
  ["a copy", "own.__wbg_set_wasm({ ...wasm, compile: () => 5 });"],
  ["an assigned copy", "own.__wbg_set_wasm(Object.assign({}, wasm, { compile: () => 5 }));"],
  ["an object above it", "own.__wbg_set_wasm(Object.create(wasm));"],
  ["a list of crossed exports", "own.__wbg_set_wasm({ compile: wasm.pl_to_rq, pl_to_rq: wasm.compile });"],
  ["an object of a class", "class Mine { compile() {} } own.__wbg_set_wasm(new Mine());"],
  ["a global object", "own.__wbg_set_wasm(globalThis.mine);"],
  ["an empty object", "own.__wbg_set_wasm({});"],
  [
    "another one later",
    "own.__wbg_set_wasm(wasm); export const mock = () => own.__wbg_set_wasm({ compile: () => 5 });",
  ],
];

const formats = (["esm", "cjs", "iife"] as const).flatMap((format) => [
  [format, false] as const,
  [format, true] as const,
]);

describe.each(formats)("a bundle as %s (minified: %s) is read", (format, minify) => {
  it.each(own)("if it sets %s", async (_, script) => {
    const glue = await readBundle(script, format, minify);
    expect(glue.functions.has("compile")).toBe(true);
    expect(holesIn(glue)).toEqual([]);
  });

  it.each(others)("and refused if it sets %s", async (_, script) => {
    await expect(readBundle(script, format, minify)).rejects.toThrow("in the place of the module's exports");
  });
});
