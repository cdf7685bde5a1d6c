import type { Advice, ImportShape, Shape } from "../public/index.ts";
import { isStringConstant, stringModule } from "./string-imports.ts";

/**
 * Returns the advice for a module that is meant to be compiled with builtins: the options to load it with.
 *
 * @param shape - The module's shape.
 */
export function builtinAdvice({ imports }: Shape): readonly Advice[] {
  const isNamed = imports.some(({ module }) => module === stringModule);
  const constants = constantsModule(imports);
  if (!isNamed && constants === undefined) return [];
  const options = [
    isNamed ? ['builtins: ["js-string"]'] : [],
    constants === undefined ? [] : [`importedStringConstants: ${JSON.stringify(constants)}`],
  ].flat();
  const message =
    `The module takes strings from the engine. Load it with { ${options.join(", ")} }. ` +
    "Where the engine lacks them, this library provides them.";
  return [{ code: "string-builtins", message }];
}

/** Finds the module from which only string constants can come; `undefined` if there is none, or several. */
function constantsModule(imports: readonly ImportShape[]): string | undefined {
  const groups = new Map<string, boolean>();
  for (const one of imports) {
    groups.set(one.module, isStringConstant(one) && groups.get(one.module) !== false);
  }
  const [found, ...more] = [...groups].flatMap(([module, fits]) => (fits ? [module] : []));
  return more.length === 0 ? found : undefined;
}
