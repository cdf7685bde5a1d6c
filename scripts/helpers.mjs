/**
 * Makes the bundler's helpers safe: they loop over inherited members and define properties by objects that inherit, so that
 * with any member on `Object.prototype` the package could not even be imported.
 *
 * @param {string} code - A built file.
 * @returns {string} The same, as many lines.
 */
export function safeHelpers(code) {
  return (
    code
      // Where a name is taken, the bundler puts a number to its own.
      .replaceAll(/for \(var (name\d*) in all\)/g, "for (var $1 of Object.keys(all))")
      .replaceAll(
        "var __defProp = Object.defineProperty;",
        "var __defProp = (target, key, descriptor) => Object.defineProperty(target, key, Object.assign(Object.create(null), descriptor));",
      )
  );
}
