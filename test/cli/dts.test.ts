import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { readDts } from "../../src/cli/declare/dts.ts";

const packages = readdirSync("node_modules", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".d.ts") && !name.endsWith("_bg.wasm.d.ts"))
  .map((name) => join("node_modules", name))
  .filter((path) => readFileSync(path, "utf8").startsWith("/* tslint:disable */"));

describe("the declarations of packages", () => {
  it("are at hand", () => {
    expect(packages.length).toBeGreaterThan(10);
  });

  it.each(packages)("are read whole: %s", (path) => {
    const text = readFileSync(path, "utf8");
    const { functions, classes, enums, skipped } = readDts(text, path);
    expect(skipped).toEqual([]);
    const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
    expect(classes).toHaveLength(count(/^ *export class /gm));
    expect(enums).toHaveLength(count(/^ *export enum /gm));
    expect(functions).toHaveLength(count(/^ *export function (?!init|default|__wbg)/gm));
    const members = classes.flatMap(({ methods, statics, properties }) => [...methods, ...statics, ...properties]);
    // A getter and a setter are two lines and one member.
    const lines = count(/^ {2,8}(static |readonly |get |set )*[\w$]+\??(\(|: |<)/gm);
    expect(members.length).toBeLessThanOrEqual(lines);
    const free = count(/^ +free\(\): void;/gm);
    const constructors = count(/^ +constructor\(/gm);
    const accessors = count(/^ +(static )?[gs]et [\w$]+\(/gm);
    const inInterfaces = count(/^(export )?interface /gm) > 0 || enums.length > 0;
    if (accessors === 0 && !inInterfaces) expect(members.length).toBe(lines - free - constructors);
  });
});

describe("a declaration", () => {
  const read = (text: string) => readDts(text, "test.d.ts");

  it("of a function has its parameters, types, generics and documentation", () => {
    const { functions } = read(`
      /**
       * Adds.
       *
       *   - with care
       * @param {number} a
       */
      export function add<T>(a: number, b?: string | null, ...rest: Uint8Array[]): Promise<void>;
      export function initSync(module: any): void;
      export default function __wbg_init(): Promise<void>;
      declare function hidden(): void;`);
    expect(functions).toEqual([
      {
        name: "add",
        docs: "Adds.\n\n  - with care\n@param {number} a",
        generics: [{ name: "T", isConst: false }],
        params: [
          { name: "a", isOptional: false, isRest: false, type: { kind: "keyword", name: "number", text: "number" } },
          expect.objectContaining({ name: "b", isOptional: true }) as unknown,
          expect.objectContaining({ name: "rest", isRest: true }) as unknown,
        ],
        result: expect.objectContaining({ kind: "reference", name: "Promise" }) as unknown,
      },
    ]);
    expect(functions[0]?.params[1]?.type).toMatchObject({
      kind: "union",
      members: [
        { kind: "keyword", name: "string" },
        { kind: "keyword", name: "null" },
      ],
    });
    expect(functions[0]?.params[2]?.type).toMatchObject({ kind: "array", item: { name: "Uint8Array" } });
  });

  it("of a class has constructors, statics, fields and accessors", () => {
    const { classes } = read(`
      export class A extends B {
        free(): void;
        [Symbol.dispose](): void;
        constructor(size: number);
        static of(x: bigint): A;
        run(f: (x: number) => void): number[];
        toString(): string;
        readonly length: number;
        name: string;
        shown?: boolean;
        get value(): number;
        set value(value: number | null);
        set only(value: string);
        static readonly version: string;
        "odd name": any;
      }
      export class C { private constructor(); private x; }
      class Hidden {}`);
    expect(classes.map(({ name }) => name)).toEqual(["A", "C"]);
    const [a, c] = classes;
    expect(a).toMatchObject({ parent: "B", construct: { params: [{ name: "size" }] } });
    expect(a?.methods.map(({ name }) => name)).toEqual(["run", "toString"]);
    expect(a?.statics.map(({ name }) => name)).toEqual(["of"]);
    const sides = a?.properties.map(({ name, isStatic, read, write }) => [name, isStatic, read?.text, write?.text]);
    expect(sides).toEqual([
      ["length", false, "number", undefined],
      ["name", false, "string", "string"],
      ["shown", false, "boolean | undefined", "boolean | undefined"],
      ["value", false, "number", "number | null"],
      ["only", false, undefined, "string"],
      ["version", true, "string", undefined],
      ["odd name", false, "any", "any"],
    ]);
    expect(c).toMatchObject({ methods: [], properties: [] });
    expect(c).not.toHaveProperty("construct");
  });

  it("of an enumeration counts on, and keeps what its values say", () => {
    const { enums, types } = read(`
      export enum Mode { /** None. */ Off = 0, Low, High = 7, Top, Down = -1 }
      type Kind = "a" | "b";
      export type Wide = { x: number };
      /** Of the package. */
      export interface Shown { y: string }`);
    expect([...(enums[0]?.values ?? [])]).toEqual([
      ["Off", 0],
      ["Low", 1],
      ["High", 7],
      ["Top", 8],
      ["Down", -1],
    ]);
    expect(enums[0]?.valueDocs.get("Off")).toBe("None.");
    expect(types).toMatchObject([
      { name: "Kind", isExported: false, type: { kind: "union", members: [{ value: "a" }, { value: "b" }] } },
      { name: "Wide", isExported: true, text: "type Wide = { x: number };" },
      { name: "Shown", kind: "interface", docs: "Of the package.", text: "interface Shown { y: string }" },
    ]);
  });

  it("of a namespace with the name of a class adds static methods, before the class and after it", () => {
    const { functions, classes, types } = read(`
      export namespace Message { function unpack(text: string): Promise<Message>; export type Kind = "a"; }
      export class Message { free(): void; static of(): Message; }
      declare namespace Message { function pack(): string }
      export namespace Other { function loose(): void }`);
    expect(classes.map(({ name, statics }) => [name, statics.map((one) => one.name)])).toEqual([
      ["Message", ["of", "unpack", "pack"]],
    ]);
    expect(functions.map(({ name }) => name)).toEqual(["loose"]);
    expect(types.map(({ name }) => name)).toEqual(["Kind"]);
  });

  it("may stand in a namespace, as without modules", () => {
    const { functions, classes } = read(`
      declare namespace wasm_bindgen {
        export function f(): void;
        export class A { free(): void; }
      }
      declare function wasm_bindgen(x: any): Promise<any>;`);
    expect([functions.map(({ name }) => name), classes.map(({ name }) => name)]).toEqual([["f"], ["A"]]);
  });

  it("that is unknown is listed", () => {
    expect(read("export const x: number;").skipped).toEqual(["x: number"]);
  });

  it("has the documentation of the last comment of it, whatever other comment follows", () => {
    const { functions } = read("/** Old. */\n/** Adds. */\n// eslint-disable-next-line\nexport function add(): void;");
    expect(functions[0]?.docs).toBe("Adds.");
  });

  it("that a list exports is read by the names in it", () => {
    const { functions, classes, hidden, types } = read(`
      declare function add(): void;
      declare class App { run(): void }
      declare class Hidden { free(): void }
      type Kind = "a";
      export { add, add as plus, App as Application, type Kind };`);
    expect(functions.map(({ name }) => name)).toEqual(["add", "plus"]);
    expect([classes, hidden].map((all) => all.map(({ name }) => name))).toEqual([["Application"], ["Hidden"]]);
    // A type may rest on others that are not at hand, and is kept where it is used.
    expect(types).toMatchObject([{ name: "Kind", isExported: false }]);
  });

  it("of a variable is a function or a class by its type", () => {
    const { functions, classes, skipped } = read(`
      export declare let add: { (a: number): number };
      export declare const App: { new (size: number): { run(): void; readonly size: number }; make(): void };`);
    expect(functions).toMatchObject([{ name: "add", params: [{ name: "a" }] }]);
    expect(classes).toMatchObject([
      {
        name: "App",
        construct: { params: [{ name: "size" }] },
        methods: [{ name: "run" }],
        statics: [{ name: "make" }],
        properties: [{ name: "size" }],
      },
    ]);
    expect(skipped).toEqual([]);
  });

  it("of parameters takes what may stand there", () => {
    const { functions } = read(`
      export function f(this: Window, { a }: { a: number }, ...rest: [x: number, y?: string]): asserts x is string;
      export function g(n: number & { readonly brand: "n" }, m: -1 | 0): never;`);
    const shown = functions.map(({ params }) =>
      params.map(({ name, type, isOptional }) => [name, type.kind, isOptional]),
    );
    expect(shown).toEqual([
      [
        ["arg0", "other", false],
        ["x", "keyword", false],
        ["y", "keyword", true],
      ],
      [
        ["n", "keyword", false],
        ["m", "union", false],
      ],
    ]);
  });

  it("of a class names the members that cannot be kept, and leaves out those of its own code", () => {
    const [one] = read(`
      export abstract class App {
        protected constructor();
        protected own: number;
        private run(): void;
        #x: number;
        accessor y: number;
        z: number;
        z: string;
        [key: string]: any;
        [Symbol.iterator](): Iterator<number>;
        [Symbol.dispose](): void;
      }`).classes;
    expect(one).not.toHaveProperty("construct");
    expect([one?.methods, one?.properties.map(({ name, read: type }) => [name, type?.text])]).toEqual([
      [],
      [
        ["y", "number"],
        ["z", "number"],
      ],
    ]);
    expect(one?.skipped).toEqual([
      "protected own: number;",
      "private run(): void;",
      "z: string;",
      "[key: string]: any;",
      "[Symbol.iterator](): Iterator<number>;",
    ]);
  });

  it("of an enumeration computes what TypeScript computes, and joins those of one name", () => {
    const { enums } = read(`
      export enum Flags { A = 1 << 0, B = 1 << 1, AB = A | B, Next, Not = ~Flags.A, Text = "x" + "y", Odd = "a".length }
      export enum Mode { Off }
      export enum Mode { On = 1 }`);
    expect(enums.map(({ values }) => Object.fromEntries(values))).toEqual([
      { A: 1, B: 2, AB: 3, Next: 4, Not: -2, Text: "xy", Odd: Number.NaN },
      { Off: 0, On: 1 },
    ]);
  });

  it("of another module's types is kept with its names", () => {
    const { imports } = read(`
      import type { A, B as C } from "a";
      import D, * as E from "b";
      export * from "c";
      export * as F from "d";
      export { G as H } from "e";`);
    expect(
      imports.map(({ source, names, isExport }) => [source, isExport, names && Object.fromEntries(names)]),
    ).toEqual([
      ["a", false, { A: "A", C: "B" }],
      ["b", false, { D: "default", E: "*" }],
      ["c", true, undefined],
      ["d", true, { F: "*" }],
      ["e", true, { H: "G" }],
    ]);
  });

  it.each([
    ["no TypeScript", "export function ("],
    ["nested without end", `export type T = ${"(".repeat(100_000)}`],
    ["too large", " ".repeat(33 * 1024 * 1024)],
  ])("that is %s is refused as a mistake of the user", (_, text) => {
    expect(() => read(text)).toThrow(CommandError);
  });
});
