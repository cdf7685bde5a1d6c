import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import { load } from "../../src/node.ts";
import type { DeclarationFile } from "../../src/public/index.ts";
import { asking, packageOf } from "./small-package.ts";

/** Declares a module whose JavaScript imports a function of another package, in a package with these files. */
async function declared(files: Readonly<Record<string, string>>): Promise<{ path: string; bytes: Uint8Array }> {
  const own = await asking();
  const folder = packageOf({
    ...own,
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`node_modules/other/${name}`, text])),
  });
  const options = { withDocs: true, withShape: true, version: "0.0.0", command: "unglue declare", folder };
  const { js } = await writeDeclaration(await findInputs(join(folder, "app_bg.wasm"), {}), options);
  const path = join(folder, "declaration.mjs");
  writeFileSync(path, js);
  return { path, bytes: own["app_bg.wasm"] as Uint8Array };
}

/** The packages, each of which answers 42 to an import and 7 to `require`. */
const es = "export const answer = () => 42;";
const cjs = "exports.answer = () => 7;";
const reversed = "const all = {}; all.answer = () => 42; module.exports = all;";
const packages: readonly [form: string, files: Readonly<Record<string, string>>][] = [
  [
    "an ES module to import and CommonJS to require",
    {
      "package.json": '{ "exports": { ".": { "import": { "default": "./a.mjs" }, "require": "./a.cjs" } } }',
      "a.mjs": es,
      "a.cjs": cjs,
    },
  ],
  [
    "the same, without paths, by the first condition that holds",
    {
      "package.json": '{ "exports": { "browser": "./b.mjs", "node": { "import": "./a.mjs", "require": "./a.cjs" } } }',
      "a.mjs": es,
      "a.cjs": cjs,
      "b.mjs": "export const answer = () => 8;",
    },
  ],
  [
    "CommonJS to import and an ES module to require",
    {
      "package.json": '{ "exports": { "require": "./a.mjs", "default": ["./a.cjs"] } }',
      "a.mjs": "export const answer = () => 7;",
      "a.cjs": reversed,
    },
  ],
  ["CommonJS alone", { "package.json": '{ "main": "./a" }', "a.js": reversed }],
  ["an ES module alone", { "package.json": '{ "type": "module", "exports": "./a.js" }', "a.js": es }],
  ["no exports that can be read", { "package.json": '{ "exports": { ".": 5, "import": "./a.mjs" }, "main": "a.js" }' }],
];

it.each(packages.slice(0, -1))("declares an import from a package with %s", async (_, files) => {
  const { path, bytes } = await declared(files);
  const { default: declaration, imports } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
    readonly default: DeclarationFile<{ ask(): number }>;
    readonly imports: object;
  };
  const wasm = await load(bytes, { ...declaration, imports } as object);
  expect((wasm.exports["ask"] as () => unknown)()).toBe(42);
});

it("names the package also if its package.json makes no sense, or it is not installed", async () => {
  for (const files of [packages.at(-1)?.[1] ?? {}, {}, { "package.json": "{" }, { "package.json": "null" }]) {
    const { path } = await declared(files);
    expect(readFileSync(path, "utf8")).toContain('import { answer as import0 } from "other";');
  }
});
