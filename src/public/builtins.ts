/**
 * The builtins that a module is compiled with, as in `WebAssembly.compile`. A declaration file has those that it was written
 * for. The instances of a compiled module have what it was compiled with: `instantiate` and `pool` take the same values, so that
 * a declaration file can be their options, and refuse others with `invalid-option`.
 *
 * @example
 * ```ts
 * const wasm = await load("./app.wasm", {
 *   builtins: ["js-string"],
 *   importedStringConstants: "_",
 * });
 * ```
 * @category Loading
 */
export interface BuiltinOptions {
  /**
   * The sets of builtins that the module's imports may name. `"js-string"`: the functions of `wasm:js-string`. The engine
   * provides them, or this library where the engine does not; the report tells which. They take precedence over `imports`. An
   * import that is declared with another type throws `import-mismatch`.
   */
  readonly builtins?: readonly "js-string"[];
  /**
   * The module name of imports that are string constants: immutable globals of `externref` or `(ref extern)`, each of which is
   * its own name as a string. An import of that module with another type throws `import-mismatch`. With a declaration file, a
   * name that the module imports nothing from throws `invalid-option`.
   */
  readonly importedStringConstants?: string;
}
