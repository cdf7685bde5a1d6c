import type { Node } from "@babel/types";
import type { Glue } from "./evaluation.ts";
import { Flow } from "./flow.ts";
import { lookUp } from "./scope.ts";
import { changedBy, isDefiner, isFreezing, isHarmless, writeTo } from "./writes.ts";

/**
 * Finds a place that changes the object of an enumeration after its literal, or that may do so.
 *
 * @param glue - The JavaScript.
 * @param node - The expression of the object.
 */
export function findEnumChange({ scopes, references }: Glue, node: Node): Node | undefined {
  let found: Node | undefined;
  const add = (at: Node): void => void (found ??= at);
  /** Whether nothing can change the object, whoever has it. */
  let isFrozen = false;
  const addUnlessFrozen = (at: Node): void => {
    if (!isFrozen) add(at);
  };
  const flow: Flow<"enumeration"> = new Flow<"enumeration">(scopes, references, {
    member(_, name, at) {
      const write = at.type === "ObjectProperty" ? undefined : writeTo(references, at);
      if (write ?? isDefiner(references, at, name)) add(write ?? at);
    },
    passed(state, path, call, index) {
      if (isFreezing(path)) flow.follow(state, call);
      else if (index === 0 && changedBy(path, call)) add(call);
      else if (!isHarmless(path, index) && !(path === "Object.assign" && index > 0)) addUnlessFrozen(call);
    },
    spread() {
      // A copy is another object.
    },
    held(state, name, property) {
      if (name === undefined) addUnlessFrozen(property);
      else if (!/^(exports|value|get)$/.test(name)) flow.followMembers(state, name);
    },
    lost: (_, at) => addUnlessFrozen(at),
  });
  const follow = (one: Node): void => {
    flow.follow("enumeration", one);
    const parent = references.parentOf(one);
    const name = parent?.type === "VariableDeclarator" && parent.init === one ? parent.id : one;
    const binding = name.type === "Identifier" ? lookUp(scopes.around(name), name.name) : undefined;
    const others = binding?.values.filter((value) => !flow.has("enumeration", value)) ?? [];
    const other = binding?.rewritten ?? (binding?.isOpen ? name : binding && binding.values.length > 1 && others[0]);
    if (other) add(other);
    if (binding) flow.followBinding("enumeration", binding);
    for (const value of others) follow(value);
    const [object] = one.type === "CallExpression" ? one.arguments : [];
    if (one.type !== "CallExpression" || !object) return;
    const [called] = flow.resolve(one.callee) ?? [];
    if (!called || !("path" in called) || !isFreezing(called.path)) return;
    isFrozen ||= object.type === "ObjectExpression" && called.path === "Object.freeze";
    if (object.type === "Identifier") follow(object);
  };
  follow(node);
  flow.run();
  return found;
}
