import type { Class } from "@babel/types";
import { propertyName } from "../scope.ts";
import { evaluate } from "./expressions.ts";
import type { Program } from "./state.ts";
import { Callable, type Environment, Thing, Thrown, Unknown } from "./values.ts";

/**
 * Makes a class of the text. Its getters and setters are not called: whoever reads such a member does something unknown.
 *
 * @param program - The program.
 * @param node - The class.
 * @param environment - The variables that it sees.
 */
export function makeClass(program: Program, node: Class, environment: Environment): Callable {
  const parent = node.superClass ? evaluate(program, node.superClass, environment) : undefined;
  const inherited = parent instanceof Callable ? parent.members.get("prototype") : undefined;
  if (node.superClass && !(inherited instanceof Thing)) throw new Unknown();
  const prototype = new Thing(inherited instanceof Thing ? inherited : undefined);
  const methods = node.body.body.flatMap((one) => (one.type === "ClassMethod" ? [one] : []));
  const constructor = methods.find(({ kind }) => kind === "constructor");
  const construct = constructor && program.makeFunction(constructor, environment);
  construct?.members.set("prototype", prototype);
  const made = new Callable((args, _, isNew) => {
    if (!isNew) throw new Thrown("a class is no function");
    return construct ? construct.call(args, undefined, true) : new Thing(prototype);
  });
  made.members.set("prototype", prototype);
  prototype.members.set("constructor", made);
  const own: Environment = node.id
    ? { variables: new Map([[node.id.name, { value: made }]]), parent: environment }
    : environment;
  for (const one of methods) {
    const name = propertyName(one);
    if (one === constructor || name === undefined) continue;
    const { members } = one.static ? made : prototype;
    members.set(one.kind === "method" ? name : `${one.kind} ${name}`, program.makeFunction(one, own));
  }
  return made;
}
