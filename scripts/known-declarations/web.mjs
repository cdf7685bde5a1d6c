// What of web-sys goes into the table for what the first one has not.

/**
 * Whether an item is worth its bytes.
 *
 * @param {string} crate
 * @param {object} item
 * @returns {boolean}
 */
export function web(crate, item) {
  return true;
}
