import { describe } from "../errors/describe.ts";
import { nearest } from "../errors/nearest.ts";

/**
 * Finds a member that a declaration has by mistake. Otherwise it would silently have no effect.
 *
 * @param given - The declaration.
 * @param allowed - The members that are read.
 * @returns The member as a message shows it, with the one that was probably meant; `undefined` if all are known.
 */
export function unknownOption(given: object, allowed: readonly string[]): string | undefined {
  for (const key of Object.keys(given)) {
    if (allowed.includes(key) || Reflect.get(given, key) === undefined) continue;
    const near = nearest(key, allowed);
    return `${describe(key)}${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
  return undefined;
}
