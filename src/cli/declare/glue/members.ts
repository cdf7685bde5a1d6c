import type { Function as FunctionNode } from "@babel/types";
import { evaluationOf, type Glue, valueIn } from "./evaluation.ts";
import { keyOf } from "./scope.ts";
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

/** The members of a class, in the order of the text. */
export function membersOf(glue: Glue, { node, made }: ClassTerm): ClassMember[] {
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
    if (value.kind === "function") yield { key, kind: "method", isStatic: true, node: value.node, frame: value.frame };
    if (key !== "prototype" || value.kind !== "record") continue;
    for (const [name, place] of value.fields) {
      const member = valueIn(evaluation, place);
      const [, verb, property] = /^([gs]et) (.*)$/.exec(name) ?? [];
      if (member.kind !== "function") continue;
      const { node, frame } = member;
      const kind = verb === "get" || verb === "set" ? verb : "method";
      yield { key: property ?? name, kind, isStatic: false, node, frame };
    }
  }
}

/** Finds a method of a class. */
export function classMethod(glue: Glue, term: ClassTerm, name: string, isStatic: boolean): Method | undefined {
  return membersOf(glue, term).find((one) => one.kind === "method" && one.isStatic === isStatic && one.key === name);
}

/** The name of a member by a well-known symbol: `[Symbol.iterator]`. */
function symbolOf({ key, computed }: Extract<FunctionNode, { type: "ClassMethod" }>): string | undefined {
  if (!computed || key.type !== "MemberExpression" || key.object.type !== "Identifier") return undefined;
  return key.object.name === "Symbol" && key.property.type === "Identifier"
    ? `[Symbol.${key.property.name}]`
    : undefined;
}
