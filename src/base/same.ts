/**
 * Whether two lists have the same items. Compares lengths first: thousands of functions may share one type with thousands of
 * parameters.
 *
 * @param a - A list.
 * @param b - Another.
 */
export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
