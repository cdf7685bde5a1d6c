import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";
import { describe, expect, it } from "vitest";
import { findInputs } from "../../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../../src/cli/declare/write.ts";
import { temporaryFolder } from "../terminal.ts";

const packages = [
  ["prqlc", "node_modules/prqlc/dist/web/prqlc_js"],
  ["brotli-wasm", "node_modules/brotli-wasm/pkg.web/brotli_wasm"],
  ["@oxc-parser/wasm", "node_modules/@oxc-parser/wasm/web/oxc_parser_wasm"],
] as const;

const write = async (path: string) => {
  const inputs = await findInputs(path, {});
  const options = { withDocs: true, withShape: true, version: "1", command: "unglue declare", folder: "." };
  return { inputs, written: await writeDeclaration(inputs, options) };
};

const own = new Map<string, ReturnType<typeof write>>();
/** The declaration of the package's own module, which each bundle must have. */
const ownOf = async (stem: string) => {
  const known = own.get(stem) ?? write(`${stem}_bg.wasm`);
  own.set(stem, known);
  return (await known).written;
};

/** A class that wraps the generated JavaScript, as packages write it by hand. */
const wrapper = (glue: string, digits: string): string => `
import init, * as generated from ${JSON.stringify(glue)};
const digits = ${JSON.stringify(digits)};
export class App {
  static async start() { await init(Uint8Array.from(atob(digits), (one) => one.charCodeAt(0))); return new App(); }
  call(name, ...args) { return generated[name](...args); }
}
export const version = "1";
`;

/** Bundles the wrapper with the generated JavaScript and the module's digits. */
async function bundle(stem: string, options: { format: "esm" | "cjs" | "iife"; minify: boolean }): Promise<string> {
  const digits = readFileSync(`${stem}_bg.wasm`).toString("base64");
  const { outputFiles } = await build({
    stdin: { contents: wrapper(resolve(`${stem}.js`), digits), resolveDir: "." },
    bundle: true,
    write: false,
    platform: "neutral",
    globalName: "app",
    ...options,
  });
  return outputFiles[0]?.text ?? "";
}

/** Puts a script and the package's types into a folder. */
function place(stem: string, script: string): string {
  const path = join(temporaryFolder(), "app.js");
  writeFileSync(path, script);
  if (existsSync(`${stem}.d.ts`)) copyFileSync(`${stem}.d.ts`, path.replace(".js", ".d.ts"));
  return path;
}

describe.each(packages)("a bundle of %s with its module", (_, stem) => {
  it.each([
    ["esm", false],
    ["cjs", false],
    ["iife", false],
    ["esm", true],
    ["iife", true],
  ] as const)("as %s (minified: %s) is declared as the package itself", async (format, isMinified) => {
    const expected = await ownOf(stem);
    const path = place(stem, await bundle(stem, { format, minify: isMinified }));
    const { inputs, written } = await write(path);
    expect(inputs.glue?.path).toBe(path);
    expect(written.file).toEqual(expected.file);
    expect(written.dts.replace(/^\/\*[^]*?\*\//, "")).toBe(expected.dts.replace(/^\/\*[^]*?\*\//, ""));
    expect(written.declared.guesses).toEqual([]);
    expect(written.known?.identified).toBe(expected.known?.identified);
  });

  it("as minified again, with names that only the types tell", async () => {
    const expected = await ownOf(stem);
    const script = await bundle(stem, { format: "iife", minify: true });
    const { code = "" } = await minify(script, { compress: { passes: 2 } });
    const { written } = await write(place(stem, code));
    expect(written.file).toEqual(expected.file);
  });
});

describe("an enumeration that a bundle has lost", () => {
  it("is a guess if the types leave out its values", async () => {
    const [, stem] = packages[1];
    const script = await bundle(stem, { format: "esm", minify: false });
    const { written } = await write(
      place(stem, script.replaceAll(/Object\.freeze\(\{\s*ResultSuccess[^]*?\}\)/g, "0")),
    );
    expect(written.declared.guesses.map(({ member }) => member)).toContain("BrotliStreamResultCode");
  });
});

describe("a bundle without namespace objects", () => {
  const [, stem] = packages[0];
  it("has its classes named by the types, and functions by the module", async () => {
    const expected = await ownOf(stem);
    const script = await bundle(stem, { format: "iife", minify: true });
    // Without an object that names them.
    const bare = script.replace(/\b\w{1,3}\(\w{1,3},\{(?:\w{1,40}:\(\)=>\w{1,3},?)+\}\);/g, "");
    expect(bare.length).toBeLessThan(script.length);
    const { written } = await write(place(stem, bare));
    expect(written.file).toEqual(expected.file);
  });

  it("tells the place of what is not known, behind the module's digits too", async () => {
    const script = (await bundle(stem, { format: "esm", minify: false })).replace(
      "var version",
      "var other = 1;\nvar version",
    );
    const unknown = script.replace(/(function compile\(([\w$]+), ([\w$]+)\) \{)/, "$1 label: for (;;) debugger;\n");
    expect(unknown).not.toBe(script);
    const moved = `const early = ${JSON.stringify(readFileSync(`${stem}_bg.wasm`).toString("base64"))}; ${unknown}`;
    const { written } = await write(place(stem, moved));
    const [, line = "", column = ""] = /:(\d+):(\d+): `/.exec(written.declared.holes[0]?.reason ?? "") ?? [];
    const shown = moved.split("\n")[Number(line) - 1]?.slice(Number(column) - 1);
    expect(shown).toMatch(/^(function compile|label:|for)/);
  });
});
