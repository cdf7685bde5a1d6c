import type { Node } from "@babel/types";
import type { Glue } from "./evaluation.ts";
import { type Binding, eachChild, isFunction, keyOf, lookUp, type Scope } from "./scope.ts";

/**
 * Returns the definitions of an import that belong to the module, since a bundle may have the JavaScript of several modules,
 * whose imports have the same names: those in the module's file, and of these the ones that use its own exports.
 *
 * @param glue - The generated JavaScript.
 * @param nodes - The definitions.
 */
export function ofThisModule(glue: Glue, nodes: readonly Node[]): readonly Node[] {
  const scope = glue.exports?.scope;
  const inside = nodes.filter((node) => isInside(glue.scopes.scopeOf(node), scope));
  const near = inside.length > 0 ? inside : nodes;
  const { exports } = glue;
  if (near.length < 2 || !exports) return near;
  const uses = new Map(near.map((node) => [node, exportsUsedBy(glue, node)]));
  const isOwn = (node: Node): boolean => uses.get(node)?.has(exports) === true;
  const holders = new Set(near.filter(isOwn).map((node) => holderOf(glue, node)));
  // Definitions of one object are all of the same module.
  const isOther = (node: Node): boolean => {
    const [used] = uses.get(node) ?? [];
    const holder = holderOf(glue, node);
    return used !== undefined && !isOwn(node) && holder !== undefined && !holders.has(holder);
  };
  return holders.size > 0 && !holders.has(undefined) ? near.filter((node) => !isOther(node)) : near;
}

function isInside(inner: Scope | undefined, outer: Scope | undefined): boolean {
  for (let at = inner; at; at = at.parent) if (at === outer) return true;
  return false;
}

/** The variables with the exports of modules that a definition and the functions that it calls read. */
function exportsUsedBy(glue: Glue, node: Node): ReadonlySet<Binding> {
  const used = new Set<Binding>();
  const seen = new Set<Binding>();
  const pending: Node[] = [node];
  const visit = (one: Node): void => {
    if (one.type === "Identifier") {
      const binding = lookUp(glue.scopes.around(one), one.name);
      if (!binding || seen.has(binding)) return;
      seen.add(binding);
      if (holdsExports(glue, binding)) used.add(binding);
      else pending.push(...[binding.declaration, ...binding.values].filter(isFunction));
    } else if (one.type === "MemberExpression" && !one.computed) visit(one.object);
    else if (one.type === "ObjectProperty" && !one.computed) visit(one.value);
    else eachChild(one, visit);
  };
  for (let at = pending.pop(); at; at = pending.pop()) visit(at);
  return used;
}

/** Whether a variable holds the exports of this module, or of another one, which other functions start. */
function holdsExports(glue: Glue, binding: Binding): boolean {
  const { exports } = glue;
  if (!exports || binding === exports) return binding === exports;
  const isNamed = [...binding.read].some((name) => /^(memory$|__wb(g|indgen)_)/.test(name));
  if (!isNamed || binding.values.length === 0) return false;
  const starts = (one: Binding): readonly (Node | undefined)[] => one.values.map((value) => startOf(glue, value));
  const own = new Set(starts(exports));
  return starts(binding).every((start) => start !== undefined && !own.has(start));
}

/** The function that a value is assigned in. */
function startOf({ references }: Glue, value: Node): Node | undefined {
  for (let at = references.parentOf(value); at; at = references.parentOf(at)) if (isFunction(at)) return at;
  return undefined;
}

/**
 * Returns the object that a definition is a member of: its literal, or the variable by which it is named.
 *
 * @param glue - The generated JavaScript.
 * @param node - The definition.
 */
export function holderOf({ references, scopes }: Glue, node: Node): Node | Binding | undefined {
  const parent = node.type === "ObjectMethod" ? node : references.parentOf(node);
  if (parent?.type === "AssignmentExpression") {
    let object: Node = parent.left;
    while (object.type === "MemberExpression") object = object.object;
    return object.type === "Identifier" ? lookUp(scopes.around(object), object.name) : undefined;
  }
  const isProperty = parent?.type === "ObjectProperty" || parent?.type === "ObjectMethod";
  if (!parent || !isProperty || keyOf(parent) === undefined) return undefined;
  return references.parentOf(parent);
}
