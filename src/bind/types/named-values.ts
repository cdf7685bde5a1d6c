import type { EnumerationType } from "../../public/index.ts";

/**
 * Returns the values of an enumeration with their names.
 *
 * @param node - The enumeration.
 */
export function namedValues({ values, names }: EnumerationType): readonly (readonly [string, string | number])[] {
  return values.map((value, at) => [names?.[at] ?? String(value), value]);
}
