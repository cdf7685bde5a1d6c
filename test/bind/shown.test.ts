import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const file = join(import.meta.dirname, "shown-to-editors.ts");
const source = `import { loadSync, t } from "unglue";
export const { api } = loadSync(new Uint8Array(), {
  api: t.api({
    greet: t.fn([t.string, t.optional(t.u32)], t.string),
    Counter: t.class({ new: t.ctor([t.u32]), add: t.method([t.object("Counter")], t.u32), value: t.getter(t.u32) }),
  }),
});
export const greet = api.greet;
export const counter = new api.Counter(1);
`;

/** The type that an editor shows for each exported constant. */
function shown(): Record<string, string> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(file, source, ts.ScriptTarget.ESNext) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  return Object.fromEntries(
    checker
      .getExportsOfModule(module)
      .map((one) => [one.name, checker.typeToString(checker.getTypeOfSymbol(one), undefined, ts.TypeFormatFlags.None)]),
  );
}

it("an editor shows what an interface has, and not how that follows from the declaration", { timeout: 60_000 }, () => {
  const { greet, counter, api } = shown();
  expect(greet).toBe("(args_0: string, args_1?: number | null | undefined) => string");
  expect(counter).toBe(
    '{ readonly add: (args_0: ... & WasmObject<"Counter">) => number; readonly value: number; } & WasmObject<"Counter">',
  );
  expect(api).toMatch(/^\{ readonly greet: \(args_0: string, .*Counter: \(new \(args_0: number\) => \{ readonly add: /);
  for (const text of [greet, counter, api]) expect(text).not.toMatch(/PlainType|Member<|extends|infer|\bany\b/);
});
