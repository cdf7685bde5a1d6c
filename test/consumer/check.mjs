// @ts-check
// Compiles each consumer against the built package, as a user's compiler would: by the package's name, through the
// exports of package.json, with the library's declarations checked. Prints one line for each.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "../..");
const consumers = [
  { name: "dom", what: "DOM types, nodenext", declarations: "node.d.ts" },
  { name: "node-only", what: "@types/node without DOM, nodenext", declarations: "node.d.ts" },
  { name: "es2022", what: "ES2022 alone, nodenext", declarations: "node.d.ts" },
  { name: "bundler", what: "DOM types, bundler resolution", declarations: "browser.d.ts" },
  { name: "commonjs", what: "require, @types/node", declarations: "node.d.cts" },
];

if (!existsSync(join(root, "dist/node.d.ts"))) {
  console.error("dist/node.d.ts is missing: run `npm run build` first.");
  process.exit(1);
}
for (const consumer of consumers) {
  const problems = check(consumer);
  console.log(
    `${problems.length === 0 ? "ok  " : "FAIL"} ${consumer.name}: ${consumer.what}, ${consumer.declarations}`,
  );
  for (const problem of problems) console.log(`     ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

/**
 * @param {typeof consumers[number]} consumer - The consumer.
 * @returns {string[]} What is wrong, a line each.
 */
function check({ name, declarations }) {
  const { options, fileNames, errors } = ts.getParsedCommandLineOfConfigFile(
    join(import.meta.dirname, name, "tsconfig.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => console.error(textOf(problem)) },
  );
  const program = ts.createProgram(fileNames, options);
  const ours = program.getSourceFiles().filter(({ fileName }) => !/\/node_modules\//.test(fileName));
  const library = ours.filter(({ fileName }) => !fileName.startsWith(join(import.meta.dirname, name)));
  const strangers = library.map(({ fileName }) => relative(root, fileName)).filter((file) => !file.startsWith("dist/"));
  return [
    ...[...errors, ...ts.getPreEmitDiagnostics(program)].map(textOf),
    ...(library.some(({ fileName }) => fileName === join(root, "dist", declarations))
      ? []
      : [`"unglue" was not resolved to dist/${declarations}.`]),
    ...strangers.map((file) => `${file} was read: a user does not have it.`),
    ...library.flatMap((file) => anyTypes(file, program.getTypeChecker())),
  ];
}

/**
 * Finds what is `any` in declarations, be it written or be it the silent result of a name that nobody declares.
 *
 * @param {ts.SourceFile} file - The declarations.
 * @param {ts.TypeChecker} checker - The program's checker.
 * @returns {string[]} A line for each.
 */
function anyTypes(file, checker) {
  const found = [];
  const visit = (node) => {
    if (
      ts.isTypeNode(node) &&
      !ts.isTemplateLiteralTypeSpan(node) &&
      checker.getTypeFromTypeNode(node).flags & ts.TypeFlags.Any
    ) {
      found.push(`${placeOf(file, node.getStart(file))} "${node.getText(file)}" is any.`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** @param {ts.Diagnostic} problem - What the compiler found. */
function textOf({ file, start, messageText }) {
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  return file ? `${placeOf(file, start)} ${text}` : text;
}

/**
 * @param {ts.SourceFile} file - The file.
 * @param {number} position - Where in it.
 */
function placeOf(file, position) {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return `${relative(root, file.fileName)}:${line + 1}:${character + 1}`;
}
