import { invalidOption } from "../errors/invalid.ts";
import { builtinsOf } from "../options.ts";
import type { BuiltinOptions, DescribingOptions, Shape } from "../public/index.ts";
import { fingerprintOf } from "../reflect/fingerprint.ts";
import { constantsModule } from "./string-imports.ts";

/**
 * Refuses a module name of string constants that a declared module imports nothing from: it is not the one that the module was
 * declared with. A module that is not the declared one is left to the comparison of fingerprints. Fails with `invalid-option`.
 *
 * @param shape - The module's shape.
 * @param options - The options of the call.
 * @param isBare - Whether the shape is that of a declaration file, for a compiled module. It has no fingerprint.
 */
export function requireDeclaredConstants(
  shape: Pick<Shape, "imports" | "exports">,
  { fingerprint, importedStringConstants }: BuiltinOptions & Pick<DescribingOptions, "fingerprint">,
  isBare: boolean,
): void {
  if (fingerprint === undefined || importedStringConstants === undefined) return;
  if (shape.imports.some(({ module }) => module === importedStringConstants)) return;
  const right = constantsModule(shape.imports);
  if (isBare ? right === undefined : fingerprintOf(shape) !== fingerprint) return;
  const expected =
    right === undefined
      ? "left out, because the declared module imports nothing from it"
      : `${JSON.stringify(right)}, from which the declared module imports its string constants`;
  throw invalidOption("load", "importedStringConstants", expected, importedStringConstants);
}

/**
 * Returns the builtins of an instance: those that its module was compiled with. Fails with `invalid-option` if the options of the
 * instance name others.
 *
 * @param call - The call, for messages.
 * @param options - The options of the instance.
 * @param compiled - The options that the module was compiled with.
 * @param isBare - Whether the module was compiled elsewhere, so that only its instances need the options.
 */
export function instanceBuiltins(
  call: string,
  options: BuiltinOptions,
  compiled: BuiltinOptions,
  isBare: boolean,
): BuiltinOptions {
  const refuse = (option: keyof BuiltinOptions, value: unknown, own: string | undefined): void => {
    const expected = `what the module was compiled with, ${own ?? "nothing: give it to compile"}`;
    throw invalidOption(call, option, expected, value);
  };
  const { builtins, importedStringConstants } = options;
  const { builtins: own, importedStringConstants: ownConstants } = compiled;
  const hasOwn = asksForStrings(own);
  if (builtins && asksForStrings(builtins) !== hasOwn && !(isBare && !own)) {
    refuse("builtins", builtins, hasOwn ? '["js-string"]' : undefined);
  }
  if (
    importedStringConstants !== undefined &&
    importedStringConstants !== ownConstants &&
    !(isBare && ownConstants === undefined)
  ) {
    refuse("importedStringConstants", importedStringConstants, ownConstants && JSON.stringify(ownConstants));
  }
  return { ...builtinsOf(options), ...builtinsOf(compiled) };
}

function asksForStrings(builtins: BuiltinOptions["builtins"]): boolean {
  return builtins?.includes("js-string") === true;
}
