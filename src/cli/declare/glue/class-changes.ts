import type { Class, Function as FunctionNode, Node } from "@babel/types";
import { type Call, Flow, isCall } from "./flow.ts";
import { prototypesOf } from "./global-changes.ts";
import { functionAround, type References } from "./references.ts";
import { type Binding, isFunction, lookUp, propertyName, type Scopes } from "./scope.ts";
import { changedBy, type Change, isDefiner, isFreezing, isHarmless, writeTo } from "./writes.ts";

/** Something that a text changes of a class after its definition. */
export interface Patch extends Change {
  /** Whether it is a member of objects, and not of the class itself. */
  readonly isMethod: boolean;
  /** Whether an object leads to it, which may be one of another class. */
  readonly isIndirect: boolean;
}

/**
 * The class and its prototype. A class of before 2015 is made by a function around it, where it gets its members. An object
 * leads to the prototype of its class, whichever that is.
 */
type State = "class" | "prototype" | "made class" | "made prototype" | "any prototype";

const isPrototype = (state: State): boolean => state.endsWith("prototype");

/**
 * Finds what a text changes of a class after its definition. Every use of the class has to be of a form that leaves it as it is:
 * after any other use, each of its members may be another one.
 *
 * @param scopes - The names of the text.
 * @param references - Their uses.
 * @param node - The class, or the function that is one.
 */
export function findPatches(scopes: Scopes, references: References, node: Class | FunctionNode): readonly Patch[] {
  const patches: Patch[] = [];
  const maker = isFunction(node) ? makerOf(references, node) : undefined;
  const add = (state: State, name: string | undefined, at: Node): void => {
    if (state.startsWith("made") && isOfMaker(references, at, maker)) return;
    // Bundlers keep the name of a class so.
    if (!isPrototype(state) && name === "name") return;
    patches.push({ isMethod: isPrototype(state), isIndirect: state === "any prototype", name, node: at });
  };
  const lose = (state: State, node: Node): void => {
    if (state === "any prototype") return;
    patches.push({ isMethod: isPrototype(state), isIndirect: false, name: undefined, node });
  };
  const prototypeOf = (state: State): State => (state.startsWith("made") ? "made prototype" : "prototype");
  const classOf = (state: State): State => (state.startsWith("made") ? "made class" : "class");

  const flow = new Flow<State>(scopes, references, {
    lost: lose,
    spread() {
      // The copy of a class has no prototype.
    },
    member(state, name, at) {
      if (state === "any prototype") {
        const write = at.type === "ObjectProperty" ? undefined : writeTo(references, at);
        if (write || isDefiner(references, at, name)) add(state, write && name, write ?? at);
        return;
      }
      const part = isPrototype(state) ? "constructor" : "prototype";
      const next = isPrototype(state) ? classOf(state) : prototypeOf(state);
      if (at.type === "ObjectProperty") {
        if (name === part) flow.bindProperty(next, at);
        else if (name === undefined) lose(state, at);
        return;
      }
      const write = writeTo(references, at);
      if (write) {
        if (isPrototype(state) && isDisposal(write, name)) return;
        const value = write.type === "AssignmentExpression" && write.operator === "=" ? write.right : undefined;
        if (name === "prototype" && value && flow.has(prototypeOf(state), value)) return;
        add(state, name, write);
        return;
      }
      if (name === part) {
        flow.follow(next, at);
        return;
      }
      const call = references.parentOf(at);
      const isCalled = call !== undefined && isCall(call) && call.callee === at;
      const isOwn = name !== undefined && /^(hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toString)$/.test(name);
      if (isDefiner(references, at, name) || (isPrototype(state) && isCalled && !isOwn)) {
        lose(state, at);
        return;
      }
      // The name may be `prototype`.
      if (name === undefined && !isPrototype(state) && !isCopied(references, at)) lose(state, at);
    },
    passed(state, path, call, index) {
      if (isHarmless(path, index)) return;
      if (isFreezing(path)) {
        flow.follow(state, call);
        return;
      }
      if (path !== undefined && index > 0 && /^Object\.(assign|setPrototypeOf)$/.test(path)) return;
      const changed = index === 0 ? changedBy(path, call) : undefined;
      if (!changed) {
        lose(state, call);
        return;
      }
      for (const name of changed) if (!isLocking(call, name)) add(state, name, call);
    },
    held(state, name, property, object) {
      if (state === "any prototype") return;
      if (name === "constructor") return;
      // A function without members gets the prototype, for objects that are made without the constructor.
      if (isPrototype(state) && name === "prototype" && object.type === "Identifier") {
        const binding = lookUp(scopes.around(object), object.name);
        if (binding) {
          flow.followBinding(classOf(state), binding);
          return;
        }
      }
      const field = isDescriptor(references, object) ? describedName(references, object) : name;
      if (field === undefined || isPrototype(state) || /^(prototype|value|get)$/.test(field)) {
        lose(state, property);
        return;
      }
      flow.followMembers(state, field);
    },
  });

  for (const binding of bindingsOf(scopes, node)) {
    for (const one of references.of(binding)) {
      flow.follow(maker && functionAround(references, one) === maker ? "made class" : "class", one);
    }
  }
  if (node.type === "ClassExpression" || node.type === "FunctionExpression") flow.follow("class", node);
  const call = maker && references.parentOf(maker);
  if (call) flow.follow("class", isCall(call) ? call : (references.parentOf(call) ?? call));
  for (const one of prototypesOf(references)) flow.follow("any prototype", one);
  flow.run();
  return patches;
}

/** The variables that hold a class by its declaration. */
function bindingsOf(scopes: Scopes, node: Class | FunctionNode): readonly Binding[] {
  if (!("id" in node) || !node.id) return [];
  const inner = scopes.of(node)?.bindings.get(node.id.name);
  const outer = node.type.endsWith("Declaration") ? lookUp(scopes.scopeOf(node), node.id.name) : undefined;
  return [inner, outer].flatMap((one) => (one?.declaration === node ? [one] : []));
}

/** The function that is called where it stands and makes a class of before 2015. */
function makerOf(references: References, node: Node): FunctionNode | undefined {
  const around = functionAround(references, node);
  const parent = around && references.parentOf(around);
  if (!around || !parent) return undefined;
  const isCalled = isCall(parent) && parent.callee === around;
  const isMember = parent.type === "MemberExpression" && propertyName(parent) === "call";
  return isCalled || isMember ? around : undefined;
}

/** Whether code runs while a class is made: in the function that makes it, or in one that it calls. */
function isOfMaker(references: References, at: Node, maker: FunctionNode | undefined): boolean {
  let isInner = false;
  for (let one: Node | undefined = at; one; one = references.parentOf(one)) {
    if (one === maker) return !isInner;
    if (isFunction(one)) isInner = true;
  }
  return true;
}

/** `Class.prototype[Symbol.dispose] = Class.prototype.free` is generated. */
function isDisposal(write: Node, name: string | undefined): boolean {
  if (name !== "[Symbol.dispose]" || write.type !== "AssignmentExpression" || write.operator !== "=") return false;
  return write.right.type === "MemberExpression" && propertyName(write.right) === "free";
}

/** `other[name] = Class[name]`: a compiler copies static members to a class that extends this one. */
function isCopied({ parentOf }: References, member: Node): boolean {
  const copy = parentOf(member);
  return (
    copy?.type === "AssignmentExpression" &&
    copy.right === member &&
    copy.left.type === "MemberExpression" &&
    copy.left.computed &&
    copy.left.property.type === "Identifier" &&
    member.type === "MemberExpression" &&
    member.property.type === "Identifier" &&
    member.property.name === copy.left.property.name
  );
}

/** `Object.defineProperty(Class, "prototype", { writable: false })`, as a compiler prints it. */
function isLocking({ arguments: [, , described] }: Call, name: string | undefined): boolean {
  return (
    name === "prototype" &&
    described?.type === "ObjectExpression" &&
    described.properties.every(
      (one) => one.type === "ObjectProperty" && one.key.type === "Identifier" && one.key.name === "writable",
    )
  );
}

/** Whether an object describes a property: `Object.defineProperty(of, name, { value })`. */
function isDescriptor({ parentOf }: References, object: Node): boolean {
  const call = parentOf(object);
  return (
    call?.type === "CallExpression" &&
    call.arguments[2] === object &&
    call.callee.type === "MemberExpression" &&
    propertyName(call.callee) === "defineProperty"
  );
}

function describedName({ parentOf }: References, object: Node): string | undefined {
  const call = parentOf(object);
  const name = call?.type === "CallExpression" ? call.arguments[1] : undefined;
  return name?.type === "StringLiteral" ? name.value : undefined;
}
