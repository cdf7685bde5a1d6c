import type { Extern, ImportShape } from "../public/index.ts";

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

/**
 * Finds the module from which only string constants can come; `undefined` if there is none, or several.
 *
 * @param imports - The imports of a module.
 */
export function constantsModule(imports: readonly ImportShape[]): string | undefined {
  const groups = new Map<string, boolean>();
  for (const one of imports) {
    groups.set(one.module, isStringConstant(one) && groups.get(one.module) !== false);
  }
  const [found, ...more] = [...groups].flatMap(([module, fits]) => (fits ? [module] : []));
  return more.length === 0 ? found : undefined;
}
