import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { declareForeign, foreignBuilds, foreignModulePath } from "./foreign.ts";
import { answers } from "./foreign-answers.ts";
import { temporaryFolder } from "./terminal.ts";

const fixture = join(import.meta.dirname, "../fixtures/foreign");

// A process of its own: the test runner gives CommonJS modules another default export than Node.
const program = join(mkdtempSync(join(tmpdir(), "unglue-foreign-")), "program.mjs");
const run = promisify(execFile);

beforeAll(async () => {
  await build({
    stdin: {
      contents: `import { readFileSync } from "node:fs";
import { foreignAnswers } from "./foreign-answers.ts";
const [, , module, file] = process.argv;
const answers = await foreignAnswers(readFileSync(module), await import(file));
console.log(JSON.stringify(answers, (_, one) => (typeof one === "bigint" ? String(one) : one)));`,
      resolveDir: import.meta.dirname,
    },
    alias: { unglue: join(import.meta.dirname, "../../src/node.ts") },
    bundle: true,
    format: "esm",
    platform: "node",
    outfile: program,
    logLevel: "error",
  });
  return () => {
    rmSync(dirname(program), { recursive: true });
  };
});

describe("the crate with every form of import", () => {
  it.each(foreignBuilds)("%s is built from the sources that are there", (name) => {
    const folder = join(fixture, "built", name);
    const { sources, outputs } = JSON.parse(readFileSync(join(folder, "built.json"), "utf8")) as Record<
      "sources" | "outputs",
      Record<string, string>
    >;
    const hash = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
    for (const [path, expected] of Object.entries(sources))
      expect([path, hash(join(fixture, path))]).toEqual([path, expected]);
    for (const [path, expected] of Object.entries(outputs))
      expect([path, hash(join(folder, path))]).toEqual([path, expected]);
  });

  it.each(foreignBuilds)("%s is declared whole, but for a closure", async (name) => {
    const { declared } = await declareForeign(name, temporaryFolder());
    expect(declared.holes.map(({ member }) => member.replace(/_[0-9a-f]{16}$/, ""))).toEqual(["__wbg_each"]);
    expect(declared.guesses).toEqual([]);
  });

  it.each(foreignBuilds)("%s calls its imports with the right values in Node, unbundled", async (name) => {
    const folder = temporaryFolder();
    const words = join(folder, "node_modules/words");
    mkdirSync(words, { recursive: true });
    writeFileSync(
      join(words, "package.json"),
      JSON.stringify({ name: "words", type: "module", exports: "./index.js" }),
    );
    writeFileSync(join(words, "index.js"), "export const add_words = (first, second) => first + second;\n");
    const path = join(folder, "declaration.mjs");
    writeFileSync(path, (await declareForeign(name, folder)).js);
    const { stdout } = await run(process.execPath, [program, foreignModulePath(name), pathToFileURL(path).href]);
    const json = JSON.stringify(answers, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));
    expect(JSON.parse(stdout)).toEqual(JSON.parse(json));
  });
});
