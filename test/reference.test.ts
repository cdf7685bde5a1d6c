import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { categories, mainCategories } from "../docs/pages.mjs";
import { entryPoints } from "../scripts/entry-points.mjs";
import { documentedCode } from "./documented-code.ts";

const root = join(import.meta.dirname, "..");
const options = documentedCode("lib.dom.iterable.d.ts", "lib.esnext.disposable.d.ts");

/** One exported name of an entry point. */
interface Entry {
  /** The entry point, as users import it. */
  readonly from: string;
  readonly name: string;
  readonly category: string | undefined;
  readonly examples: number;
  /** The sources that declare it. */
  readonly files: readonly string[];
  /** Whether it is a function, a class, a value or an interface, and no alias. */
  readonly isMain: boolean;
}

const documented = entryPoints.filter((one) => one.documented);
const program = ts.createProgram(
  documented.map(({ source }) => join(root, source)),
  options,
);
const checker = program.getTypeChecker();
const entries = documented.flatMap(({ source, import: from = "" }) =>
  exportsOf(source).map((symbol) => entryOf(from, symbol)),
);

function exportsOf(source: string): ts.Symbol[] {
  const file = program.getSourceFile(join(root, source));
  const symbol = file && checker.getSymbolAtLocation(file);
  if (!symbol) throw new Error(`${source} exports nothing.`);
  return checker
    .getExportsOfModule(symbol)
    .map((one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one));
}

function entryOf(from: string, symbol: ts.Symbol): Entry {
  // The documentation of a function with generic call signatures is on those, so that editors show it at each call.
  const signatures =
    symbol.flags & ts.SymbolFlags.Variable
      ? checker.getTypeOfSymbol(symbol).getCallSignatures()
      : symbol.flags & ts.SymbolFlags.Interface
        ? checker.getDeclaredTypeOfSymbol(symbol).getCallSignatures()
        : [];
  const tags = [symbol, ...signatures].flatMap((one) => one.getJsDocTags());
  const category = tags.find(({ name }) => name === "category")?.text;
  return {
    from,
    name: symbol.name,
    category: category && ts.displayPartsToString(category),
    examples: tags.filter(({ name }) => name === "example").length,
    files: (symbol.declarations ?? []).map((one) => one.getSourceFile().fileName),
    isMain: !(symbol.flags & ts.SymbolFlags.TypeAlias),
  };
}

const named = ({ from, name, category }: Entry): string => `${from}: ${name} (${String(category)})`;

describe("the reference", () => {
  it("has a category for everything that is exported", () => {
    expect(entries.length).toBeGreaterThan(150);
    expect(entries.filter(({ category }) => !categories.includes(String(category))).map(named)).toEqual([]);
    expect(categories.filter((category) => !entries.some((entry) => entry.category === category))).toEqual([]);
  });

  it("has an example for every function, value, main type and kind of options", () => {
    const wanted = entries.filter(
      ({ name, category, isMain }) => name.endsWith("Options") || (isMain && mainCategories.includes(String(category))),
    );
    expect(wanted.length).toBeGreaterThan(60);
    expect(wanted.filter(({ examples }) => examples === 0).map(named)).toEqual([]);
  });

  it("has an example for every function of t", () => {
    const symbol = exportsOf("src/bind/t.ts").find(({ name }) => name === "t");
    if (!symbol) throw new Error("src/bind/t.ts exports no t.");
    const members = checker
      .getTypeOfSymbol(symbol)
      .getProperties()
      .filter((member) => checker.getTypeOfSymbol(member).getCallSignatures().length > 0);
    expect(members.length).toBeGreaterThan(15);
    const without = members.filter((member) => {
      const signatures = checker.getTypeOfSymbol(member).getCallSignatures();
      const tags = [member, ...signatures].flatMap((one) => one.getJsDocTags());
      return !tags.some(({ name }) => name === "example");
    });
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it("has examples that fit the types", () => {
    const examples = examplesOf(new Set(entries.flatMap(({ files }) => files)));
    expect(examples.size).toBeGreaterThan(100);
    expect(problemsOf(examples)).toEqual([]);
  }, 60_000);

  it("would notice an example that does not fit", () => {
    const wrong = new Map([[join(root, "src/wrong.example.ts"), moduleOf('load("./app.wasm", { mising: "error" });')]]);
    expect(problemsOf(wrong)).toEqual([expect.stringContaining("'mising' does not exist")]);
  }, 60_000);
});

/** The examples in the comments of sources, each as a module of its own, by a path beside the source. */
function examplesOf(paths: Iterable<string>): Map<string, string> {
  const examples = new Map<string, string>();
  for (const path of paths) {
    const text = readFileSync(path, "utf8");
    const blocks = [...text.matchAll(/^ *\* ```ts\n(.*?)^ *\* ```/gms)].map(([, block = ""]) =>
      block.replaceAll(/^ *\* ?/gm, ""),
    );
    const lines = [...text.matchAll(/^ *\* @example (`.*(?:\n *\* {3}.*)*)/gm)].flatMap(([, line = ""]) =>
      [...line.matchAll(/`([^`]*)`/g)].map(([, code = ""]) => code).filter((code) => /^(?:t|new|wasm)\b/.test(code)),
    );
    for (const [at, block] of [...blocks, ...lines].entries()) {
      examples.set(path.replace(/\.ts$/, `.example-${String(at)}.ts`), moduleOf(block));
    }
  }
  return examples;
}

/** An example as a module that imports the names which it uses without declaring them. */
function moduleOf(example: string): string {
  const uses = (name: string): boolean => new RegExp(`(?<![.\\w"'-])${name}\\b(?!\\??:)`).test(example);
  const declares = (name: string): boolean =>
    new RegExp(`\\b(?:const|type|using|interface) ${name}\\b|\\bimport .*\\b${name}\\b`).test(example);
  const imports = entries
    .filter(({ name }, at) => entries.findIndex((entry) => entry.name === name) === at && uses(name) && !declares(name))
    .map(({ from, name }) => `import { ${name} } from "${from}";\n`);
  return `${imports.join("")}${example}\nexport {};\n`;
}

/** Declares the values that examples use without making them. */
const surroundings = `
  type AnyExports = Record<string, (...args: any[]) => any>;
  declare const wasm: Omit<import("unglue").Instance<AnyExports>, "api"> & {
    api: any;
    with(options: import("unglue/offload").CallOptions): any;
  };
  declare const pool: import("unglue").Pool<AnyExports>;
  declare const ledger: import("unglue").Ledger;
  declare const bytes: Uint8Array<ArrayBuffer>;
  declare const address: number;
  declare const error: unknown;
  declare class Go {
    importObject: import("unglue").Imports;
    run(instance: WebAssembly.Instance): Promise<void>;
  }
  declare module "*.wasm" {
    const module: WebAssembly.Module;
    export default module;
  }
`;

/** The type errors of modules, by path and line. */
function problemsOf(modules: ReadonlyMap<string, string>): string[] {
  const ambient = join(root, "src/surroundings.example.ts");
  const files = new Map([...modules, [ambient, surroundings]]);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const text = files.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
    return program.getSourceFile(file) ?? getSourceFile(file, ...rest);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host))
    .filter(({ file }) => file && files.has(file.fileName))
    .map(({ file, start = 0, messageText }) => {
      const line = file?.text.slice(0, start).split("\n").length;
      const text = ts.flattenDiagnosticMessageText(messageText, " ");
      return `${String(file?.fileName.slice(root.length + 1))}:${String(line)} ${text}`;
    });
}
