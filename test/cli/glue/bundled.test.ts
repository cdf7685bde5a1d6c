import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build, type Format } from "esbuild";
import { describe, expect, it } from "vitest";
import { readGlue } from "../../../src/cli/declare/glue/read.ts";
import { inspect } from "../../../src/node.ts";

const folder = resolve("node_modules/prqlc/dist/web");
const shape = inspect(readFileSync(`${folder}/prqlc_js_bg.wasm`));

/** Reads a bundle of a script that exports parts of a package's generated JavaScript. */
async function readBundle(script: string, format: Format, minify: boolean) {
  const { outputFiles } = await build({
    stdin: { contents: `import * as own from "./prqlc_js.js"; ${script}`, resolveDir: folder },
    bundle: true,
    write: false,
    format,
    minify,
    ...(format === "iife" && { globalName: "prqlc" }),
  });
  return readGlue(outputFiles[0]?.text ?? "", "bundle.js", { shape });
}

const formats = (["esm", "cjs", "iife"] as const).flatMap((format) => [
  [format, false] as const,
  [format, true] as const,
]);

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
