import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import ts from "typescript";

/** Sources of the library with their steps counted. */
export interface Counted<Exports> {
  readonly exports: Exports;
  /**
   * Counts the steps of a run.
   *
   * @param run - The run; what it throws counts as its end.
   */
  steps(run: () => unknown): Promise<number>;
  /** Removes what was written. */
  remove(): void;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Builds sources of the library so that they count what they do, and imports them. A step is a call of one of their
 * functions, a round of a loop, an item that is spread, a character of a text that is put together, and for what the
 * language does by itself as much as it looks at: the characters that a regular expression passes, the items that
 * `includes` compares, the bytes that a decoder decodes. The engine's compiler and installed packages are not the library's, and do not count.
 *
 * @param contents - What to export: the statements of a module in the project's folder.
 */
export async function buildCounted<Exports>(contents: string): Promise<Counted<Exports>> {
  const result = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    packages: "external",
    write: false,
    format: "esm",
    platform: "node",
    target: "es2022",
    logLevel: "error",
    plugins: [
      {
        name: "count",
        setup: ({ onLoad }) => {
          onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
            const text = await readFile(path, "utf8");
            // Tables are data.
            return path.endsWith("-table.ts")
              ? { contents: text, loader: "ts" }
              : { contents: counting(text), loader: "js" };
          });
        },
      },
    ],
  });
  // Inside the project, so that installed packages are found.
  const parent = join(root, "node_modules/.cache");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "unglue-steps-"));
  const file = join(folder, "counted.mjs");
  writeFileSync(file, result.outputFiles[0]?.text ?? "");
  const exports = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Exports;
  return {
    exports,
    async steps(run) {
      const restore = countNatives();
      // The test runner's reads source maps when a stack is looked at.
      const { prepareStackTrace } = Error;
      Reflect.deleteProperty(Error, "prepareStackTrace");
      counter.steps = 0;
      try {
        await run();
      } catch {
        // A refusal has a cost, too.
      } finally {
        Error.prepareStackTrace = prepareStackTrace;
        restore();
      }
      return counter.steps;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

const counter = { steps: 0 };
const lengthOf = (value: unknown): number => {
  const { length, size } = Object(value) as { readonly length?: number; readonly size?: number };
  return length ?? size ?? 1;
};

Object.assign(globalThis, {
  __step: () => void counter.steps++,
  __items: <Value>(value: Value): Value => ((counter.steps += lengthOf(value)), value),
  __members: <Value>(value: Value): Value => ((counter.steps += value ? Object.keys(value).length : 0), value),
  __text: (text: string): string => ((counter.steps += text.length), text),
});

/** A source file that counts. */
function counting(text: string): string {
  const call = (name: string, ...args: ts.Expression[]) =>
    ts.factory.createCallExpression(ts.factory.createIdentifier(name), undefined, args);
  const step = () => ts.factory.createExpressionStatement(call("__step"));
  const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => {
    const { factory } = ts;
    const body = (statement: ts.Statement): ts.Block =>
      ts.isBlock(statement)
        ? factory.createBlock([step(), ...statement.statements], true)
        : factory.createBlock([step(), statement], true);
    const visit = (given: ts.Node): ts.Node => {
      // A tagged template is given to its tag, which counts if it is a function of the library.
      if (ts.isTaggedTemplateExpression(given)) return given;
      const node = ts.visitEachChild(given, visit, context);
      if (ts.isForOfStatement(node)) {
        const { awaitModifier, initializer, expression, statement } = node;
        return factory.updateForOfStatement(node, awaitModifier, initializer, expression, body(statement));
      }
      if (ts.isForInStatement(node)) {
        return factory.updateForInStatement(node, node.initializer, node.expression, body(node.statement));
      }
      if (ts.isForStatement(node)) {
        const { initializer, condition, incrementor, statement } = node;
        return factory.updateForStatement(node, initializer, condition, incrementor, body(statement));
      }
      if (ts.isWhileStatement(node)) return factory.updateWhileStatement(node, node.expression, body(node.statement));
      if (ts.isDoStatement(node)) return factory.updateDoStatement(node, body(node.statement), node.expression);
      if (ts.isSpreadElement(node)) return factory.updateSpreadElement(node, call("__items", node.expression));
      if (ts.isSpreadAssignment(node)) return factory.updateSpreadAssignment(node, call("__members", node.expression));
      if (ts.isTemplateExpression(node)) return call("__text", node);
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body: value } = node;
        const counted = factory.createParenthesizedExpression(factory.createComma(call("__step"), value));
        return factory.updateArrowFunction(
          node,
          modifiers,
          typeParameters,
          parameters,
          type,
          equalsGreaterThanToken,
          counted,
        );
      }
      if (ts.isBlock(node) && ts.isFunctionLike(given.parent) && !ts.isConstructorDeclaration(given.parent)) {
        return factory.updateBlock(node, [step(), ...node.statements]);
      }
      return node;
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
  return ts.transpileModule(text, {
    transformers: { before: [transformer] },
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      useDefineForClassFields: true,
    },
  }).outputText;
}

type Method = (this: never, ...args: never[]) => unknown;
type Cost = (self: never, args: readonly never[], result: unknown) => number;

const whole: Cost = (self: unknown) => lengthOf(self);
const made: Cost = (_, __, result) => lengthOf(result);
const upTo: Cost = (self: unknown, _, result) =>
  typeof result === "number" && result >= 0 ? result + 1 : lengthOf(self);
const argument: Cost = (_, [first]) => lengthOf(first);
const keyed: Cost = (_, [key]) => (typeof key === "string" ? 1 + (key as string).length : 1);
const byText: Cost = (self: unknown, [pattern]) => (typeof pattern === "string" ? lengthOf(self) : 0);

/** Operations of the language, and how they are counted. Calls of the library's functions are counted there. */
const natives: readonly (readonly [object, { readonly [name: string]: Cost }])[] = [
  [
    Array.prototype,
    {
      includes: whole,
      indexOf: upTo,
      lastIndexOf: whole,
      join: made,
      slice: made,
      concat: made,
      flat: made,
      reverse: whole,
      sort: whole,
      splice: whole,
      shift: whole,
      unshift: whole,
      fill: whole,
    },
  ],
  [
    String.prototype,
    {
      includes: whole,
      indexOf: upTo,
      lastIndexOf: whole,
      split: byText,
      replace: byText,
      replaceAll: byText,
      startsWith: argument,
      endsWith: argument,
      toLowerCase: whole,
      toUpperCase: whole,
      trim: whole,
      trimEnd: whole,
      trimStart: whole,
      repeat: made,
      padStart: made,
      normalize: whole,
    },
  ],
  [Map.prototype, { get: keyed, set: keyed, has: keyed, delete: keyed }],
  [Set.prototype, { add: keyed, has: keyed, delete: keyed }],
  [Object, { keys: made, values: made, entries: made, fromEntries: argument, getOwnPropertyNames: made }],
  [Array, { from: made }],
  [JSON, { stringify: made, parse: argument }],
  [Reflect.getPrototypeOf(Uint8Array.prototype) ?? {}, { slice: made, set: argument, fill: whole, indexOf: upTo }],
  [TextDecoder.prototype, { decode: argument }],
];

/** Counts what the language does by itself, until what is returned is called. */
function countNatives(): () => void {
  const before: (readonly [object, string, PropertyDescriptor])[] = [];
  const replace = (owner: object, name: string, count: (method: Method) => Method) => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
    before.push([owner, name, descriptor]);
    Object.defineProperty(owner, name, { ...descriptor, value: count(descriptor.value as Method) });
  };
  for (const [owner, methods] of natives) {
    for (const [name, cost] of Object.entries(methods)) {
      replace(
        owner,
        name,
        (method) =>
          function (this: never, ...args: never[]) {
            const result: unknown = Reflect.apply(method, this, args);
            counter.steps += cost(this, args, result);
            return result;
          },
      );
    }
  }
  // All that matches calls this: `test`, `replace`, `split`, `matchAll`.
  replace(
    RegExp.prototype,
    "exec",
    (exec) =>
      function (this: never, ...args: never[]) {
        const { lastIndex, global, sticky } = this as RegExp;
        const from = global || sticky ? lastIndex : 0;
        const found = Reflect.apply(exec, this, args) as RegExpExecArray | null;
        const to = found ? found.index + found[0].length : String(args[0]).length;
        counter.steps += 1 + Math.max(0, to - from);
        return found;
      },
  );
  return () => {
    for (const [owner, name, descriptor] of before) Object.defineProperty(owner, name, descriptor);
  };
}
