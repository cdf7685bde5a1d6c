import { Option } from "commander";
import { builtinsFor } from "../builtins/advice.ts";
import { nameOf } from "../builtins/named.ts";
import { isStringConstant } from "../builtins/string-imports.ts";
import type { BuiltinOptions, Shape } from "../public/index.ts";
import { CommandError } from "./command-error.ts";
import { printable, shellWord } from "./output.ts";

/** The options of a command that say which builtins a module is compiled with. */
export interface BuiltinFlags {
  readonly builtins?: "js-string";
  readonly stringConstants?: string;
}

/** Returns these options for the parser, each for one command. */
export function builtinFlags(): readonly Option[] {
  return [
    new Option("--builtins <set>", "the builtins that the module is compiled with").choices(["js-string"]),
    new Option("--string-constants <module>", "the module name of imports that are string constants"),
  ];
}

/**
 * Returns them as options of the library.
 *
 * @param flags - The options of the command.
 */
export function builtinsFrom({ builtins, stringConstants }: BuiltinFlags): BuiltinOptions {
  if (stringConstants?.startsWith("wasm:")) {
    throw new CommandError(
      `--string-constants takes a module name that does not begin with wasm:, got ${printable(stringConstants)}.`,
    );
  }
  return {
    ...(builtins !== undefined && { builtins: [builtins] }),
    ...(stringConstants !== undefined && { importedStringConstants: stringConstants }),
  };
}

/**
 * Leaves out the options that do not count for a module, because it has no such imports, or others of the same module name.
 *
 * @param shape - The module's shape, with all imports.
 * @param options - The options.
 */
export function builtinsIn(
  { imports }: Pick<Shape, "imports">,
  { builtins, importedStringConstants }: BuiltinOptions,
): BuiltinOptions {
  const constants = imports.filter(({ module }) => module === importedStringConstants);
  return {
    ...(builtins && imports.some((one) => nameOf(one, { builtins }) !== undefined) && { builtins }),
    ...(importedStringConstants !== undefined &&
      constants.length > 0 &&
      constants.every(isStringConstant) && { importedStringConstants }),
  };
}

/**
 * Returns the options of a module that a command writes down. Fails if one does not count for the module.
 *
 * @param shape - The module's shape, with all imports.
 * @param flags - The options of the command.
 */
export function declaredBuiltins(shape: Pick<Shape, "imports">, flags: BuiltinFlags): BuiltinOptions {
  const { builtins, stringConstants } = flags;
  const used = builtinsIn(shape, builtinsFrom(flags));
  if (builtins !== undefined && !used.builtins) {
    throw new CommandError("--builtins js-string: the module imports no function of wasm:js-string.");
  }
  if (stringConstants !== undefined && used.importedStringConstants === undefined) {
    const name = printable(stringConstants);
    const has = shape.imports.some(({ module }) => module === stringConstants);
    throw new CommandError(
      `--string-constants ${name}: ${has ? `not all imports from ${name} are constants of type externref` : `the module imports nothing from ${name}`}.`,
    );
  }
  return used;
}

/**
 * Returns the options of a command that a module asks for and that were not given, as words of a command line.
 *
 * @param shape - The module's shape, with all imports.
 * @param given - The builtins that were given.
 */
export function missingFlags({ imports }: Pick<Shape, "imports">, given: BuiltinOptions): readonly string[] {
  const { builtins, importedStringConstants } = builtinsFor(imports);
  return [
    ...(builtins && !given.builtins ? ["--builtins js-string"] : []),
    ...(importedStringConstants !== undefined && given.importedStringConstants === undefined
      ? [`--string-constants ${shellWord(importedStringConstants)}`]
      : []),
  ];
}
