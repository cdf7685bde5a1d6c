import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { once } from "../../src/base/once.ts";
import { findInputs } from "../../src/cli/declare/inputs.ts";
import { writeDeclaration } from "../../src/cli/declare/write.ts";
import { checkTypes } from "./declared-types.ts";
import { glue, madeBy, packageOf, throwing } from "./small-package.ts";

/** A function by its declaration, the number of its values, and its line in the file if that is another. */
type Case = readonly [count: number, stated: string, written?: string];

const cases: readonly Case[] = [
  [1, "plain<T>(x: T): T"],
  [1, "constrained<T extends Foo>(x: T): T"],
  [2, "indexed<T extends object, K extends keyof T>(x: T, k: K): T[K]"],
  [1, "defaulted<T = string>(x: T): T"],
  [1, "both<T extends Foo = Bar>(x: T): T[]"],
  [1, "constant<const T extends readonly string[]>(x: T): T"],
  [1, "boxed<T extends Foo>(x: Box<T>): Box<T>"],
  [2, "chained<A extends B, B extends Foo>(a: A, b: B): A | B"],
  [1, "recursive<T extends Record<string, T>>(x: T): T"],
  [1, "shadowing<Foo>(x: Foo): Foo"],
  [1, "pattern<K extends `a${string}`>(x: K): Uppercase<K>"],
  [1, "conditional<T>(x: T): T extends Foo ? Bar : T"],
  [1, "inferring<T extends any[]>(x: T): T extends [infer A extends Foo, ...any[]] ? A : never"],
  [1, "taking(f: <T extends Foo>(x: T) => T): Foo"],
  [1, "making(f: abstract new <T extends Foo>(x: T) => T): Foo"],
  [1, "guard(x: unknown): x is Foo"],
  [1, "accessor(x: { get a(): string; set a(v: string | number) }): Foo"],
  [1, "missing<T extends Missing>(x: T): T"],
  [1, "partly<T extends { a: Missing } = { a: string }>(x: T): T", "partly<T extends { a: Missing }>(x: T): T"],
  [1, "unsayable<T extends typeof plain>(x: T): T", "unsayable<T>(x: T): T"],
  [1, "first<T extends typeof plain = any, U = T>(x: U): T", "first<T = any, U = T>(x: U): T"],
  [1, "receiver(this: Foo, x: Foo): Foo", "receiver(x: Foo): Foo"],
  [1, "asserting(x: unknown): asserts x is Foo", "asserting(x: unknown): void"],
  [1, "ensuring(x: unknown): asserts x", "ensuring(x: unknown): void"],
  [2, "tuple(...args: [a: Foo, b?: Bar]): Foo", "tuple(a: Foo, b?: Bar): Foo"],
  [1, "openTuple(...args: [Foo, ...Bar[]]): Foo"],
  [2, "late(a?: Foo, ...rest: Bar[]): Foo"],
  [1, "symbolic(x: { readonly a: unique symbol }): symbol", "symbolic(x: { readonly a: symbol }): symbol"],
  [1, "self(x: { me(): this }): Foo", "self(x: unknown): Foo"],
  [1, "global(x: Glob): Glob"],
  [1, "query(x: typeof plain): Foo", "query(x: unknown): Foo"],
  [1, "over(x: Foo): Foo;\nexport function over(x: Bar): Bar", "over(x: Foo): Foo"],
  [
    2,
    "longer(x: Foo): Foo;\nexport function longer<T extends Bar>(a: T, b: Bar): T",
    "longer<T extends Bar>(a: T, b: Bar): T",
  ],
  [1, "opt(x: Opt): Foo"],
];
const constants: readonly Case[] = [
  [1, "arrow: <T extends Foo>(x: T) => T", "arrow<T extends Foo>(x: T): T"],
  [1, "callable: { <T extends Foo>(x: T): T }", "callable<T extends Foo>(x: T): T"],
  [1, "overloaded: { (x: Foo): Foo; (x: Bar): Bar }", "overloaded(x: Foo): Foo"],
];
const more = `
interface Foo { f: string }
export interface Bar extends Foo { b: number }
interface Box<T extends Foo> { t: T }
declare global { interface Glob { g: string } }
export namespace One { interface Opt { y: string } }
export namespace Two { interface Opt { z: string } }
export function add(a: number, b: number): number;
export abstract class Kept {
  private constructor();
  free(): void;
  kept<T extends Foo>(x: T): T;
  static made<T extends Foo = Bar>(x: T): T;
  get both(): Foo;
  set both(v: Foo | Bar | string);
  static readonly tag: unique symbol;
  protected hidden(): void;
  maybe?(x: Foo): Foo;
  self(this: Kept, x: Foo): this;
}
export const Built: { new <T extends Foo>(x: T): { free(): void } };
`;

const named = [...cases, ...constants].map(([count, stated, written = stated]) => {
  const [, name = ""] = /^(\w+)/.exec(stated) ?? [];
  return { name, count, written };
});
const functions = [
  ...named,
  { name: "kept_made", count: 1 },
  { name: "kept_tag", count: 0 },
  ...["kept", "maybe", "self"].map((name) => ({ name: `kept_${name}`, count: 2 })),
  { name: "kept_both", count: 1 },
  { name: "kept_set_both", count: 2 },
];
const wasm = `${throwing} (import "wbg" "__wbindgen_init_externref_table" (func))
  (table (export "__wbindgen_externrefs") 128 externref) (func (export "__wbindgen_start"))
  (func (export "__externref_table_alloc") (result i32) (i32.const 0)) (func (export "__externref_table_dealloc") (param i32))
  (func (export "__wbg_kept_free") (param i32 i32)) (func (export "__wbg_built_free") (param i32 i32))
  (func (export "built_new") (param externref) (result i32) (i32.const 8))
  ${functions
    .map(({ name, count }) => {
      const isMethod = /^kept_(?!made|tag)/.test(name);
      const params = `${isMethod ? "i32 " : ""}${"externref ".repeat(isMethod ? count - 1 : count)}`;
      const result = name === "kept_set_both" ? "" : "(result externref) (ref.null extern)";
      return `(func (export "${name}") (param ${params}) ${result})`;
    })
    .join("\n")}`;
const filling = `__wbindgen_init_externref_table: () => { const table = wasm.__wbindgen_externrefs; const offset = table.grow(4);
  table.set(0, undefined); table.set(offset + 0, undefined); table.set(offset + 1, null); table.set(offset + 2, true); table.set(offset + 3, false); },`;
const free = (name: string) =>
  `free() { const ptr = this.__wbg_ptr; this.__wbg_ptr = 0; wasm.__wbg_${name}_free(ptr, 0); }`;
const method = (name: string) => `${name}(x) { const ret = wasm.kept_${name}(this.__wbg_ptr, x); return ret; }`;
const script = `${glue.replace("{ wbg: {", `{ wbg: { ${filling}`)}
${named
  .map(({ name, count }) => {
    const params = ["a", "b"].slice(0, count).join(", ");
    return `export function ${name}(${params}) { const ret = wasm.${name}(${params}); return ret; }`;
  })
  .join("\n")}
export class Kept { ${free("kept")} ${["kept", "maybe", "self"].map(method).join(" ")}
  static made(x) { const ret = wasm.kept_made(x); return ret; } static get tag() { const ret = wasm.kept_tag(); return ret; }
  get both() { const ret = wasm.kept_both(this.__wbg_ptr); return ret; } set both(v) { wasm.kept_set_both(this.__wbg_ptr, v); } }
export class Built { ${free("built")} constructor(x) { const ret = wasm.built_new(x); this.__wbg_ptr = ret >>> 0; return this; } }`;

describe("the signatures of a package", () => {
  // In the first test that asks: the folder lives as long as a test.
  const written = once(async () => {
    const types = [
      ...cases.map(([, stated]) => `export function ${stated};`),
      ...constants.map(([, stated]) => `export const ${stated};`),
    ];
    const files = { "app_bg.wasm": await madeBy(105, wasm), "app.js": script, "app.d.ts": types.join("\n") + more };
    const folder = packageOf(files);
    const options = { withDocs: true, withShape: false, version: "1", command: "x", folder };
    const result = await writeDeclaration(await findInputs(join(folder, "app_bg.wasm"), {}), options);
    const one = {
      name: "signatures",
      dts: result.dts,
      declared: result.declared,
      packageDts: join(folder, "app.d.ts"),
    };
    return { ...result, problems: checkTypes([one])[0] };
  });

  it("compile, and each that is not the package's is listed", async () => {
    const { declared, problems } = await written();
    expect([declared.holes, problems?.errors]).toEqual([[], []]);
    const listed = new Set(declared.differences.map(({ member }) => member));
    const differing = [...(problems?.differing.keys() ?? [])];
    const named = ["global", "longer", "missing", "opt", "over", "overloaded", "partly"];
    expect(differing.filter((one) => !["Kept (objects)", "Kept (static)", ...named].includes(one))).toEqual([]);
    expect(differing).toContain("over");
    for (const one of ["Kept", "Kept.tag", "Glob", "Missing", "Opt", "longer", "over", "overloaded"])
      expect(listed).toContain(one);
    for (const one of ["asserting", "ensuring", "symbolic", "self", "query", "unsayable", "first", "partly"])
      expect(listed).toContain(one);
  });

  it.each(named)("are kept, or widened: $name", async ({ written: line }) => {
    expect((await written()).dts).toContain(`\n  ${line};\n`);
  });

  it("are kept in classes", async () => {
    const { dts } = await written();
    for (const line of [
      "kept<T extends Foo>(x: T): T;",
      "  made<T extends Foo = Bar>(x: T): T;",
      "get both(): Foo;\n  set both(value: Foo | Bar | string);",
      "readonly tag: symbol;",
      "new <T extends Foo>(x: T): Built;",
    ])
      expect(dts).toContain(line);
  });

  it("declare no type for a type parameter", async () => {
    const { dts, declared } = await written();
    expect(dts).not.toMatch(/^export type [A-Z] = unknown;$/m);
    expect(declared.differences.filter(({ member }) => /^[A-Z]$/.test(member))).toEqual([]);
    expect(dts).toContain("export type Opt = unknown;");
  });
});
