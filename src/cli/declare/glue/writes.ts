import type { Node } from "@babel/types";
import type { Call } from "./flow.ts";
import type { References } from "./references.ts";
import { keyOf, symbolIn } from "./scope.ts";

/** Something that a text changes of a class, or of an object with functions, after it was made. */
export interface Change {
  /** The member; absent if it may be any. */
  readonly name: string | undefined;
  /** The code that changes it. */
  readonly node: Node;
}

/** Functions that change none of their arguments, and return none of them. */
const harmless =
  /^(Object\.(create|keys|values|entries|is|hasOwn|getPrototypeOf|getOwnProperty(Names|Descriptors?|Symbols)|is(Frozen|Sealed|Extensible))|Reflect\.(has|ownKeys|construct|getPrototypeOf)|console\.\w+|Boolean|String|(Object\.prototype|Reflect)\.[\w.]+\.call|Array\.isArray)$/;

/** Whether a global function leaves an argument as it is. */
export function isHarmless(path: string | undefined, index: number): boolean {
  if (path === undefined) return false;
  return (
    harmless.test(path) || (index === 1 && /^WebAssembly\.(Instance|instantiate|instantiateStreaming)$/.test(path))
  );
}

/** Whether a global function returns its first argument, whose members it leaves as they are. */
export function isFreezing(path: string | undefined): boolean {
  return path !== undefined && /^Object\.(freeze|seal|preventExtensions)$/.test(path);
}

/**
 * The members that a global function changes of its first argument: `Object.defineProperty`, `Object.assign` and their like.
 * A member that the text does not state is `undefined`; of any other function nothing is known.
 */
export function changedBy(
  path: string | undefined,
  { arguments: args }: Call,
): readonly (string | undefined)[] | undefined {
  const [, second, ...more] = args;
  switch (path) {
    case "Object.defineProperty":
    case "Reflect.defineProperty":
    case "Reflect.set":
    case "Reflect.deleteProperty":
      return [second?.type === "StringLiteral" ? second.value : second && symbolIn(second)];
    case "Object.assign":
    case "Object.defineProperties":
      if (path === "Object.defineProperties" && more.length > 0) return [undefined];
      return [second, ...more].flatMap((one) =>
        one?.type === "ObjectExpression" ? one.properties.map(nameOf) : [undefined],
      );
    default:
      return undefined;
  }
}

/** The name of a property, or its symbol in brackets. */
function nameOf(property: Node): string | undefined {
  return keyOf(property) ?? ("key" in property ? symbolIn(property.key) : undefined);
}

/** The code that writes to a member or deletes it, if it stands where that happens. */
export function writeTo({ parentOf }: References, member: Node): Node | undefined {
  const parent = parentOf(member);
  switch (parent?.type) {
    case "AssignmentExpression":
      return parent.left === member ? parent : undefined;
    case "UpdateExpression":
      return parent;
    case "UnaryExpression":
      return parent.operator === "delete" ? parent : undefined;
    case "ForInStatement":
    case "ForOfStatement":
      return parent.left === member ? parent.left : undefined;
    case "AssignmentPattern":
      return parent.left === member ? parent : undefined;
    case "RestElement":
    case "ArrayPattern":
      return parent;
    case "ObjectProperty": {
      const pattern = parentOf(parent);
      return parent.value === member && pattern?.type === "ObjectPattern" ? parent : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a member is a function that is called and defines other members. */
export function isDefiner(references: References, member: Node, name: string | undefined): boolean {
  const call = references.parentOf(member);
  return (
    name !== undefined &&
    /^__define[GS]etter__$/.test(name) &&
    (call?.type === "CallExpression" || call?.type === "OptionalCallExpression")
  );
}
