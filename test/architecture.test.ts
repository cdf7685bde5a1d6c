import { readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { toolchains } from "../src/toolchains/registry.ts";
import { parseSources, referencesIn } from "../scripts/imports.mjs";

// A unit is a folder or a file of src. It may import what stands before it, and nothing else.
// prettier-ignore
const order = [
  "public", "base", "errors", "platform", "options",
  "reflect", "binary", "builtins", "source", "memory", "table", "imports", "bind", "toolchains", "instance", "pool",
  "load", "compile", "inspect", "ledger", "offload", "entries",
  "browser", "node",
  "cli", "plugin",
];
/** The steps, which are entered through their index.ts; the other folders hold tools, which are taken by the file. */
const steps = ["reflect", "source", "memory", "table", "imports", "instance", "pool"];
/** Chunks, and what the chunk of another step is told by. */
const besideIndex = [
  "instance/all-chunks.ts",
  "instance/binder.ts",
  "instance/instantiables.ts",
  "instance/lend.ts",
  "imports/meanings.ts",
  "imports/traced.ts",
  "imports/user-imports.ts",
  "memory/grown.ts",
  "reflect/compact.ts",
  "reflect/compiled.ts",
  "reflect/cursor.ts",
  "reflect/declaration.ts",
  "reflect/definitions.ts",
  "reflect/fingerprint.ts",
  "reflect/inspect.ts",
  "reflect/not-wasm.ts",
  "source/describe-module.ts",
  "source/reader.ts",
  "source/sync.ts",
];
/** The entry points that have a platform's name, which nothing else imports. */
const ends = ["browser.ts", "node.ts"];
/** The command and the plugin, which are programs for Node and use the library as its users do. */
const isCommand = ({ from }: { readonly from: string }) => /^(cli|plugin)\//.test(from);
/** The imports of packages that are allowed. */
const packages = [
  "entries/offload-node-worker.ts -> comlink",
  "entries/offload-node-worker.ts -> comlink/dist/esm/node-adapter",
  "entries/offload-worker.ts -> comlink",
  "offload/read-answer.ts -> devalue",
  "offload/thread.ts -> comlink",
  "offload/thread.ts -> comlink/dist/esm/node-adapter",
  "offload/write-answer.ts -> devalue",
  // Optional peers, which are fetched when they are needed, and the types of one.
  "toolchains/napi/emnapi.ts -> @emnapi/core",
  "toolchains/napi/emnapi.ts -> @emnapi/runtime",
  "toolchains/wasi/memory-directory.ts -> @bjorn3/browser_wasi_shim",
  "toolchains/wasi/memory-directory.ts -> @bjorn3/browser_wasi_shim",
];
/** Where toolchains are named: their own folder, the commands, and the entry points of their adapters. */
const namesToolchains = /^(toolchains|cli)\/|^entries\/(wasm-bindgen|assemblyscript|go|wasi|napi|plugin)/;
const toolchainNames =
  /wasm-?bindgen|wbindgen|__wbg|emscripten|assemblyscript|\bnapi|node-?api|tinygo|\bgo:|kotlin|dart2wasm|\bdart\b|moonbit|teavm|scala-?js|\bruby\b|\bzig\b|\brustc?\b|\bclang\b|\bcargo\b|cabi_|\bwasi\b/i;
const maximumLines = 400;

const root = fileURLToPath(new URL("..", import.meta.url));
const files = parseSources(join(root, "src"));
const edges = [...files].flatMap(([from, source]) =>
  referencesIn(source).map(({ specifier }) => ({ from, specifier })),
);
const inner = edges
  .filter(({ specifier }) => specifier.startsWith("."))
  .map(({ from, specifier }) => ({ from, to: join(dirname(from), specifier) }));

describe("imports between the units of src", () => {
  it("name files that exist", () => {
    expect(inner.length).toBeGreaterThan(30);
    expect(inner.filter(({ to }) => !files.has(to))).toEqual([]);
  });

  it("run only to units that stand before their own", () => {
    expect([...files.keys()].map(unitOf).filter((unit) => !order.includes(unit))).toEqual([]);
    const upward = inner.filter(
      ({ from, to }) => unitOf(from) !== unitOf(to) && order.indexOf(unitOf(to)) > order.indexOf(unitOf(from)),
    );
    expect(upward.map(arrow)).toEqual([]);
  });

  it("make no circle of files, imports of types included", () => {
    expect(circles()).toEqual([]);
  });

  it("enter a step through its index.ts", () => {
    const around = inner.filter(
      ({ from, to }) =>
        steps.includes(unitOf(to)) &&
        unitOf(from) !== unitOf(to) &&
        !to.endsWith("/index.ts") &&
        !besideIndex.includes(to),
    );
    expect(around.map(arrow)).toEqual([]);
  });

  it("reach a platform's own file only from what has the platform's name", () => {
    const toPlatforms = inner.filter(({ to }) => /^platform\/(browser|node)/.test(to));
    expect(toPlatforms.length).toBeGreaterThan(6);
    const platformOf = (file: string) => /(?:^|[/-])(browser|node)\b/.exec(file)?.[1];
    expect(toPlatforms.filter(({ from, to }) => platformOf(from) !== platformOf(to)).map(arrow)).toEqual([]);
  });

  it("do not reach the entry points of a platform", () => {
    const reaching = inner.filter(({ to }) => ends.includes(to));
    expect(reaching.filter((edge) => !isCommand(edge)).map(arrow)).toEqual([]);
  });

  it("reach the command from nowhere", () => {
    expect(inner.filter((edge) => edge.to.startsWith("cli/") && !isCommand(edge)).map(arrow)).toEqual([]);
  });

  it("reach a Node built-in only from platform/node*.ts, by its node: name, and a package only for offload and as a peer", () => {
    const outer = edges.filter((edge) => !edge.specifier.startsWith(".") && !isCommand(edge));
    expect(outer.length).toBeGreaterThan(0);
    const others = outer.filter(
      ({ from, specifier }) => !from.startsWith("platform/node") || !specifier.startsWith("node:"),
    );
    // The address of a module of imports is a user's.
    const named = others.filter(({ from }) => from !== "offload/worker-server.ts");
    expect(named.map(({ from, specifier }) => `${from} -> ${specifier}`).sort()).toEqual(packages);
    expect(others.filter(({ from }) => from === "offload/worker-server.ts").map(({ specifier }) => specifier)).toEqual([
      "address",
    ]);
  });
});

describe("what is known of toolchains", () => {
  it("stands in their folder: no name of one in the code of another", () => {
    const named = [...files]
      .filter(([name]) => !namesToolchains.test(name))
      .flatMap(([name, source]) => textsOf(source).map((text) => ({ name, text })));
    expect(named.length).toBeGreaterThan(1000);
    // A source can hold a component, whoever made it.
    const names = new Set(toolchains.map(({ name }) => name).filter((name) => name !== "component"));
    const isName = (text: string) => names.has(text) || toolchainNames.test(text);
    expect(named.filter(({ text }) => isName(text)).map(({ name, text }) => `${name}: ${text}`)).toEqual([]);
  });

  it("is a folder and a line of the registry for each", () => {
    const folders = new Set(
      [...files.keys()].flatMap((name) => /^toolchains\/([^/]+)\/toolchain\.ts$/.exec(name)?.[1] ?? []),
    );
    expect(folders.size).toBeGreaterThan(10);
    const registered = inner
      .filter(({ from, to }) => from === "toolchains/registry.ts" && /^toolchains\/.+\/toolchain\.ts$/.test(to))
      .map(({ to }) => to.split("/")[1]);
    expect(registered.sort()).toEqual([...folders].sort());
  });
});

describe("the files of src", () => {
  it("hold no state of their own and wait for nothing when they are imported", () => {
    // The command's first file is run, not imported.
    const imported = [...files].filter(([name]) => name !== "cli/main.ts");
    expect(imported.flatMap(([name, source]) => statefulStatements(source).map((at) => `${name} ${at}`))).toEqual([]);
  });

  it("are short enough to be read in one go", () => {
    // A table is data, and generated.
    const written = [...files].filter(([name]) => !name.endsWith("-table.ts"));
    const lengths = written.map(([name, { text }]) => ({ name, lines: text.trimEnd().split("\n").length }));
    expect(lengths.filter(({ lines }) => lines > maximumLines)).toEqual([]);
  });
});

describe("docs/architecture.md", () => {
  it("lists the units in this order", () => {
    const [, text = ""] = readFileSync(join(root, "docs/architecture.md"), "utf8").split(
      /^## (?:Which way|The knowledge of).*$/m,
    );
    const rows = text.match(/^\| (`[a-z\d-]+\/?` ?)+ *\|/gm) ?? [];
    expect(rows.flatMap((row) => [...row.matchAll(/`([a-z\d-]+)\/?`/g)].map(([, unit]) => unit))).toEqual(order);
  });
});

describe("docs/errors.md", () => {
  const headings = [...readFileSync(join(root, "docs/errors.md"), "utf8").matchAll(/^### `?([a-z-]+)`?$/gm)].map(
    ([, code]) => code,
  );

  it("has one heading for each error code, and none for a code that does not exist", () => {
    const codes = errorCodes();
    expect(codes.length).toBeGreaterThan(30);
    expect(headings.sort()).toEqual(codes.sort());
  });
});

function unitOf(file: string): string {
  return (file.split("/")[0] ?? "").replace(/\.ts$/, "");
}

function arrow({ from, to }: { from: string; to: string }): string {
  return `${from} -> ${to}`;
}

/** The names and texts in a file's code, its imports left out. */
function textsOf(source: ts.SourceFile): string[] {
  const texts: string[] = [];
  visit(source, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return false;
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return false;
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) texts.push(node.text);
    if (ts.isRegularExpressionLiteral(node)) texts.push(node.text);
    return true;
  });
  return texts;
}

/** The circles, each as the path that closes it. */
function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (path.includes(file) || done.has(file)) return;
    for (const { from, to } of inner) if (from === file) walk(to, [...path, file]);
    done.add(file);
  };
  for (const file of files.keys()) walk(file, []);
  return found;
}

/** Statements at a file's top level that hold state or have to be awaited. */
function statefulStatements(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const report = (node: ts.Node): void => {
    found.push(
      `line ${String(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1)}: ${node.getText(source)}`,
    );
  };
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      if (!(statement.declarationList.flags & ts.NodeFlags.Const)) report(statement);
      for (const { initializer } of statement.declarationList.declarations) {
        if (initializer && isEmptyContainer(initializer)) report(statement);
      }
    }
    if (ts.isClassDeclaration(statement)) {
      for (const member of statement.members.filter(ts.isPropertyDeclaration)) {
        const flags = ts.getCombinedModifierFlags(member);
        if (flags & ts.ModifierFlags.Static && !(flags & ts.ModifierFlags.Readonly)) report(member);
      }
    }
    visit(statement, (node) => {
      if (ts.isFunctionLike(node)) return false;
      if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) report(node);
      return true;
    });
  }
  return found;
}

/** A container that begins empty is there to be filled. */
function isEmptyContainer(node: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0;
  return ts.isNewExpression(node) && /^(Weak)?(Map|Set)$/.test(node.expression.getText()) && !node.arguments?.length;
}

/** The members of `ErrorDetails`. */
function errorCodes(): string[] {
  const details = files
    .get("errors/details.ts")
    ?.statements.filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === "ErrorDetails");
  return (details?.members ?? []).flatMap(({ name }) =>
    name && (ts.isStringLiteral(name) || ts.isIdentifier(name)) ? [name.text] : [],
  );
}

/** Walks a tree; a visitor that returns false keeps out of the node's children. */
function visit(node: ts.Node, visitor: (node: ts.Node) => unknown): void {
  if (visitor(node) !== false) ts.forEachChild(node, (child) => visit(child, visitor));
}
