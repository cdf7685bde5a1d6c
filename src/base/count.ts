/**
 * Whether a value is a whole number from 0.
 *
 * @param value - Anything.
 */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
