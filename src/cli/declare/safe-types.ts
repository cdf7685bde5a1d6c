import type { Node, TSType, TSTypeElement } from "@babel/types";
import { docsOf } from "./docs.ts";
import { parseText } from "./parse.ts";
import { commentText, keyText, quote } from "./text.ts";
import type { CheckUse } from "./type-uses.ts";

/** A type that cannot be printed, with the reason. */
class Unsayable extends Error {}

/** Deeper types are not what a toolchain prints. */
const maximumDepth = 100;

/** A printed type or declaration, or the reason why there is none. */
export type Printed =
  | {
      readonly text: string;
      /** The names that it refers to. */
      readonly names: ReadonlySet<string>;
      /** The types in whose place `unknown` stands, with the reason. */
      readonly unknown: readonly string[];
    }
  | { readonly reason: string };

/**
 * Prints a type that a package wrote. It is parsed and printed by its syntax, so nothing but a type can come out.
 *
 * @param text - The type's own words.
 * @param check - Checks the named types in it.
 */
export function printType(text: string, check: CheckUse = unchecked): Printed {
  return print(`type T = ${text};`, new Printer(false, check), (printer, statement) =>
    statement.type === "TSTypeAliasDeclaration" ? printer.type(statement.typeAnnotation, 0) : undefined,
  );
}

/**
 * Prints the declaration of an alias or interface that a package wrote.
 *
 * @param text - The declaration's own words, without `export`.
 * @param withDocs - Whether to print the comments of an interface's members.
 * @param check - Checks the named types in it.
 */
export function printNamedType(text: string, withDocs: boolean, check: CheckUse = unchecked): Printed {
  return print(text, new Printer(withDocs, check), (printer, statement) => printer.declaration(statement));
}

const unchecked: CheckUse = () => undefined;

function print(text: string, printer: Printer, by: (printer: Printer, statement: Node) => string | undefined): Printed {
  try {
    const { file } = parseText(text, "a type", "declarations");
    const [statement, ...others] = file.program.body;
    const printed = statement && others.length === 0 ? by(printer, statement) : undefined;
    return printed === undefined ? { reason: "it is no type" } : printer.result(printed);
  } catch (error) {
    // A text that is cut out of a whole may not be whole.
    return { reason: error instanceof Error ? error.message : "it cannot be parsed" };
  }
}

class Printer {
  private readonly names = new Set<string>();
  private readonly unknown: string[] = [];
  /** The type parameters in scope, and names of `infer`: they are declared within. */
  private readonly own = new Set<string>();

  private readonly withDocs: boolean;
  private readonly check: CheckUse;

  constructor(withDocs: boolean, check: CheckUse) {
    this.withDocs = withDocs;
    this.check = check;
  }

  result(text: string): Printed {
    return { text, names: this.names, unknown: this.unknown };
  }

  declaration(node: Node): string | undefined {
    if (node.type === "TSTypeAliasDeclaration") {
      const parameters = this.parameters(node.typeParameters, 0);
      return `type ${node.id.name}${parameters} = ${this.type(node.typeAnnotation, 0)};`;
    }
    if (node.type !== "TSInterfaceDeclaration") return undefined;
    const parameters = this.parameters(node.typeParameters, 0);
    const parents = (node.extends ?? []).map((one) => {
      const { expression, typeParameters } = one as { expression: Node; typeParameters?: Node | null };
      const misuse = this.misuseOf(expression, typeParameters);
      if (misuse !== undefined) throw new Unsayable(misuse);
      return this.name(expression) + this.args(typeParameters, 0);
    });
    const heritage = parents.length > 0 ? ` extends ${parents.join(", ")}` : "";
    const members = node.body.body.map((one) => {
      const docs = this.withDocs ? docsOf(one) : undefined;
      return `${docs === undefined ? "" : commentText(docs, "  ")}  ${this.member(one, 0)};\n`;
    });
    return `interface ${node.id.name}${parameters}${heritage} {\n${members.join("")}}`;
  }

  type(node: TSType, depth: number): string {
    if (depth > maximumDepth) throw new Unsayable("it is nested too deeply");
    const inner = (one: TSType): string => this.type(one, depth + 1);
    const [, keyword] = /^TS(\w+)Keyword$/.exec(node.type) ?? [];
    if (keyword !== undefined && keyword !== "Intrinsic") return keyword.toLowerCase();
    switch (node.type) {
      case "TSThisType":
        return "this";
      case "TSParenthesizedType":
        return inner(node.typeAnnotation);
      case "TSLiteralType":
        return this.literal(node.literal, depth);
      case "TSTypeReference": {
        const misuse = this.misuseOf(node.typeName, node.typeParameters);
        if (misuse === undefined) return this.name(node.typeName) + this.args(node.typeParameters, depth);
        this.unknown.push(misuse);
        return "unknown";
      }
      case "TSArrayType":
        return `${this.operand(node.elementType, depth)}[]`;
      case "TSTupleType":
        return `[${node.elementTypes.map((one) => this.element(one, depth)).join(", ")}]`;
      case "TSUnionType":
        return node.types.map((one) => this.operand(one, depth)).join(" | ");
      case "TSIntersectionType":
        return node.types.map((one) => this.operand(one, depth)).join(" & ");
      case "TSFunctionType":
      case "TSConstructorType": {
        const parameters = this.parameters(node.typeParameters, depth);
        const start = node.type === "TSFunctionType" ? "" : node.abstract ? "abstract new " : "new ";
        const result = node.typeAnnotation ? inner(node.typeAnnotation.typeAnnotation) : "unknown";
        return `${start}${parameters}(${this.params(node.parameters, depth)}) => ${result}`;
      }
      case "TSTypeLiteral":
        return node.members.length === 0
          ? "{}"
          : `{ ${node.members.map((one) => this.member(one, depth)).join("; ")} }`;
      case "TSTypeOperator":
        if (!["keyof", "readonly", "unique"].includes(node.operator)) break;
        return `${node.operator} ${this.operand(node.typeAnnotation, depth)}`;
      case "TSIndexedAccessType":
        return `${this.operand(node.objectType, depth)}[${inner(node.indexType)}]`;
      case "TSConditionalType": {
        const [check, wanted] = [this.operand(node.checkType, depth), this.operand(node.extendsType, depth)];
        return `${check} extends ${wanted} ? ${inner(node.trueType)} : ${inner(node.falseType)}`;
      }
      case "TSInferType": {
        const name = nameOfParameter(node.typeParameter.name);
        this.own.add(name);
        return `infer ${name}`;
      }
      case "TSMappedType": {
        const { constraint, name } = node.typeParameter;
        const own = nameOfParameter(name);
        this.own.add(own);
        const mark = (given: unknown, word: string): string =>
          given === "+" || given === "-" ? given + word : given ? word : "";
        const as = node.nameType ? ` as ${inner(node.nameType)}` : "";
        const value = node.typeAnnotation ? inner(node.typeAnnotation) : "unknown";
        const before = mark(node.readonly, "readonly ");
        return `{ ${before}[${own} in ${constraint ? inner(constraint) : "never"}${as}]${mark(node.optional, "?")}: ${value} }`;
      }
      case "TSTypePredicate":
        if (node.asserts) return "void";
        return node.typeAnnotation && node.parameterName.type === "Identifier"
          ? `${node.parameterName.name} is ${inner(node.typeAnnotation.typeAnnotation)}`
          : "boolean";
      default:
    }
    throw new Unsayable(`it has a part that is not taken over (${node.type.replace(/^TS/, "")})`);
  }

  /** Prints a type where only a simple one may stand. */
  private operand(node: TSType, depth: number): string {
    const text = this.type(node, depth + 1);
    const bare = unwrapped(node);
    return /^TS(Union|Intersection|Function|Constructor|Conditional|Infer)Type$|^TSTypeOperator$/.test(bare.type)
      ? `(${text})`
      : text;
  }

  private element(node: Node, depth: number): string {
    switch (node.type) {
      case "TSNamedTupleMember":
        return `${node.label.name}${node.optional ? "?" : ""}: ${this.type(node.elementType, depth + 1)}`;
      case "TSOptionalType":
        return `${this.operand(node.typeAnnotation, depth)}?`;
      case "TSRestType": {
        const of: Node = node.typeAnnotation;
        return (of as Node).type === "TSNamedTupleMember"
          ? `...${this.element(of, depth)}`
          : `...${this.operand(of, depth)}`;
      }
      default:
        return this.type(node as TSType, depth + 1);
    }
  }

  private literal(node: Node, depth: number): string {
    switch (node.type) {
      case "StringLiteral":
        return quote(node.value);
      case "NumericLiteral":
      case "BooleanLiteral":
        return String(node.value);
      case "BigIntLiteral":
        return `${BigInt(node.value)}n`;
      case "UnaryExpression":
        if (node.operator === "-") return `-${this.literal(node.argument, depth)}`;
        break;
      case "TemplateLiteral": {
        const parts = node.quasis.map(({ value }, at) => {
          const text = quote(value.cooked ?? "")
            .slice(1, -1)
            .replaceAll('\\"', '"')
            .replaceAll(/[`$]/g, "\\$&");
          const type = node.expressions[at];
          return type ? `${text}\${${this.type(type as TSType, depth + 1)}}` : text;
        });
        return `\`${parts.join("")}\``;
      }
      default:
    }
    throw new Unsayable("it has a literal that is not taken over");
  }

  /** The reason why a named type cannot be used as it is. */
  private misuseOf(node: Node, args: Node | null | undefined): string | undefined {
    let at = node;
    while (at.type === "TSQualifiedName" || at.type === "MemberExpression") {
      at = at.type === "TSQualifiedName" ? at.left : at.object;
    }
    if (at.type !== "Identifier" || this.own.has(at.name)) return undefined;
    const count = args?.type === "TSTypeParameterInstantiation" ? args.params.length : 0;
    return this.check({ name: at.name, isQualified: at !== node, args: count });
  }

  private name(node: Node): string {
    const parts: string[] = [];
    let at = node;
    for (; at.type === "TSQualifiedName"; at = at.left) parts.unshift(at.right.name);
    for (; at.type === "MemberExpression" && at.property.type === "Identifier"; at = at.object) {
      parts.unshift(at.property.name);
    }
    if (at.type !== "Identifier") throw new Unsayable("it has a name that is not taken over");
    if (!this.own.has(at.name)) this.names.add(at.name);
    return [at.name, ...parts].join(".");
  }

  private args(node: Node | null | undefined, depth: number): string {
    return node?.type === "TSTypeParameterInstantiation"
      ? `<${node.params.map((one) => this.type(one, depth + 1)).join(", ")}>`
      : "";
  }

  private parameters(node: Node | null | undefined, depth: number): string {
    if (node?.type !== "TSTypeParameterDeclaration") return "";
    for (const { name } of node.params) this.own.add(nameOfParameter(name));
    const texts = node.params.map((one) => {
      const limit = one.constraint ? ` extends ${this.type(one.constraint, depth + 1)}` : "";
      const other = one.default ? ` = ${this.type(one.default, depth + 1)}` : "";
      return nameOfParameter(one.name) + limit + other;
    });
    return `<${texts.join(", ")}>`;
  }

  private params(nodes: readonly Node[], depth: number): string {
    return nodes
      .map((node, at) => {
        const isRest = node.type === "RestElement";
        const inner: Node = isRest ? node.argument : node;
        const identifier = inner.type === "Identifier" ? inner : undefined;
        const annotation =
          ("typeAnnotation" in node ? node.typeAnnotation : undefined) ?? identifier?.typeAnnotation ?? undefined;
        const type =
          annotation && (annotation as Node).type === "TSTypeAnnotation"
            ? this.type((annotation as { typeAnnotation: TSType }).typeAnnotation, depth + 1)
            : isRest
              ? "unknown[]"
              : "unknown";
        return `${isRest ? "..." : ""}${identifier?.name ?? `arg${at}`}${identifier?.optional ? "?" : ""}: ${type}`;
      })
      .join(", ");
  }

  private member(node: TSTypeElement, depth: number): string {
    const annotation = node.typeAnnotation ? this.type(node.typeAnnotation.typeAnnotation, depth + 1) : "unknown";
    switch (node.type) {
      case "TSPropertySignature":
        return `${node.readonly ? "readonly " : ""}${this.key(node)}${node.optional ? "?" : ""}: ${annotation}`;
      case "TSMethodSignature": {
        const parameters = this.parameters(node.typeParameters, depth);
        const params = this.params(node.parameters, depth);
        if (node.kind === "set") return `set ${this.key(node)}(${params})`;
        const result = node.typeAnnotation ? this.type(node.typeAnnotation.typeAnnotation, depth + 1) : "unknown";
        if (node.kind === "get") return `get ${this.key(node)}(): ${result}`;
        return `${this.key(node)}${node.optional ? "?" : ""}${parameters}(${params}): ${result}`;
      }
      case "TSCallSignatureDeclaration":
      case "TSConstructSignatureDeclaration": {
        const parameters = this.parameters(node.typeParameters, depth);
        const start = node.type === "TSCallSignatureDeclaration" ? "" : "new ";
        return `${start}${parameters}(${this.params(node.parameters, depth)}): ${annotation}`;
      }
      case "TSIndexSignature":
        return `${node.readonly ? "readonly " : ""}[${this.params(node.parameters, depth)}]: ${annotation}`;
    }
  }

  private key({ key, computed }: { readonly key: Node; readonly computed?: boolean }): string {
    if (key.type === "StringLiteral") return keyText(key.value);
    if (key.type === "NumericLiteral") return String(key.value);
    if (key.type === "Identifier" && !computed) return keyText(key.name);
    // `[Symbol.iterator]`: a name of the language.
    if (computed && key.type === "MemberExpression" && key.object.type === "Identifier") {
      const { object, property } = key;
      if (object.name === "Symbol" && property.type === "Identifier") return `[Symbol.${property.name}]`;
    }
    throw new Unsayable("it has a name that is computed");
  }
}

function unwrapped(node: TSType): TSType {
  return node.type === "TSParenthesizedType" ? unwrapped(node.typeAnnotation) : node;
}

/** Babel's next version has an identifier there. */
function nameOfParameter(name: string | { readonly name: string }): string {
  return typeof name === "string" ? name : name.name;
}
