import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { declareCommand } from "../../src/cli/declare.ts";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { temporaryFolder, terminal } from "./terminal.ts";
import { wat } from "../wat.ts";

const exported = ["draw", ...Array.from({ length: 20 }, (_, at) => `step_${at}`)]
  .map((name) => `(func (export "${name}") (param i32) (result i32) i32.const 0)`)
  .join(" ");
const module = `(import "wbg" "__wbindgen_throw" (func (param i32 i32))) (memory (export "memory") 1)
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32) i32.const 0) ${exported}`;
const types = "export declare function draw(size: number): number;\n";

/** Finds the `.d.ts` of a package with these files: its path in the package. */
async function found(data: object, texts: Readonly<Record<string, string>>): Promise<string | undefined> {
  const folder = temporaryFolder();
  const files = { "package.json": JSON.stringify({ name: "app", version: "1.0.0", ...data }), ...texts };
  mkdirSync(join(folder, "wasm"));
  writeFileSync(join(folder, "wasm/engine_bg.wasm"), await wat(`(module ${module})`));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { dts } = await findInputs(join(folder, "wasm/engine_bg.wasm"), {});
  return dts?.path === undefined ? undefined : relative(folder, dts.path);
}

describe("types of which a package states the place", () => {
  it.each<[by: string, data: object, files: Readonly<Record<string, string>>, file: string]>([
    ["types", { types: "./types/main.d.ts" }, { "types/main.d.ts": types }, "types/main.d.ts"],
    ["typings, without an ending", { typings: "types/main" }, { "types/main.d.ts": types }, "types/main.d.ts"],
    [
      "a condition of exports",
      { exports: { ".": { import: { types: "./types/main.d.mts", default: "./main.mjs" } } } },
      { "types/main.d.mts": types },
      "types/main.d.mts",
    ],
    [
      "a condition for a version of TypeScript",
      { exports: { "types@>=5": "./types/main.d.ts", default: "./main.js" } },
      { "types/main.d.ts": types },
      "types/main.d.ts",
    ],
    [
      "typesVersions",
      { typesVersions: { "*": { "*": ["types/*"] } } },
      { "types/main.d.ts": types },
      "types/main.d.ts",
    ],
    ["main, beside the script", { main: "lib/main.cjs" }, { "lib/main.d.cts": types }, "lib/main.d.cts"],
    [
      "types that pass on those of another file",
      { types: "types/index.d.ts" },
      { "types/index.d.ts": 'export * from "./parts/picture";\n', "types/parts/picture.d.ts": types },
      "types/parts/picture.d.ts",
    ],
  ])("are found by %s", async (_, data, files, file) => {
    expect(await found(data, { ...files, "other/notes.d.ts": "export declare const draw: 5;\n" })).toBe(file);
  });

  it("are not taken if they name nothing of the module, or lie outside the package", async () => {
    expect(await found({ types: "types/main.d.ts" }, { "types/main.d.ts": "export const size: 5;\n" })).toBeUndefined();
    expect(await found({ types: "../../etc/main.d.ts", exports: { a: 5, b: [null] } }, {})).toBeUndefined();
  });

  it("are those of an installed package", async () => {
    const { dts } = await findInputs("@resvg/resvg-wasm", {});
    expect(dts?.path).toMatch(/resvg-wasm[\\/]index\.d\.ts$/);
    // Its function that loads the module is no part of the interface.
    const output = terminal();
    const options = { output: join(temporaryFolder(), "resvg.mjs"), json: true };
    expect(await declareCommand("@resvg/resvg-wasm", options, "1", output)).toBe(0);
    expect(JSON.parse(output.written())).toMatchObject({ members: 18, holes: [] });
  });
});
