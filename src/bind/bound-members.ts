import { frozenRecord } from "../base/frozen-record.ts";
import { once } from "../base/once.ts";
import { define } from "../base/own.ts";
import { createFunction } from "./function.ts";
import type { Host } from "./host.ts";
import { asEntry } from "./notes.ts";
import type { ObjectClass } from "./objects.ts";
import type { FunctionPlan, InterfacePlan } from "./plans.ts";
import { namedValues } from "./types/named-values.ts";

/**
 * Makes the object of the members of a bound interface.
 *
 * @param plan - How they are called.
 * @param host - The instance.
 * @param classes - Its classes.
 */
export function createMembers(
  { functions, enumerations }: InterfacePlan,
  host: Host,
  classes: ReadonlyMap<string, ObjectClass>,
): object {
  const members: [name: string, member: unknown][] = [];
  for (const one of functions.values()) members.push([one.name, asEntry(createFunction(one, host), host)]);
  for (const [name, of] of enumerations) members.push([name, frozenRecord(namedValues(of))]);
  for (const [name, { Class, plan }] of classes) if (!plan.isAbsent) members.push([name, Class]);
  return frozenRecord(members);
}

/**
 * Makes the same object of members that are made when they are first read.
 *
 * @param plan - How they are called.
 * @param host - The instance.
 */
export function deferMembers({ functions, classes, enumerations }: InterfacePlan, host: Host): object {
  const members = Object.create(null) as object;
  const add = (name: string, make: () => unknown): void => {
    define(members, name, { enumerable: true, get: once(make) });
  };
  for (const name of functions.keys())
    add(name, () => asEntry(createFunction(functions.get(name) as FunctionPlan, host), host));
  for (const [name, of] of enumerations) add(name, () => frozenRecord(namedValues(of)));
  for (const name of classes.keys()) add(name, () => host.classes.get(name)?.Class);
  return Object.freeze(members);
}
