import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { load } from "../../src/node.ts";
import { type PluginOptions, unglue } from "../../src/plugin/index.ts";
import { importing } from "../builtins/modules.ts";
import { functionType } from "../reflect/assemble.ts";
import { wat } from "../wat.ts";
import { envOf, project, run, type Served } from "./project.ts";

const strings = await wat(`(module
  (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
  (import "'" "four" (global $four externref))
  (func (export "answer") (result i32) (call $length (global.get $four))))`);
const options: PluginOptions = { builtins: ["js-string"], importedStringConstants: "'" };

/** Builds a project's import of a module with esbuild. */
async function bundle(root: string, name: string, given: PluginOptions): Promise<Served> {
  const outfile = join(root, `${name}.out.mjs`);
  await build({
    stdin: { contents: `export { default, source } from "./${name}?unglue";`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "node",
    loader: { ".wasm": "file" },
    outfile,
    logLevel: "silent",
    plugins: [unglue.esbuild(given)],
  });
  return run(outfile);
}

it("gives a module the builtins that it imports, and its declaration says so", async () => {
  const root = project({ "strings.wasm": strings });
  const { default: declaration, source } = await bundle(root, "strings.wasm", options);
  expect(declaration).toMatchObject(options);
  const wasm = await load(source, declaration);
  expect((wasm.api as unknown as { readonly answer: () => number }).answer()).toBe(4);
  expect(envOf(root)).toContain("answer");
});

it("keeps declarations with other builtins apart in its cache", async () => {
  const root = project({ "strings.wasm": strings });
  const cached = { cacheDir: "cache" };
  expect((await bundle(root, "strings.wasm", cached)).default).not.toHaveProperty("builtins");
  expect((await bundle(root, "strings.wasm", { ...cached, ...options })).default).toMatchObject(options);
  const { default: declaration } = await bundle(root, "strings.wasm", { ...cached, builtins: ["js-string"] });
  expect(declaration).toMatchObject({ builtins: ["js-string"] });
  expect(declaration).not.toHaveProperty("importedStringConstants");
});

it("leaves out options that do not count for a module", async () => {
  const root = project({
    "plain.wasm": await wat('(module (func (export "answer") (result i32) (i32.const 1)))'),
    // A function of the module from which others take constants.
    "function.wasm": importing("'", "f", [0, 0], [functionType([])]),
  });
  for (const name of ["plain.wasm", "function.wasm"]) {
    const { default: declaration } = await bundle(root, name, options);
    expect(declaration).toHaveProperty("fingerprint");
    expect(declaration).not.toHaveProperty("builtins");
    expect(declaration).not.toHaveProperty("importedStringConstants");
  }
});
