import { isDeepStrictEqual } from "node:util";
import type { Node } from "@babel/types";
import { parseText } from "./parse.ts";

/** Differences that are listed, at most. */
const listed = 12;

/**
 * Compares the files that stand there with those that would be written now. The tool's version in the header does not count.
 *
 * @param old - The text of the declaration file.
 * @param now - The text that would be written.
 * @param name - The file's name, for messages.
 * @returns The differences in words; none if they are the same.
 */
export function compareFiles(old: string, now: string, name: string): readonly string[] {
  if (withoutVersion(old) === withoutVersion(now)) return [];
  if (name.endsWith(".ts")) return [lineDifference(old, now)];
  const before = readData(old, name);
  const after = readData(now, name);
  if (before === undefined) return ["it is no declaration file"];
  const found = [...differences(before, after, [])];
  if (found.length === 0) return [lineDifference(old, now)];
  const rest = found.length > listed ? [`and ${found.length - listed} more`] : [];
  return [...found.slice(0, listed), ...rest];
}

function withoutVersion(text: string): string {
  return text.replace(/( \* Read from .* by unglue )\S+( |\.)/, "$1$2").replaceAll("\r\n", "\n");
}

function lineDifference(old: string, now: string): string {
  const [before, after] = [withoutVersion(old).split("\n"), withoutVersion(now).split("\n")];
  const at = after.findIndex((line, index) => line !== before[index]);
  const index = at < 0 ? after.length : at;
  return `line ${index + 1} is \`${shortened(before[index])}\`, and would be \`${shortened(after[index])}\``;
}

function shortened(line = ""): string {
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

/** Names what was added, removed and changed; the members of an interface one by one. */
function* differences(before: unknown, after: unknown, path: readonly string[]): Generator<string> {
  if (isDeepStrictEqual(before, after)) return;
  if (isRecord(before) && isRecord(after) && path.length < 5) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [had, has] = [Object.hasOwn(before, key), Object.hasOwn(after, key)];
      const name = nameOf([...path, key]);
      if (!had) yield `${name} is missing`;
      else if (!has) yield `${name} is no longer there`;
      else yield* differences(before[key], after[key], [...path, key]);
    }
  } else
    yield `${nameOf(path)} is ${shortened(JSON.stringify(before))}, and would be ${shortened(JSON.stringify(after))}`;
}

function nameOf(path: readonly string[]): string {
  return path.filter((one, at) => !(one === "members" || (at === 0 && one === "api"))).join(".") || "the interface";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the data of a declaration file. It is parsed, not run. */
function readData(text: string, name: string): unknown {
  const constants = new Map<string, unknown>();
  for (const statement of parseText(text, name, "script").file.program.body) {
    if (statement.type === "VariableDeclaration") {
      for (const { id, init } of statement.declarations) {
        if (id.type === "Identifier" && init) constants.set(id.name, valueOf(init, constants));
      }
    } else if (statement.type === "ExportDefaultDeclaration") {
      return valueOf(statement.declaration, constants);
    }
  }
  return undefined;
}

function valueOf(node: Node, constants: ReadonlyMap<string, unknown>): unknown {
  switch (node.type) {
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return node.value;
    case "NullLiteral":
      return null;
    case "UnaryExpression":
      return node.operator === "-" ? -Number(valueOf(node.argument, constants)) : undefined;
    case "Identifier":
      return constants.get(node.name);
    case "ArrayExpression":
      return node.elements.map((one) => one && valueOf(one, constants));
    case "ObjectExpression":
      return Object.fromEntries(
        node.properties.flatMap((one) => {
          if (one.type !== "ObjectProperty") return [];
          const key = one.key.type === "Identifier" && !one.computed ? one.key.name : valueOf(one.key, constants);
          return [[String(key), valueOf(one.value, constants)]];
        }),
      );
    default:
      return undefined;
  }
}
