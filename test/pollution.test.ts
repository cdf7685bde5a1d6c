import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { bindgen, externref } from "./bind/bindgen.ts";
import { wat } from "./wat.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

const plain = await wat(`(module
  (import "env" "now" (func (result f64))) (import "env" "log" (func (param i32)))
  (import "env" "table" (table 2 funcref)) (import "env" "base" (global i32))
  (type $callback (func (param i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 16) "text") (export "table" (table 0))
  (global $top (mut i32) (i32.const 4096))
  (func (export "malloc") (param i32) (result i32)
    (global.set $top (i32.add (global.get $top) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -16))))
    (i32.sub (global.get $top) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -16))))
  (func (export "free") (param i32))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "length") (param i32 i32) (result i32) (local.get 1))
  (func (export "sum") (param i32 i32) (result i32) (local $sum i32)
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get 1)))
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 4)))
      (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
      (br $next)))
    (local.get $sum))
  (func (export "pair") (param i32) (result i32) (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0))))
  (func (export "split") (param i32 i32) (i32.store (local.get 1) (local.get 0)))
  (func (export "call") (param i32 i32) (result i32) (call_indirect (type $callback) (local.get 1) (local.get 0)))
  (func (export "counter_new") (param i32) (result i32)
    (i32.store (i32.const 64) (local.get 0)) (i32.const 64))
  (func (export "counter_get") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "counter_get_step") (param i32) (result i32) (i32.const 3))
  (func (export "counter_free") (param i32))
  (func (export "trap") unreachable))`);
const rust = await bindgen(
  `(func (export "counter_new") (param i32) (result i32) (i32.store (i32.const 64) (local.get 0)) (i32.const 64))
   (func (export "counter_add") (param i32 i32) (result i32) (i32.add (i32.load (local.get 0)) (local.get 1)))
   (func (export "__wbg_counter_free") (param i32 i32))`,
  externref,
  `(import "wbg" "__wbg_now_00112233445566aa" (func (result f64)))
   (import "wbg" "__wbindgen_throw" (func (param i32 i32)))`,
);
const minified = await wat(`(module (import "a" "a" (func)) (memory (export "b") 1) (func (export "c")))`);
const modules = JSON.stringify({ plain: base64(plain), rust: base64(rust), minified: base64(minified) });

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
  "types/options.ts",
  "types/imports.ts",
  "types/adapter.ts",
  "types/memory.ts",
  "types/declared.ts",
  "types/ledger.ts",
  "types/pool.ts",
  "wasm-bindgen/options.ts",
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
        expect(clean).toMatchObject({ loadSync: [3, 6, 6, 7, 9, 42, 5, 3], rust: [5, expect.anything()] });
      });
    },
  );
});
