import type { Node } from "@babel/types";
import { withoutControls } from "../output.ts";

/** Members of nodes that say where the code stands and how it is laid out. */
const layout: ReadonlySet<string> = new Set([
  "start",
  "end",
  "loc",
  "range",
  "extra",
  "leadingComments",
  "innerComments",
  "trailingComments",
]);

/**
 * Returns a text that is the same for the same code in another layout: spaces, line breaks, quotes, parentheses and comments do
 * not count.
 *
 * @param node - The code.
 */
export function codeKey(node: Node): string {
  return JSON.stringify(withoutLayout(node));
}

/**
 * Shortens code for a message, on one line.
 *
 * @param text - The code.
 */
export function shortened(text: string): string {
  const line = withoutControls(text.replaceAll(/\s+/g, " ").trim());
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

function withoutLayout(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLayout);
  if (typeof value !== "object" || value === null) return value;
  const node = value as Readonly<Record<string, unknown>>;
  if (node["type"] === "TSParenthesizedType") return withoutLayout(node["typeAnnotation"]);
  const entries = Object.entries(node).filter(([key, one]) => !layout.has(key) && one !== undefined && one !== null);
  return Object.fromEntries(
    entries.map(([key, one]) => [
      key,
      // A name may stand in quotes.
      key === "key" && node["computed"] !== true ? (nameOf(one) ?? withoutLayout(one)) : withoutLayout(one),
    ]),
  );
}

function nameOf(key: unknown): string | undefined {
  const { type, name, value } = Object(key) as {
    readonly type?: unknown;
    readonly name?: unknown;
    readonly value?: unknown;
  };
  if (type === "Identifier") return String(name);
  return type === "StringLiteral" ? String(value) : undefined;
}
