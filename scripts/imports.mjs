// The imports of sources, as the compiler parses them: for the build, which follows them, and for the test that limits them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/**
 * One mention of another module in a source.
 *
 * @typedef {object} Reference
 * @property {string} specifier - The module as it is written; the expression where that is no literal.
 * @property {readonly string[]} names - The names that are taken of it, types left out. `*` stands for all, as an `import()`
 *   needs it.
 * @property {boolean} isType - Whether the whole statement is of types.
 * @property {boolean} isExport - Whether the names are passed on.
 * @property {boolean} isLater - Whether it is an `import()`, or a `require()` of CommonJS.
 */

/**
 * Parses every source below a folder.
 *
 * @param {string} folder - The folder.
 * @returns {Map<string, ts.SourceFile>} The sources by their paths below it, with slashes, sorted.
 */
export function parseSources(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return new Map(
    names.sort().map((name) => {
      const path = join(folder, name);
      const text = readFileSync(path, "utf8");
      return [name.replaceAll("\\", "/"), ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)];
    }),
  );
}

/**
 * Lists what a source refers to: by imports and re-exports, by `import()` and `require()`, and by types of the form `import("…")`.
 *
 * @param {ts.SourceFile} source - The source.
 * @returns {Reference[]} The references, in their order.
 */
export function referencesIn(source) {
  /** @type {Reference[]} */
  const found = [];
  /** @type {(specifier: ts.Node, names: readonly string[], what?: Partial<Reference>) => void} */
  const add = (specifier, names, { isType = false, isExport = false, isLater = false } = {}) => {
    const text = ts.isStringLiteralLike(specifier) ? specifier.text : specifier.getText(source);
    found.push({ specifier: text, names: isType ? [] : names, isType, isExport, isLater });
  };
  /** @type {(node: ts.Node) => void} */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      const names = [...(clause?.name ? ["default"] : []), ...namesOf(clause?.namedBindings)];
      add(node.moduleSpecifier, names, { isType: clause?.isTypeOnly });
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const names = node.exportClause ? namesOf(node.exportClause) : ["*"];
      add(node.moduleSpecifier, names, { isType: node.isTypeOnly, isExport: true });
    }
    if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText(source)) && node.arguments[0])
      add(node.arguments[0], ["*"], { isLater: true });
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, [], { isType: true });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * The names that a clause takes from the module, types left out.
 *
 * @param {ts.NamedImportBindings | ts.NamedExportBindings | undefined} clause - What stands in braces, or after `* as`.
 * @returns {string[]} The names.
 */
function namesOf(clause) {
  if (!clause) return [];
  if (ts.isNamespaceImport(clause) || ts.isNamespaceExport(clause)) return ["*"];
  return [...clause.elements]
    .filter((one) => !one.isTypeOnly)
    .map(({ propertyName, name }) => (propertyName ?? name).text);
}
