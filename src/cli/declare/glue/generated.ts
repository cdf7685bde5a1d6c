import type { Node } from "@babel/types";
import type { Shape } from "../../../public/index.ts";
import { isShimName } from "../../../toolchains/wasm-bindgen/abi.ts";
import { type Definition, type Definitions, returned } from "./definitions.ts";
import type { Glue } from "./evaluation.ts";
import { classOf } from "./members.ts";
import { type Binding, eachChild, lookUp, propertyName } from "./scope.ts";
import type { Term } from "./term.ts";
import { definedValue } from "./variables.ts";

/** A generated function or class. */
interface Generated {
  readonly binding: Binding;
  readonly term: Extract<Term, { kind: "function" | "class" }>;
  /** The exports that its text calls. */
  readonly calls: ReadonlySet<string>;
}

/** The definitions that are the module's interface. */
export interface Interface {
  readonly chosen: readonly Definition[];
  /** The definitions that the file exports by themselves, and not in an object that it exports by a name. */
  readonly exported: readonly Definition[];
  /** The generated functions and classes; none are known without a module. */
  readonly generated: ReadonlySet<Node>;
  /** The generated functions and classes that share their name with others, by an export that they call. */
  readonly unnamed: ReadonlyMap<string, Node>;
}

/**
 * Chooses the definitions that are the module's interface: those that the file exports; or, if it exports JavaScript that wraps
 * some of them, as a bundle does, the generated functions and classes themselves.
 *
 * @param glue - The JavaScript.
 * @param definitions - Its definitions.
 * @param shape - The module.
 * @param classNames - Names of classes from the package's types: a minifier leaves none.
 */
export function interfaceDefinitions(
  glue: Glue,
  { exported: all, named }: Definitions,
  shape: Shape | undefined,
  classNames: readonly string[],
): Interface {
  const generated = shape ? findGenerated(glue, shape) : [];
  const exported = withoutMembers(glue, all);
  const valueOf = ({ node }: Definition): Term | undefined => {
    const value = definedValue(glue, node);
    return classOf(value) ?? value;
  };
  const places = new Map(generated.map((one) => [one.term.node, one]));
  const exportedAs = new Map<Generated, string>();
  for (const one of exported) {
    const value = valueOf(one);
    const found = value?.kind === "class" || value?.kind === "function" ? places.get(value.node) : undefined;
    if (found && !exportedAs.has(found)) exportedAs.set(found, one.name);
  }
  const nodes: ReadonlySet<Node> = new Set(places.keys());
  if (exportedAs.size === generated.length) {
    return { chosen: visible(exported, valueOf), exported, generated: nodes, unnamed: new Map() };
  }
  const outer = outerNames(glue, named);
  const isValue = (one: Definition): boolean => valueOf(one)?.kind === "record";
  const values = exported.filter(isValue);
  const records = recordsBeside(glue).filter(isValue);
  const direct = shape ? findDirect(exported, nodes, valueOf, callsIn(glue, shape)) : [];
  const called = new Set(direct.flatMap(({ calls }) => [...calls]));
  const others = generated.filter((one) => !exportedAs.has(one) && ![...one.calls].every((name) => called.has(name)));
  const { names, left } = distinctNames<Generated | Definition>(
    [
      ...others.map((one): Candidates<Generated> => [one, namesOf(one, outer.get(one.binding), classNames)]),
      ...records.map((one): Candidates<Definition> => [one, [one.object && outer.get(one.object), one.name]]),
    ],
    new Set(exportedAs.values()),
  );
  const nodeOf = ({ binding, term }: Generated): Node => binding.declaration ?? binding.values[0] ?? term.node;
  return {
    chosen: [
      ...values,
      ...direct.map(({ definition }) => definition),
      ...records.flatMap(({ node }, at) => {
        const name = names.get(records[at] as Definition);
        return name === undefined ? [] : [{ name, node }];
      }),
      ...generated.flatMap((one) => {
        const name = exportedAs.get(one) ?? names.get(one);
        return name === undefined ? [] : [{ name, node: nodeOf(one) }];
      }),
    ],
    exported,
    generated: nodes,
    unnamed: new Map(left.flatMap((one) => ("calls" in one ? [[[...one.calls][0] ?? "", nodeOf(one)] as const] : []))),
  };
}

/**
 * Leaves out the members of objects that the file exports by names of their own: several may have members of one name, which
 * are not the file's.
 */
function withoutMembers({ scopes }: Glue, exported: readonly Definition[]): readonly Definition[] {
  const objects = new Set(
    exported.flatMap(({ name, node }) => {
      const binding = node.type === "Identifier" && name !== "default" && lookUp(scopes.around(node), node.name);
      return binding ? [binding] : [];
    }),
  );
  const direct = exported.filter(({ object }) => !object || !objects.has(object));
  return direct.length === exported.length ? exported : direct;
}

/**
 * The names that a function or class may have, the best first. An export has the name of its function, which an object that a
 * bundle makes may call otherwise; that of a class is written in small letters there.
 */
function namesOf(
  { binding, term, calls }: Generated,
  outer: string | undefined,
  classNames: readonly string[],
): Candidates<never>[1] {
  if (term.kind === "function") return [[...calls][0], outer];
  return [outer, classNameFrom(calls, [binding.name, ...classNames])];
}

/** Something, and the names that it may have. */
type Candidates<Of> = readonly [one: Of, names: readonly [best: string | undefined, other: string | undefined]];

/** Gives each of some things the best name that no other has. */
function distinctNames<Of>(all: readonly Candidates<Of>[], used: ReadonlySet<string>) {
  const names = new Map<Of, string>();
  const taken = new Set(used);
  let open = all;
  for (const at of [0, 1] as const) {
    const round = open.map(([one, of]) => [one, of[at]] as const);
    const counts = new Map<string | undefined, number>();
    for (const [, name] of round) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [one, name] of round) {
      if (name !== undefined && counts.get(name) === 1 && !taken.has(name)) names.set(one, name);
    }
    for (const name of names.values()) taken.add(name);
    open = open.filter(([one]) => !names.has(one));
  }
  return { names, left: open.map(([one]) => one) };
}

/** Leaves out the names inside a bundle of functions and classes that have others for the outside. */
function visible(
  exported: readonly Definition[],
  valueOf: (one: Definition) => Term | undefined,
): readonly Definition[] {
  if (!exported.some(({ isInner }) => isInner)) return exported;
  const nodeOf = (one: Definition): Node | undefined => {
    const value = valueOf(one);
    return value?.kind === "function" || value?.kind === "class" ? value.node : undefined;
  };
  const named = new Set(exported.flatMap((one) => (one.isInner ? [] : [nodeOf(one)])));
  return exported.filter((one) => !one.isInner || !nodeOf(one) || !named.has(nodeOf(one)));
}

/**
 * Finds the exported functions and classes that no variable holds, as those for Node are, and whose own text calls the module.
 */
function findDirect(
  exported: readonly Definition[],
  generated: ReadonlySet<Node>,
  valueOf: (one: Definition) => Term | undefined,
  callsOf: (node: Node) => ReadonlySet<string>,
): readonly { readonly definition: Definition; readonly calls: ReadonlySet<string> }[] {
  return exported.flatMap((definition) => {
    const value = valueOf(definition);
    if ((value?.kind !== "function" && value?.kind !== "class") || generated.has(value.node)) return [];
    const calls = callsOf(value.node);
    return calls.size > 0 ? [{ definition, calls }] : [];
  });
}

/** Makes the function that returns the module's own exports that a part of the text calls. */
function callsIn({ exports, scopes }: Glue, shape: Shape): (node: Node) => ReadonlySet<string> {
  const callable = new Set(
    shape.exports.flatMap(({ kind, name }) =>
      kind === "function" && !/^__(wbindgen|externref)_/.test(name) && !isShimName(name) ? [name] : [],
    ),
  );
  return (node) => {
    const calls = new Set<string>();
    const visit = (one: Node): void => {
      const name = one.type === "MemberExpression" ? propertyName(one) : undefined;
      if (
        one.type === "MemberExpression" &&
        one.object.type === "Identifier" &&
        name !== undefined &&
        callable.has(name) &&
        lookUp(scopes.around(one.object), one.object.name) === exports
      ) {
        calls.add(name);
      }
      eachChild(one, visit);
    };
    visit(node);
    return calls;
  };
}

/** Finds the functions and classes beside the variable of the exports whose own text calls the module. */
function findGenerated(glue: Glue, shape: Shape): readonly Generated[] {
  const { exports } = glue;
  if (!exports) return [];
  const callsOf = callsIn(glue, shape);
  return [...exports.scope.bindings.values()].flatMap((binding): Generated[] => {
    const [value] = binding.values.length === 1 ? binding.values : [];
    const node = binding.declaration ?? value;
    const calls = node && callsOf(node);
    if (!node || !calls?.size) return [];
    const found = definedValue(glue, node);
    const term = classOf(found) ?? found;
    if (term?.kind === "class") return [{ binding, term, calls }];
    // A registry frees objects by a function, too.
    return term?.kind === "function" && [...calls].some((name) => !name.startsWith("__wbg_"))
      ? [{ binding, term, calls }]
      : [];
  });
}

/** The objects beside the variable of the exports, which may be enumerations. */
function recordsBeside({ exports }: Glue): Definition[] {
  return [...(exports?.scope.bindings.values() ?? [])].flatMap((binding) => {
    const [node] = binding.values;
    const isRecord = node?.type === "ObjectExpression" || node?.type === "CallExpression";
    return isRecord && binding.values.length === 1 ? [{ name: binding.name, node, object: binding }] : [];
  });
}

/** The names that objects of a bundle give to its variables, as in `{ Name: variable }` or `{ Name: () => variable }`. */
function outerNames({ scopes }: Glue, named: Definitions["named"]): ReadonlyMap<Binding, string> {
  const names = new Map<Binding, string>();
  for (const [name, nodes] of named) {
    if (name === "default" || /^__wb(g|indgen)_/.test(name)) continue;
    for (const node of nodes) {
      const variable = returned(node);
      const binding = variable?.type === "Identifier" && lookUp(scopes.around(variable), variable.name);
      if (binding && !names.has(binding)) names.set(binding, name);
    }
  }
  return names;
}

/**
 * The name of a class: the exports have it in small letters, and one of the given names has it as it was written. A bundler
 * may have added signs to the name of the variable.
 */
function classNameFrom(calls: ReadonlySet<string>, given: readonly string[]): string | undefined {
  const [, freed] = [...calls].map((name) => /^__wbg_(.+)_free$/.exec(name)).find((one) => one !== null) ?? [];
  const [first = ""] = calls;
  const plain = freed ?? first.replace(/_.*$/, "");
  for (const name of given) {
    const at = name.toLowerCase().indexOf(plain.toLowerCase());
    if (at >= 0 && /^[_$\d]*$/.test(name.slice(0, at) + name.slice(at + plain.length))) {
      return name.slice(at, at + plain.length);
    }
  }
  return plain === "" ? undefined : plain;
}
