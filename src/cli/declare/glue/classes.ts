import type { ClassMethod } from "@babel/types";
import { classNameOf, evaluationOf, type Glue, TooLong } from "./evaluation.ts";
import { moduleCall, readFunction } from "./exports.ts";
import { isDestroyer } from "./helpers.ts";
import type { GlueClass, GlueFunction, Read } from "./model.ts";
import { classMethod } from "./operations.ts";
import { keyOf } from "./scope.ts";
import { callFunction } from "./statements.ts";
import type { Term } from "./term.ts";
import { definedValue } from "./variables.ts";

type ClassTerm = Extract<Term, { kind: "class" }>;
/**
 * Reads a class.
 *
 * @param glue - The generated JavaScript.
 * @param term - The class.
 * @param name - Its name for the outside.
 */
export function readClass(glue: Glue, term: ClassTerm, name: string): GlueClass {
  const { node } = term;
  let construct: Read<GlueFunction> | undefined;
  const members = {
    methods: new Map<string, Read<GlueFunction>>(),
    statics: new Map<string, Read<GlueFunction>>(),
    getters: new Map<string, Read<GlueFunction>>(),
    setters: new Map<string, Read<GlueFunction>>(),
    staticGetters: new Map<string, Read<GlueFunction>>(),
    staticSetters: new Map<string, Read<GlueFunction>>(),
  };
  for (const member of node.body.body) {
    if (member.type !== "ClassMethod") continue;
    const key = keyOf(member) ?? symbolOf(member);
    if (key === undefined || isOwn(glue, member, key)) continue;
    const kind = member.kind === "constructor" ? "constructor" : member.static ? "static" : "method";
    const subject = `${name}${kind === "method" ? ".prototype" : ""}.${key}`;
    const read = readFunction(glue, member, subject, { class: term, kind });
    // Without a call of the module it is JavaScript for its own sake, such as `toJSON`.
    if (!read) continue;
    if (kind === "constructor") construct = read;
    else if (member.kind === "get") (member.static ? members.staticGetters : members.getters).set(key, read);
    else if (member.kind === "set") (member.static ? members.staticSetters : members.setters).set(key, read);
    else (member.static ? members.statics : members.methods).set(key, read);
  }
  return {
    free: freeOf(glue, term),
    parent: parentOf(glue, term),
    construct,
    ...members,
  };
}

function parentOf(glue: Glue, { node }: ClassTerm): string | undefined {
  const parent = node.superClass ? definedValue(glue, node.superClass) : undefined;
  return parent?.kind === "class" ? classNameOf(glue, parent) : undefined;
}

/** The name of a member by a well-known symbol: `[Symbol.iterator]`. */
function symbolOf({ key, computed }: ClassMethod): string | undefined {
  if (!computed || key.type !== "MemberExpression" || key.object.type !== "Identifier") return undefined;
  return key.object.name === "Symbol" && key.property.type === "Identifier"
    ? `[Symbol.${key.property.name}]`
    : undefined;
}

/** Whether a method is no part of the API: it frees, gives away or wraps an object. */
function isOwn(glue: Glue, member: ClassMethod, key: string): boolean {
  if (key === "free" && !member.static && member.params.length === 0) return true;
  if (/^__(wrap|unwrap|destroy_into_raw)$/.test(key)) return true;
  return !member.static && member.kind === "method" && member.params.length === 0 && isDestroyer(glue, member);
}

/** The export that frees an object. */
function freeOf(glue: Glue, { node, ...rest }: ClassTerm): string | undefined {
  const method = classMethod(node, "free", false);
  if (!method) return undefined;
  const evaluation = evaluationOf(glue);
  evaluation.classes.push({ of: { kind: "this" }, class: { node, ...rest } });
  try {
    callFunction(evaluation, { node: method, frame: undefined }, [], { kind: "this" });
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    return undefined;
  }
  const callee = moduleCall(evaluation)?.effect.callee;
  return typeof callee === "string" ? callee : undefined;
}
