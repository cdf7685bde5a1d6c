import { fork } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { EnvFile } from "../../src/plugin/env-file.ts";
import { envOf, project, write } from "./project.ts";

/** The types of a module with one function. */
const typesOf = (name: string): string => `import type * as unglue from "unglue";

export interface Api {
  ${name}(): number;
}

const declaration: unglue.DeclarationFile<unglue.StatedMembers<Api>>;
export default declaration;

export const source: string;
`;

/** TypeScript's errors in files beside the types. */
function errorsOf(root: string, files: Readonly<Record<string, string>>): readonly string[] {
  write(root, files);
  const program = ts.createProgram(
    [join(root, "unglue-env.d.ts"), ...Object.keys(files).map((name) => join(root, name))],
    {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: [],
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      paths: { unglue: [join(import.meta.dirname, "../../src/node.ts")] },
    },
  );
  // Only the project's files: the library's sources are checked elsewhere.
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(root))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => {
      const name = file?.fileName.slice(root.length + 1) ?? "";
      return `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

const use = (specifier: string, name: string): string => `import { load } from "unglue";
import declaration, { source, type Api } from ${JSON.stringify(specifier)};
const wasm = await load(source, declaration);
const result: number = wasm.api.${name}();
const api: Api = wasm.api;
export { result, api };
`;

describe("the file of types", () => {
  it("types each import by its text, and relative ones that end alike apart", async () => {
    const root = project();
    const env = new EnvFile(join(root, "unglue-env.d.ts"));
    const imports = [
      "app?unglue",
      "@of/app/x.wasm?unglue",
      "./app.wasm?unglue",
      "../app.wasm?unglue",
      "./sub/app.wasm?unglue",
    ];
    imports.push(
      "../sub/app.wasm?unglue",
      "/src/app.wasm?unglue",
      "@/app.wasm?unglue",
      './ä "b" #c.wasm?unglue',
      "#app?unglue",
    );
    for (const [at, text] of [...imports].reverse().entries()) {
      expect(
        await env.add(text, `origin ${text}`, {
          origin: `origin ${text}`,
          types: typesOf(`f${imports.length - 1 - at}`),
        }),
      ).toBeUndefined();
    }
    const files = Object.fromEntries(imports.map((text, at) => [`src/use${at}.ts`, use(text, `f${at}`)]));
    expect(errorsOf(root, files)).toEqual([]);
    // The check can fail.
    const wrong = errorsOf(root, { "src/use0.ts": use("app?unglue", "f1"), "src/none.ts": use("none?unglue", "f0") });
    expect(wrong).toEqual([
      expect.stringContaining("src/use0.ts: Property 'f1' does not exist"),
      expect.stringContaining("src/none.ts: Cannot find module 'none?unglue'"),
      expect.stringContaining("src/none.ts: Property 'f0' does not exist"),
    ]);
  });

  it("has the same text in whatever order imports come, and is not written without a change", async () => {
    const texts: string[] = [];
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
    ]) {
      const root = project();
      const env = new EnvFile(join(root, "unglue-env.d.ts"));
      for (const at of order)
        await env.add(`./${"x".repeat(at)}app.wasm?unglue`, `x${at}.wasm`, {
          origin: `x${at}.wasm`,
          types: typesOf(`f${at}`),
        });
      texts.push(envOf(root));
      const path = join(root, "unglue-env.d.ts");
      utimesSync(path, 1, 1);
      const again = new EnvFile(path);
      for (const at of [1, 0, 2])
        await again.add(`./${"x".repeat(at)}app.wasm?unglue`, `x${at}.wasm`, {
          origin: `x${at}.wasm`,
          types: typesOf(`f${at}`),
        });
      expect(statSync(path).mtimeMs).toBe(1000);
      expect(readdirSync(root).sort()).toEqual(["package.json", "unglue-env.d.ts"]);
      await again.add("./app.wasm?unglue", "x0.wasm", { origin: "x0.wasm", types: typesOf("changed") });
      expect(envOf(root)).toBe(texts[0]?.replace("f0()", "changed()"));
    }
    expect(texts[0]).toBe(texts[1]);
  });

  it("keeps line ends of an editor that are not its own", async () => {
    const root = project();
    const path = join(root, "unglue-env.d.ts");
    await new EnvFile(path).add("a?unglue", "a.wasm", { origin: "a.wasm", types: typesOf("a") });
    writeFileSync(path, envOf(root).replaceAll("\n", "\r\n"));
    utimesSync(path, 1, 1);
    await new EnvFile(path).add("a?unglue", "a.wasm", { origin: "a.wasm", types: typesOf("a") });
    expect(statSync(path).mtimeMs).toBe(1000);
  });

  it("says if an import names different modules, and types it as neither", async () => {
    const root = project();
    const env = new EnvFile(join(root, "unglue-env.d.ts"));
    expect(
      await env.add("./app.wasm?unglue", "a/app.wasm", { origin: "a/app.wasm", types: typesOf("a") }),
    ).toBeUndefined();
    expect(
      await env.add("./app.wasm?unglue", "c/app.wasm", { origin: "c/app.wasm", types: typesOf("a") }),
    ).toBeUndefined();
    expect(await env.add("./app.wasm?unglue", "b/app.wasm", { origin: "b/app.wasm", types: typesOf("b") })).toMatch(
      /^Imports of "\.\/app\.wasm\?unglue" name different modules: a\/app\.wasm, b\/app\.wasm, c\/app\.wasm\. .* another path/,
    );
    expect(
      errorsOf(root, {
        "use.ts": 'import d, { source } from "./app.wasm?unglue"; export const x: string = source + d.fingerprint;',
      }),
    ).toEqual([]);
    expect(errorsOf(root, { "use.ts": use("./app.wasm?unglue", "a") }).length).toBeGreaterThan(0);
  });

  it("is left alone if it is another's, or cannot be written", async () => {
    const root = project({ "unglue-env.d.ts": "declare module 'mine';\n" });
    const warning = await new EnvFile(join(root, "unglue-env.d.ts")).add("a?unglue", "a.wasm", {
      origin: "a.wasm",
      types: typesOf("a"),
    });
    expect(warning).toContain("this file is not of the plugin. Name another one with the option envFile.");
    expect(envOf(root)).toBe("declare module 'mine';\n");
    mkdirSync(join(root, "folder.d.ts"));
    expect(
      await new EnvFile(join(root, "folder.d.ts")).add("a?unglue", "a.wasm", { origin: "a.wasm", types: typesOf("a") }),
    ).toContain("cannot be written");
    expect(
      await new EnvFile(join(root, "x.d.ts")).add("./a*b.wasm?unglue", "a.wasm", {
        origin: "a.wasm",
        types: typesOf("a"),
      }),
    ).toContain("has a star");
  });

  it("gets the imports of all builds that run at the same time", async () => {
    const root = project();
    const path = join(root, "unglue-env.d.ts");
    const inProcess = Array.from({ length: 8 }, (_, at) =>
      new EnvFile(path).add(`p${at}?unglue`, `p${at}.wasm`, { origin: `p${at}.wasm`, types: typesOf(`p${at}`) }),
    );
    const processes = Array.from({ length: 3 }, (_, at) => inAnotherProcess(path, `q${at}`));
    await Promise.all([...inProcess, ...processes]);
    const names = [...envOf(root).matchAll(/^declare module "(\w+)\?unglue" \{$/gm)].map(([, name]) => name);
    expect(names).toEqual(
      [
        ...Array.from({ length: 8 }, (_, at) => `p${at}`),
        ...Array.from({ length: 3 }, (_, at) => [`q${at}a`, `q${at}b`]).flat(),
      ].sort(),
    );
    expect(readdirSync(root).sort()).toEqual(["package.json", "unglue-env.d.ts"]);
  });

  it("does not wait for a lock that a process has left", async () => {
    const root = project({ "unglue-env.d.ts.lock": "" });
    utimesSync(join(root, "unglue-env.d.ts.lock"), 1, 1);
    await new EnvFile(join(root, "unglue-env.d.ts")).add("a?unglue", "a.wasm", {
      origin: "a.wasm",
      types: typesOf("a"),
    });
    expect(readFileSync(join(root, "unglue-env.d.ts"), "utf8")).toContain('declare module "a?unglue" {');
  });
});

/** Adds two imports in a process of its own. */
async function inAnotherProcess(path: string, name: string): Promise<void> {
  const child = fork(join(import.meta.dirname, "add-types.mjs"), [path, ...["a", "b"].map((end) => name + end)]);
  const code = await new Promise((done) => child.once("exit", done));
  expect(code).toBe(0);
}
