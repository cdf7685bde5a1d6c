import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modules } from "./hostile/modules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = join(root, "src");

/** Tables of data, in which no member is read. */
const data = /known\/(known-table|web-names|web\/\w+-table)\.ts$/;

/**
 * Every name by which the library reads a member of anything: `a.name`, `a?.name`, `a["name"]`, `{ name } = a`, `"name" in a`,
 * and what it declares that an object may have.
 */
async function namesRead(): Promise<readonly string[]> {
  const names = new Set<string>();
  const files = (await readdir(sources, { recursive: true })).filter(
    (file) => file.endsWith(".ts") && !data.test(file),
  );
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.name)) names.add(node.name.text);
    if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      names.add(node.argumentExpression.text);
    }
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const name = node.propertyName ?? node.name;
      if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) names.add(name.text);
    }
    if (
      (ts.isPropertySignature(node) || ts.isMethodSignature(node) || ts.isPropertyAssignment(node)) &&
      (ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name))
    ) {
      names.add(node.name.text);
    }
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.InKeyword &&
      ts.isStringLiteral(node.left)
    ) {
      names.add(node.left.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) {
    visit(ts.createSourceFile(file, await readFile(join(sources, file), "utf8"), ts.ScriptTarget.ES2022, true));
  }
  return [...names].sort();
}

/** Names that cannot be set: what reads them is the language or Node, before this library could do anything about it. */
const leftOut: { readonly [name: string]: string } = {
  then: "every object that is awaited would be taken for a promise",
  return: "every iterator that is left early would be closed by it",
  toJSON: "JSON.stringify calls it, of a text too",
  get: "Node defines properties with descriptors that inherit: an error",
  set: "Node defines properties with descriptors that inherit: an error",
  destroy: "Node's streams call it on the options of another stream",
  size: "Node's streams take it for the size of a queue's chunk",
  write: "Node's streams take it for the method of an underlying sink",
  encoding: "Node's streams read it from options that were not given",
  signal: "Node's streams read it from options that were not given",
  type: "Node's streams read it from options that were not given",
  headers: "Node's Response reads it from options that were not given",
  status: "Node's Response reads it from options that were not given",
};

const values = ["function", "text", "number", "object"] as const;

interface Found {
  /** Each name that makes a difference, the parts of the report that differ, and the first of them. */
  readonly changing: readonly (readonly [name: string, parts: readonly string[], first: readonly string[]])[];
  readonly clean: { readonly [part: string]: unknown };
}

describe("a member of any name that is read, on Object.prototype", () => {
  let folder = "";
  let names: readonly string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "unglue-names-"));
    names = (await namesRead()).filter((name) => !Object.hasOwn(Object.prototype, name));
    await build({
      stdin: {
        contents: `export * from "./src/node.ts";
          export { wasmBindgen } from "./src/entries/wasm-bindgen.ts";
          export { createLedger } from "./src/entries/ledger.ts";`,
        resolveDir: root,
        loader: "ts",
      },
      outfile: join(folder, "entry-points.mjs"),
      ...{ bundle: true, format: "esm", platform: "node", target: "es2022" },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is of hundreds of names, and those left out are read too", () => {
    expect(names.length).toBeGreaterThan(900);
    expect(names).toEqual(expect.arrayContaining(["lower", "lift", "copy", "class", "pair", "stored", "begin", "out"]));
    expect(Object.keys(leftOut).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(values.flatMap((value) => [true, false].map((enumerable) => [value, enumerable] as const)))(
    "changes nothing of what the library does: a %s, enumerable: %s",
    async (value, enumerable) => {
      const entryPoints = join(folder, "entry-points.mjs");
      const input = join(folder, `${value}-${enumerable}.json`);
      const set = names.filter((name) => !Object.hasOwn(leftOut, name));
      await writeFile(input, JSON.stringify({ entryPoints, modules, names: set, value, enumerable }));
      // Where a name ends the process, the last line tells which were tried.
      const { stdout } = await promisify(execFile)(process.execPath, [join(root, "test/hostile/each-name.mjs"), input]);
      const { changing, clean } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Found;
      expect(changing).toEqual([]);
      expect(clean).toMatchObject({
        bound: expect.arrayContaining([3, 6, [4, 0], ["on", 2, 0], 42]) as unknown,
        rust: [[5, 2, 4, 0, 1], "me", "b", 3, expect.anything(), null],
        pool: [2, 4],
        restarts: ["live", "trap", expect.anything()],
      });
    },
    60_000,
  );
});
