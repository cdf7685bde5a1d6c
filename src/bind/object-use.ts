import { describe } from "../errors/describe.ts";
import { unusable } from "./object-errors.ts";
import { Wrapper } from "./objects.ts";
import type { FunctionPlan, ObjectUse } from "./plans.ts";

/**
 * Describes the objects that a parameter or a result takes.
 *
 * @param object - Its use of objects.
 */
export function expectedOf({ class: name, isOptional }: Pick<ObjectUse, "class" | "isOptional">): string {
  return `an object of the class ${name}${isOptional ? ", or undefined" : ""}`;
}

/**
 * Whether a value is none where none is allowed.
 *
 * @param object - The use of objects.
 * @param value - Anything.
 */
export function isNone({ isOptional }: Pick<ObjectUse, "isOptional">, value: unknown): boolean {
  return isOptional && (value === undefined || value === null);
}

/**
 * Whether a value is an object that may be lent or given away as one of a class, in any instance. The module takes an object
 * that is given to it for one of exactly that class; an object of a class that extends it can only be lent.
 *
 * @param object - The use of objects.
 * @param value - Anything.
 */
export function isObjectFor({ class: name, isOwned }: Pick<ObjectUse, "class" | "isOwned">, value: unknown): boolean {
  return isOwned ? Wrapper.kindOf(value)?.plan.name === name : Wrapper.isOf(value, name);
}

/**
 * Describes a value that was passed, for messages: an object by its class.
 *
 * @param value - Anything.
 */
export function objectText(value: unknown): string {
  const kind = Wrapper.kindOf(value);
  if (!kind) return describe(value);
  const { name, parent } = kind.plan;
  return `an object of the class ${name}${parent ? `, which extends ${parent.name}: as such it can only be lent` : ""}`;
}

/**
 * Refuses to give an object to the module twice, or while it is lent to the same call. The check comes before any object is
 * taken. Errors: `object-unusable`.
 *
 * @param given - The values that are given away.
 * @param lent - The values that are lent.
 */
export function refuseTwice(given: readonly unknown[], lent: readonly unknown[]): void {
  const known = given.length > 1 ? new Set<unknown>() : undefined;
  for (const value of given) {
    const kind = Wrapper.kindOf(value);
    if (kind && (lent.includes(value) || known?.has(value))) throw unusable(kind.plan.name, "given-twice");
    known?.add(value);
  }
}

/**
 * Refuses a call that would give an object to the module twice, or lend it to the same call. Errors: `object-unusable`.
 *
 * @param plan - How the function is called.
 * @param plan.params - Its parameters.
 * @param plan.calling - Its convention.
 * @param self - The object that it is called on.
 * @param args - The arguments.
 * @param isSelfGiven - Whether it takes that object away from the caller.
 * @returns The values that are given away.
 */
export function refuseTwiceIn(
  { params, calling }: Pick<FunctionPlan, "params" | "calling">,
  self: unknown,
  args: readonly unknown[],
  isSelfGiven: boolean,
): readonly unknown[] {
  const given: unknown[] = isSelfGiven ? [self] : [];
  const lent: unknown[] = isSelfGiven ? [] : [self];
  for (const [at, { items, object }] of params.entries()) {
    const value = args[at];
    // A collector owns the objects, and a list only refers to them.
    if (items && value) (calling.holding ? lent : given).push(...(value as unknown[]));
    else if (object) (object.isOwned ? given : lent).push(value);
  }
  refuseTwice(given, lent);
  return given;
}
