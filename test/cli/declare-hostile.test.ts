import { execFileSync } from "node:child_process";
import { parse } from "@babel/parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Declared, Signature } from "../../src/cli/declare/declared.ts";
import { commandOf } from "../../src/cli/declare.ts";
import { printDts } from "../../src/cli/declare/print-dts.ts";
import { type ForeignImport, type Header, isPrinted, printHeader, printJs } from "../../src/cli/declare/print-js.ts";
import { commentLine } from "../../src/cli/declare/text.ts";
import { printNamedType, printType } from "../../src/cli/declare/safe-types.ts";
import { shellWord } from "../../src/cli/output.ts";
import { interfaceOf } from "../../src/cli/declare/verify.ts";
import type { ClassMember } from "../../src/public/index.ts";

/** Texts that end comments, strings, templates, scripts and declarations. */
const fragments = [
  "*/",
  "/*",
  "//",
  "'",
  '"',
  "`",
  "${globalThis.reached()}",
  "\\",
  "\\u0022",
  "\n",
  "\r",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\u202e",
  "\u0000",
  "\ud800",
  "</script>",
  "<!--",
  "-->",
  "declare global { var reached: any }",
  'import("node:fs")',
  "}; globalThis.reached(); ({",
  "> = never; export const x: typeof import('x')",
  "__proto__",
  "constructor",
  "new",
  "then",
  "default",
  "@ts-ignore",
  "a".repeat(3000),
];
const text = fc.array(fc.constantFrom(...fragments, "a", " ", "é", "😀"), { maxLength: 6 }).map((all) => all.join(""));
const identifier = fc.constantFrom("Foo", "Bar", "unglue", "Api", "declaration", "$", "ä", "__proto__", "constructor");

const header: Header = {
  subject: "app",
  license: "MIT",
  module: "app.wasm",
  command: "npx unglue declare app",
  version: "1",
};

const signature = (name: string, type: string): Signature => ({
  generics: [],
  params: [{ name, text: type, isOptional: false, isRest: false }],
  result: type,
});

function declaredOf(className: string, name: string, docs: string, type: string): Declared {
  const remark = { member: name, reason: docs };
  const data = {
    member: "method",
    params: [{ type: "param", name, of: { type: "string" } }],
    result: { type: "string" },
    export: docs,
  } as const;
  const shown = printType(type);
  const printed = "reason" in shown ? "unknown" : shown.text;
  return {
    members: [
      {
        kind: "class",
        name: className,
        docs,
        parent: undefined,
        construct: undefined,
        methods: [{ name, docs, signature: signature(name, printed) }],
        statics: [],
        properties: [],
        data: { member: "class", members: Object.fromEntries([[name, data as ClassMember]]) },
      },
      {
        kind: "enumeration",
        name: "Mode",
        docs,
        valueDocs: new Map([[name, docs]]),
        data: { type: "enumeration", values: [1, 2], names: [name, docs] },
      },
    ],
    holes: [remark],
    guesses: [remark],
    differences: [remark],
    notes: [remark],
    types: [],
    imports: [],
  };
}

async function run(js: string): Promise<{ readonly default: unknown; readonly reached: boolean }> {
  let reached = false;
  Object.assign(globalThis, { reached: () => (reached = true) });
  try {
    const module = (await import(`data:text/javascript,${encodeURIComponent(js)}`)) as { readonly default: unknown };
    return { default: module.default, reached };
  } finally {
    Reflect.deleteProperty(globalThis, "reached");
  }
}

describe("a declaration file of hostile names", () => {
  it("is data and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(identifier, text, text, async (className, name, docs) => {
        const declared = declaredOf(className, name, docs, "string");
        const file = { format: 1, fingerprint: docs, api: { members: interfaceOf(declared.members) } } as const;
        const js = printJs(file, declared, { ...header, subject: docs, license: name }, []);
        const result = await run(js);
        expect(result.reached).toBe(false);
        expect(result.default).toEqual(JSON.parse(JSON.stringify(file)));
        expect(JSON.stringify(result.default)).toBe(JSON.stringify(file));
        const { program } = parse(js, { sourceType: "module" });
        expect(program.body.map(({ type }) => type).filter((type) => type !== "VariableDeclaration")).toEqual([
          "ExportDefaultDeclaration",
        ]);
        expect(js).not.toMatch(/<\/script|<!--|\u2028|\u2029|\ufeff|\u202e/i);
      }),
      { numRuns: 300 },
    );
  });

  it("has types of the expected declarations and nothing else", () => {
    fc.assert(
      fc.property(
        identifier,
        text,
        text,
        fc.oneof(text, fc.constant("Map<string, Foo>")),
        (className, name, docs, type) => {
          const dts = printDts(declaredOf(className, name, docs, type), header, false);
          const { program } = parse(dts, { sourceType: "module", plugins: [["typescript", { dts: true }]] });
          expect(
            program.body.map((one) => ("declaration" in one && one.declaration ? one.declaration.type : one.type)),
          ).toEqual([
            "ImportDeclaration",
            "TSTypeAliasDeclaration",
            "TSInterfaceDeclaration",
            "TSInterfaceDeclaration",
            "VariableDeclaration",
            "Identifier",
          ]);
          expect(program.body[0]).toMatchObject({ source: { value: "unglue" } });
          expect(JSON.stringify(program)).not.toMatch(/"TSImportType"|"TSTypeQuery"/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("states what it imports of the package as texts", () => {
    fc.assert(
      fc.property(text, text, text, (module, name, source) => {
        const foreign: ForeignImport[] = [
          { module, name, source, path: [name], host: undefined },
          {
            module,
            name: `${name}2`,
            source,
            path: ["default", name],
            host: {
              params: [{ type: "js" }],
              result: { type: "void" },
              conversion: undefined,
              consumes: [false],
              catch: false,
              operation: "call",
              path: [name],
              variadic: false,
            },
          },
        ];
        // The name of an export is a text of whole characters.
        if (name === "default" || /\ud800(?![\udc00-\udfff])/.test(name)) return;
        const none = { holes: [], guesses: [], differences: [], notes: [] };
        const js = printJs({ format: 1, fingerprint: "0" }, none, header, foreign);
        const { program } = parse(js, { sourceType: "module" });
        expect(program.body.map(({ type }) => type)).toEqual([
          "ImportDeclaration",
          "ExportDefaultDeclaration",
          "ExportNamedDeclaration",
        ]);
        expect(program.body[0]).toMatchObject({ source: { value: source } });
      }),
      { numRuns: 200 },
    );
  });

  it("has a header that is one comment", () => {
    fc.assert(
      fc.property(text, text, text, (subject, reason, other) => {
        const remarks = [{ member: subject, reason }];
        const printed = printHeader(
          { holes: remarks, guesses: [], differences: [], notes: [] },
          { subject, license: other, module: reason, command: commandOf(other, { output: reason }), version: subject },
        );
        const parsed = parse(printed);
        expect(parsed.program.body).toEqual([]);
        expect(parsed.comments).toHaveLength(1);
        expect(isPrinted(printed)).toBe(true);
        // Each fact stays in its line.
        expect(printed.split("\n").map((line) => line.slice(0, 22))).toEqual([
          "/*",
          expect.stringMatching(/^ \* The interface of/),
          expect.stringMatching(/^ \* Read from/),
          " *",
          " * Left out, since it ",
          expect.stringMatching(/^ \* -/),
          " */",
          "",
        ]);
      }),
    );
  });

  it("has a command that is whole, and means the same files in a shell", () => {
    for (const word of [
      `${"long/".repeat(300)}app.wasm`,
      "a*/b",
      "a*/b/'*/c",
      "a*/\n*/b\\",
      "<!--/<script></script></SCRIPT>",
      "so\u00adft",
      "h\u180e\u206a\ufff9",
      "end ",
    ]) {
      const printed = printHeader(
        { holes: [], guesses: [], differences: [], notes: [] },
        { ...header, command: commandOf(word, { accept: [word] }) },
      );
      expect(isPrinted(printed)).toBe(true);
      const [, command = ""] = /Write it again with: npx unglue declare (.*)\n/.exec(printed) ?? [];
      const shown = execFileSync("bash", ["-c", `printf '%s|' ${command}`], {
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C.UTF-8" },
      });
      expect(shown).toBe(`${word}|--accept|${word}|`);
    }
  });

  it("escapes in a command every character that a comment does not keep", () => {
    for (let code = 0; code < 0xd800; code++) {
      const word = shellWord(String.fromCharCode(code));
      if (commentLine(word) !== word) expect.fail(`U+${code.toString(16)}`);
    }
  });
});

describe("a type that a package wrote", () => {
  it.each([
    ["Map<string, Foo[]>", "Map<string, Foo[]>"],
    ["(string | null)[]", "(string | null)[]"],
    ["{ a?: number; readonly b: 'x' | 5; f(x: Foo): void }", '{ a?: number; readonly b: "x" | 5; f(x: Foo): void }'],
    ["(a: string, ...b: number[]) => Promise<void>", "(a: string, ...b: number[]) => Promise<void>"],
    ["keyof Foo[] | (new () => Foo)", "(keyof Foo[]) | (new () => Foo)"],
    ["[a: string, b?: number, ...c: X[]]", "[a: string, b?: number, ...c: X[]]"],
    ["{ [K in keyof T]?: T[K] }", "{ [K in keyof T]?: T[K] }"],
    ["T extends (infer U)[] ? U : never", "T extends (infer U)[] ? U : never"],
    ["`a${string}b`", "`a${string}b`"],
    ["{ [Symbol.iterator](): Iterator<number> }", "{ [Symbol.iterator](): Iterator<number> }"],
    ["string /* note */", "string"],
    ["-1 | 10n | true", "-1 | 10n | true"],
    ["NS.Inner<A>", "NS.Inner<A>"],
  ])("is printed by its syntax: %s", (given, expected) => {
    const printed = printType(given);
    expect("reason" in printed ? printed.reason : printed.text.replaceAll(/\s+/g, " ")).toBe(expected);
  });

  it.each([
    ["an import", 'import("node:fs").Stats'],
    ["a value", "typeof globalThis"],
    ["a declaration", "string; declare global { var x: any }"],
    ["a computed name", "{ [x.y]: string }"],
    ["two declarations", "string } export const x = 1; type Y = {"],
    ["nested too deeply", `${"Foo<".repeat(500)}string${">".repeat(500)}`],
    ["not parsed", "(".repeat(50_000)],
  ])("is not taken over if it is %s", (_, given) => {
    expect(printType(given)).toHaveProperty("reason");
  });

  it("is printed with the comments of an interface's members", () => {
    expect(printNamedType("interface A<T = string> extends B { /** The *x*. */ x: T; y(): void }", true)).toMatchObject(
      {
        text: "interface A<T = string> extends B {\n  /** The *x*. */\n  x: T;\n  y(): void;\n}",
        names: new Set(["string", "B"].slice(1)),
      },
    );
  });
});
