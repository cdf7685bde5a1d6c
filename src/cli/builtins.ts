import { Option } from "commander";
import type { BuiltinOptions } from "../public/index.ts";
import { CommandError } from "./command-error.ts";
import { printable } from "./output.ts";

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
