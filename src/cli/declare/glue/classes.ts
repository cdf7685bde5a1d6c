import type { Node } from "@babel/types";
import { unaccountedEffect } from "./accounted.ts";
import { classNameOf, evaluationOf, type Glue, unlessTooLong } from "./evaluation.ts";
import { holeAt, readFunction } from "./exports.ts";
import { moduleCall } from "./module-call.ts";
import { isDestroyer } from "./helpers.ts";
import type { GlueClass, GlueFunction, Hole, Read } from "./model.ts";
import { type ClassMember, classMethod, type ClassTerm, membersOf, strangeMembers } from "./members.ts";
import { findPatches } from "./class-changes.ts";
import { callFunction } from "./statements.ts";
import { isSame, nothing, type Term } from "./term.ts";
import { definedValue } from "./variables.ts";

/**
 * Reads a class.
 *
 * @param glue - The generated JavaScript.
 * @param term - The class.
 * @param name - Its name for the outside.
 * @param change - The code that may give the name to something else.
 */
export function readClass(glue: Glue, term: ClassTerm, name: string, change?: Node): GlueClass {
  let construct: Read<GlueFunction> | undefined;
  const members = {
    methods: new Map<string, Read<GlueFunction>>(),
    statics: new Map<string, Read<GlueFunction>>(),
    getters: new Map<string, Read<GlueFunction>>(),
    setters: new Map<string, Read<GlueFunction>>(),
    staticGetters: new Map<string, Read<GlueFunction>>(),
    staticSetters: new Map<string, Read<GlueFunction>>(),
  };
  const others = new Set<string>();
  const patches = findPatches(glue.scopes, glue.references, term.node);
  // Whoever changes how objects are made or named changes all of them.
  const whole = patches.find(({ name: key }) => key === undefined || /^(__wrap|__destroy_into_raw|free)$/.test(key));
  const base = strangeBase(glue, term);
  const patchOf = (key: string, isStatic: boolean): Hole | undefined => {
    if (change)
      return holeAt(glue, change, `${name}.${key}, whose class has a place among the exports that is changed,`);
    if (base) return holeAt(glue, base, `${name}.${key}, whose class extends something else,`);
    const patch = whole ?? patches.find((one) => one.name === key && one.isMethod !== isStatic);
    return patch && holeAt(glue, patch.node, `${name}.${key}, which is changed after the class,`);
  };
  for (const member of membersOf(glue, term)) {
    const { key } = member;
    if (isOwn(glue, member) || isDisposal(glue, term, member)) continue;
    const kind = member.kind === "constructor" ? "constructor" : member.isStatic ? "static" : "method";
    const subject = `${name}${kind === "method" ? ".prototype" : ""}.${key}`;
    // For the inspection of objects in Node.
    if (key === "[inspect.custom]") {
      others.add(key);
      continue;
    }
    if (key.startsWith("[")) {
      const hole = holeAt(glue, member.node, `${name}.${key}, a member by a symbol,`);
      (member.isStatic ? members.statics : members.methods).set(key, hole);
      continue;
    }
    const read = patchOf(key, member.isStatic) ?? readFunction(glue, member, subject, { class: term, kind });
    // Without a call of the module it is JavaScript for its own sake, such as `toJSON`.
    if (!read) others.add(key);
    else if (kind === "constructor") construct = read;
    else if (member.kind === "get") (member.isStatic ? members.staticGetters : members.getters).set(key, read);
    else if (member.kind === "set") (member.isStatic ? members.staticSetters : members.setters).set(key, read);
    else (member.isStatic ? members.statics : members.methods).set(key, read);
  }
  for (const { name: key, isMethod, isIndirect } of patches) {
    if (isIndirect) continue;
    const map = isMethod ? members.methods : members.statics;
    const patch = key === undefined ? undefined : patchOf(key, !isMethod);
    const isStated = [members.getters, members.setters, members.staticGetters, members.staticSetters];
    if (key !== undefined && patch && !isStated.some((one) => one.has(key))) map.set(key, patch);
  }
  for (const { key, isStatic, node } of strangeMembers(term)) {
    const hole = holeAt(glue, node, `${name}.${key}, a member that wasm-bindgen does not print,`);
    for (const one of [members.getters, members.setters, members.staticGetters, members.staticSetters]) one.delete(key);
    (isStatic ? members.statics : members.methods).set(key, hole);
  }
  const freed = freeOf(glue, term);
  const free = classMethod(glue, term, "free", false);
  if (free && (freed ? freed.pointer === undefined : canFree(glue, name))) {
    members.methods.set("free", holeAt(glue, free.node, `${name}.prototype.free`));
  }
  return {
    free: freed?.export,
    parent: parentOf(glue, term),
    construct,
    ...members,
    others,
  };
}

function parentOf(glue: Glue, { node }: ClassTerm): string | undefined {
  const parent = "superClass" in node && node.superClass ? definedValue(glue, node.superClass) : undefined;
  return parent?.kind === "class" ? classNameOf(glue, parent) : undefined;
}

/** The expression that a class extends if it is no generated class: its objects have members that are not known. */
function strangeBase(glue: Glue, { node }: ClassTerm): Node | undefined {
  const base = "superClass" in node ? node.superClass : undefined;
  const parent = base ? definedValue(glue, base) : undefined;
  return base && !(parent?.kind === "class" && glue.classNames.has(parent.node)) ? base : undefined;
}

/** Whether a method is no part of the API: it frees, gives away or wraps an object. */
function isOwn(glue: Glue, member: ClassMember): boolean {
  const { key, kind, isStatic, node } = member;
  if (key === "free" && !isStatic && node.params.length === 0) return true;
  if (/^__(wrap|unwrap|destroy_into_raw)$/.test(key)) return true;
  return !isStatic && kind === "method" && node.params.length === 0 && isDestroyer(glue, member);
}

/** Whether a method by a symbol frees an object. */
function isDisposal(glue: Glue, term: ClassTerm, { key, isStatic }: ClassMember): boolean {
  const freed = key === "[Symbol.dispose]" && !isStatic ? freeOf(glue, term) : undefined;
  return freed?.pointer !== undefined && freeOf(glue, term, key)?.export === freed.export;
}

/** The way that a method frees an object. */
interface Freed {
  readonly export: string;
  /** The member with the address of the object; absent if the method does something else, too. */
  readonly pointer: string | undefined;
}

/** The member that holds the address of an object, which the class frees. */
export function pointerOf(glue: Glue, term: ClassTerm): string | undefined {
  return freeOf(glue, term)?.pointer;
}

/** Whether the module has an export for freeing objects of a class. It has none if it makes none. */
function canFree({ shape }: Glue, name: string): boolean {
  return shape?.exports.some((one) => one.name === `__wbg_${name.toLowerCase()}_free`) ?? false;
}

/** The name of the export that frees objects of a class. */
export function freedBy(glue: Glue, term: ClassTerm): string | undefined {
  return freeOf(glue, term)?.export;
}

/** The export that frees an object, which a method calls. */
function freeOf(glue: Glue, term: ClassTerm, name = "free"): Freed | undefined {
  const method = classMethod(glue, term, name, false);
  if (!method) return undefined;
  const evaluation = evaluationOf(glue);
  evaluation.classes.push({ of: { kind: "this" }, class: term });
  if (!unlessTooLong(() => callFunction(evaluation, method, [], { kind: "this" }))) return undefined;
  const call = moduleCall(evaluation);
  if (typeof call?.effect.callee !== "string") return undefined;
  const [pointer] = call.words;
  const isOfThis = (one: Term | undefined): one is Extract<Term, { kind: "member" }> =>
    one?.kind === "member" && one.of.kind === "this";
  const isTaken = evaluation.effects.some(
    (one) => one.kind === "set" && isOfThis(one.target) && isSame(one.target, pointer ?? nothing),
  );
  const isPlain = isOfThis(pointer) && isTaken && !unaccountedEffect(evaluation, call);
  return { export: call.effect.callee, pointer: isPlain ? pointer.name : undefined };
}
