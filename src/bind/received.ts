import { ownValue } from "../base/own.ts";
import type { Planning } from "./planning.ts";

/** The most values in a type that are looked at: several for each type of the largest that is read. */
const most = 50_000;

/**
 * Finds the classes whose objects come out of the module, lent or given away: in results, in output parameters, and in
 * values passed to functions.
 *
 * @param members - The members of an interface, which may not have been read.
 */
export function receivedClasses(members: Readonly<Record<string, unknown>>): Planning["received"] {
  const received = { object: new Set<string>(), owned: new Set<string>() };
  // The types of a declaration file are written once, and used by thousands of members.
  const seen = new Set<unknown>();
  const add = (given: unknown): void => {
    const types = [given];
    // Larger types are refused when their member is read. A proxy may have no end.
    for (let at = 0; at < types.length && at < most; at++) {
      const type = types[at];
      if (typeof type !== "object" || type === null || seen.has(type)) continue;
      seen.add(type);
      const name = ownValue(type, "type");
      const of = ownValue(type, "class");
      if ((name === "object" || name === "owned") && typeof of === "string") received[name].add(of);
      else for (const one of Object.values(type)) types.push(one);
    }
  };
  const addMember = (member: unknown): void => {
    if (typeof member !== "object" || member === null) return;
    add(ownValue(member, "result"));
    add(ownValue(member, "value"));
    const get = ownValue(member, "get");
    if (typeof get === "object" && get !== null) add(ownValue(get, "value"));
    const params = ownValue(member, "params");
    if (Array.isArray(params)) for (const param of params as unknown[]) addParameter(param);
  };
  const addParameter = (given: unknown): void => {
    let type = given;
    let name: unknown;
    // A named parameter, the rest of the arguments, or both.
    for (let depth = 0; depth < 3 && typeof type === "object" && type !== null; depth++) {
      name = ownValue(type, "type");
      if (name !== "param" && name !== "rest") break;
      type = ownValue(type, "of");
    }
    if (name === "closure" || name === "out") add(type);
  };
  for (const one of Object.values(members)) {
    const of = typeof one === "object" && one !== null ? ownValue(one, "members") : undefined;
    if (typeof of === "object" && of !== null) Object.values(of).forEach(addMember);
    else addMember(one);
  }
  return received;
}
