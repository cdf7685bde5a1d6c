import { parse } from "@babel/parser";
import type { Node } from "@babel/types";
import { eachChild, isFunction } from "../../../src/cli/declare/glue/scope.ts";

/** A text with one change. */
export interface Mutant {
  /** The kind of the change. */
  readonly kind: string;
  /** The function that it is in, by the outermost name that belongs to it. */
  readonly place: string;
  /** The words before and after the change. */
  readonly old: string;
  readonly now: string;
  readonly line: number;
  readonly text: string;
}

/** Functions that load the module. None of them is read. */
const loaders =
  /^(default|init|initSync|load|__wbg_(load|init|init_memory|finalize_init|set_wasm|get_imports)|getImports|initMemory|finalizeInit|__wbg_init\w*|expectedResponseType)$/;

const operators: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "+",
  "/": "*",
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">": "<=",
  "<=": ">",
  ">=": "<",
  ">>>": "<<",
  ">>": "<<",
  "<<": ">>",
  "|": "&",
  "&": "|",
  "||": "&&",
  "&&": "||",
  "??": "&&",
  in: "instanceof",
  instanceof: "in",
};

/** Makes every change of a text of the kinds that a test knows, one a mutant. */
export function mutantsOf(text: string): readonly Mutant[] {
  const file = parse(text, { sourceType: "unambiguous", errorRecovery: true, allowReturnOutsideFunction: true });
  const made: Mutant[] = [];
  const functions = topFunctions(file.program);
  const visit = (node: Node, place: string | undefined): void => {
    const inner = placeOf(node, place);
    if (inner !== undefined) change(node, inner);
    eachChild(node, (child) => visit(child, inner));
  };
  const add = (kind: string, place: string, node: Node, now: string): void => {
    const old = wordsOf(node);
    if (old === now) return;
    const { start, end } = node;
    if (typeof start !== "number" || typeof end !== "number") return;
    const line = node.loc?.start.line ?? 0;
    made.push({ kind, place, old, now, line, text: `${text.slice(0, start)}${now}${text.slice(end)}` });
  };
  const wordsOf = ({ start, end }: Node): string => text.slice(start ?? 0, end ?? 0);

  const change = (node: Node, place: string): void => {
    switch (node.type) {
      case "BinaryExpression":
      case "LogicalExpression": {
        const by = operators[node.operator];
        if (by !== undefined) add("operator", place, node, `${wordsOf(node.left)} ${by} ${wordsOf(node.right)}`);
        return;
      }
      case "UnaryExpression":
        if (node.operator === "!") add("negation", place, node, `(${wordsOf(node.argument)})`);
        return;
      case "ConditionalExpression":
        add(
          "branches",
          place,
          node,
          `${wordsOf(node.test)} ? ${wordsOf(node.alternate)} : ${wordsOf(node.consequent)}`,
        );
        return;
      case "NumericLiteral":
        add("number", place, node, String(node.value + 1));
        return;
      case "StringLiteral":
        add("text", place, node, JSON.stringify(`${node.value}x`));
        return;
      case "BooleanLiteral":
        add("boolean", place, node, String(!node.value));
        return;
      case "CallExpression":
      case "NewExpression": {
        const [first, second, ...rest] = node.arguments.map(wordsOf);
        const callee = `${node.type === "NewExpression" ? "new " : ""}${wordsOf(node.callee)}`;
        if (first !== undefined && second !== undefined && first !== second) {
          add("arguments", place, node, `${callee}(${[second, first, ...rest].join(", ")})`);
        }
        if (first !== undefined)
          add("argument", place, node, `${callee}(${[second, ...rest].filter(Boolean).join(", ")})`);
        if (node.callee.type === "Identifier") {
          const others = functions.filter(
            ({ name, arity }) => arity === node.arguments.length && name !== wordsOf(node.callee),
          );
          const other = others[made.length % Math.max(others.length, 1)];
          if (other) add("callee", place, node.callee, other.name);
        }
        return;
      }
      case "MemberExpression":
        if (!node.computed && node.property.type === "Identifier")
          add("member", place, node.property, `${node.property.name}x`);
        return;
      case "BlockStatement":
        for (const [at, one] of node.body.entries()) {
          const words = wordsOf(one);
          const next = node.body[at + 1];
          if (next) add("order", place, between(one, next), `${wordsOf(next)}\n${words}`);
          add("dropped", place, one, "");
          if (one.type !== "VariableDeclaration") {
            add("condition", place, one, `if (Date.now() > 5) { ${words} }`);
          }
          if (one.type === "ExpressionStatement") add("twice", place, one, `${words}\n${words}`);
          if (one.type === "ReturnStatement" && one.argument) {
            add("result", place, one.argument, `[${wordsOf(one.argument)}]`);
          }
        }
        if (node.body[0]) add("more", place, node.body[0], `console.log(1);\n${wordsOf(node.body[0])}`);
        return;
      case "FunctionDeclaration":
        if (!node.async) add("async", place, node, `async ${wordsOf(node)}`);
        return;
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        if (!node.async) add("async", place, node, `async ${wordsOf(node)}`);
        return;
      case "ClassMethod":
        if (node.kind === "method" && !node.static) add("async", place, node, `async ${wordsOf(node)}`);
        return;
      case "IfStatement":
        add("test", place, node.test, `!(${wordsOf(node.test)})`);
        return;
      default:
    }
  };
  visit(file.program, undefined);
  return made;
}

function between(one: Node, next: Node): Node {
  return { ...one, end: next.end } as Node;
}

/** The function of a node: the outermost one that is no loader. */
function placeOf(node: Node, outer: string | undefined): string | undefined {
  if (outer !== undefined)
    return node.type === "ClassMethod" && "name" in node.key ? `${outer}.${node.key.name}` : outer;
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
    const name = node.id?.name ?? "";
    return loaders.test(name) ? undefined : name;
  }
  if (node.type === "AssignmentExpression" && isFunction(node.right) && node.left.type === "MemberExpression") {
    return "name" in node.left.property ? node.left.property.name : undefined;
  }
  if ((node.type === "ObjectProperty" || node.type === "ObjectMethod") && "name" in node.key) {
    const value = node.type === "ObjectProperty" ? node.value : node;
    return isFunction(value) ? node.key.name : undefined;
  }
  if (node.type === "VariableDeclarator" && isFunction(node.init) && node.id.type === "Identifier") {
    return loaders.test(node.id.name) ? undefined : node.id.name;
  }
  return undefined;
}

function topFunctions(program: Node): readonly { readonly name: string; readonly arity: number }[] {
  const found: { name: string; arity: number }[] = [];
  const visit = (node: Node): void => {
    if (node.type === "FunctionDeclaration" && node.id && !loaders.test(node.id.name)) {
      found.push({ name: node.id.name, arity: node.params.length });
    }
    if (!isFunction(node)) eachChild(node, visit);
  };
  visit(program);
  return found;
}
