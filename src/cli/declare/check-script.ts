import type { Node, ObjectProperty, Statement } from "@babel/types";
import { codeKey, shortened } from "./check-code.ts";
import type { Parsed } from "./parse.ts";

/** A declaration file as it was read. */
export interface Script {
  /** The data of the default export; absent without one. */
  readonly data?: unknown;
  /** Everything besides the data. */
  readonly statements: readonly PlacedStatement[];
}

/** A statement with its place. */
export interface PlacedStatement {
  readonly node: Statement;
  readonly text: string;
  readonly line: number;
}

/** A part of a file that is no plain data, so that its value is not known: nothing of the file is run. */
export class Unread {
  /** The code. */
  readonly text: string;
  readonly line: number;

  constructor(text: string, line: number) {
    this.text = text;
    this.line = line;
  }

  /** In JSON it is its code. */
  toJSON(): string {
    return this.text;
  }
}

/**
 * Reads the data of a declaration file. It is parsed, not run.
 *
 * @param parsed - The file.
 */
export function readScript(parsed: Parsed): Script {
  const reader = new DataReader(parsed);
  const statements: PlacedStatement[] = [];
  let data: { readonly data?: unknown } = {};
  for (const node of parsed.file.program.body) {
    if (node.type === "ExportDefaultDeclaration") data = { data: reader.read(node.declaration) };
    else if (!(node.type === "VariableDeclaration" && node.kind === "const" && reader.keep(node.declarations))) {
      statements.push({ node, text: parsed.textOf(node), line: parsed.positionOf(node).line });
    }
  }
  return { ...data, statements };
}

/**
 * Compares everything in two files besides their data: the functions of the package that the module imports.
 *
 * @param before - The statements that stand there.
 * @param after - Those that would be written.
 */
export function* compareStatements(
  before: readonly PlacedStatement[],
  after: readonly PlacedStatement[],
): Generator<string> {
  const [was, is] = [before, after].map((all) => new Map(all.map((one) => [codeKey(one.node), one] as const))) as [
    Map<string, PlacedStatement>,
    Map<string, PlacedStatement>,
  ];
  for (const [key, { text, line }] of was) {
    if (!is.has(key)) yield `\`${shortened(text)}\` in line ${line} would not be there`;
  }
  for (const [key, { text }] of is) {
    if (!was.has(key)) yield `\`${shortened(text)}\` is missing`;
  }
}

/** Reads values that are written as plain data, and constants of such values. */
class DataReader {
  readonly #parsed: Parsed;
  readonly #constants = new Map<string, unknown>();

  constructor(parsed: Parsed) {
    this.#parsed = parsed;
  }

  /** Keeps the values of constants. Returns `false` if there is something else among them. */
  keep(declarations: readonly { readonly id: Node; readonly init?: Node | null }[]): boolean {
    const read = declarations.map(({ id, init }) => [id, init ? this.read(init) : undefined] as const);
    for (const [id, value] of read) if (id.type === "Identifier") this.#constants.set(id.name, value);
    return read.every(([id, value]) => id.type === "Identifier" && value !== undefined && !(value instanceof Unread));
  }

  read(node: Node): unknown {
    switch (node.type) {
      case "StringLiteral":
      case "NumericLiteral":
      case "BooleanLiteral":
        return node.value;
      case "NullLiteral":
        return null;
      case "UnaryExpression":
        return node.operator === "-" && node.argument.type === "NumericLiteral"
          ? -node.argument.value
          : this.#unread(node);
      case "TemplateLiteral":
        return node.expressions.length === 0 ? node.quasis[0]?.value.cooked : this.#unread(node);
      case "Identifier":
        return this.#constants.has(node.name) ? this.#constants.get(node.name) : this.#unread(node);
      case "ArrayExpression":
        return node.elements.map((one) => (one ? this.read(one) : this.#unread(node)));
      case "ObjectExpression":
        return Object.fromEntries(node.properties.map((one) => this.#property(one)));
      default:
        return this.#unread(node);
    }
  }

  /** Reads a property. One that cannot be read has its own code as its name. */
  #property(node: ObjectProperty | Node): readonly [key: string, value: unknown] {
    const unread = this.#unread(node);
    if (node.type !== "ObjectProperty") return [unread.text, unread];
    const key = node.key.type === "Identifier" && !node.computed ? node.key.name : this.read(node.key);
    // Without brackets this name would set the prototype.
    if (typeof key !== "string" || (key === "__proto__" && !node.computed)) return [unread.text, unread];
    return [key, this.read(node.value)];
  }

  #unread(node: Node): Unread {
    return new Unread(`\`${shortened(this.#parsed.textOf(node))}\``, this.#parsed.positionOf(node).line);
  }
}
