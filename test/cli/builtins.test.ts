import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { inspectCommand } from "../../src/cli/inspect.ts";
import { runCommand } from "../../src/cli/run.ts";
import { shapeCommand } from "../../src/cli/shape.ts";
import { typesCommand } from "../../src/cli/types.ts";
import { inspect, load } from "../../src/node.ts";
import type { Shape } from "../../src/public/index.ts";
import { constantsModule, isNative } from "../builtins/modules.ts";
import { wat } from "../wat.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

const strings = await wat(`(module
  (import "wasm:js-string" "fromCharCode" (func $code (param i32) (result externref)))
  (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
  (import "env" "log" (func (param i32)))
  (func (export "size") (param i32) (result i32) (call $length (call $code (local.get 0)))))`);
const constants = constantsModule("'", ["a", "b"]);
// V8 wants exactly the types of the specification.
const runnable = await wat(`(module
  (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
  (import "'" "four" (global $four externref))
  (func (export "size") (result i32) (call $length (global.get $four))))`);
/** A module that is refused without what only its user has. */
const needing = await wat(`(module
  (import "wasm:js-string" "length" (func (param externref) (result i32)))
  (import "env" "level" (global i32))
  (import "env" "config" (global externref))
  (import "env" "counter" (global (mut i64))))`);
const flags = { builtins: "js-string", stringConstants: "'" } as const;

function fileOf(bytes: Uint8Array): string {
  const file = join(temporaryFolder(), "strings.wasm");
  writeFileSync(file, bytes);
  return file;
}

describe("the commands with builtins", () => {
  it("inspect: tells who provides them, without the advice to load with them", async () => {
    const [output, plain] = [terminal(), terminal()];
    const file = fileOf(runnable);
    await inspectCommand(file, flags, output);
    expect(output.written()).toContain(isNative ? "engine: a builtin of the engine" : "polyfill: a builtin of this");
    expect(output.written()).not.toContain("string-builtins");
    await inspectCommand(file, {}, plain);
    expect(plain.written()).toContain("string-builtins");
  });

  it("inspect: tells it beside globals and tags that nothing provides", async () => {
    const output = terminal();
    await inspectCommand(fileOf(needing), { builtins: "js-string" }, output);
    const text = output.written().replaceAll(/\s+/g, " ");
    expect(text).toContain(isNative ? "engine: a builtin of the engine" : "polyfill: a builtin of this");
    for (const name of ["level (global i32)", "config (global externref)", "counter (global (mut i64))"]) {
      expect(text).toContain(name);
    }
    expect(text).toContain("stub: nothing provides it, and a load without it is refused: give it in `imports`");
    expect(text).not.toContain("cannot be told");
    await expect(load(needing, { builtins: ["js-string"] })).rejects.toMatchObject({ code: "unresolved-imports" });
  });

  it("types: declares the imports that are left", async () => {
    const output = terminal();
    await typesCommand(fileOf(strings), flags, output);
    expect(output.written()).toContain("readonly log: (p0: number) => void;");
    expect(output.written()).not.toContain("wasm:js-string");
  });

  it("shape: writes the imports that are left, in both forms", async () => {
    const file = fileOf(constants);
    for (const compact of [false, true]) {
      const output = terminal();
      await shapeCommand(file, { ...flags, compact }, output);
      const shape = JSON.parse(output.written()) as Shape;
      expect(shape.imports).toEqual([]);
      const options = { importedStringConstants: "'", shape };
      const wasm = await load(new WebAssembly.Module(constants), options);
      expect((wasm.exports as unknown as Record<string, WebAssembly.Global>)["1"]?.value).toBe("b");
    }
    expect(inspect(constants).imports).toHaveLength(2);
  });

  it("run: calls an export", async () => {
    const output = terminal();
    expect(await runCommand(fileOf(runnable), "size", [], flags, output)).toBe(0);
    expect(output.written()).toBe("4\n");
    expect(await runCommand(fileOf(runnable), "size", [], {}, terminal())).toBe(1);
  });

  it("refuse a wrong name of string constants", async () => {
    const wrong = { stringConstants: "wasm:js-string" };
    const file = fileOf(constants);
    await expect(inspectCommand(file, wrong, terminal())).rejects.toThrow(CommandError);
    await expect(typesCommand(file, wrong, terminal())).rejects.toThrow("does not begin with wasm:");
  });
});
