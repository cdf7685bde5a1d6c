import type { CallExpression, Node } from "@babel/types";
import { memberOf } from "../../base/own.ts";
import type { BoundModule } from "./assemblyscript-dts.ts";
import { parseText } from "./parse.ts";

/**
 * Reads the classes of arguments from JavaScript that `asc --bindings` wrote, where they are literals. The text is only
 * parsed.
 *
 * @param text - The text.
 * @param name - Its name, for messages.
 * @param bound - The types of the functions.
 * @returns The id of each class, by AssemblyScript's name of it.
 */
export function readClassIds(text: string, name: string, bound: BoundModule): ReadonlyMap<string, number> {
  const { file } = parseText(text, name, "script");
  const ids = new Map<string, number>();
  const functions = new Map(bound.functions.map((one) => [one.name, one]));
  visit(file.program, (node) => {
    if (node.type === "ObjectMethod" && node.key.type === "Identifier") {
      const stated = functions.get(node.key.name);
      for (const param of stated?.params ?? []) {
        for (const call of assigned(node.body, param.name)) note(param.type, call, ids, bound);
      }
    }
    if (node.type === "FunctionDeclaration" && node.id) {
      const record = recordOf(node.id.name, bound);
      const fields = record === undefined ? undefined : bound.records.get(record);
      for (const [field, type] of fields ?? []) {
        for (const call of lowersOf(node.body, field)) note(type, call, ids, bound);
      }
    }
  });
  return ids;
}

/** Notes the class of a call that makes a value of a type, and those of the values in it. */
function note(name: string, call: CallExpression, ids: Map<string, number>, bound: BoundModule): void {
  const type = name.replace(/ ?\| ?null$/, "");
  const callee = call.callee.type === "Identifier" ? call.callee.name : "";
  const [first, second] = call.arguments;
  const record = recordOf(callee, bound);
  if (record === type) {
    const id = Number(/\d+$/.exec(callee)?.[0]);
    ids.set(type, id);
  }
  if (!/^__lower(Typed|Static)?Array$/.test(callee) || second?.type !== "NumericLiteral") return;
  ids.set(type, second.value);
  const inner = /<(.*)>$/.exec(type)?.[1];
  const [within] = first && inner !== undefined ? lowers(first) : [];
  if (inner !== undefined && within) note(inner, within, ids, bound);
}

/** Returns the class that a function of the bindings lowers as a plain object: their names have its number. */
function recordOf(callee: string, { interfaces }: BoundModule): string | undefined {
  const number = /^__lowerRecord(\d+)$/.exec(callee)?.[1];
  return number === undefined ? undefined : interfaces.get(`__Record${number}`);
}

/** Finds the calls whose result is assigned to a variable. */
function assigned(body: Node, variable: string): CallExpression[] {
  const found: CallExpression[] = [];
  visit(body, (node) => {
    if (node.type === "AssignmentExpression" && node.left.type === "Identifier" && node.left.name === variable)
      found.push(...lowers(node.right).slice(0, 1));
  });
  return found;
}

/** Finds the calls that lower a field of a value. */
function lowersOf(body: Node, field: string): CallExpression[] {
  return lowers(body).filter((call) =>
    call.arguments.some(
      (one) => one.type === "MemberExpression" && one.property.type === "Identifier" && one.property.name === field,
    ),
  );
}

/** Finds the calls that lower values, the outermost first. */
function lowers(of: Node): CallExpression[] {
  const found: CallExpression[] = [];
  visit(of, (node) => {
    if (node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name.startsWith("__lower"))
      found.push(node);
  });
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof memberOf(value, "type") === "string";
}

/** Calls a function for a node and all inside it, in the order of the text. */
function visit(node: Node, of: (node: Node) => void): void {
  const open: Node[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    of(next);
    const inner: Node[] = [];
    for (const [key, value] of Object.entries(next) as [string, unknown][]) {
      if (key.endsWith("Comments")) continue;
      for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(one)) inner.push(one);
    }
    open.push(...inner.reverse());
  }
}
