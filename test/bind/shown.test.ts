import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const file = join(import.meta.dirname, "shown-to-editors.ts");
const read = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as { config: unknown };
const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);

const declaration = `import { load, t, type ObjectOf } from "unglue";
export const api = t.api({
  /** Greets somebody. */
  greet: t.fn([t.string, t.optional(t.u32)], t.string),
  /** Counts things. */
  Counter: t.class({
    new: t.ctor([t.u32]),
    /** Adds another. */
    add: t.method([t.object("Counter")], t.u32),
    /** The count. */
    value: t.getter(t.u32),
    /** The best one. */
    best: t.static([], t.owned("Counter")),
  }),
  Tree: t.class({ first: t.method([], t.optional(t.object("Counter"))) }),
  /** What to do. */
  Mode: t.enumeration({ Search: 0, Index: 4 }),
});
`;

/** Returns the type and the comment that an editor shows at each named comment. */
function hovers(code: string): Record<string, { readonly type: string; readonly comment: string }> {
  const source = declaration + code;
  const { sys } = ts;
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = name === file ? source : sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (one) => ts.getDefaultLibFilePath(one),
    fileExists: (name) => name === file || sys.fileExists(name),
    readFile: (name) => sys.readFile(name),
    directoryExists: (name) => sys.directoryExists(name),
    getDirectories: (name) => sys.getDirectories(name),
  });
  expect(service.getSemanticDiagnostics(file).map(({ messageText }) => messageText)).toEqual([]);
  return Object.fromEntries(
    [...source.matchAll(/\/\*(\w+)\*\//g)].map(({ 0: mark, 1: name = "", index }) => {
      const info = service.getQuickInfoAtPosition(file, index + mark.length);
      return [
        name,
        {
          type: ts.displayPartsToString(info?.displayParts).replaceAll(/\s+/g, " "),
          comment: ts.displayPartsToString(info?.documentation),
        },
      ];
    }),
  );
}

/** The errors of a program, and how much the compiler had to work out. */
function check(source: string) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(file, source, ts.ScriptTarget.ESNext) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const errors = program.getSemanticDiagnostics(program.getSourceFile(file));
  return {
    errors: errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    types: program.getTypeCount(),
    instantiations: program.getInstantiationCount(),
  };
}

describe("an editor shows", { timeout: 120_000 }, () => {
  it("what an interface has, its classes by name first, and not how that follows from the declaration", () => {
    const shown = hovers(`
      const wasm = await load("./app.wasm", { api });
      export const counter = new wasm.api./*made*/Counter(1);
      export const named: ObjectOf<typeof api, "Counter"> = /*counter*/counter;
      counter./*add*/add(counter);
      counter./*value*/value;
      wasm.api./*greet*/greet("x");
      wasm.api./*class*/Counter;
      wasm.api.Counter./*best*/best();
      wasm.api./*mode*/Mode.Search;
      const { Counter } = wasm.api;
      new /*taken*/Counter(2);
      export const first = (tree: ObjectOf<typeof api, "Tree">) => tree./*first*/first();
    `);
    const counter =
      '(?:WasmObject<"Counter"> & { readonly add: \\(args_0: WasmObject<"Counter"> & \\.\\.\\.\\) => number; readonly value: number; })';
    const pattern = (text: string) => expect.stringMatching(new RegExp(`^${text}$`)) as string;
    expect(shown).toEqual({
      made: {
        type: pattern(`\\(property\\) Counter: new \\(args_0: number\\) => ${counter}`),
        comment: "Counts things.",
      },
      counter: { type: pattern(`const counter: ${counter}`), comment: "" },
      add: { type: pattern(`\\(property\\) add: \\(args_0: ${counter}\\) => number`), comment: "Adds another." },
      value: { type: "(property) value: number", comment: "The count." },
      greet: {
        type: "(property) greet: (args_0: string, args_1?: number | null | undefined) => string",
        comment: "Greets somebody.",
      },
      class: {
        type: pattern(
          `\\(property\\) Counter: WasmClass<\\[number\\], ${counter}> & { readonly best: \\(\\) => ${counter}; }`,
        ),
        comment: "Counts things.",
      },
      best: { type: pattern(`\\(property\\) best: \\(\\) => ${counter}`), comment: "The best one." },
      mode: {
        type: expect.stringContaining("readonly Search: 0; readonly Index: 4;") as string,
        comment: "What to do.",
      },
      taken: { type: pattern(`const Counter: new \\(args_0: number\\) => ${counter}`), comment: "Counts things." },
      first: { type: pattern(`\\(property\\) first: \\(\\) => \\(${counter}\\) \\| undefined`), comment: "" },
    });
  });

  it("the name that a program gives a class", () => {
    const shown = hovers(`
      export { load };
      interface Counter extends ObjectOf<typeof api, "Counter"> {}
      export const read = (/*one*/counter: Counter) => counter.value;
    `);
    expect(shown["one"]?.type).toBe("(parameter) counter: Counter");
  });

  it("one short error for a host function that returns another type", () => {
    const { errors } = check(`import { t } from "unglue";
      t.host([t.u32], t.i32, () => "text");
      t.host([t.param("id", t.u32)], t.i32, async () => "text");
      t.host([t.u32, t.out(t.u8)], t.i32, () => [1, "text"]);`);
    expect(errors).toEqual([
      "Type 'string' is not assignable to type 'number | Promise<number>'.",
      expect.stringMatching(/^Type 'Promise<string>' is not assignable to type 'number \| Promise<number>'\./),
      "Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it("one short error for a class that is not declared", () => {
    const { errors } = check(`import { t } from "unglue";
      export const api = t.api({
        Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.object("Countr")], t.u32), value: t.getter(t.u32) }),
        other: t.fn([t.string, t.u32, t.bytes], t.string),
      });`);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('"Counter names the class Countr, which the interface does not declare"');
    expect(errors[0]?.length).toBeLessThan(400);
  });

  it("an error where one type argument alone would lose the interface", () => {
    const { errors } = check(`import { load, t } from "unglue";
      const api = t.api({ run: t.fn([], t.u32) });
      await load<{ raw(): void }>("./app.wasm", { api });
      export const wasm = await load<{ raw(): void }, typeof api.members>("./app.wasm", { api });
      export const value: number = wasm.api.run();`);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(
      "Give both type arguments, or none: load<Exports, typeof api.members>(source, { api })",
    );
  });
});

it("an interface of 200 classes stays under a ceiling of types and instantiations", { timeout: 120_000 }, () => {
  const count = 200;
  const numbers = Array.from({ length: count }, (_, at) => at);
  const source = `import { loadSync, t, type ObjectOf } from "unglue";
    const api = t.api({
      ${numbers
        .map(
          (at) => `Class${at}: t.class({
            new: t.ctor([t.u32, t.optional(t.string)], { throws: true }),
            parse: t.ctor([t.bytes]),
            add: t.method([t.owned("Class${(at + 1) % count}"), t.param("more", t.u32)], t.void),
            first: t.method([], t.optional(t.object("Class${(at + 7) % count}"))),
            later: t.method([t.js], t.promise(t.u32)),
            count: t.static([t.list(t.owned("Class${at}"))], t.size),
            name: t.getter(t.string),
            label: t.setter(t.bytes),
            depth: t.field(t.u8),
            left: t.field(t.owned("Class${(at + 3) % count}")),
          }),`,
        )
        .join("\n")}
    });
    const wasm = loadSync(new Uint8Array(), { api });
    ${numbers
      .map(
        (at) => `export const one${at}: ObjectOf<typeof api, "Class${at}"> = new wasm.api.Class${at}(1);
          one${at}.add(new wasm.api.Class${(at + 1) % count}(2), 1);
          export const depth${at}: number | undefined = one${at}.first()?.left.depth;`,
      )
      .join("\n")}`;
  const { errors, types, instantiations } = check(source);
  expect(errors).toEqual([]);
  expect(types).toBeLessThan(45_000);
  expect(instantiations).toBeLessThan(700_000);
});
