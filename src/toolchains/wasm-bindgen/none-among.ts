/**
 * Returns the number that means none of some values. For numbers it is the smallest from 0 that none of them is. For texts
 * it comes after the index of the last text and the index for unknown texts.
 *
 * @param values - All numbers, or all texts.
 */
export function noneAmong(values: readonly (string | number)[]): number {
  const taken = new Set(values);
  let none = typeof values[0] === "string" ? values.length + 1 : 0;
  while (taken.has(none)) none++;
  return none;
}
