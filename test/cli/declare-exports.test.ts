import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { declareCommand } from "../../src/cli/declare.ts";
import { temporaryFolder, terminal } from "./terminal.ts";
import { wat } from "../wat.ts";

interface Report {
  readonly dts?: string;
  readonly glue?: string;
  readonly members: number;
  readonly notes: readonly { readonly member: string; readonly reason: string }[];
  readonly holes: Report["notes"];
  readonly guesses: Report["notes"];
  readonly typeDifferences: Report["notes"];
}

const throwing = `(import "wbg" "__wbindgen_throw" (func (param i32 i32)))`;
const body = `(memory (export "memory") 1)
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32) i32.const 0)
  (func (export "add") (param i32 i32) (result i32) i32.const 0)
  (func (export "lookup") (param i32 f64 i64 i32) (result i32) i32.const 0)`;

/** Declares a module of the folder with these texts beside it. */
async function declare(
  module: string,
  texts: Readonly<Record<string, string>>,
  options: { readonly dts?: string; readonly glue?: string } = {},
) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", version: "1.0.0" }));
  writeFileSync(join(folder, "app_bg.wasm"), await wat(`(module ${module})`));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  const given = Object.fromEntries(Object.entries(options).map(([key, name]) => [key, join(folder, name)]));
  const run = async (json: boolean) => {
    const output = terminal();
    const code = await declareCommand(
      join(folder, "app_bg.wasm"),
      { ...given, output: join(folder, "app.mjs"), json },
      "1",
      output,
    );
    return { code, text: output.written() };
  };
  const { code, text } = await run(true);
  const { default: file } = (await import(`${join(folder, "app.mjs")}?${Math.random()}`)) as {
    readonly default: { readonly api: { readonly members: Readonly<Record<string, unknown>> } };
  };
  const summary = (await run(false)).text.replaceAll(/\s+/g, " ");
  return { code, report: JSON.parse(text) as Report, members: file.api.members, summary };
}

const generated = "/* tslint:disable */\n";

describe("types that are of another module", () => {
  const wrapper = `${generated}export declare class Wrapper { add(): void; lookup(text: string): Promise<void>; }`;

  it("are not used, and all exports are guessed", async () => {
    const { report, members, code, summary } = await declare(throwing + body, { "app.d.ts": wrapper });
    expect([Object.keys(members), code]).toEqual([["add", "lookup"], 1]);
    expect(report.dts).toBeUndefined();
    expect(report.guesses.map(({ member }) => member)).toEqual(["add", "lookup"]);
    expect(report.holes).toEqual([]);
    expect(report.notes).toEqual([
      { member: "app/app.d.ts", reason: "it is not used: nothing that it declares is among the module's exports" },
    ]);
    expect(summary).toContain("types not found");
    expect(summary).toContain("noted 1 - app/app.d.ts: it is not used");
  });

  it("are a mistake of the user who names them", async () => {
    const wrong = declare(throwing + body, { "other.d.ts": wrapper }, { dts: "other.d.ts" });
    await expect(wrong).rejects.toThrow(CommandError);
    await expect(wrong).rejects.toThrow(/of another module, or of another build .*--dts/);
  });
});

describe("an interface of the module's exports", () => {
  const inOrder =
    "add(a: number, b: number): Mode; lookup: (at: number, by: number, key: bigint, deep: boolean) => number";
  const mode = "export declare enum Mode { Off = 0, On = 1 }";

  it.each([
    [
      "extends WebAssembly.Exports",
      `export interface App extends WebAssembly.Exports { memory: WebAssembly.Memory; ${inOrder} }`,
    ],
    ["is an alias", `export type App = { ${inOrder} };`],
    ["is an intersection", `type App = WebAssembly.Exports & { ${inOrder} };`],
    ["is the type of a variable", `declare const wasm: { ${inOrder} };`],
  ])("that %s gives them types", async (_, text) => {
    const dts = `${generated}${mode}\n${text}\nexport declare class Wrapper { add(): void }`;
    const { report, members, code } = await declare(throwing + body, { "app.d.ts": dts });
    expect([report.dts, report.holes, report.guesses, code]).toEqual(["app/app.d.ts", [], [], 0]);
    expect(members["add"]).toMatchObject({ result: { type: "enumeration" } });
    expect(members["lookup"]).toMatchObject({
      params: [
        { name: "at", of: { type: "bits32" } },
        { name: "by", of: { type: "f64" } },
        { name: "key", of: { type: "bits64" } },
        { name: "deep", of: { type: "bool" } },
      ],
    });
  });

  it("that does not have the export's words is named", async () => {
    const dts = `${generated}interface App extends WebAssembly.Exports { add(a: number): number; lookup(a: number, b: number, c: number, d: boolean): number }`;
    const { report, members } = await declare(throwing + body, { "app.d.ts": dts });
    expect(report.holes.map(({ member }) => member)).toEqual(["add", "lookup"]);
    expect(report.holes[0]?.reason).toBe("App gives it 1 parameter, and the export has 2");
    // They can still be called, as the words say.
    expect(Object.keys(members)).toEqual(["add", "lookup"]);
  });
});

describe("an export that the package's texts do not mention", () => {
  const glue = `let wasm;
export function add(a, b) { return wasm.add(a, b); }
const imports = { wbg: { __wbindgen_throw: () => {} } };
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; }`;
  const dts = `${generated}export function add(a: number, b: number): number;`;

  it("is noted if the JavaScript never calls it", async () => {
    const { report, members } = await declare(throwing + body, { "app.js": glue, "app.d.ts": dts });
    expect([Object.keys(members), report.holes]).toEqual([["add"], []]);
    expect(report.notes).toEqual([
      { member: "lookup", reason: "app/app.js never calls this export: it stands in wasm.exports alone" },
    ]);
  });

  it("is not noted if it is the function of another export, which the JavaScript calls", async () => {
    const twins = `(export "plus" (func 2)) (export "seek" (func 3)) (export "allocate" (func 1))`;
    const { report } = await declare(`${throwing}${body}${twins}`, { "app.js": glue, "app.d.ts": dts });
    expect(report.notes.map(({ member }) => member)).toEqual(["lookup", "seek", "allocate"]);
    expect(report.holes).toEqual([]);
  });

  it("is guessed without the JavaScript", async () => {
    const { report, members } = await declare(throwing + body, { "app.d.ts": dts });
    expect(Object.keys(members)).toEqual(["add", "lookup"]);
    expect(report.guesses.map(({ member }) => member)).toEqual(["lookup"]);
  });

  it("is left out with a reason if no declared type passes its values", async () => {
    const odd = `(func (export "pair") (result i32 i32) i32.const 0 i32.const 0) (func (export "wide") (param v128))`;
    const { report } = await declare(`${throwing}${body}${odd}`, { "app.d.ts": dts });
    expect(report.holes.map(({ member, reason }) => [member, reason.split(",")[0]])).toEqual([
      ["pair", "it returns 2 values"],
      ["wide", "it takes or returns a value of type v128"],
    ]);
  });

  it("is accounted for if it serves the toolchain's JavaScript", async () => {
    const own = ["__wbindgen_free", "__wbg_app_free", "closure12_externref_shim", "__externref_table_alloc", "_start"];
    const all = own.map((name) => `(func (export "${name}") (param i32))`).join("");
    const { report } = await declare(`${throwing}${body}${all}`, { "app.js": glue, "app.d.ts": dts });
    expect(report.notes.map(({ member }) => member)).toEqual(["lookup"]);
  });
});

describe("JavaScript of another build", () => {
  const name = (hash: string): string => `__wbg_now_${hash.repeat(16)}`;
  const module = `(import "wbg" "${name("1")}" (func (result f64))) ${body}`;
  const glueOf = (hash: string): string => `let wasm;
export function add(a, b) { return wasm.add(a, b); }
const imports = { wbg: { ${name(hash)}: () => Date.now() } };
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; }`;

  it("is refused if the user names it", async () => {
    const wrong = declare(module, { "old.js": glueOf("2") }, { glue: "old.js" });
    await expect(wrong).rejects.toThrow(CommandError);
    await expect(wrong).rejects.toThrow(/old\.js is of another module, or of another build of .*--glue/);
    const { report } = await declare(module, { "new.js": glueOf("1") }, { glue: "new.js" });
    expect(report.holes).toEqual([]);
  });
});

describe("a function with several signatures", () => {
  it("has that with its parameters, and with the limits of type parameters", async () => {
    const dts = `${generated}
export type Events = { a: number };
export declare function add(first: number): number;
export declare function add<Name extends keyof Events>(first: Name, second: (value: Events[Name]) => void): number;`;
    const glue = `let wasm;
export function add(a, b) { return wasm.add(a, b); }
export function initSync(module) {
  wasm = new WebAssembly.Instance(module, { wbg: { __wbindgen_throw: () => {} } }).exports;
}`;
    const { report, members } = await declare(throwing + body, { "app.js": glue, "app.d.ts": dts });
    expect(members["add"]).toMatchObject({ params: [{ name: "first" }, { name: "second" }] });
    expect(report.typeDifferences.map(({ member }) => member)).toEqual(["add", "add"]);
  });
});
