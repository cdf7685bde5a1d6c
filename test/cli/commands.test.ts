import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { inspectCommand } from "../../src/cli/inspect.ts";
import { runCommand } from "../../src/cli/run.ts";
import { shapeCommand } from "../../src/cli/shape.ts";
import { declareTypes, typesCommand } from "../../src/cli/types.ts";
import { compileSync, inspect, t } from "../../src/node.ts";
import type { CompactShape } from "../../src/public/index.ts";
import { fingerprintOf } from "../../src/reflect/fingerprint.ts";
import { bindgen, heap } from "../bind/bindgen.ts";
import { wat } from "../wat.ts";
import { temporaryFolder, terminal } from "./terminal.ts";

const hello = "examples/hello/hello.wasm";

/** Writes a module into a file. */
async function moduleFile(text: string): Promise<string> {
  const file = join(temporaryFolder(), "module.wasm");
  writeFileSync(file, await wat(text));
  return file;
}

describe("unglue inspect", () => {
  it("shows what a module is, needs and offers", async () => {
    const output = terminal();
    expect(await inspectCommand("prqlc/dist/web/prqlc_js_bg.wasm", {}, output)).toBe(0);
    const text = output.written();
    expect(text).toMatch(/made by wasm-bindgen 0\.2\.\d+/);
    expect(text).toMatch(/Memory 0: \d+ pages \(.+\), no maximum/);
    expect(text).toContain("Allocator: __wbindgen_malloc, __wbindgen_free\n");
    expect(text).toMatch(/Imports \(\d+\)\n {2}\S+\n {4}__wb\S+ \(func/);
    expect(text).toMatch(/ {6}these 3, adapter: /);
    expect(text).toMatch(/Classes \(\d+\)\n {2}compileoptions, by/);
    expect(text).toMatch(/new: constructor, (direct|multi-value|return-pointer)/);
    expect(text).toMatch(/Custom sections \(\d+\)/);
    // Names are not cut; all text is.
    const prose = text.split("\n").filter((line) => line.length > 80 && !/\(func|__w|: \(/.test(line));
    expect(prose).toEqual([]);
  });

  it.each([
    ["alloc dealloc", "alloc, dealloc"],
    ["cabi_realloc", "cabi_realloc, none that frees"],
    ["__new __pin __unpin", "__new, __unpin"],
    ["__new __unpin", "none that is known among the exports"],
    ["reserve", "none that is known among the exports"],
  ])("names the allocator among the exports %s", async (names, shown) => {
    const exports = names.split(" ").map((name) => `(func (export "${name}") (param i32) (result i32) (i32.const 0))`);
    const output = terminal();
    await inspectCommand(await moduleFile(`(module (memory 1) ${exports.join(" ")})`), {}, output);
    expect(output.written()).toContain(`Allocator: ${shown}\n`);
  });

  it("prints a hint once for the imports that share it", async () => {
    const names = ["napi_create_object", "napi_get_undefined", "napi_throw"];
    const imports = names.map((name) => `(import "env" "${name}" (func (param i32 i32) (result i32)))`);
    const output = terminal();
    await inspectCommand(await moduleFile(`(module ${imports.join(" ")} (import "other" "f" (func)))`), {}, output);
    const [before = "", hint = "", after = ""] = output.written().split(/^ {6}these 3, (stub: .*(?:\n {8}.*)*)$/m);
    expect(before).toContain("napi_create_object");
    expect(before).not.toMatch(/^ {6}/m);
    expect(hint).not.toBe("");
    expect(after).toMatch(/^\n {2}other\n {4}f .*\n {6}stub: /);
  });

  it("names the imports that take closures which two exports could run", async () => {
    const name = "__wbg_new_typed_c072c4ce9a2a0cdf";
    const file = join(temporaryFolder(), "module.wasm");
    const runs = ["7", "8"].map(
      (number) => `(func (export "__wasm_bindgen_func_elem_${number}") (param i32 i32 i32 i32))`,
    );
    const imports = `(import "wbg" "${name}" (func (param i32 i32) (result i32)))`;
    writeFileSync(file, await bindgen(runs.join(""), { ...heap, version: 121 }, imports));
    const output = terminal();
    await inspectCommand(file, {}, output);
    expect(output.written().replace(/\s+/g, " ")).toContain(
      `${name} takes Mut(H,H), run by __wasm_bindgen_func_elem_7 or __wasm_bindgen_func_elem_8. State it`,
    );
    const json = terminal();
    await inspectCommand(file, { json: true }, json);
    const { advice } = JSON.parse(json.written()) as Pick<ReturnType<typeof inspect>, "advice">;
    expect(advice).toMatchObject([{ code: "closures", message: expect.stringContaining(name) as string }]);
  });

  it("prints JSON with everything in it", async () => {
    const output = terminal();
    await inspectCommand(hello, { json: true }, output);
    const found = JSON.parse(output.written()) as Record<string, unknown>;
    expect(found).toMatchObject({ name: hello, bytes: 189, toolchain: { name: "unknown" }, imports: [], features: [] });
  });

  it("runs nothing of the module, its start function included", async () => {
    const output = terminal();
    const file = await moduleFile(
      '(module (import "env" "f" (func $f)) (func $start unreachable) (start $start) (func (export "_initialize") unreachable))',
    );
    expect(await inspectCommand(file, {}, output)).toBe(0);
    expect(output.written()).toContain("Start function: number 1");
    expect(output.written()).toContain("      stub: ");
    // A start section of which the size takes more bytes than it has to, after a custom section.
    const padded = Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[0, 2, 1, 0x78],
      ...[1, 4, 1, 0x60, 0, 0],
      ...[2, 7, 1, 1, 0x65, 1, 0x66, 0, 0],
      ...[3, 2, 1, 0],
      ...[8, 0x81, 0x80, 0, 1],
      ...[10, 5, 1, 3, 0, 0, 0x0b],
    );
    expect(WebAssembly.validate(padded)).toBe(true);
    const second = join(temporaryFolder(), "padded.wasm");
    writeFileSync(second, padded);
    const other = terminal();
    expect(await inspectCommand(second, {}, other)).toBe(0);
    expect(other.written()).toContain("      stub: ");
  });

  it("lets no name of the module command the terminal", async () => {
    const output = terminal();
    await inspectCommand(await moduleFile('(module (func (export "a\\1b[31m\\e2\\80\\aeb")))'), {}, output);
    expect(output.written()).toContain('"a\\u001b[31m\\u202eb"');
    // eslint-disable-next-line no-control-regex -- it is what must not stand there
    expect(output.written()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it("says what the bytes are if they are no module", async () => {
    await expect(inspectCommand("package.json", {}, terminal())).rejects.toThrow(/^package\.json: /);
  });
});

describe("unglue shape", () => {
  it("writes a shape that stands for the bytes", async () => {
    const file = join(temporaryFolder(), "shape.json");
    expect(await shapeCommand(hello, { output: file }, terminal())).toBe(0);
    const shape = JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof inspect>;
    const module = new WebAssembly.Module(readFileSync(hello));
    expect(compileSync(module, { shape }).shape.exports).toEqual(inspect(readFileSync(hello)).exports);
  });

  it("writes the types alone in compact form", async () => {
    const output = terminal();
    expect(await shapeCommand(hello, { compact: true }, output)).toBe(0);
    const shape = JSON.parse(output.written()) as CompactShape;
    expect(Object.keys(shape)).toEqual(["imports", "exports", "memories"]);
    const module = new WebAssembly.Module(readFileSync(hello));
    expect(compileSync(module, { shape }).shape.imports).toEqual(inspect(readFileSync(hello)).imports);
  });
});

describe("unglue types", () => {
  it("declares every module in node_modules so that strict TypeScript takes it", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const modules = readdirSync("node_modules", { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".wasm"),
    );
    expect(modules.length).toBeGreaterThan(20);
    const files = modules.map((name, at) => {
      const bytes = readFileSync(join("node_modules", name));
      // A package has files that are none, for its tests.
      if (!WebAssembly.validate(bytes)) return undefined;
      const file = join(folder, `${at}.d.ts`);
      writeFileSync(file, declareTypes(inspect(bytes), name));
      return file;
    });
    const written = files.filter((file) => file !== undefined);
    expect(written.length).toBeGreaterThan(20);
    expect(diagnosticsOf(written)).toEqual([]);
    expect(
      written.filter((file) => /\bany\b/.test(readFileSync(file, "utf8").replaceAll(/\/\*.*?\*\/|"[^"\n]*"/g, ""))),
    ).toEqual([]);
    expect(await typesCommand(hello, {}, terminal())).toBe(0);
  });

  it("keeps names that strangers chose inside of quotes", async () => {
    const text = String.raw`(module
      (import "*/ export const x = 1; /*" "\22; }" (func (param i32)))
      (import "two" "of a name" (func (param i32)))
      (import "two" "of a name" (func (param i64) (result f32 externref)))
      (import "g" "constant" (global i64))
      (func (export "__proto__")) (func (export "a\u{2028}b")) (func (export "constructor") (param v128) unreachable)
      (func (export "pair") (result i32 i64) unreachable) (table (export "default") 1 funcref))`;
    const folder = temporaryFolder();
    const file = join(folder, "hostile.d.ts");
    writeFileSync(file, declareTypes(inspect(await wat(text)), "*/ `\n"));
    const user = join(folder, "user.ts");
    writeFileSync(
      user,
      `import type { Exports, Imports } from "./hostile.d.ts";
       declare const exports: Exports;
       export const [first, second]: [number, bigint] = exports.pair();
       export const imports: Imports["g"] = { constant: 5n };
       // @ts-expect-error -- JavaScript cannot pass a vector
       exports.constructor(5);`,
    );
    expect(diagnosticsOf([file, user])).toEqual([]);
  });
});

describe("unglue run", () => {
  const math = `(module
    (import "env" "log" (func $log (param i32)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "wide") (param i64) (result i64) (local.get 0))
    (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
    (func (export "pair") (result i32 i64) (i32.const 1) (i64.const 2))
    (func (export "crash") (call $deep))
    (func $deep unreachable)
    (func (export "says") (call $log (i32.const 7))))`;

  it.each([
    ["add", ["2", "3"], "5\n"],
    ["add", ["0xffffffff", "3"], "2\n"],
    ["add", ["-2", "0"], "-2\n"],
    ["wide", ["18446744073709551615"], "-1\n"],
    ["half", ["-3e1"], "-15\n"],
    ["half", ["-Infinity"], "-Infinity\n"],
    ["pair", [], "1\n2\n"],
  ])("calls %s with %j", async (name, args, expected) => {
    const output = terminal();
    expect(await runCommand(await moduleFile(math), name, args, {}, output)).toBe(0);
    expect(output.written()).toBe(expected);
  });

  it("calls through a declaration file, which must be of this module", async () => {
    const module = await moduleFile(math);
    const shape = inspect(readFileSync(module));
    const folder = temporaryFolder();
    const write = (fingerprint: string) => {
      const file = join(folder, `${fingerprint}.mjs`);
      const declaration = { format: 1, fingerprint, api: t.api({ add: t.fn([t.i32, t.i32], t.u32) }) };
      writeFileSync(file, `export default ${JSON.stringify(declaration)};\n`);
      return file;
    };
    const output = terminal();
    const api = write(fingerprintOf(shape));
    expect(await runCommand(module, "add", ["-2", "1"], { api }, output)).toBe(0);
    expect(output.written()).toBe("4294967295\n");
    expect(await runCommand(module, "add", ["1", "1"], { api: write("0") }, output)).toBe(1);
    expect(output.remarked()).toContain("The declaration file is about another module than this one");
  });

  it.each([
    ["nothing", ["2"], "no function nothing"],
    ["add", ["2"], "takes 2 arguments, got 1"],
    ["add", ["2.5", "1"], "must be a whole number: the export is (i32, i32) -> i32"],
    ["add", ["4294967296", "1"], "must be a whole number of 32 bits"],
    ["half", ["x"], "must be a number"],
    ["half", [""], "must be a number"],
    ["__proto__", [], "no function __proto__"],
  ])("refuses %s with %j as a mistake of the user", async (name, args, message) => {
    const failure = await runCommand(await moduleFile(math), name, args, {}, terminal()).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(CommandError);
    expect((failure as Error).message).toContain(message);
  });

  it("lists what can be called", async () => {
    const output = terminal();
    expect(await runCommand(await moduleFile(math), undefined, [], {}, output)).toBe(0);
    expect(output.written()).toContain("  add (i32, i32) -> i32\n");
  });

  it("tells an AssemblyScript function with defaults the number of its arguments", async () => {
    const output = terminal();
    expect(await runCommand("test/fixtures/assemblyscript/values.wasm", "defaults", ["1", "2"], {}, output)).toBe(0);
    expect(output.written()).toContain("1002");
  });

  it("names what runs a module whose functions are registered", async () => {
    const go = await moduleFile(`(module (import "gojs" "runtime.wasmExit" (func (param i32))) (memory (export "mem") 1)
      (func (export "run") (param i32 i32)) (func (export "resume")) (func (export "getsp") (result i32) (i32.const 0)))`);
    const addon = await moduleFile(`(module (import "env" "napi_typeof" (func (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (func (export "napi_register_wasm_v1") (param i32 i32) (result i32) (local.get 1)))`);
    for (const [file, way] of [
      [go, "loadProgram(source)`, from `unglue/go`"],
      [addon, "adapters: [napi()]`, from `unglue/napi`"],
    ] as const) {
      const failure: unknown = await runCommand(file, "crc32", ["x"], {}, terminal()).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CommandError);
      expect((failure as Error).message).toContain(way);
      const output = terminal();
      expect(await runCommand(file, undefined, [], {}, output)).toBe(0);
      expect(output.remarked()).toContain(way);
    }
  });

  it("prints the stack of a trap, and tells findings", async () => {
    const output = terminal();
    expect(await runCommand(await moduleFile(math), "crash", [], {}, output)).toBe(1);
    expect(output.remarked()).toMatch(/The export "crash" trapped: unreachable/);
    expect(output.remarked().match(/^ {2}at .*byte \d+ of the module$/gm)).toHaveLength(2);
  });

  it("traces imports, under the policy for missing ones", async () => {
    const [trapped, traced] = [terminal(), terminal()];
    const file = await moduleFile(math);
    expect(await runCommand(file, "says", [], { missing: "trap" }, trapped)).toBe(1);
    expect(trapped.remarked()).toContain('"env"."log"');
    expect(await runCommand(file, "says", [], { missing: "zero", trace: true }, traced)).toBe(0);
    expect(traced.remarked()).toContain("env.log(7) = ");
  });

  it("lets no text of the module command the terminal, and leaves it to a pipe as it is", async () => {
    const text = String.raw`(module (memory (export "memory") 1) (data (i32.const 8) "a\1b[31m\c2\9bb\tc\0a\00")
      (func (export "says") (result i32) (i32.const 8)))`;
    const api = join(temporaryFolder(), "api.mjs");
    const library = new URL("../../src/bind/t.ts", import.meta.url).href;
    writeFileSync(
      api,
      `import { t } from ${JSON.stringify(library)};\nexport const api = t.api({ says: t.fn([], t.cstring) });`,
    );
    const module = await moduleFile(text);
    const [pipe, onTerminal] = [terminal(), terminal(true)];
    expect(await runCommand(module, "says", [], { api }, pipe)).toBe(0);
    expect(pipe.written()).toBe("a\u001b[31m\u009bb\tc\n\n");
    expect(await runCommand(module, "says", [], { api }, onTerminal)).toBe(0);
    expect(onTerminal.written()).toBe("a\\u001b[31m\\u009bb\tc\n\n");
  });

  it("prints lists and errors as JSON under json", async () => {
    const [listed, trapped] = [terminal(), terminal()];
    const file = await moduleFile(math);
    expect(await runCommand(file, undefined, [], { json: true }, listed)).toBe(0);
    expect(JSON.parse(listed.written())).toContainEqual({ name: "add", signature: "(i32, i32) -> i32" });
    expect(await runCommand(file, "crash", [], { json: true }, trapped)).toBe(1);
    expect(JSON.parse(trapped.written())).toMatchObject({ error: { code: "trap", details: { export: "crash" } } });
  });

  it("calls a declared interface with JSON or text", async () => {
    const output = terminal();
    const folder = temporaryFolder();
    const api = join(folder, "api.mjs");
    const library = new URL("../../src/bind/t.ts", import.meta.url).href;
    writeFileSync(
      api,
      `import { t } from ${JSON.stringify(library)};\nexport const api = t.api({ greet: t.fn([t.cstring], t.cstring) });`,
    );
    expect(await runCommand(hello, "greet", ["Ada"], { api }, output)).toBe(0);
    expect(output.written()).toBe("Hello, Ada!\n");
  });
});

function diagnosticsOf(files: readonly string[]): string[] {
  const program = ts.createProgram(files, {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    noEmit: true,
    allowImportingTsExtensions: true,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}
