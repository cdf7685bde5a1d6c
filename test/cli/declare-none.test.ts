import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import { load } from "../../src/node.ts";
import { bindgen, heap } from "../bind/bindgen.ts";
import { checkTypes } from "./declared-types.ts";
import { temporaryFolder } from "./terminal.ts";

const options = { withDocs: true, withShape: true, version: "0.0.0", command: "unglue declare app" };

/** Writes the declaration of a module whose exports return the words that they take. */
async function declare(
  exports: readonly (readonly [name: string, word: string])[],
  js: string,
  dts: string,
  { version = 68, imports = "", body = "" } = {},
) {
  const folder = temporaryFolder();
  const all = exports.map(([name, word]) => `(func (export "${name}") (param ${word}) (result ${word}) (local.get 0))`);
  const bytes = await bindgen(
    [...all, body].join("\n"),
    { ...heap, version },
    imports || `(import "wbg" "__wbindgen_throw" (func (param i32 i32)))`,
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", version: "1.0.0" }));
  writeFileSync(join(folder, "app_bg.wasm"), bytes);
  if (dts !== "") writeFileSync(join(folder, "app.d.ts"), `/* tslint:disable */\n${dts}`);
  writeFileSync(
    join(folder, "app.js"),
    `let wasm;
function isLikeNone(x) { return x === undefined || x === null; }
const imports = { wbg: { __wbindgen_throw: () => {} } };
${js}
export function initSync(module) { wasm = new WebAssembly.Instance(module, imports).exports; }`,
  );
  const inputs = await findInputs(join(folder, "app_bg.wasm"), {});
  const written = await writeDeclaration(inputs, { ...options, folder });
  const { api } = await load(bytes, written.file as never);
  return {
    holes: written.declared.holes,
    known: written.file.known as { readonly meanings?: Readonly<Record<string, string>> },
    written,
    packageDts: inputs.dts?.path,
    members: written.file.api?.members as Readonly<
      Record<string, { params: readonly { of: unknown }[]; result: unknown }>
    >,
    api: api as Readonly<Record<string, (value?: unknown) => unknown>>,
  };
}

/** A function that passes a value, and returns it. */
const echo = (name: string, given: string, returned: string): string =>
  `export function ${name}(x) { const ret = wasm.${name}(${given}); return ${returned}; }`;

const sentinel = (none: string, value = "ret"): string => `ret === ${none} ? undefined : ${value}`;
const given = (none: string, value = "x"): string => `isLikeNone(x) ? ${none} : ${value}`;
const type = (name: string, of: string): string => `export function ${name}(x?: ${of}): ${of} | undefined;`;

describe("a value that may be nothing", () => {
  it("is a number with its own none, if no enumeration is named", async () => {
    const { holes, members, api, written, packageDts } = await declare(
      [["detect", "i32"]],
      echo("detect", given("2"), sentinel("2")),
      `${type("detect", "number")}\nexport enum Runtime { Go, Rust }`,
    );
    expect(holes).toEqual([]);
    const maybe = { type: "optional", item: { type: "i32" }, none: 2 };
    expect(members["detect"]).toMatchObject({ params: [{ of: maybe }], result: maybe });
    expect([undefined, null, 0, 1, 3, -1].map((one) => api["detect"]?.(one))).toEqual([
      undefined,
      undefined,
      0,
      1,
      3,
      -1,
    ]);
    expect(() => api["detect"]?.(2)).toThrow("except 2, or undefined, got 2");
    const { dts, declared } = written;
    expect(dts).toContain("detect(x?: number): number | undefined;");
    const [types] = checkTypes([{ name: "app", dts, declared, packageDts }]);
    expect(types).toEqual({ errors: [], differing: new Map() });
    // The compiler reads the library's own types, too.
  }, 120_000);

  it("is of the enumeration that the package names, if that has the same none", async () => {
    const { members, api } = await declare(
      [
        ["mode", "i32"],
        ["other", "i32"],
      ],
      `export const Mode = Object.freeze({ Low: 0, High: 4, 0: "Low", 4: "High" });
${echo("mode", given("1"), sentinel("1"))}
${echo("other", given("3"), sentinel("3"))}`,
      `export enum Mode { Low = 0, High = 4 }\n${type("mode", "Mode")}\n${type("other", "Mode")}`,
    );
    expect(members["mode"]?.result).toMatchObject({ type: "optional", item: { type: "enumeration", values: [0, 4] } });
    expect(members["other"]?.result).toEqual({ type: "optional", item: { type: "i32" }, none: 3 });
    expect([api["mode"]?.(), api["mode"]?.(4), api["other"]?.(), api["other"]?.(1)]).toEqual([
      undefined,
      4,
      undefined,
      1,
    ]);
  });

  it.each([68, 90, 105])("of fewer bits is one that 0xFFFFFF does not stand for, in 0.2.%i", async (version) => {
    const { holes, api } = await declare(
      [
        ["bits", "i32"],
        ["flag", "i32"],
        ["letter", "i32"],
        ["listed", "i32"],
      ],
      [
        echo("bits", given("0xFFFFFF"), sentinel("0xFFFFFF")),
        echo("flag", given("0xFFFFFF", "x ? 1 : 0"), sentinel("0xFFFFFF", "ret !== 0")),
        echo("letter", given("0xFFFFFF", "x.codePointAt(0)"), sentinel("0xFFFFFF", "String.fromCodePoint(ret)")),
        echo("listed", given("0xFFFFFF"), sentinel("0xFFFFFF")),
      ].join("\n"),
      [
        type("bits", "number"),
        type("flag", "boolean"),
        type("letter", "string"),
        // A type that somebody wrote over the generated one.
        `export enum Level { Low = 0, High = 9 }`,
        type("listed", "Level"),
      ].join("\n"),
      { version },
    );
    expect(holes).toEqual([]);
    for (const [name, values] of Object.entries({
      bits: [undefined, 0, -1, 65535],
      flag: [undefined, true, false],
      letter: [undefined, "a", "😀"],
      listed: [undefined, 0, 9],
    })) {
      expect([name, ...values.map((one) => api[name]?.(one))]).toEqual([name, ...values]);
    }
  });

  it("of a text enumeration is one if the package says so, or says nothing", async () => {
    const js = `const __wbindgen_enum_Kind = ["slow", "fast"];
export function kind(x) { const ret = wasm.kind(${given("3", "(__wbindgen_enum_Kind.indexOf(x) + 1 || 3) - 1")}); return __wbindgen_enum_Kind[ret]; }
export function sure(x) { const ret = wasm.sure(((__wbindgen_enum_Kind.indexOf(x) + 1 || 3) - 1)); return __wbindgen_enum_Kind[ret]; }`;
    const exports = [
      ["kind", "i32"],
      ["sure", "i32"],
    ] as const;
    const dts = `type Kind = "slow" | "fast";\nexport function kind(x?: Kind | null): Kind | undefined;\nexport function sure(x: Kind): Kind;`;
    const stated = await declare(exports, js, dts, { version: 105 });
    expect(stated.members["sure"]?.result).toMatchObject({ type: "enumeration" });
    expect([stated.api["kind"]?.(), stated.api["kind"]?.("fast"), stated.api["sure"]?.("slow")]).toEqual([
      undefined,
      "fast",
      "slow",
    ]);
    const silent = await declare(exports, js, "", { version: 105 });
    expect([silent.api["kind"]?.(), silent.api["sure"]?.("fast")]).toEqual([undefined, "fast"]);
  });

  it("is one in fields, and of an enumeration that nothing names", async () => {
    const { holes, api } = await declare(
      [],
      `export class Thing {
  static __wrap(ptr) { const obj = Object.create(Thing.prototype); obj.ptr = ptr; return obj; }
  __destroy_into_raw() { const ptr = this.ptr; this.ptr = 0; return ptr; }
  free() { wasm.__wbg_thing_free(this.__destroy_into_raw()); }
  constructor() { var ret = wasm.thing_new(); return Thing.__wrap(ret); }
  get mode() { var ret = wasm.__wbg_get_thing_mode(this.ptr); return ret === 0 ? undefined : ret; }
  set mode(arg0) { wasm.__wbg_set_thing_mode(this.ptr, isLikeNone(arg0) ? 0 : arg0); }
}`,
      `export class Thing { free(): void; constructor(); mode: number | undefined; }`,
      {
        body: `(func (export "thing_new") (result i32) (i32.const 64))
  (func (export "__wbg_thing_free") (param i32))
  (func (export "__wbg_get_thing_mode") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "__wbg_set_thing_mode") (param i32 i32) (i32.store (local.get 0) (local.get 1)))`,
      },
    );
    expect(holes).toEqual([]);
    const { Thing } = api as unknown as { Thing: new () => { mode: number | undefined } };
    const thing = new Thing();
    expect(thing.mode).toBe(undefined);
    thing.mode = 4;
    expect(thing.mode).toBe(4);
    thing.mode = undefined;
    expect(thing.mode).toBe(undefined);
  });

  it.each([
    [2, "?#0|1"],
    [0, "?#1"],
  ])("is one in what JavaScript is given and returns, with the none %i", async (none, code) => {
    const name = "__wbg_choose_0011223344556677";
    const { holes, known, api } = await declare(
      [],
      `imports.wbg.${name} = function(arg0) { const ret = choose(arg0 === ${none} ? undefined : arg0); return isLikeNone(ret) ? ${none} : ret; };
export function run(x) { const ret = wasm.run(x); return ret; }`,
      `export function run(x: number): number;`,
      {
        imports: `(import "wbg" "${name}" (func $choose (param i32) (result i32)))`,
        body: `(func (export "run") (param i32) (result i32) (call $choose (local.get 0)))`,
      },
    );
    expect(holes).toEqual([]);
    expect(known.meanings?.[name]).toBe(`choose: (${code})->${code}`);
    const seen: unknown[] = [];
    vi.stubGlobal(
      "choose",
      (value: unknown) => (seen.push(value), value === undefined ? 7 : value === 7 ? undefined : value),
    );
    onTestFinished(() => void vi.unstubAllGlobals());
    expect([api["run"]?.(none), api["run"]?.(1), api["run"]?.(7)]).toEqual([7, 1, none]);
    expect(seen).toEqual([undefined, 1, 7]);
  });
});
