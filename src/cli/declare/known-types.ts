import type { Node, Statement, TSType, TSTypeElement } from "@babel/types";
import type { Declared } from "./declared.ts";
import { parseText } from "./parse.ts";
import { nameOfParameter } from "./type-names.ts";
import type { CheckUse } from "./type-uses.ts";

/** Aliases that lead further are followed no more. */
const maximumSteps = 20;

/** The members of an object type: their texts by their names. */
interface Members {
  readonly texts: ReadonlyMap<string, string>;
  /** Whether it may have others, or the same ones with other types. */
  readonly isOpen: boolean;
  /** Whether it states a type of all members. */
  readonly hasIndex?: boolean;
}

/** How an interface extends a type: without some of its members, or not at all. */
export type Heritage = { readonly omitted: readonly string[] } | { readonly reason: string };

const open: Members = { texts: new Map(), isOpen: true };

/** Types of the language that cannot be extended, whatever they are given. */
const closed = new Set(
  (
    "Exclude Extract NonNullable Awaited ReturnType InstanceType NoInfer ThisType Uppercase Lowercase Capitalize Uncapitalize " +
    "BodyInit HeadersInit BufferSource BlobPart PropertyKey ArrayBufferLike"
  ).split(" "),
);
/** Types of the language that have the members of what they are given. */
const mapped = new Set(["Partial", "Required", "Readonly", "Pick", "Omit"]);
/** Types of the language that take anything, in each place. */
const free = new Set(
  (
    "Promise PromiseLike Array ReadonlyArray ArrayLike Set ReadonlySet Map ReadonlyMap Awaited Partial Required Readonly Exclude " +
    "Extract NonNullable NoInfer ThisType Iterable Iterator IterableIterator AsyncIterable AsyncIterator AsyncIterableIterator " +
    "Generator AsyncGenerator"
  ).split(" "),
);

/**
 * The named types of a file that is about to be written. Something is unknown there if it cannot be taken over from the package,
 * and TypeScript refuses much of what may be made of a type that is unknown.
 */
export class KnownTypes {
  private readonly statements = new Map<string, Statement[]>();
  private readonly texts = new Map<string, string>();
  private readonly tainted: ReadonlySet<string>;
  private readonly declared: Declared;
  /** The members whose types are not those of the package: what is unknown in others is unknown there, too. */
  private readonly differing: ReadonlySet<string>;

  constructor(declared: Declared) {
    this.declared = declared;
    this.differing = new Set(declared.differences.map(({ member }) => member));
    for (const { name, text } of declared.types) {
      const { file } = parseText(text, "a type", "declarations");
      this.statements.set(name, [...(this.statements.get(name) ?? []), ...file.program.body]);
      this.texts.set(name, `${this.texts.get(name) ?? ""}\n${text}`);
    }
    this.tainted = this.findTainted();
  }

  /** The types with a part that is unknown, and those that mention one. */
  private findTainted(): ReadonlySet<string> {
    const found = new Set<string>();
    for (const [name, text] of this.texts) if (this.differing.has(name) && /\bunknown\b/.test(text)) found.add(name);
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const [name, text] of this.texts) if (wordsOf(text).some((one) => found.has(one))) found.add(name);
    }
    return found;
  }

  /** Whether the file declares or imports a name. */
  has(name: string): boolean {
    const { members, imports } = this.declared;
    return (
      this.texts.has(name) ||
      members.some((one) => one.kind !== "function" && one.name === name) ||
      imports.some(({ names }) => names.has(name))
    );
  }

  /** Checks the uses of types that have become unknown. */
  readonly check: CheckUse = ({ name, isQualified, args }) =>
    this.isUnknown(name) && (isQualified || args > 0) ? `${name} is unknown here` : undefined;

  /** Whether a printed type says nothing. */
  isUnknown(text: string, steps = 0): boolean {
    if (text === "unknown") return true;
    const [only, ...others] = this.statements.get(text) ?? [];
    if (only?.type !== "TSTypeAliasDeclaration" || others.length > 0 || steps > maximumSteps) return false;
    const { typeAnnotation: type } = only;
    if (type.type === "TSUnknownKeyword") return true;
    return type.type === "TSTypeReference" && type.typeName.type === "Identifier" && !type.typeParameters
      ? this.isUnknown(type.typeName.name, steps + 1)
      : false;
  }

  /** Whether a part of a member's printed type has become unknown, directly or in a type that it mentions. */
  isTainted(text: string, member: string): boolean {
    return wordsOf(text).some((one) => (one === "unknown" && this.differing.has(member)) || this.tainted.has(one));
  }

  /** Returns the reason why a generic type does not take what it is given. */
  refusalOf(name: string, args: readonly string[], member: string): string | undefined {
    if (args.length === 0 || free.has(name)) return undefined;
    const [first = "", second = ""] = args;
    if (name === "Pick") return this.refuseIndex(first, second, undefined, member);
    if (name === "Record") return this.isUnknown(first) ? `${first} is unknown here` : undefined;
    if (name === "Omit") return this.isUnknown(second) ? `${second} is unknown here` : undefined;
    const own = this.statements.get(name)?.[0];
    const parameters = own && parametersOf(own);
    const refused = args.find(
      (one, at) => parameters?.[at] !== false && (this.isUnknown(one) || this.isTainted(one, member)),
    );
    return refused === undefined ? undefined : `${name} takes no type that is unknown here`;
  }

  /** Returns the reason why a type has no member by an index. `own` are the type parameters in scope, with their constraints. */
  refuseIndex(
    object: string,
    index: string,
    own: ReadonlyMap<string, string | undefined> = new Map(),
    member = "",
  ): string | undefined {
    const isPlain = (name: string): boolean => {
      const limit = own.get(name);
      return own.has(name) && (limit === undefined || this.isTainted(limit, member));
    };
    if (own.has(index)) {
      const [, of] = /^keyof (.*)$/.exec(own.get(index) ?? "") ?? [];
      return isPlain(index) || (of !== undefined && of !== object)
        ? `${index} may be no member of ${object}`
        : undefined;
    }
    if (own.has(object)) {
      return isPlain(object) && index !== `keyof ${object}` ? `${object} may have no such member` : undefined;
    }
    for (const one of [object, index]) if (this.isUnknown(one)) return `${one} is unknown here`;
    const isOwn = this.texts.has(object);
    const members = isOwn ? this.membersOf(object, []) : undefined;
    if (!members && this.isTainted(object, member)) return `a part of ${object} is unknown here`;
    const names = /^"[^"\\]*"( \| "[^"\\]*")*$/.test(index)
      ? [...index.matchAll(/"([^"]*)"/g)].map(([, one = ""]) => one)
      : [];
    const lacking = members && !members.isOpen ? names.find((one) => !members.texts.has(one)) : undefined;
    return lacking === undefined ? undefined : `${object} has no ${lacking}`;
  }

  /** Decides how an interface extends each of its bases. */
  heritageOf(node: Node): readonly Heritage[] {
    if (node.type !== "TSInterfaceDeclaration") return [];
    const { name } = node.id;
    const own = this.ownMembers(node.body.body, name);
    const parameters = new Set((node.typeParameters?.params ?? []).map((one) => nameOfParameter(one.name)));
    const before = new Map(own);
    return (node.extends ?? []).map((one) => {
      const { expression, typeParameters } = one as { expression: Node; typeParameters?: { params: TSType[] } | null };
      if (expression.type !== "Identifier") return { omitted: [] };
      const base = expression.name;
      const args = typeParameters?.params ?? [];
      if (parameters.has(base)) return { reason: `it extends ${base}, which is a type parameter` };
      const members = this.membersOf(base, args, [name]);
      if (!members) {
        const reason = this.isUnknown(base) ? "is unknown here" : "cannot be extended here";
        return { reason: `it extends ${base}, which ${reason}` };
      }
      if (members.hasIndex === true && [...own.values()].some((text) => this.isTainted(text, name))) {
        return {
          reason: `it extends ${base}, which states a type of all members, and has members that are unknown here`,
        };
      }
      const [, keys] = base === "Omit" ? args : [];
      const without = keys ? literalsOf(keys) : new Set<string>();
      const omitted = [...before].flatMap(([key, text]) => {
        const isSame = members.texts.get(key) === text && args.length === 0;
        const differs = members.texts.has(key) ? !isSame : members.isOpen && own.has(key) && this.isTainted(text, name);
        return differs && !without.has(key) ? [key] : [];
      });
      for (const [key, text] of members.texts) if (!before.has(key)) before.set(key, text);
      return { omitted };
    });
  }

  /** The members of a named type; `undefined` if it cannot be extended. */
  private membersOf(name: string, args: readonly Node[], path: readonly string[] = []): Members | undefined {
    if (path.includes(name) || path.length > maximumSteps) return undefined;
    const found = this.statements.get(name);
    if (found) return joined(found.map((one) => this.membersOfStatement(one, [...path, name])));
    for (const one of this.declared.members) {
      if (one.name !== name || one.kind === "function") continue;
      if (one.kind === "enumeration") return undefined;
      const names = [...one.methods, ...one.properties.filter(({ isStatic }) => !isStatic)].map(({ name: key }) => key);
      return { texts: new Map(names.map((key) => [key, ""])), isOpen: true };
    }
    if (closed.has(name)) return undefined;
    const [first] = args;
    if (!mapped.has(name)) return open;
    const members = first && this.membersOfType(first, path);
    return members && { texts: new Map([...members.texts.keys()].map((key) => [key, ""])), isOpen: true };
  }

  private membersOfStatement(statement: Statement, path: readonly string[]): Members | undefined {
    if (statement.type === "TSTypeAliasDeclaration") return this.membersOfType(statement.typeAnnotation, path);
    if (statement.type !== "TSInterfaceDeclaration") return undefined;
    const own = this.membersOfElements(statement.body.body, statement.id.name);
    const parents = (statement.extends ?? []).map((one) => {
      const { expression, typeParameters } = one as { expression: Node; typeParameters?: { params: TSType[] } | null };
      return expression.type === "Identifier"
        ? this.membersOf(expression.name, typeParameters?.params ?? [], path)
        : open;
    });
    return joined([own, ...parents]);
  }

  private membersOfType(type: Node, path: readonly string[]): Members | undefined {
    switch (type.type) {
      case "TSParenthesizedType":
        return this.membersOfType(type.typeAnnotation, path);
      case "TSTypeLiteral":
        return this.membersOfElements(type.members, path.at(-1) ?? "");
      case "TSIntersectionType":
        return joined(type.types.map((one) => this.membersOfType(one, path)));
      case "TSTypeReference":
        if (type.typeName.type !== "Identifier") return open;
        return this.membersOf(type.typeName.name, type.typeParameters?.params ?? [], path);
      case "TSMappedType":
      case "TSArrayType":
      case "TSTupleType":
      case "TSFunctionType":
      case "TSConstructorType":
        return open;
      default:
        return undefined;
    }
  }

  private membersOfElements(elements: readonly TSTypeElement[], of: string): Members {
    const hasIndex = elements.some(({ type }) => type === "TSIndexSignature");
    return { texts: this.ownMembers(elements, of), isOpen: false, hasIndex };
  }

  private ownMembers(elements: readonly TSTypeElement[], of: string): Map<string, string> {
    const whole = this.declared.types.filter(({ name }) => name === of).map(({ text }) => text);
    return new Map(
      elements.flatMap((one) => {
        const key = "key" in one && !one.computed ? one.key : undefined;
        const name = key?.type === "Identifier" ? key.name : key?.type === "StringLiteral" ? key.value : undefined;
        const text = whole.map((all) => all.slice(one.start ?? 0, one.end ?? 0)).join("\n");
        return name === undefined ? [] : [[name, text] as const];
      }),
    );
  }
}

/** The members of all; `undefined` if one cannot be extended. */
function joined(all: readonly (Members | undefined)[]): Members | undefined {
  const texts = new Map<string, string>();
  for (const one of all) {
    if (!one) return undefined;
    for (const [key, text] of one.texts) if (!texts.has(key)) texts.set(key, text);
  }
  const is = (flag: "isOpen" | "hasIndex"): boolean => all.some((one) => one?.[flag] === true);
  return { texts, isOpen: is("isOpen"), hasIndex: is("hasIndex") };
}

/** Whether each type parameter of a declaration has a constraint. */
function parametersOf(statement: Statement): readonly boolean[] {
  const { typeParameters } = statement as { typeParameters?: { params?: readonly { constraint?: unknown }[] } | null };
  return (typeParameters?.params ?? []).map(({ constraint }) => constraint !== undefined && constraint !== null);
}

/** The texts of a union of them. */
function literalsOf(type: TSType): ReadonlySet<string> {
  const all = type.type === "TSUnionType" ? type.types : [type];
  return new Set(
    all.flatMap((one) =>
      one.type === "TSLiteralType" && one.literal.type === "StringLiteral" ? [one.literal.value] : [],
    ),
  );
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
}
