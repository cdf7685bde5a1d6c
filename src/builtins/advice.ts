import type { Advice, Shape } from "../public/index.ts";
import { constantsModule, stringModule } from "./string-imports.ts";

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
