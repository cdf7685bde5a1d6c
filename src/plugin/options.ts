import { ownMembers } from "../base/own.ts";
import { copyGiven, readGiven } from "../errors/given.ts";
import { invalidOption, requireKnownOptions } from "../errors/invalid.ts";
import { builtinsOf } from "../options.ts";
import type { BuiltinOptions } from "../public/index.ts";

/**
 * The options of the plugin for bundlers.
 *
 * @example
 * ```ts
 * import { unglue } from "unglue/plugin";
 * const plugin = unglue.vite({ holes: "error", envFile: "src/unglue-env.d.ts" });
 * ```
 * @category Declaration files
 */
export interface PluginOptions {
  /** Whether the types keep the documentation of the package. Default: true. */
  readonly docs?: boolean;
  /** Whether declarations have the module's shape, which only hosts without the bytes need. Default: false. */
  readonly shape?: boolean;
  /**
   * The sets of builtins that modules are compiled with, as in `load`. They count for each module that imports some of them.
   * Default: none.
   */
  readonly builtins?: readonly "js-string"[];
  /**
   * The module name of imports that are string constants, as in `load`. It counts for each module that imports constants from it,
   * and nothing else. Default: none.
   */
  readonly importedStringConstants?: string;
  /** How members that are left out or guessed are reported: as a warning or an error of the bundler. Default: `"warn"`. */
  readonly holes?: "warn" | "error";
  /**
   * The file that gets the types of the imports, from the root of the project; false for none. Default:
   * `"unglue-env.d.ts"`.
   */
  readonly envFile?: string | false;
  /**
   * The folder that keeps declarations from one run to the next; false for none. Default: Vite's `cacheDir`, or a folder of the
   * user below the system's temporary one.
   */
  readonly cacheDir?: string | false;
}

/** The options with their defaults. */
export type ReadOptions = Required<Omit<PluginOptions, "cacheDir" | keyof BuiltinOptions>> &
  Pick<PluginOptions, "cacheDir"> & { readonly builtins: BuiltinOptions };

const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isPathOrFalse = (value: unknown): boolean =>
  value === false || (typeof value === "string" && value !== "" && !value.includes("\0"));

/** Each option's check, and the text after "must be". */
const table: Readonly<Record<keyof PluginOptions, readonly [check: (value: unknown) => boolean, text: string]>> = {
  docs: [isBoolean, "true or false"],
  shape: [isBoolean, "true or false"],
  builtins: [
    (value) => Array.isArray(value) && value.every((one) => one === "js-string"),
    'an array of sets of builtins, ["js-string"]',
  ],
  importedStringConstants: [
    (value) => typeof value === "string" && !value.startsWith("wasm:"),
    "the module name of the string constants, which does not begin with wasm:",
  ],
  holes: [(value) => value === "warn" || value === "error", '"warn" or "error"'],
  envFile: [isPathOrFalse, "a path or false"],
  cacheDir: [isPathOrFalse, "a path or false"],
};

const call = "unglue/plugin";

/**
 * Checks the options and adds the defaults. Each is read once, and inherited ones do not count. Errors: `unknown-option`,
 * `invalid-option`.
 *
 * @param given - The options as the configuration has them.
 */
export function readOptions(given: unknown = {}): ReadOptions {
  const read = readGiven(call, given);
  requireKnownOptions(call, Object.keys(read), Object.keys(table));
  const options: { [name: string]: unknown } = ownMembers({});
  for (const [name, [check, text]] of Object.entries(table)) {
    if (!Object.hasOwn(read, name)) continue;
    const value = copyGiven(call, name, read[name], copyList);
    if (!check(value)) throw invalidOption(call, name, text, value);
    options[name] = value;
  }
  const {
    docs = true,
    shape = false,
    holes = "warn",
    envFile = "unglue-env.d.ts",
    cacheDir,
  } = options as PluginOptions;
  const builtins = builtinsOf(options);
  return { docs, shape, holes, envFile, builtins, ...(cacheDir !== undefined && { cacheDir }) };
}

/** Copies a list, which may be a proxy or have gaps. */
function copyList(value: unknown): unknown {
  return Array.isArray(value) ? Array.from(value) : value;
}
