import type { Function as FunctionNode, Identifier, MemberExpression, Node, ObjectExpression } from "@babel/types";
import { Flow } from "./flow.ts";
import type { References } from "./references.ts";
import { eachChild, keyOf, lookUp, propertyName, type Scopes } from "./scope.ts";
import { changedBy, type Change, isDefiner, isFreezing, isHarmless, writeTo } from "./writes.ts";

/** The object with the imports of one module, and the one with all such objects. */
type State = "imports" | "modules";

/**
 * Finds what a text changes of the objects that hold the functions of a module's imports, other than by naming them. Every use
 * of these objects up to the module's instantiation has to be of a form that leaves them as they are.
 *
 * @param scopes - The names of the text.
 * @param references - Their uses.
 * @param nodes - The functions.
 * @param own - The names of the modules that they are imported from.
 */
export function findImportChanges(
  scopes: Scopes,
  references: References,
  nodes: readonly Node[],
  own: ReadonlySet<string>,
): readonly Change[] {
  const changes: Change[] = [];
  const add = (name: string | undefined, node: Node): void => void changes.push({ name, node });
  const copied: { readonly state: State; readonly others: readonly Node[]; readonly at: Node }[] = [];

  const flow = new Flow<State>(scopes, references, {
    lost: (_, at) => add(undefined, at),
    spread(state, object) {
      if (object.type === "ObjectExpression") followLiteral(state, object);
    },
    member(state, name, at) {
      if (at.type === "ObjectProperty") {
        if (state === "modules") flow.bindProperty("imports", at);
        return;
      }
      const write = writeTo(references, at);
      if (!write) {
        if (isDefiner(references, at, name)) add(undefined, at);
        else if (state === "modules") flow.follow("imports", at);
        return;
      }
      const isNamed = name !== undefined && write.type === "AssignmentExpression" && write.operator === "=";
      if (!isNamed) add(state === "modules" ? undefined : name, write);
      else if (state === "modules" && own.has(name)) containers.push(write.right);
    },
    intercepted(state, call, index) {
      // A compiler prints a helper for a property by a string: `define(object, "name", value)`.
      const [object, key, value, ...more] = call.arguments;
      if (!object || key?.type !== "StringLiteral" || !value || more.length > 0) return false;
      const called = flow.resolve(call.callee);
      if (!called?.every((one) => "made" in one && definesMember(one.made))) return false;
      if (index === 0) {
        if (state === "imports") add(key.value, call);
        else if (own.has(key.value)) containers.push(value);
        flow.follow(state, call);
      } else if (index === 2) {
        flow.followMembers(state, key.value);
        if (state === "imports") {
          holders.push(call);
          flow.follow("modules", call);
        }
      }
      return true;
    },
    passed(state, path, call, index) {
      if (isHarmless(path, index)) return;
      if (isFreezing(path)) {
        flow.follow(state, call);
        return;
      }
      if (path === "Object.assign") {
        copied.push({ state, others: call.arguments.filter((_, at) => at !== index), at: call });
        flow.follow(state, call);
        return;
      }
      const changed = index === 0 ? changedBy(path, call) : undefined;
      for (const name of changed ?? [undefined]) add(state === "modules" ? undefined : name, call);
    },
    held(state, name, property, object) {
      if (name === "exports") return;
      if (name === undefined) {
        add(undefined, property);
        return;
      }
      flow.followMembers(state, name);
      if (state === "imports") {
        holders.push(object);
        followObject("modules", object);
      }
    },
  });
  const containers: Node[] = [];
  const literals: Node[] = [];
  /** The modules whose objects get functions by assignments. */
  const extended = new Set<string>();
  const holders: Node[] = [];
  const followObject = (state: State, object: Node): void => {
    if (object.type === "Identifier") {
      const binding = lookUp(scopes.around(object), object.name);
      if (!binding) return;
      flow.followBinding(state, binding);
      for (const value of binding.values) if (value.type === "ObjectExpression") followLiteral(state, value);
    } else if (object.type === "ObjectExpression") followLiteral(state, object);
    else if (state === "imports" && object.type === "MemberExpression") {
      const name = propertyName(object);
      if (name === undefined || name === "exports") return;
      flow.followMembers("imports", name);
      followObject("modules", object.object);
    }
  };
  const followLiteral = (state: State, object: ObjectExpression): void => {
    const others = object.properties.flatMap((one) => (one.type === "SpreadElement" ? [one.argument] : []));
    if (others.length > 0) copied.push({ state, others, at: object });
    for (const one of object.properties) {
      const isStrange = one.type === "ObjectMethod" && one.kind !== "method";
      const name = one.type === "SpreadElement" ? undefined : keyOf(one);
      if (one.type !== "SpreadElement" && (name === undefined || isStrange)) add(name, one);
      if (state === "modules" && name !== undefined && own.has(name)) {
        const value = one.type === "ObjectProperty" ? one.value : one;
        if (value.type === "ObjectExpression" && extended.has(name)) followLiteral("imports", value);
        containers.push(value);
      }
    }
    flow.follow(state, object);
  };

  for (const node of nodes) {
    const left = assignedBy(references.parentOf(node));
    const name = left && propertyName(left.object);
    if (name !== undefined) extended.add(name);
  }
  for (const node of nodes) {
    const parent = references.parentOf(node);
    const own = node.type === "ObjectMethod" ? node : parent;
    const object = own && references.parentOf(own);
    if ((own?.type === "ObjectProperty" || own?.type === "ObjectMethod") && object?.type === "ObjectExpression") {
      literals.push(object);
      followLiteral("imports", object);
    } else {
      const left = assignedBy(parent);
      if (left) followObject("imports", left.object);
    }
  }
  flow.run();
  for (const { state, others, at } of copied) {
    const isKnown = (one: Node): boolean =>
      one.type === "ObjectExpression"
        ? one.properties.every((property) => property.type !== "SpreadElement" && keyOf(property) !== undefined)
        : flow.has(state, one);
    if (!others.every(isKnown)) add(undefined, at);
  }
  // Something else takes the place of an object that nothing holds.
  const [unused] = literals;
  if (unused && holders.length === 0) add(undefined, unused);
  // A module's object may be exchanged for another one.
  for (const node of containers) if (!isObjectOf(flow, node)) add(undefined, node);
  return changes;
}

/** The member that is assigned to. */
function assignedBy(node: Node | undefined): MemberExpression | undefined {
  return node?.type === "AssignmentExpression" && node.left.type === "MemberExpression" ? node.left : undefined;
}

/** Whether a value is an object that is followed, or the beginning of one. */
function isObjectOf(flow: Flow<State>, node: Node): boolean {
  if (node.type === "ObjectExpression" && node.properties.length === 0) return true;
  // For Node, the file's exports were the imports, too.
  const isExports = node.type === "MemberExpression" && propertyName(node) === "exports";
  return flow.has("imports", node) || isExports;
}

/** `object[name] = value`: whether a function does this with its parameters. */
function definesMember({ params: [object, name, value], body }: FunctionNode): boolean {
  if (object?.type !== "Identifier" || name?.type !== "Identifier" || value?.type !== "Identifier") return false;
  const isNamed = (node: Node, { name: of }: Identifier): boolean => node.type === "Identifier" && node.name === of;
  let found = false;
  const visit = (node: Node): void => {
    found ||=
      node.type === "AssignmentExpression" &&
      node.left.type === "MemberExpression" &&
      node.left.computed &&
      isNamed(node.left.object, object) &&
      isNamed(node.left.property, name) &&
      isNamed(node.right, value);
    eachChild(node, visit);
  };
  visit(body);
  return found;
}
