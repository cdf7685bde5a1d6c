// What of web-sys goes into the table for what the first one has not.

/**
 * Whether an item is worth its bytes.
 *
 * @returns {boolean}
 */
export function web() {
  return true;
}
