import type { Extern } from "../public/index.ts";

/** The module name of the builtins for strings. */
export const stringModule = "wasm:js-string";

/** The types that an import may declare for a string which the engine gives. */
export const stringTypes = /^(externref|\(ref extern\))$/;

/**
 * Whether an import has the type of a string constant.
 *
 * @param extern - The import.
 */
export function isStringConstant({ kind, type }: Extern): boolean {
  return kind === "global" && type?.mutable === false && stringTypes.test(type.value);
}
