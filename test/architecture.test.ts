import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

// A unit is a folder or a file of src. It may import what stands before it, and nothing else.
// prettier-ignore
const order = [
  "types", "own", "preview", "errors", "describe", "buffers", "caught", "chunk", "collected", "nearest", "allocator-names", "c-verbs", "libc-answers", "invalid-argument", "engine-limit", "failure", "engine", "encode", "utf8", "options", "platform",
  "reflect", "limits", "externs", "explain", "words", "crossing",
  "source", "memory", "table", "imports", "known", "web-table", "packed-web-table", "unpack", "fetch-web-table", "wasm-bindgen", "bind", "restart", "parts",
  "instance", "classes", "pool",
  "load", "all-parts", "module", "inspect", "trampoline-bytes", "interface",
  "browser-load", "browser-module", "node-load", "node-module",
  "offload",
  "browser", "node", "ledger", "wasm-bindgen-door",
];
const doors = ["browser.ts", "node.ts"];
/** Beside the index.ts of a folder whose index.ts is a door of the package, and exports what users get. */
const besideDoors = ["wasm-bindgen/advice.ts", "wasm-bindgen/check.ts"];
/** What may import which package. */
const packages = [
  "offload/browser-worker.ts -> comlink",
  "offload/node-worker.ts -> comlink",
  "offload/node-worker.ts -> comlink/dist/esm/node-adapter",
  "offload/thread.ts -> comlink",
  "offload/thread.ts -> comlink/dist/esm/node-adapter",
];
const maximumLines = 400;

const root = fileURLToPath(new URL("..", import.meta.url));
const files = new Map(
  readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => [name, parse(name)] as const),
);
const edges = [...files].flatMap(([from, source]) => importsOf(source).map((specifier) => ({ from, specifier })));
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

  it("enter a folder through its index.ts", () => {
    const around = inner.filter(
      ({ from, to }) =>
        to.includes("/") &&
        unitOf(from) !== unitOf(to) &&
        !to.endsWith("/index.ts") &&
        unitOf(to) !== "platform" &&
        !besideDoors.includes(to),
    );
    expect(around.map(arrow)).toEqual([]);
  });

  it("reach a platform's file only from behind its door", () => {
    const toPlatforms = inner.filter(({ to }) => to.startsWith("platform/") && to !== "platform/platform.ts");
    expect(toPlatforms.map(arrow).sort()).toEqual(
      ["browser", "node"]
        .flatMap((name) =>
          [`${name}-load.ts`, `${name}-module.ts`, `offload/${name}-host.ts`].map(
            (file) => `${file} -> platform/${name}.ts`,
          ),
        )
        .concat(["host", "worker"].map((file) => `offload/node-${file}.ts -> platform/node-workers.ts`))
        .sort(),
    );
  });

  it("do not reach a door, nor lead from one door to the other", () => {
    expect(inner.filter(({ to }) => doors.includes(to)).map(arrow)).toEqual([]);
  });

  it("reach a Node built-in only from platform/node*.ts, by its node: name, and a package only from offload/", () => {
    const outer = edges.filter(({ specifier }) => !specifier.startsWith("."));
    expect(outer.length).toBeGreaterThan(0);
    const others = outer.filter(
      ({ from, specifier }) => !from.startsWith("platform/node") || !specifier.startsWith("node:"),
    );
    // The address of a module of imports is a user's.
    const named = others.filter(({ from }) => from !== "offload/desk.ts");
    expect(named.map(({ from, specifier }) => `${from} -> ${specifier}`).sort()).toEqual(packages);
    expect(others.filter(({ from }) => from === "offload/desk.ts").map(({ specifier }) => specifier)).toEqual([
      "address",
    ]);
  });
});

describe("the files of src", () => {
  it("hold no state of their own and wait for nothing when they are imported", () => {
    expect([...files].flatMap(([name, source]) => statefulStatements(source).map((at) => `${name} ${at}`))).toEqual([]);
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
    const rows = readFileSync(join(root, "docs/architecture.md"), "utf8").match(/^\| (`[a-z\d-]+\/?` ?)+ *\|/gm) ?? [];
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

function parse(name: string): ts.SourceFile {
  const path = join(root, "src", name);
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
}

function unitOf(file: string): string {
  return (file.split("/")[0] ?? "").replace(/\.ts$/, "");
}

function arrow({ from, to }: { from: string; to: string }): string {
  return `${from} -> ${to}`;
}

/** Every specifier of a file: of imports and re-exports, dynamic imports, and types in `import("…")` form. */
function importsOf(source: ts.SourceFile): string[] {
  const specifiers: string[] = [];
  visit(source, (node) => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined;
    if (specifier) specifiers.push(ts.isStringLiteralLike(specifier) ? specifier.text : specifier.getText(source));
  });
  return specifiers;
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

/** What at a file's top level could change later or has to be waited for. */
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
    .get("errors.ts")
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
