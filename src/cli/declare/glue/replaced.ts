import type { Node } from "@babel/types";
import type { Definitions } from "./definitions.ts";
import type { Interface } from "./generated.ts";
import type { Glue } from "./evaluation.ts";
import { holeAt } from "./exports.ts";
import { classOf } from "./members.ts";
import type { Hole } from "./model.ts";
import { eachChild, keyOf, lookUp, propertyName } from "./scope.ts";
import { definedValue } from "./variables.ts";

/** The names of generated functions and classes that a text also gives to something else. */
export interface Replaced {
  /** JavaScript that wraps the generated one is exported by these names. */
  readonly covered: ReadonlyMap<string, Hole>;
  /** Something else may be exported by these names, in the place of the generated function or class. */
  readonly replaced: ReadonlyMap<string, Node>;
}

/**
 * Finds the names of generated functions and classes that a text also gives to something else.
 *
 * @param glue - The JavaScript.
 * @param found - The functions and classes that are read.
 * @param definitions - The definitions of the text.
 */
export function findReplaced(
  glue: Glue,
  { chosen, generated }: Interface,
  { exported, defaults }: Definitions,
): Replaced {
  const covered = new Map<string, Hole>();
  const replaced = new Map<string, Node>();
  const nodeOf = (node: Node): Node | undefined => {
    const value = definedValue(glue, node);
    const made = classOf(value) ?? value;
    return made?.kind === "function" || made?.kind === "class" ? made.node : undefined;
  };
  /** Whether something is JavaScript that needs a function or class, as one that wraps it does. */
  const wraps = (node: Node, name: string, made: Node): boolean =>
    [nodeOf(node), madeBy(glue, node)].some((code) => code && mentions(glue, code, { name, made, isOwn }));
  // An object may be exported as a whole, too.
  const inDefault = new Map<string, Node>();
  for (const node of [...defaults, ...exported.flatMap((one) => (one.name === "default" ? [one.node] : []))]) {
    collect(glue, node, inDefault);
  }
  const isOwn = (node: Node | undefined): boolean =>
    node !== undefined &&
    (generated.size === 0 ? chosen.some((one) => nodeOf(one.node) === node) : generated.has(node));
  for (const { name, node, object } of chosen) {
    const made = nodeOf(node);
    if (!made || !isOwn(made)) continue;
    const others = exported.filter((one) => one.name === name && one.node !== node);
    const whole = inDefault.get(name);
    for (const other of whole ? [...others, { node: whole, object: undefined }] : others) {
      const value = nodeOf(other.node);
      if (value === made) continue;
      // A bundle has an object with the generated names, and may export others.
      const isWrapper = chosen !== exported || other.object !== object;
      if (isWrapper && !isOwn(value) && wraps(other.node, name, made))
        covered.set(name, holeAt(glue, other.node, name));
      else replaced.set(name, other.node);
    }
  }
  return { covered, replaced };
}

/** The call that makes a value. */
function madeBy({ scopes }: Glue, node: Node): Node | undefined {
  if (node.type === "CallExpression" || node.type === "NewExpression") return node;
  const binding = node.type === "Identifier" ? lookUp(scopes.around(node), node.name) : undefined;
  const [value, ...others] = binding?.values ?? [];
  return value?.type === "CallExpression" && others.length === 0 ? value : undefined;
}

/** More places than any wrapper has. */
const mostPlaces = 20_000;

/** Something that is looked for, and what belongs to others of its kind. */
interface Sought {
  readonly name: string;
  readonly made: Node;
  readonly isOwn: (node: Node) => boolean;
}

/** Whether code names a function or class, itself or in the functions of the text that it names. */
function mentions({ scopes }: Glue, from: Node, { name, made, isOwn }: Sought): boolean {
  const seen = new Set<Node>();
  const open = [from];
  for (let next = open.pop(); next && seen.size < mostPlaces; next = open.pop()) {
    if (seen.size === seen.add(next).size) continue;
    if (next === made) return true;
    if (isOwn(next)) continue;
    if (next.type === "MemberExpression" && propertyName(next) === name) return true;
    if (next.type === "ObjectProperty" && keyOf(next) === name) return true;
    const binding = next.type === "Identifier" ? lookUp(scopes.around(next), next.name) : undefined;
    if (binding?.declaration) open.push(binding.declaration);
    if (binding?.property) open.push(binding.property.of);
    open.push(...(binding?.values ?? []));
    eachChild(next, (child) => void open.push(child));
  }
  return false;
}

/** Collects the properties of an object that the text states. */
function collect(glue: Glue, node: Node, properties: Map<string, Node>): void {
  if (node.type === "Identifier") {
    const [value] = lookUp(glue.scopes.around(node), node.name)?.values ?? [];
    if (value?.type === "ObjectExpression") collect(glue, value, properties);
  }
  if (node.type !== "ObjectExpression") return;
  for (const one of node.properties) {
    const name = one.type === "SpreadElement" ? undefined : keyOf(one);
    if (one.type === "SpreadElement" && one.argument.type === "ObjectExpression")
      collect(glue, one.argument, properties);
    else if (one.type !== "SpreadElement" && name !== undefined) {
      properties.set(name, one.type === "ObjectProperty" ? one.value : one);
    }
  }
}
