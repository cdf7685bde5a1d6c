/**
 * Whether two lists have the same items. Lengths first: thousands of functions may share one type of thousands of parameters.
 *
 * @param a - A list.
 * @param b - Another.
 */
export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
