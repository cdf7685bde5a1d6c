import type { Node } from "@babel/types";
import type { Parsed } from "../parse.ts";
import { eachChild } from "./scope.ts";

/** A file that another loads. */
export interface LoadedFile {
  readonly source: string;
  readonly place: string;
  /** Whether nothing is taken from it. */
  readonly isBare: boolean;
  /** Whether all of its exports are passed on. */
  readonly isPassedOn: boolean;
}

/**
 * Finds the files that a text loads, by `import`, `export … from` and `require`.
 *
 * @param parsed - The text.
 */
export function findLoads({ file, placeOf }: Pick<Parsed, "file" | "placeOf">): readonly LoadedFile[] {
  const loads: LoadedFile[] = [];
  const load = (source: string, at: Node, is: { readonly bare?: boolean; readonly passedOn?: boolean } = {}): void => {
    loads.push({ source, place: placeOf(at), isBare: is.bare ?? false, isPassedOn: is.passedOn ?? false });
  };
  const bare = new Set<Node>();
  const visit = (node: Node): void => {
    switch (node.type) {
      case "ImportDeclaration":
        return load(node.source.value, node, { bare: node.specifiers.length === 0 });
      case "ExportAllDeclaration":
      case "ExportNamedDeclaration":
        if (node.source) load(node.source.value, node, { passedOn: true });
        break;
      case "ExpressionStatement":
        for (const one of unused(node.expression)) bare.add(one);
        break;
      default: {
        const source = sourceOf(node);
        if (source !== undefined) load(source, node, { bare: bare.has(node) });
      }
    }
    eachChild(node, visit);
  };
  visit(file.program);
  return loads;
}

/** The expressions of a statement whose values nothing takes. */
function unused(node: Node): readonly Node[] {
  if (node.type === "SequenceExpression") return node.expressions.flatMap(unused);
  return node.type === "AwaitExpression" || node.type === "UnaryExpression" ? unused(node.argument) : [node];
}

/**
 * Returns the name of the file that an expression loads: `require("…")`, `import("…")`.
 *
 * @param node - The expression.
 */
export function sourceOf(node: Node): string | undefined {
  if (node.type === "ImportExpression") return textOf(node.source);
  if (node.type !== "CallExpression") return undefined;
  const { callee } = node;
  const isLoad = callee.type === "Import" || (callee.type === "Identifier" && callee.name === "require");
  return isLoad ? textOf(node.arguments[0]) : undefined;
}

function textOf(node: Node | undefined): string | undefined {
  if (node?.type === "StringLiteral") return node.value;
  if (node?.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}
