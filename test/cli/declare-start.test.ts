import { join } from "node:path";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { declareCommand, type DeclareOptions } from "../../src/cli/declare.ts";
import { findTexts } from "../../src/cli/declare/texts.ts";
import { inspect, load, UnglueError } from "../../src/node.ts";
import { list, sections, text } from "../reflect/assemble.ts";
import { wat } from "../wat.ts";
import { add, glue, madeBy, packageOf, throwing } from "./small-package.ts";
import { terminal } from "./terminal.ts";

async function declare(folder: string, options: DeclareOptions = {}, module = "app_bg.wasm") {
  const output = terminal();
  const path = join(folder, "declared.mjs");
  const code = await declareCommand(join(folder, module), { output: path, ...options }, "1", output);
  const written = output.written();
  const { default: file } = (await import(`${path}?${Math.random()}`)) as { readonly default: object };
  return { code, written, flat: written.replaceAll(/\s+/g, " "), file };
}

type Loading = (...given: unknown[]) => Promise<{ readonly api: never }>;

/** The program that the command prints, as a function of what its comments name. */
function programOf(written: string, ...given: readonly string[]): Loading {
  const [, lines = ""] = written.split(/^(?:Now load it|Give what the comments name first, and load it):\n/m);
  const code = lines.split("\n").filter((line) => /^( {2}|$)/.test(line) && !/^ {2}import /.test(line));
  const source = `async (load, app, ${given.join(", ")}) => {${code.join("\n")}\nreturn wasm;\n}`;
  return new Script(source).runInThisContext() as Loading;
}

const odd = "__wbg_odd_0123456789abcdef";
const oddImport = `(import "wbg" "${odd}" (func $odd (param i32)))`;

describe("a module whose start calls an import that is left out", () => {
  it.each([
    ["its start function", `(func $begin (call $odd (i32.const 1))) (start $begin)`],
    ["__wbindgen_start", `(func (export "__wbindgen_start") (call $deeper)) (func $deeper (call $odd (i32.const 1)))`],
    [
      "_initialize",
      `(func (export "_initialize") (local f64 v128) (v128.const i32x4 1 2 3 4) (local.set 1)
        (block (result i32) (br_table 0 0 (i32.const 7) (i32.const 0))) (call $odd))`,
    ],
  ])("is said to need it, with a program that works: %s", async (name, start) => {
    const bytes = await madeBy(92, `${throwing} ${oddImport} (memory (export "memory") 1) ${start}`);
    const { code, written, flat, file } = await declare(packageOf({ "app_bg.wasm": bytes, "app.js": glue }));
    expect(code).toBe(1);
    await expect(load(bytes, file)).rejects.toMatchObject({ code: "missing-import-called" });
    expect(flat).toContain(
      `without it each throws when it is called, and a load fails if ${name}, which it runs, calls wbg.${odd}.`,
    );
    expect(flat).not.toContain("Now load it");
    expect(written).toContain(`  // ${odd}: you supply wbg.${odd}, (func (param i32))\n`);
    const seen: unknown[] = [];
    const { api } = await programOf(written, odd)(
      (_: string, options: object) => load(bytes, options),
      file,
      (value: unknown) => seen.push(value),
    );
    expect([(api as { add(a: number, b: number): number }).add(2, 3), seen.length]).toEqual([5, 1]);
  });

  it("is said to need it perhaps where only a table tells", async () => {
    const start = `(table 1 funcref) (elem (i32.const 0) $odd)
      (func (export "__wbindgen_start") (call_indirect (param i32) (i32.const 1) (i32.const 0)))`;
    const bytes = await madeBy(92, `${throwing} ${oddImport} (memory (export "memory") 1) ${start}`);
    const { flat, file } = await declare(packageOf({ "app_bg.wasm": bytes, "app.js": glue }));
    await expect(load(bytes, file)).rejects.toMatchObject({ code: "missing-import-called" });
    expect(flat).toContain("and a load fails if __wbindgen_start, which it runs, calls one.");
  });

  it("is not said to need it where it cannot call it", async () => {
    const start = `(func (export "__wbindgen_start") (call $other)) (func $other) (func (export "f") (call $odd (i32.const 1)))`;
    const bytes = await madeBy(92, `${throwing} ${oddImport} (memory (export "memory") 1) ${start}`);
    const folder = packageOf({ "app_bg.wasm": bytes, "app.js": glue });
    const { flat, file, written } = await declare(folder);
    expect(flat).toContain("without it each throws when it is called. ");
    expect(written).toContain("Now load it:\n");
    expect((await load(bytes, file)).state).toBe("live");
    const output = terminal();
    await declareCommand(
      join(folder, "app_bg.wasm"),
      { json: true, check: true, output: join(folder, "declared.mjs") },
      "1",
      output,
    );
    expect(JSON.parse(output.written())).toMatchObject({ supply: [{ name: odd }], calledAtLoad: [] });
  });
});

const table = "__wbindgen_externrefs";
const filling = `__wbindgen_init_externref_table() {
  const table = wasm.${table};
  table.set(0, undefined); table.set(1024, undefined); table.set(1025, null); table.set(1026, true); table.set(1027, false);
  table.set(1028, "say \\"</script>\\""); table.set(1029, "b"); }`;
const texts = `let wasm;
const imports = { wbg: { ${filling} } };
export function first() { const ret = wasm.first(); return ret; }
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; wasm.__wbindgen_start(); }`;

async function withTexts(more = ""): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await wat(`(module (import "wbg" "__wbindgen_init_externref_table" (func $fill))
    (memory (export "memory") 1) (table (export "${table}") 1030 externref) ${more}
    (func (export "first") (result externref) (table.get 0 (i32.const 1028)))
    (func (export "__externref_table_alloc") (result i32) (table.grow 0 (ref.null extern) (i32.const 1)))
    (func (export "__externref_table_dealloc") (param i32)) (func (export "__wbindgen_start") (call $fill)))`);
  const tools = list([...text("wasm-bindgen"), ...text("0.2.130")]);
  return Uint8Array.of(...bytes, ...sections.custom("producers", list([...text("processed-by"), ...tools])));
}

describe("a module with constant texts that only its JavaScript has", () => {
  it.each([
    ["", ""],
    [
      "and an initializer",
      `(global $begun (mut i32) (i32.const 0)) (func (export "_initialize") (global.set $begun (i32.const 1)))
       (func (export "begun") (result i32) (global.get $begun))`,
    ],
  ])("gets them by the program that is printed %s", async (_, more) => {
    const bytes = await withTexts(more);
    const { code, written, flat, file } = await declare(packageOf({ "app_bg.wasm": bytes, "app.js": texts }));
    expect([code, flat.includes("guessed")]).toEqual([0, false]);
    await expect(load(bytes, file)).rejects.toMatchObject({ code: "unsupported-module" });
    const wasm = await programOf(written)((_: string, options: object) => load(bytes, options), file);
    expect((wasm.api as { first(): string }).first()).toBe('say "</script>"');
    if (more) expect((wasm as unknown as { exports: { begun(): number } }).exports.begun()).toBe(1);
    expect(written).not.toContain("</script>");
  });

  it("has them for the user to fill in without the JavaScript", async () => {
    const bytes = await withTexts();
    const { written, file } = await declare(packageOf({ "app_bg.wasm": bytes }));
    expect(written).toContain("Give what the comments name first, and load it:");
    expect(written).toMatch(/\/\/ text1029: you supply a constant text, which only the package's\s+JavaScript has/);
    const wasm = await programOf(written, "text1028", "text1029")(
      (_: string, options: object) => load(bytes, options),
      file,
      "a",
      "b",
    );
    expect((wasm.api as { first(): string }).first()).toBe("a");
  });

  it("is written as data, with --json", async () => {
    const folder = packageOf({ "app_bg.wasm": await withTexts(), "app.js": texts });
    const { written } = await declare(folder, { json: true });
    const places = { 1028: 'say "</script>"', 1029: "b" };
    expect(JSON.parse(written)).toMatchObject({ constantTexts: { table, places } });
  });

  it("is none with the engine's string constants, which fill the table", async () => {
    const shape = inspect(await withTexts());
    expect(findTexts(shape)?.texts.size).toBe(2);
    const constant = { module: "'", name: "a", kind: "global", type: { value: "externref", mutable: false } } as const;
    expect(findTexts({ ...shape, imports: [...shape.imports, constant] })).toBeUndefined();
  });
});

describe("a module that load refuses", () => {
  it("has its reason once", async () => {
    const bytes = await madeBy(92, `(import "wbg" "memory" (memory 1 2 shared)) ${throwing}`);
    await expect(load(bytes)).rejects.toBeInstanceOf(UnglueError);
    const { flat } = await declare(packageOf({ "app_bg.wasm": bytes, "app.js": glue }));
    expect(flat.match(/was built for threads/g)).toHaveLength(1);
    expect(flat).not.toContain("left out");
  });
});

describe("the calls that a module makes while it is loaded", () => {
  it("are found behind instructions of every kind", async () => {
    const body = `(drop (select (result f64) (f64.const 1) (f64.const 2) (i32.const 1)))
      (memory.copy (i32.const 0) (i32.const 0) (i32.const 1)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))
      (drop (i32.trunc_sat_f64_s (f64.const 1))) (drop (i8x16.extract_lane_u 15 (v128.load offset=4 (i32.const 0))))
      (v128.store8_lane 3 (i32.const 0) (v128.const i64x2 1 2))
      (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 1 2) (v128.const i64x2 1 2)))
      (if (i32.eqz (i32.const -1)) (then (loop (br_if 0 (i32.const 0)))) (else (nop)))
      (drop (ref.is_null (ref.func $f))) (drop (ref.is_null (ref.null extern))) (drop (i64.const -123456789012))
      (drop (f32.const 1)) (drop (memory.grow (i32.const 0))) (drop (global.get 0)) (drop (table.size 0))`;
    const source = `(module (import "env" "f" (func $f)) (memory (export "memory") 1) (table 1 funcref) (global i32 (i32.const 0)) ${add}
      (elem declare func $f) (func $begin ${body} (call $f)) (start $begin))`;
    const { written, flat } = await declare(packageOf({ "app.wasm": await wat(source) }), {}, "app.wasm");
    expect(flat).toContain("calls env.f.");
    expect(written).toContain("// f: you supply env.f, (func)\n");
  });
});
