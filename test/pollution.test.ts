import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { modules as bytesOfModules } from "./hostile/modules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = JSON.stringify(bytesOfModules);

type Entry = "esm" | "cjs" | "whole";
type Value = "function" | "text" | "number" | "object" | "true";

async function reportUnder(entry: Entry, names: readonly string[], value: Value): Promise<unknown> {
  const program = join(root, "test/hostile/polluted.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    entry,
    JSON.stringify(names),
    value,
    modules,
  ]);
  return JSON.parse(stdout);
}

/** Where options and declarations are described. */
const files = [
  "public/options.ts",
  "public/imports.ts",
  "public/adapter.ts",
  "public/allocator.ts",
  "public/declaration-file.ts",
  "public/host.ts",
  "public/member-options.ts",
  "public/memory.ts",
  "public/declared.ts",
  "public/ledger.ts",
  "public/pool.ts",
  "toolchains/wasm-bindgen/options.ts",
  "offload/types.ts",
];

/** The names of what may be absent there. */
function optionalNames(): string[] {
  const names = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, "src", file), "utf8");
    const visit = (node: ts.Node): void => {
      if ((ts.isPropertySignature(node) || ts.isMethodSignature(node)) && node.questionToken) {
        if (ts.isIdentifier(node.name)) names.add(node.name.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  }
  return [...names].sort();
}

/** With these there, Node itself cannot load a module, or ends when a stream is made. */
const nodes = ["value", "encoding", "path", "signal", "then", "destroy", "size", "timeout", "get", "set"];

/** Names that other libraries add. */
const foreign = ["extend", "each", "clone", "contains", "configurable", "writable", "enumerable"];

/** Members of shapes and types: a ceiling must not seem to be there, nor a module to be of another kind. */
const shapes = ["maximum", "initial", "element", "start", "typeSection", "typeIndex", "language", "sdk", "reason"];

/** The messages that the job reports of three wrong arguments. */
const refusals = ["add", "pair", "next"].map((name) => expect.stringContaining(name) as unknown);

describe("with more members on Object.prototype", () => {
  const names = [...foreign, ...shapes, ...optionalNames()].filter((name) => !nodes.includes(name));

  it("are names of the library's own, options and declarations among them", () => {
    expect(names.length).toBeGreaterThan(40);
    expect(names).toEqual(
      expect.arrayContaining(["onTrap", "missing", "memoryPages", "free", "mutable", "meanings", "closures"]),
    );
  });

  describe.each<Entry>(["esm", "cjs", "whole"])(
    "the package is imported and does what it does without them (%s)",
    (entry) => {
      it.each<Value>(["function", "number", "object", "text", "true"])("where each is a %s", async (value) => {
        const [clean, polluted] = await Promise.all([reportUnder(entry, [], value), reportUnder(entry, names, value)]);
        expect(polluted).toEqual(clean);
        expect(clean).toMatchObject({
          bound: [3, 6, [4, 0], ["on", 2, 0], 6, 7, 9, 42, 5, 3, 5, ...refusals],
          rust: [[5, 2, 4, 0, 1], "me", "b", 3, expect.anything(), null],
        });
      });
    },
  );
});
