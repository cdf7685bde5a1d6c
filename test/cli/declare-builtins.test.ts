import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { declareCommand, type DeclareOptions } from "../../src/cli/declare.ts";
import { runCommand } from "../../src/cli/run.ts";
import { compile, type DeclarationFile, inspect, load } from "../../src/node.ts";
import { expandShape } from "../../src/reflect/compact.ts";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { newest } from "../builtins/modules.ts";
import { rejectionOf, wat } from "../wat.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

const strings = await wat(`(module
  (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
  (import "env" "log" (func (param i32)))
  (import "'" "four" (global $four externref))
  (func (export "size") (result i32) (call $length (global.get $four)))
  (func (export "size_of") (param externref) (result i32) (call $length (local.get 0))))`);
const flags = { builtins: "js-string", stringConstants: "'" } as const;

interface Report {
  readonly imports: number;
  readonly known: number;
  readonly members: number;
  readonly supply: readonly { readonly name: string }[];
  readonly advice: readonly { readonly code: string; readonly message: string }[];
  readonly differences: readonly string[];
}

/** Declares a module in a folder of its own. */
async function declare(bytes: Uint8Array, given: DeclareOptions, folder = temporaryFolder()) {
  const [file, path] = [join(folder, "strings.wasm"), join(folder, "strings.mjs")];
  writeFileSync(file, bytes);
  const output = terminal();
  await declareCommand(file, { output: path, json: true, ...given }, "1.0.0", output);
  return { folder, file, path, report: JSON.parse(output.written()) as Report };
}

async function read(path: string): Promise<DeclarationFile<unknown>> {
  const module = (await import(pathToFileURL(path).href)) as { readonly default: DeclarationFile<unknown> };
  return module.default;
}

describe("unglue declare with builtins", () => {
  it("writes a file that is all a load needs, with the shape and fingerprint of all imports", async () => {
    const { path, report } = await declare(strings, flags);
    expect(report).toMatchObject({ imports: 3, known: 2, members: 2, supply: [{ name: "log" }], advice: [] });
    const file = await read(path);
    expect(file).toMatchObject({ builtins: ["js-string"], importedStringConstants: "'" });
    expect(file.fingerprint).toBe(fingerprintOf(inspect(strings)));
    const { shape } = file;
    expect(shape && expandShape(shape).imports).toEqual(inspect(strings).imports);
    const describing = { ...file, api: undefined as never };
    const module = await compile(strings, describing);
    for (const wasm of [
      await load(strings, file as DeclarationFile),
      await load(new WebAssembly.Module(strings), file as DeclarationFile),
      await module.instantiate(file as DeclarationFile),
    ]) {
      expect((wasm.api as unknown as { readonly size: () => number }).size()).toBe(4);
    }
    const other = { ...(file as DeclarationFile), importedStringConstants: "_" };
    expect(await rejectionOf(load(strings, other))).toMatchObject({ code: "invalid-option" });
  });

  it("notes the options in the first comment, and checks the file with them", async () => {
    const { folder, path } = await declare(strings, flags);
    expect(readFileSync(path, "utf8")).toContain(`--builtins js-string --string-constants "'"`);
    expect((await declare(strings, { ...flags, check: true }, folder)).report.differences).toEqual([]);
    const { differences } = (await declare(strings, { check: true }, folder)).report;
    expect(differences).toEqual([
      "strings.mjs: builtins would not be there",
      "strings.mjs: importedStringConstants would not be there",
    ]);
  });

  it("advises the options that are missing", async () => {
    const adviceOf = async (given: DeclareOptions) => (await declare(strings, given)).report.advice;
    expect(await adviceOf({})).toEqual([
      {
        code: "string-builtins",
        message: `The module takes strings from the engine. Declare it with --builtins js-string --string-constants "'".`,
      },
    ]);
    expect((await adviceOf({ builtins: "js-string" }))[0]?.message).toContain(
      `Declare it with --string-constants "'".`,
    );
  });

  it("refuses options that the module does not need", async () => {
    const plain = await wat('(module (import "env" "f" (func)) (func (export "g")))');
    const misuses: readonly [Uint8Array, DeclareOptions, string][] = [
      [plain, { builtins: "js-string" }, "the module imports no function of wasm:js-string"],
      [plain, { stringConstants: "'" }, "the module imports nothing from '"],
      [plain, { stringConstants: "env" }, "not all imports from env are constants"],
      [strings, { ...flags, stringConstants: "wasm:js-string" }, "does not begin with wasm:"],
    ];
    for (const [bytes, given, words] of misuses) {
      await expect(declare(bytes, given)).rejects.toThrow(CommandError);
      await expect(declare(bytes, given)).rejects.toThrow(words);
    }
  });

  it("refuses a builtin of another type", async () => {
    const wrong = await wat('(module (import "wasm:js-string" "length" (func (param i32) (result i32))))');
    expect(await rejectionOf(declare(wrong, { builtins: "js-string" }))).toMatchObject({ code: "import-mismatch" });
  });

  it("writes a file that run takes", async () => {
    const { file, path } = await declare(strings, flags);
    const output = terminal();
    expect(await runCommand(file, "size_of", ["twelve"], { api: path }, output)).toBe(0);
    expect(output.written()).toBe("6\n");
  });

  if (newest !== "gc") return;

  it("declares a module of Kotlin", async () => {
    const kotlin = readFileSync("test/fixtures/wasmgc/kotlin/app.wasm");
    const { path, report } = await declare(kotlin, flags);
    const strings = inspect(kotlin).imports.filter(({ module }) => module === "'" || module === "wasm:js-string");
    expect(report).toMatchObject({ imports: 84, known: strings.length });
    expect(report.supply.map(({ name }) => name)).toContain("tag");
    const { importObject } = (await import("../fixtures/wasmgc/kotlin/app.import-object.mjs")) as {
      readonly importObject: object;
    };
    const wasm = await load(kotlin, { ...((await read(path)) as DeclarationFile), imports: importObject as never });
    const { add, greet } = wasm.api as unknown as Record<string, (...args: unknown[]) => unknown>;
    expect(add?.(40, 2)).toBe(42);
    expect(greet?.("Zoë 😀")).toBe("Hello, Zoë 😀!");
  });
});
