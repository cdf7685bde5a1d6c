import type { Function as FunctionNode, Node } from "@babel/types";
import { evaluationOf, type Glue, valueIn } from "./evaluation.ts";
import { keyOf, symbolIn } from "./scope.ts";
import type { Frame, Term } from "./term.ts";

/** A class. */
export type ClassTerm = Extract<Term, { kind: "class" }>;

/** A function, and the variables that it sees. */
export interface Method {
  readonly node: FunctionNode;
  readonly frame: Frame | undefined;
}

/** A member of a class that is a function. */
export interface ClassMember extends Method {
  /** Its name; a well-known symbol stands in brackets. */
  readonly key: string;
  readonly kind: "constructor" | "method" | "get" | "set";
  readonly isStatic: boolean;
}

/** The class that a term is: a class, or a function whose prototype has members. */
export function classOf(term: Term | undefined): ClassTerm | undefined {
  if (term?.kind === "class") return term;
  if (term?.kind !== "function" || !term.fields?.has("prototype")) return undefined;
  const { node } = term;
  return { kind: "class", node, name: "id" in node ? (node.id?.name ?? "") : "", made: term };
}

/** A member of a class that generated JavaScript does not have. */
export interface StrangeMember {
  readonly key: string;
  readonly isStatic: boolean;
  readonly node: Node;
}

/** Finds the members of a class that are no functions, or whose names the text does not state. */
export function strangeMembers({ node }: ClassTerm): readonly StrangeMember[] {
  if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return [];
  const all = node.body.body;
  return all.flatMap((member): StrangeMember[] => {
    const isStatic = "static" in member ? (member.static ?? false) : true;
    const key = "key" in member && member.key.type !== "PrivateName" ? keyOf(member) : undefined;
    if (member.type === "ClassMethod") {
      return key === undefined && symbolOf(member) === undefined ? [{ key: "[computed]", isStatic, node: member }] : [];
    }
    // A field without a value hides nothing but a member of its name.
    const isBare = member.type === "ClassProperty" && !member.value && key !== undefined;
    if (isBare && !all.some((one) => one !== member && keyOf(one) === key)) return [];
    return [{ key: key ?? wordsFor(member), isStatic, node: member }];
  });
}

/** A name for a member that has none. */
function wordsFor(member: Node): string {
  return member.type === "StaticBlock"
    ? "static block"
    : member.type.includes("Private")
      ? "private member"
      : "[computed]";
}

/** The members of a class, in the order of the text. Of several with one name, the last one counts, as in JavaScript. */
export function membersOf(glue: Glue, term: ClassTerm): ClassMember[] {
  const all = statedMembers(glue, term);
  return all.filter((one, at) => {
    const isCovered = (other: ClassMember): boolean =>
      other.key === one.key &&
      other.isStatic === one.isStatic &&
      !/^(getset|setget)$/.test(one.kind + other.kind) &&
      one.kind !== "constructor";
    return !all.some((other, index) => index > at && isCovered(other));
  });
}

function statedMembers(glue: Glue, { node, made }: ClassTerm): ClassMember[] {
  if (made) return [...prototypeMembers(glue, made)];
  if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return [];
  return node.body.body.flatMap((member): ClassMember[] => {
    const key = member.type === "ClassMethod" ? (keyOf(member) ?? symbolOf(member)) : undefined;
    if (member.type !== "ClassMethod" || key === undefined) return [];
    return [{ key, kind: member.kind, isStatic: member.static, node: member, frame: undefined }];
  });
}

function* prototypeMembers(glue: Glue, made: Extract<Term, { kind: "function" }>): Generator<ClassMember> {
  const evaluation = evaluationOf(glue, true);
  yield { key: "constructor", kind: "constructor", isStatic: false, node: made.node, frame: made.frame };
  for (const [key, cell] of made.fields ?? []) {
    const value = valueIn(evaluation, cell);
    if (value.kind === "function") yield memberBy(key, value, true);
    if (key !== "prototype" || value.kind !== "record") continue;
    for (const [name, place] of value.fields) {
      const member = valueIn(evaluation, place);
      if (member.kind === "function") yield memberBy(name, member, false);
    }
  }
}

/** A member by the name of its field, which begins with `get ` or `set ` for a getter or setter. */
function memberBy(field: string, { node, frame }: Extract<Term, { kind: "function" }>, isStatic: boolean): ClassMember {
  const [, verb, property] = /^([gs]et) (.*)$/.exec(field) ?? [];
  const kind = verb === "get" || verb === "set" ? verb : "method";
  return { key: property ?? field, kind, isStatic, node, frame };
}

/** Finds a method of a class. */
export function classMethod(glue: Glue, term: ClassTerm, name: string, isStatic: boolean): Method | undefined {
  return membersOf(glue, term).find((one) => one.kind === "method" && one.isStatic === isStatic && one.key === name);
}

/** The name of a member by a well-known symbol: `[Symbol.iterator]`. */
function symbolOf({ key, computed }: Extract<FunctionNode, { type: "ClassMethod" }>): string | undefined {
  return computed ? symbolIn(key) : undefined;
}
