import type { Advice, BuiltinOptions, ImportShape, Shape } from "../public/index.ts";
import { constantsModule, stringModule } from "./string-imports.ts";

/**
 * Returns the builtins that a module's imports look like.
 *
 * @param imports - The imports.
 */
export function builtinsFor(imports: readonly ImportShape[]): BuiltinOptions {
  const constants = constantsModule(imports);
  return {
    ...(imports.some(({ module }) => module === stringModule) && { builtins: ["js-string"] }),
    ...(constants !== undefined && { importedStringConstants: constants }),
  };
}

/**
 * Returns the advice for a module that is meant to be compiled with builtins: the options to load it with.
 *
 * @param shape - The module's shape.
 */
export function builtinAdvice({ imports }: Shape): readonly Advice[] {
  const options = Object.entries(builtinsFor(imports)).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  if (options.length === 0) return [];
  const message =
    `The module takes strings from the engine. Load it with { ${options.join(", ")} }. ` +
    "Where the engine lacks them, this library provides them.";
  return [{ code: "string-builtins", message }];
}
