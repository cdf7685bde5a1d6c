import type { Node, Statement, TSTypeElement } from "@babel/types";
import { printable } from "../output.ts";
import { codeKey, shortened } from "./check-code.ts";
import { docsOf } from "./docs.ts";
import type { Parsed } from "./parse.ts";

/** A declaration, or a member of one. */
interface Named {
  readonly name: string;
  readonly node: Node;
  /** The node that has the comment. */
  readonly outer: Node;
  readonly members: readonly TSTypeElement[] | undefined;
}

/**
 * Compares the declarations of two files.
 *
 * @param before - The file that stands there.
 * @param after - The file that would be written.
 * @returns The differences in words.
 */
export function compareTypes(before: Parsed, after: Parsed): readonly string[] {
  const [was, is] = [before, after].map(({ file }) => file.program.body.map(nameStatement)) as [Named[], Named[]];
  return [...compareAll(was, is, "", before, after)];
}

function* compareAll(
  before: readonly Named[],
  after: readonly Named[],
  prefix: string,
  was: Parsed,
  is: Parsed,
): Generator<string> {
  const others = new Map<string, Named[]>();
  // A method may have several signatures.
  for (const one of after) others.set(one.name, [...(others.get(one.name) ?? []), one]);
  for (const one of before) {
    const name = `${prefix}${printable(one.name)}`;
    const other = others.get(one.name)?.shift();
    if (!other) yield `${name} would not be there`;
    else if (one.outer.type !== other.outer.type || codeKey(one.node) !== codeKey(other.node)) {
      if (one.members && other.members && codeKey(headOf(one)) === codeKey(headOf(other))) {
        yield* compareAll(one.members.map(nameMember), other.members.map(nameMember), `${name}.`, was, is);
      } else {
        yield `${name} is \`${shortened(was.textOf(one.outer))}\`, and would be \`${shortened(is.textOf(other.outer))}\``;
      }
    } else yield* compareDocs(one, other, name);
  }
  for (const [name, missing] of others) {
    if (missing.length > 0) yield `${prefix}${printable(name)} is missing`;
  }
}

/** Names the comments that differ, in the members too. */
function* compareDocs(one: Named, other: Named, name: string): Generator<string> {
  if (lineOf(one) !== lineOf(other)) yield `the comment of ${name} differs`;
  const others = other.members?.map(nameMember) ?? [];
  for (const [at, member] of (one.members ?? []).map(nameMember).entries()) {
    const same = others[at];
    if (same) yield* compareDocs(member, same, `${name}.${printable(member.name)}`);
  }
}

/** The documentation as one line: another layout is no difference. */
function lineOf({ outer }: Named): string {
  return (docsOf(outer) ?? "").replaceAll(/\s+/g, " ");
}

/** A declaration without its members. */
function headOf({ node }: Named): Node {
  if (node.type === "TSInterfaceDeclaration") return { ...node, body: { ...node.body, body: [] } };
  if (node.type === "TSPropertySignature") return { ...node, typeAnnotation: null };
  return node;
}

function nameStatement(statement: Statement): Named {
  const node = statement.type === "ExportNamedDeclaration" && statement.declaration ? statement.declaration : statement;
  const members = node.type === "TSInterfaceDeclaration" ? node.body.body : undefined;
  return { name: nameOfStatement(node), node, outer: statement, members };
}

function nameOfStatement(node: Node): string {
  switch (node.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return node.id.name;
    case "VariableDeclaration": {
      const [first] = node.declarations;
      return first?.id.type === "Identifier" ? first.id.name : "const";
    }
    case "ImportDeclaration":
      return `import of ${node.source.value}`;
    case "ExportDefaultDeclaration":
      return "default";
    default:
      return node.type;
  }
}

function nameMember(node: TSTypeElement): Named {
  const type = node.type === "TSPropertySignature" ? node.typeAnnotation?.typeAnnotation : undefined;
  const members = type?.type === "TSTypeLiteral" ? type.members : undefined;
  const name =
    "key" in node && node.key.type === "Identifier"
      ? node.key.name
      : "key" in node && node.key.type === "StringLiteral"
        ? node.key.value
        : node.type === "TSConstructSignatureDeclaration"
          ? "new"
          : node.type;
  return { name, node, outer: node, members };
}
