import { describe } from "../errors/describe.ts";
import { descriptionOf, isTypeName } from "./types/types.ts";
import type { TypeNode } from "./types/node.ts";
import { unknownOption } from "./read-options.ts";

/** The maximum nesting of a type, and the maximum number of types in one. Larger types are refused. */
const deepest = 32;
const most = 10_000;

/** How many types may still be read, and the reason why one was refused. */
interface Budget {
  left: number;
  reason: string | undefined;
}

/**
 * Reads a declared type once, as a copy.
 *
 * @param given - Anything.
 * @returns The reason for a value that is not a type, or one that is too large.
 */
export function readType(given: unknown): TypeNode | string {
  const budget: Budget = { left: most, reason: undefined };
  return read(given, [], budget) ?? budget.reason ?? none;
}

const none = "is none of t's types";

/** Reads a type. `path` has the names of the places in which it lies, outermost first. */
function read(given: unknown, path: readonly string[], budget: Budget): TypeNode | undefined {
  const refuse = (reason: string): undefined => {
    budget.reason ??= reason;
  };
  const refuseHere = (reason: string): undefined => {
    refuse(path.length === 0 ? reason : `has at ${describe(path.join("."))} what ${reason}`);
  };
  if (typeof given !== "object" || given === null) {
    refuseHere(given === undefined ? "is undefined, as a misspelt type of t is" : none);
    return;
  }
  if (path.length > deepest) {
    refuse(`has types nested deeper than ${deepest}, the most that are read`);
    return;
  }
  if (budget.left-- <= 0) {
    refuse(`consists of more than ${most} types, the most that are read`);
    return;
  }
  const own = (name: string): unknown => (Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined);
  const type = own("type");
  if (!isTypeName(type)) {
    refuseHere(none);
    return;
  }
  const description = descriptionOf(type);
  const unknown = unknownOption(given, ["type", ...description.members]);
  if (unknown !== undefined) {
    refuse(`has in t.${type} the unknown option ${unknown}`);
    return;
  }
  const stated = description.flag === undefined ? undefined : own(description.flag);
  if (stated !== undefined && typeof stated !== "boolean") {
    refuse(`has in t.${type} the option ${description.flag}, which must be a boolean`);
    return;
  }
  const inner = (value: unknown, place: string) => read(value, [...path, place], budget);
  const all = (values: unknown, places: readonly string[] = []): readonly TypeNode[] | undefined => {
    const nodes: TypeNode[] = [];
    const items = itemsOf(values);
    if (!items) return undefined;
    for (const [at, one] of items.entries()) {
      const node = inner(one, places[at] ?? `parameter ${at + 1}`);
      if (!node) return undefined;
      nodes.push(node);
    }
    return nodes;
  };
  const node = description.read(type, { own, flag: stated === true, inner, all, items: itemsOf, refuse });
  if (!node) refuseHere(`is t.${type} of what it does not take`);
  return node;
}

/**
 * Returns an array's items by index, regardless of its iterator; `undefined` for anything else, and for arrays that are too
 * long.
 *
 * @param array - Anything.
 */
export function itemsOf(array: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(array)) return undefined;
  const { length } = array;
  // A proxy may report any length.
  if (!Number.isInteger(length) || length < 0 || length > most) return undefined;
  const items: unknown[] = [];
  for (let at = 0; at < length; at++) items.push(array[at]);
  return items;
}
