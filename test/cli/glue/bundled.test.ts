import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Format } from "esbuild";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { inspect } from "../../../src/node.ts";
import { bundleText } from "./bundle.ts";

const folder = resolve("node_modules/prqlc/dist/web");
const shape = inspect(readFileSync(`${folder}/prqlc_js_bg.wasm`));

/** Reads a bundle of a script that exports parts of a package's generated JavaScript. */
async function readBundle(script: string, format: Format, minify: boolean) {
  const stdin = { contents: `import * as own from "./prqlc_js.js"; ${script}`, resolveDir: folder };
  return readGlue(await bundleText({ format, minify, globalName: "prqlc" }, { stdin }), "bundle.js", { shape });
}

const formats = (["esm", "cjs", "iife"] as const).flatMap((format) => [
  [format, false] as const,
  [format, true] as const,
]);

/** Scripts that swap the names of two generated functions. */
const swapped: readonly (readonly [name: string, script: string])[] = [
  ["by destructuring", "export const { pl_to_rq: pl_to_prql, pl_to_prql: pl_to_rq } = own;"],
  ["by destructuring into variables", "export let { pl_to_rq: pl_to_prql, pl_to_prql: pl_to_rq } = own;"],
  ["by destructuring a list", "export const [pl_to_prql, pl_to_rq] = [own.pl_to_rq, own.pl_to_prql];"],
  [
    "by destructuring a copy",
    "const all = { ...own }; export const { pl_to_rq: pl_to_prql, pl_to_prql: pl_to_rq } = all;",
  ],
  [
    "by destructuring an object of the script",
    "const all = { pl_to_rq: own.pl_to_prql, pl_to_prql: own.pl_to_rq }; export const { pl_to_rq, pl_to_prql } = all;",
  ],
  [
    "by destructuring what a function returns",
    "function make() { return { a: own.pl_to_prql, b: own.pl_to_rq }; } export const { a: pl_to_rq, b: pl_to_prql } = make();",
  ],
  [
    "by a pattern in a pattern",
    "const { x: { pl_to_rq: p, pl_to_prql: q } } = { x: own }; export { p as pl_to_prql, q as pl_to_rq };",
  ],
  [
    "by a pattern with defaults",
    "export const { pl_to_rq: pl_to_prql = own.compile, pl_to_prql: pl_to_rq = own.compile } = own;",
  ],
  ["in variables", "export const pl_to_prql = own.pl_to_rq; export const pl_to_rq = own.pl_to_prql;"],
  ["in a list", "const all = [own.pl_to_rq, own.pl_to_prql]; export const pl_to_prql = all[0], pl_to_rq = all[1];"],
];

/** Scripts that give the name of a generated function to something that is not known, or that has nothing to do with it. */
const unclear: readonly (readonly [name: string, script: string])[] = [
  ["by an assignment", "let p; ({ pl_to_rq: p } = own); export { p as pl_to_prql };"],
  ["under a condition", "export const pl_to_prql = globalThis.mine ? own.pl_to_rq : own.pl_to_prql;"],
  ["that wraps another one", "export const pl_to_prql = (text) => own.pl_to_rq(text); globalThis.keep = own;"],
  ["that binds another one", 'export const pl_to_prql = own.pl_to_rq.bind(null, "[]");'],
  ["that is a number", "export const pl_to_prql = 5; globalThis.keep = own;"],
  [
    "of the rest of an object",
    "const { pl_to_rq, ...more } = own; export const pl_to_prql = more.pl_to_rq ?? pl_to_rq;",
  ],
  [
    "of a class",
    "class Api { static pl_to_prql(text) { return own.pl_to_rq(text); } } export const { pl_to_prql } = Api;",
  ],
  ["later", "export let { pl_to_prql } = own; export const change = () => { pl_to_prql = own.pl_to_rq; };"],
  [
    "later by a pattern",
    "export let { pl_to_prql } = own; export const change = () => { [pl_to_prql] = [own.pl_to_rq]; };",
  ],
];

describe.each(formats)("a bundle as %s (minified: %s)", (format, minify) => {
  it("has the functions by the names that it exports", async () => {
    const { functions } = await readBundle(
      `export { pl_to_rq as pl_to_prql, pl_to_prql as pl_to_rq } from "./prqlc_js.js"; export default own.default;`,
      format,
      minify,
    );
    expect(functions.get("pl_to_rq")).toMatchObject({ kind: "function", export: "pl_to_prql" });
    expect(functions.get("pl_to_prql")).toMatchObject({ kind: "function", export: "pl_to_rq" });
  });

  it.each(swapped)("has the function that a name means after swapping %s", async (_, script) => {
    const { functions, covered } = await readBundle(`${script} export default own.default;`, format, minify);
    expect(functions.get("pl_to_rq")).toMatchObject({ kind: "function", export: "pl_to_prql" });
    expect(functions.get("pl_to_prql")).toMatchObject({ kind: "function", export: "pl_to_rq" });
    expect(covered?.size).toBe(0);
  });

  it.each(unclear)("has a hole for a name that is given to something else %s", async (_, script) => {
    const { functions } = await readBundle(`${script} export default own.default;`, format, minify);
    expect(functions.get("pl_to_prql")?.kind).toBe("hole");
  });

  it("has one function under another name, and the other under none", async () => {
    const script = "export const { pl_to_rq: pl_to_prql } = own; export default own.default;";
    const { functions } = await readBundle(script, format, minify);
    expect(functions.get("pl_to_prql")).toMatchObject({ kind: "function", export: "pl_to_rq" });
    expect(functions.has("pl_to_rq")).toBe(false);
  });

  it("has other functions under the names of generated ones, which is told", async () => {
    const { covered, functions } = await readBundle(
      `export function pl_to_rq(text) { return own.pl_to_rq(text) + "!"; } export const { pl_to_prql } = own; export default own.default;`,
      format,
      minify,
    );
    expect(covered?.has("pl_to_rq") || functions.get("pl_to_rq")?.kind !== "function").toBe(true);
  });
});

describe("CommonJS", () => {
  const glue = (more: string) =>
    readGlue(
      `let wasm; function f(x) { return wasm.f(x); } function g(x) { return wasm.g(x); } exports.f = f; ${more}
       exports.initSync = (module) => { wasm = new WebAssembly.Instance(module, {}).exports; };`,
      "app.js",
      {
        shape: {
          imports: [],
          exports: ["f", "g"].map((name) => ({
            kind: "function",
            name,
            type: { params: ["i32"], results: ["i32"] },
          })),
        } as never,
      },
    );

  it("has exports that are defined by a descriptor", () => {
    for (const descriptor of [
      "{ value: g }",
      "{ enumerable: true, get: function () { return g; } }",
      "{ get: () => g }",
    ])
      expect(glue(`Object.defineProperty(exports, "h", ${descriptor});`).functions.get("h")).toMatchObject({
        export: "g",
      });
  });

  it.each([
    "exports.f = undefined;",
    "exports.f = 5;",
    "exports.f = f.bind(null, 1);",
    'Object.defineProperty(exports, "f", { value: g });',
  ])("tells that another value takes a name: %s", (more) => {
    const { covered, functions } = glue(more);
    const found = functions.get("f");
    expect(covered?.has("f") || found?.kind === "hole").toBe(true);
  });
});

describe("an object that a bundler's function is given for the exports", () => {
  const glue = `let wasm;
    function f(x) { return wasm.f(x); }
    function g(x) { return wasm.g(x); }
    const own = Object.freeze({ __proto__: null, f: f, g: g });
    const { f: b, g: a } = own;
    function initSync(module) { wasm = new WebAssembly.Instance(module, {}).exports; }
    exports.f = a; exports.g = b; exports.initSync = initSync;`;
  const shape = {
    imports: [],
    exports: ["f", "g"].map((name) => ({ kind: "function", name, type: { params: ["i32"], results: ["i32"] } })),
  } as never;

  it.each([
    ["a script", `var own = (function (exports) { "use strict"; ${glue} return exports; })({});`],
    [
      "a universal module",
      `(function (global, factory) {
         typeof exports === "object" && typeof module !== "undefined" ? factory(exports) :
         typeof define === "function" && define.amd ? define(["exports"], factory) :
         (global = typeof globalThis !== "undefined" ? globalThis : global || self, factory(global.own = {}));
       })(this, (function (exports) { "use strict"; ${glue} }));`,
    ],
    ["an asynchronous module", `define(["exports"], function (exports) { ${glue} });`],
    [
      "a short name",
      `var own = (function (e) { ${glue.replaceAll("exports.", "e.").replace(").e.", ").exports.")} return e; })({});`,
    ],
    ["CommonJS", glue],
  ])("has the names of %s", (_, text) => {
    const { functions } = readGlue(text, "bundle.js", { shape });
    expect(functions.get("f")).toMatchObject({ kind: "function", export: "g" });
    expect(functions.get("g")).toMatchObject({ kind: "function", export: "f" });
  });

  it("has a hole for a name that is given twice", () => {
    const text = `var own = (function (exports) { ${glue} exports.f = f; return exports; })({});`;
    expect(readGlue(text, "bundle.js", { shape }).functions.get("f")?.kind).toBe("hole");
  });

  it("has holes for what another function changes", () => {
    const text = `var own = (function (exports) { ${glue} change(exports); return exports; })({});`;
    expect(readGlue(text, "bundle.js", { shape }).functions.get("f")?.kind).toBe("hole");
  });
});
