// Writes test/fixtures/binaryen.json, from the texts beside this file, with the assembler of the npm package binaryen:
//
//   npm exec --yes --package=binaryen@132 -- node test/oracle/make-binaryen.mjs
//
// The package takes 100 MB, so what it makes is kept instead.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { binaryenTexts } from "./binaryen-texts.mjs";

const made = { assembler: execFileSync("wasm-as", ["--version"], { encoding: "utf8" }).trim(), modules: {} };
const assemble = (text, ...options) =>
  execFileSync("wasm-as", ["-all", ...options, "-g", "-o", "-", "-"], { input: text }).toString("base64");

for (const [name, text] of Object.entries(binaryenTexts)) {
  made.modules[name] = assemble(text, "--disable-compact-imports");
}
// Not in the format that engines ship: a module name once for all of its imports.
made.modules["compact imports"] = assemble(
  `(module (import "env" "a" (func)) (import "env" "b" (func)) (import "env" "c" (func (param i32))))`,
);

const folder = new URL("../fixtures/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("binaryen.json", folder), `${JSON.stringify(made, null, 2)}\n`);
