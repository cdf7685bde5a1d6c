// The JavaScript that wasm-bindgen generated for a package, as what declared interfaces are compared with.

/** Where it is, from the root. */
export const gluePath = "/node_modules/prqlc/dist/web/prqlc_js.js";

let copies = 0;

/**
 * A copy of it that has no instance yet: one copy can have no second.
 *
 * @returns {Promise<any>} Its exports.
 */
export function freshGlue() {
  copies += 1;
  return import(new URL(`..${gluePath}?${copies}`, import.meta.url).href);
}
