import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import type { Declared } from "../../src/cli/declare/declared.ts";
import { readDts } from "../../src/cli/declare/dts.ts";
import type { DtsType } from "../../src/cli/declare/dts-model.ts";
import { printDts } from "../../src/cli/declare/print-dts.ts";
import { settleTypes } from "../../src/cli/declare/settle-types.ts";
import { Typist } from "../../src/cli/declare/typist.ts";
import { checkTypes } from "./declared-types.ts";

const header = { subject: "app", license: "MIT", module: "app.wasm", command: "npx unglue declare app", version: "1" };

/** Declares the functions of a `.d.ts` with its types, as `unglue declare` does. */
function declare(text: string): Declared {
  const dts = readDts(text, "app.d.ts");
  const typist = new Typist(dts, true);
  const members = dts.functions.map(({ name, params, result, generics: stated = [] }): Declared["members"][number] => {
    const generics = typist.genericsOf(stated, name);
    const textOf = (type: DtsType, isGiven: boolean) => typist.textOf(type, { type: "js" }, isGiven, name, generics);
    return {
      kind: "function",
      name,
      docs: undefined,
      signature: {
        generics,
        params: params.map((one) => ({
          name: one.name,
          text: textOf(one.type, true),
          isOptional: one.isOptional,
          isRest: false,
        })),
        result: textOf(result, false),
      },
      data: { member: "function", params: [], result: { type: "void" } },
    };
  });
  const named = typist.namedTypes(new Set());
  return settleTypes({ members, holes: [], guesses: [], differences: typist.differences, notes: [], ...named });
}

/** Compiles what is written for each text, and returns the errors of each. */
function errorsOf(texts: readonly string[]): readonly (readonly string[])[] {
  const all = texts.map((text, at) => {
    const declared = declare(text);
    return { name: `settled-${at}`, dts: printDts(declared, header, false), declared, packageDts: undefined };
  });
  return checkTypes(all).map(({ errors }, at) =>
    errors.length === 0 ? [] : [...errors, texts[at] ?? "", all[at]?.dts ?? ""],
  );
}

/** A type that is unknown in the file that is written, and one that is missing. */
const unknowns = 'export type Base = import("x").Base; export type Wide<T> = import("x").Wide<T>;';

const cases: readonly string[] = [
  "export interface Opts extends Base { a: string }",
  "export interface Opts extends Missing { a: string }",
  "export interface Opts extends Base, Plain { a: string } export interface Plain { b: string }",
  "export interface Opts extends Other {} export type Other = Base;",
  "export interface Opts extends Other {} export interface Other extends Base {}",
  "export interface Opts<T> extends T {}",
  "export interface Opts extends Text {} export type Text = string;",
  "export interface Opts extends Either {} export type Either = { a: string } | { b: string };",
  "export interface Opts extends Wide<string> {}",
  "export interface Opts extends Partial<Base> { a: string }",
  "export interface Opts extends Pick<Base, 'x'> { a: string }",
  "export interface Opts extends Omit<Plain, 'b'> { b: number } export interface Plain { b: string }",
  "export interface Opts extends One, Two {} export interface One { a: string } export interface Two { a: number }",
  "export interface Opts extends One { a: number } export interface One { a: string }",
  "export interface Opts extends One { a: Base } export interface One { a: string }",
  "export interface Opts extends One, Two {} export interface One { a: Base } export interface Two { a: number }",
  "export interface Opts extends Error { message: Base }",
  "export interface Opts extends Opts { a: string }",
  "export interface Opts extends One { a: string } export interface One extends Opts { b: string }",
  "export interface Opts { [key: string]: string; a: Base }",
  "export interface Opts extends Dict { a: Base } export interface Dict { [key: string]: string }",
  "export interface Opts extends Dict { a: string } export interface Dict { [key: string]: string }",
  "export type X = { readonly [key: string]: string; a(b: Base): void };",
  "export type X = Base['x'];",
  "export type X = keyof Base;",
  "export type X = { [K in Base]: string };",
  "export type X = { [K in keyof Base]: Base[K] };",
  "export type X = Record<Base, string>;",
  "export type X = Record<keyof Base, string>;",
  "export type X = Pick<Base, 'x'>;",
  "export type X = Omit<Base, 'x'>;",
  "export type X = Base & { a: string };",
  "export type X = Base | string;",
  "export type X = Wide<string>[];",
  "export type X = ReturnType<Base>;",
  "export type X = InstanceType<Base>;",
  "export type X = Uppercase<Base>;",
  "export type X = WeakMap<Base, string>;",
  "export type X = Boxed<Base>; export type Boxed<T extends object> = { of: T };",
  "export type X = Boxed<{ a: Base }>; export interface Boxed<T extends { a: string }> { of: T }",
  "export type X = Boxed<One>; export interface One { a: Base } export interface Boxed<T extends { a: string }> { of: T }",
  "export type Boxed<T extends string = Base> = { of: T };",
  "export type X = (...args: Base) => void;",
  "export type X = [string, ...Base];",
  "export type X = readonly Base[];",
  "export type X = `a${Base}`;",
  "export type X = (a: string) => a is Base;",
  "export type X = Plain['c']; export interface Plain { b: string }",
  "export type X = Plain['b']; export interface Plain { b: string }",
  "export type X = Base extends string ? Base : never;",
  "export type X<T> = T['x'];",
  "export type X<T extends Base> = T['x'];",
  "export type X<T, K extends keyof T> = T[K];",
  "export type X<T extends Base, K extends keyof Base> = T[K];",
  "export function f<K extends keyof Plain>(key: K): Plain[K]; export interface Plain { b: string }",
  "export function f(a: Base['x'], b: keyof Base, c: Wide<string>): Pick<Base, 'x'>;",
  "export function f<T extends Base>(a: T): T;",
  "export function f(a: Gone['x']): Promise<Gone>;",
];

describe("types that rest on a type that is unknown", () => {
  it("compile, whatever is made of it", { timeout: 120_000 }, () => {
    expect(errorsOf(cases.map((one) => `${unknowns}\n${one}`)).filter((errors) => errors.length > 0)).toEqual([]);
  });

  it("stay as they are where they rest on none", () => {
    const text = `export interface Plain { b: string; [key: string]: unknown }
export interface Opts extends Plain, Pick<Two, "x"> { c: Plain["b"] }
export type Two = { x: number; y?: string };
export type Keys<T, K extends keyof T> = { [P in K]: T[P] };
export interface Failure extends Error { code: unknown }
export type Sum = ReturnType<() => unknown>;`;
    const { types, differences } = declare(text);
    expect(differences).toEqual([]);
    expect(types.map((one) => one.text.replaceAll(/\s+/g, " "))).toMatchInlineSnapshot(`
      [
        "interface Plain { b: string; [key: string]: unknown; }",
        "interface Opts extends Plain, Pick<Two, "x"> { c: Plain["b"]; }",
        "type Two = { x: number; y?: string };",
        "type Keys<T, K extends keyof T> = { [P in K]: T[P] };",
        "interface Failure extends Error { code: unknown; }",
        "type Sum = ReturnType<() => unknown>;",
      ]
    `);
  });

  it("are named with the reason", () => {
    const { differences } = declare(`${unknowns} export interface Opts extends Base {} export type X = Base["x"];
      export interface One { a: string } export interface Two extends One { a: Base }
      export function f(a: keyof Base): Gone["x"];`);
    expect(differences.slice(2).map(({ member, reason }) => `${member}: ${reason}`)).toMatchInlineSnapshot(`
      [
        "Gone: this type is unknown here: the package's .d.ts does not declare it",
        "f: a part of its type is unknown here: Base is unknown here",
        "f: a part of its type is unknown here: Gone is unknown here",
        "Opts: this type is unknown here: it extends Base, which is unknown here",
        "X: a part of its type is unknown here: Base is unknown here",
        "Two: it extends One without a, whose type may be another there",
      ]
    `);
  });

  it("compile, whatever a package that compiles makes of them", { timeout: 300_000 }, () => {
    const texts = packages(400);
    const compile = compiling(texts.map((text) => text.replaceAll(/import\("x"\)\.(\w+)/g, "x.$1") + elsewhere));
    const right = texts.filter((_, at) => compile[at]);
    expect(right.length).toBeGreaterThan(100);
    expect(errorsOf(right).filter((errors) => errors.length > 0)).toEqual([]);
  });
});

/** The types that the texts import. */
const elsewhere = `
declare namespace x {
  export interface Base { a: string; b: number; x: number[] }
  export type Wide<T> = { a: T; b: string };
  export type Keys = "a" | "b";
  export type List = string[];
}`;

/** Texts of packages, which may be wrong. */
function packages(count: number): readonly string[] {
  const name = fc.constantFrom("A", "B", "C", "D", "Base", "Base", "Keys", "List", "Wide<string>", "T", "K");
  const leaf = fc.oneof(name, fc.constantFrom("string", "unknown", '"a"'));
  const key = fc.constantFrom('"a"', '"b"', "K", "Keys", "keyof T");
  const { type } = fc.letrec<{ type: string }>((tie) => {
    const inner = tie("type");
    const two = fc.tuple(inner, inner);
    return {
      type: fc.oneof(
        { depthSize: "small" },
        leaf,
        two.map(([a, b]) => `{ a: ${a}; b?: ${b} }`),
        inner.map((a) => `{ [key: string]: ${a}; b: string }`),
        inner.map((a) => `readonly (${a})[]`),
        inner.map((a) => `keyof (${a})`),
        fc.tuple(name, key).map(([a, b]) => `${a}[${b}]`),
        fc.tuple(key, inner).map(([a, b]) => `{ [P in ${a}]: ${b} }`),
        two.map(([a, b]) => `(${a}) & (${b})`),
        two.map(([a, b]) => `(${a}) | (${b})`),
        two.map(([a, b]) => `((...args: ${a}) => ${b})`),
        two.map(([a, b]) => `(${a} extends ${b} ? ${a} : never)`),
        two.map(([a, b]) => `[${a}, ...(${b})[]]`),
        fc
          .tuple(fc.constantFrom("Partial", "Promise", "Uppercase", "WeakSet", "Box"), inner)
          .map(([of, a]) => `${of}<${a}>`),
        fc.tuple(fc.constantFrom("Pick", "Omit"), inner, key).map(([of, a, b]) => `${of}<${a}, ${b}>`),
        fc.tuple(key, inner).map(([a, b]) => `Record<${a}, ${b}>`),
      ),
    };
  });
  const bases = fc.uniqueArray(fc.constantFrom("A", "B", "D", "Base", "Wide<T>", "Error"), { maxLength: 2 });
  const extended = bases.map((all) => (all.length > 0 ? ` extends ${all.join(", ")}` : ""));
  const slots = ["string", "Base", "T[K]", "", "number", "T"];
  const text = fc
    .tuple(fc.nat(slots.length - 1), type, extended)
    .map(([at, any, bases]) => slots.map((usual, slot) => (slot === at ? (slot === 3 ? bases : any) : usual)))
    .map(([a, b, c, heritage, d, e]) =>
      [
        ...["Base", "Keys", "List"].map((one) => `export type ${one} = import("x").${one};`),
        'export type Wide<T> = import("x").Wide<T>;',
        "export interface Box<T extends object> { of: T }",
        `export type A<T = string, K extends keyof T = keyof T> = ${a};`,
        `export type B<T extends Base = Base, K extends keyof T = keyof T> = ${b};`,
        `export interface C<T = string, K extends keyof T = keyof T>${heritage} { c: ${c} }`,
        `export interface D<T = string, K extends Keys = Keys> { a: ${d} }`,
        `export function f<T, K extends keyof T>(a: ${e}): ${d};`,
      ].join("\n"),
    );
  return fc.sample(text, { seed: 1, numRuns: count });
}

/** Compiles texts of declarations, and says which of them are right. */
function compiling(texts: readonly string[]): readonly boolean[] {
  const files = new Map(texts.map((text, at) => [`/packages/${at}.d.ts`, text]));
  const options: ts.CompilerOptions = { strict: true, noEmit: true, target: ts.ScriptTarget.ESNext, types: [] };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].map((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].length === 0;
  });
}
