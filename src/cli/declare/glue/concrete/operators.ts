import { builtinMember } from "./builtins.ts";
import {
  Callable,
  compute,
  ErrorClass,
  ErrorValue,
  failure,
  List,
  primitive,
  type Primitive,
  SymbolValue,
  Thing,
  Unknown,
  type Value,
} from "./values.ts";

/** The operators on two values that are no objects, with JavaScript's own conversions. */
const operators: ReadonlyMap<string, (a: never, b: never) => Primitive> = new Map(
  Object.entries<(a: never, b: never) => Primitive>({
    "+": (a: number, b: number) => a + b,
    "-": (a: number, b: number) => a - b,
    "*": (a: number, b: number) => a * b,
    "/": (a: number, b: number) => a / b,
    "%": (a: number, b: number) => a % b,
    "**": (a: number, b: number) => a ** b,
    "<": (a: number, b: number) => a < b,
    ">": (a: number, b: number) => a > b,
    "<=": (a: number, b: number) => a <= b,
    ">=": (a: number, b: number) => a >= b,
    ">>>": (a: number, b: number) => a >>> b,
    ">>": (a: number, b: number) => a >> b,
    "<<": (a: number, b: number) => a << b,
    "|": (a: number, b: number) => a | b,
    "&": (a: number, b: number) => a & b,
    "^": (a: number, b: number) => a ^ b,
  }),
);

/** An operator on one value, except those that look at the name of a variable. */
export function unaryOf(operator: string, value: Value): Value {
  if (operator === "void") return undefined;
  if (operator === "!") return !value;
  if (operator === "typeof") return typeOf(value);
  const operand = primitiveOf(value);
  if (operand instanceof SymbolValue) throw failure("TypeError", "a symbol is no number");
  switch (operator) {
    case "-":
      return compute(() => -(operand as number));
    case "+":
      if (typeof operand === "bigint") throw failure("TypeError", "a bigint is no number");
      return Number(operand);
    case "~":
      return compute(() => ~(operand as number));
    default:
      throw new Unknown();
  }
}

/** The type of a value, as JavaScript names it. */
export function typeOf(value: Value): string {
  if (value instanceof SymbolValue) return "symbol";
  return value instanceof Callable ? "function" : value instanceof Thing ? "object" : typeof value;
}

/** An operator on two values. */
export function binary(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case "instanceof":
      return isInstance(left, right);
    case "in":
      return isMember(left, right);
    case "===":
      return left === right;
    case "!==":
      return left !== right;
    case "==":
      return isLooselyEqual(left, right);
    case "!=":
      return !isLooselyEqual(left, right);
    default:
  }
  const apply = operators.get(operator);
  const [a, b] = [primitiveOf(left), primitiveOf(right)];
  if (!apply) throw new Unknown();
  if (a instanceof SymbolValue || b instanceof SymbolValue) throw failure("TypeError", "a symbol is no number");
  if (/^(\*\*|<<|>>)$/.test(operator) && typeof b === "bigint" && (b > 4096n || b < -4096n)) throw new Unknown();
  return compute(() => apply(a as never, b as never));
}

/** The value of an object, as operators take it: what its method returns. */
function primitiveOf(value: Value): Primitive | SymbolValue {
  if (!(value instanceof Thing) || value instanceof SymbolValue) return value;
  const method = value.members.get("valueOf");
  const result = method instanceof Callable ? method.call([], value, false) : textOf(value);
  if (result instanceof Thing) throw new Unknown();
  return result;
}

/** The text of a list, or of an object that has no text of its own. */
function textOf(value: Thing): string {
  const isPlain = value.constructor === Thing && !value.parent && !value.members.has("toString");
  if (isPlain) return "[object Object]";
  if (!(value instanceof List)) throw new Unknown();
  return value.items.map((one) => (one === undefined || one === null ? "" : String(primitive(one)))).join(",");
}

function isLooselyEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  const [isLeftNone, isRightNone] = [left, right].map((one) => one === undefined || one === null);
  if (isLeftNone || isRightNone) return isLeftNone === isRightNone;
  if (left instanceof Thing && right instanceof Thing) return false;
  const [a, b] = [primitiveOf(left), primitiveOf(right)];
  if (a instanceof SymbolValue || b instanceof SymbolValue) return a === b;
  return a == b;
}

function isMember(key: Value, object: Value): boolean {
  if (!(object instanceof Thing) || object instanceof SymbolValue) throw failure("TypeError", "no object");
  if (key instanceof Thing) throw new Unknown();
  const name = String(key);
  if (object instanceof List && /^\d+$/.test(name)) return Number(name) < object.items.length;
  return holderOf(object, name) !== undefined || builtinMember(object, name) !== undefined;
}

/** The object, or the one that it inherits from, that has a member. */
export function holderOf(of: Thing, name: string): Thing | undefined {
  for (let at: Thing | undefined = of; at; at = at.parent) if (at.members.has(name)) return at;
  return undefined;
}

function isInstance(left: Value, right: Value): boolean {
  if (left instanceof ErrorValue && right instanceof ErrorClass) {
    return right.type === "Error" || right.type === left.type;
  }
  const prototype = right instanceof Callable ? right.members.get("prototype") : undefined;
  if (!(prototype instanceof Thing)) throw new Unknown();
  for (let at = left instanceof Thing ? left.parent : undefined; at; at = at.parent) if (at === prototype) return true;
  return false;
}
