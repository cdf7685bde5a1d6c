import type { Node, TSType, TSTypeElement } from "@babel/types";
import { docsOf } from "./docs.ts";
import type { KnownTypes } from "./known-types.ts";
import type { PrintOptions } from "./print-options.ts";
import { commentText, quote } from "./text.ts";
import { keyOf, nameOfParameter, Unsayable, unwrapped } from "./type-names.ts";
import type { CheckUse } from "./type-uses.ts";

/** Deeper types are not what a toolchain prints. */
const maximumDepth = 100;

/** A printed type or declaration. */
export interface PrintedType {
  readonly text: string;
  /** The names that it refers to. */
  readonly names: ReadonlySet<string>;
  /** The types in whose place `unknown` stands, with the reason. */
  readonly unknown: readonly string[];
  /** How it differs besides. */
  readonly others: readonly string[];
}

/** Prints the syntax of types, by what is known of the types that they name. */
export class Printer {
  private readonly names = new Set<string>();
  private readonly unknown: string[] = [];
  private readonly others: string[] = [];
  /** The type parameters in scope, with their constraints, and names of `infer`: they are declared within. */
  private readonly own = new Map<string, string | undefined>();

  /** How many object types are around what is printed. */
  private literals = 0;
  private readonly withDocs: boolean;
  private readonly check: CheckUse;
  private readonly types: KnownTypes | undefined;
  /** The name of what it belongs to. */
  private readonly subject: string;

  constructor(
    withDocs: boolean,
    check: CheckUse,
    types?: KnownTypes,
    generics: PrintOptions["generics"] = new Map(),
    subject = "",
  ) {
    this.withDocs = withDocs;
    this.check = check;
    this.types = types;
    this.subject = subject;
    for (const [name, limit] of generics) this.own.set(name, limit);
  }

  /** Prints `unknown`, or what else stands for a type that would be an error. */
  private without(reason: string, text = "unknown"): string {
    this.unknown.push(reason);
    return text;
  }

  /** Prints an operator before a type that is known. */
  private known(of: string, operator: string): string {
    return this.isUnknown(of) ? this.without(`${of} is unknown here`) : `${operator} ${of}`;
  }

  /** Whether a printed type is unknown in its file. */
  private isUnknown(text: string): boolean {
    return this.types?.isUnknown(text) === true && !this.own.has(text);
  }

  /** Whether it is that, or a type parameter that may be anything. */
  private isOpen(text: string): boolean {
    return this.own.has(text) ? this.types?.isUnknown(this.own.get(text) ?? "unknown") === true : this.isUnknown(text);
  }

  result(text: string): PrintedType {
    return { text, names: this.names, unknown: this.unknown, others: this.others };
  }

  declaration(node: Node): string | undefined {
    if (node.type === "TSTypeAliasDeclaration") {
      const parameters = this.parameters(node.typeParameters, 0);
      return `type ${node.id.name}${parameters} = ${this.type(node.typeAnnotation, 0)};`;
    }
    if (node.type !== "TSInterfaceDeclaration") return undefined;
    const parameters = this.parameters(node.typeParameters, 0);
    const heritage = this.types?.heritageOf(node) ?? [];
    const parents = (node.extends ?? []).map((one, at) => {
      const { expression, typeParameters } = one as { expression: Node; typeParameters?: Node | null };
      const misuse = this.misuseOf(expression, typeParameters);
      const how = heritage[at] ?? { omitted: [] };
      const reason = misuse ?? ("reason" in how ? how.reason : undefined);
      if (reason !== undefined) throw new Unsayable(reason);
      const base = this.name(expression) + this.args(typeParameters, 0);
      const omitted = "omitted" in how ? how.omitted : [];
      if (omitted.length === 0) return base;
      this.others.push(`it extends ${base} without ${omitted.join(", ")}, whose type may be another there`);
      return `Omit<${base}, ${omitted.map(quote).join(" | ")}>`;
    });
    const extended = parents.length > 0 ? ` extends ${parents.join(", ")}` : "";
    const elements = node.body.body;
    const members = this.members(elements, 0).map((text, index) => {
      const docs = this.withDocs && elements[index] ? docsOf(elements[index]) : undefined;
      return `${docs === undefined ? "" : commentText(docs, "  ")}  ${text};\n`;
    });
    return `interface ${node.id.name}${parameters}${extended} {\n${members.join("")}}`;
  }

  type(node: TSType, depth: number): string {
    if (depth > maximumDepth) throw new Unsayable("it is nested too deeply");
    const inner = (one: TSType): string => this.type(one, depth + 1);
    const [, keyword] = /^TS(\w+)Keyword$/.exec(node.type) ?? [];
    if (keyword !== undefined && keyword !== "Intrinsic") return keyword.toLowerCase();
    switch (node.type) {
      case "TSThisType":
        if (this.literals > 0) throw new Unsayable("it has the type this, which an object type in it does not have");
        return "this";
      case "TSParenthesizedType":
        return inner(node.typeAnnotation);
      case "TSLiteralType":
        return this.literal(node.literal, depth);
      case "TSTypeReference": {
        const misuse = this.misuseOf(node.typeName, node.typeParameters);
        if (misuse !== undefined) return this.without(misuse);
        const name = this.name(node.typeName);
        const args = (node.typeParameters?.params ?? []).map((one) => this.type(one, depth + 1));
        const judged = args.map((one) => (this.isOpen(one) ? "unknown" : one));
        const refusal = this.own.has(name) ? undefined : this.types?.refusalOf(name, judged, this.subject);
        if (refusal !== undefined) return this.without(refusal);
        return args.length === 0 ? name : `${name}<${args.join(", ")}>`;
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
        return node.members.length === 0 ? "{}" : `{ ${this.literalMembers(node.members, depth).join("; ")} }`;
      case "TSTypeOperator":
        if (node.operator === "unique") {
          // Each declaration of one is a type of its own.
          this.others.push("a unique symbol there is any symbol here");
          return "symbol";
        }
        if (!["keyof", "readonly"].includes(node.operator)) break;
        return this.known(this.operand(node.typeAnnotation, depth), node.operator);
      case "TSIndexedAccessType":
        return this.indexed(this.operand(node.objectType, depth), inner(node.indexType));
      case "TSConditionalType": {
        const [check, wanted] = [this.operand(node.checkType, depth), this.operand(node.extendsType, depth)];
        return `${check} extends ${wanted} ? ${inner(node.trueType)} : ${inner(node.falseType)}`;
      }
      case "TSInferType": {
        const name = nameOfParameter(node.typeParameter.name);
        const limit = node.typeParameter.constraint && inner(node.typeParameter.constraint);
        this.own.set(name, limit ?? undefined);
        return `infer ${name}${limit ? ` extends ${limit}` : ""}`;
      }
      case "TSMappedType": {
        const { constraint, name } = node.typeParameter;
        const own = nameOfParameter(name);
        const of = constraint ? inner(constraint) : "never";
        this.own.set(own, of);
        const mark = (given: unknown, word: string): string =>
          given === "+" || given === "-" ? given + word : given ? word : "";
        const as = node.nameType ? ` as ${inner(node.nameType)}` : "";
        const value = node.typeAnnotation ? inner(node.typeAnnotation) : "unknown";
        if (this.isOpen(of)) return this.without(`${of} is unknown here`);
        const before = mark(node.readonly, "readonly ");
        return `{ ${before}[${own} in ${of}${as}]${mark(node.optional, "?")}: ${value} }`;
      }
      case "TSTypePredicate": {
        if (node.asserts) {
          // A call only counts as an assertion if each name in it has a stated type.
          this.others.push("it asserts something there, and returns nothing here");
          return "void";
        }
        if (!node.typeAnnotation || node.parameterName.type !== "Identifier") return "boolean";
        const of = inner(node.typeAnnotation.typeAnnotation);
        return this.types?.isTainted(of, this.subject) === true
          ? this.without(`a part of ${of} is unknown here`, "boolean")
          : `${node.parameterName.name} is ${of}`;
      }
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

  /** Prints a type that must be an array. */
  private listed(text: string): string {
    const isRefused = this.isOpen(text) || (!text.endsWith("]") && this.types?.isTainted(text, this.subject) === true);
    return isRefused ? this.without(`${text} is no list here`, "unknown[]") : text;
  }

  private indexed(object: string, index: string): string {
    const reason = this.types?.refuseIndex(object, index, this.own, this.subject);
    return reason === undefined ? `${object}[${index}]` : this.without(reason);
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
          : `...${this.listed(this.operand(of, depth))}`;
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
          const inner = type ? this.type(type as TSType, depth + 1) : "";
          const shown = this.isOpen(inner) ? this.without(`${inner} is unknown here`, "string") : inner;
          return type ? `${text}\${${shown}}` : text;
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
    for (const { name } of node.params) this.own.set(nameOfParameter(name), undefined);
    const texts = node.params.map((one) => {
      const name = nameOfParameter(one.name);
      const limit = one.constraint && this.type(one.constraint, depth + 1);
      this.own.set(name, limit ?? undefined);
      let other = one.default && this.type(one.default, depth + 1);
      if (limit && other && this.types?.isTainted(other, this.subject))
        other = this.without(`a part of ${other} is unknown here`, limit);
      return `${name}${limit ? ` extends ${limit}` : ""}${other ? ` = ${other}` : ""}`;
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
        const shown = isRest ? this.listed(type) : type;
        return `${isRest ? "..." : ""}${identifier?.name ?? `arg${at}`}${identifier?.optional ? "?" : ""}: ${shown}`;
      })
      .join(", ");
  }

  private literalMembers(nodes: readonly TSTypeElement[], depth: number): readonly string[] {
    this.literals++;
    const texts = this.members(nodes, depth);
    this.literals--;
    return texts;
  }

  private members(nodes: readonly TSTypeElement[], depth: number): readonly string[] {
    const texts = nodes.map((one) => this.member(one, depth));
    const isIndex = (at: number): boolean => nodes[at]?.type === "TSIndexSignature";
    // A member that is unknown here is not of the type that an index signature has for all.
    if (!texts.some((text, at) => !isIndex(at) && this.types?.isTainted(text, this.subject))) return texts;
    return texts.map((text, at) => {
      const start = isIndex(at) ? /^(?:readonly )?\[\w+: [^\]]*\]: /.exec(text)?.[0] : undefined;
      if (start === undefined || text === `${start}unknown`) return text;
      return this.without("not all of its members are known here", `${start}unknown`);
    });
  }

  private member(node: TSTypeElement, depth: number): string {
    const annotation = node.typeAnnotation ? this.type(node.typeAnnotation.typeAnnotation, depth + 1) : "unknown";
    switch (node.type) {
      case "TSPropertySignature":
        return `${node.readonly ? "readonly " : ""}${keyOf(node)}${node.optional ? "?" : ""}: ${annotation}`;
      case "TSMethodSignature": {
        const parameters = this.parameters(node.typeParameters, depth);
        const params = this.params(node.parameters, depth);
        if (node.kind === "set") return `set ${keyOf(node)}(${params})`;
        const result = node.typeAnnotation ? this.type(node.typeAnnotation.typeAnnotation, depth + 1) : "unknown";
        if (node.kind === "get") return `get ${keyOf(node)}(): ${result}`;
        return `${keyOf(node)}${node.optional ? "?" : ""}${parameters}(${params}): ${result}`;
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
}
