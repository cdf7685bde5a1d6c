/** The builtins of the JavaScript API: functions for strings, and string constants. */
import { ownMembers } from "../base/own.ts";
import { needsBuiltins } from "../options.ts";
import type { BuiltinOptions, DescribingOptions, ImportShape, Provider, Shape } from "../public/index.ts";
import { requireDeclaredConstants } from "./declared.ts";
import { beginStringBuiltins } from "./js-string.ts";
import { nameOf, requireType } from "./named.ts";

/** A provided import. */
export interface ProvidedBuiltin {
  readonly provider: Provider;
  readonly value: unknown;
  readonly evidence: string;
}

/** The imports and exports of a module. */
type Interface = Pick<Shape, "imports" | "exports">;

/** The builtins that a module is compiled with. */
export interface Builtins {
  /** The same options, for the engine. */
  readonly engine: object;
  /**
   * Refuses a module that declares a builtin or constant with another type, and options that are not those of its declaration.
   * Fails with `import-mismatch`, `invalid-option`.
   */
  readonly check: (shape: Interface) => void;
  /** Refuses options that are not those of a declaration file, by its shape. Fails with `invalid-option`. */
  readonly checkDeclared: (shape: Interface) => void;
  /** Returns a function that checks the shape that it is given, and passes it on. */
  readonly checked: <Of extends Interface>(onShape: (shape: Of) => void) => (shape: Of) => void;
  /**
   * Returns a list of imports without the builtins that another list of the same module lacks. The engine leaves out those that
   * it provides, and so does a shape that was read with the same options.
   *
   * @param other - The other list.
   * @param list - The list.
   */
  readonly listed: (other: readonly ImportShape[], list: readonly ImportShape[]) => readonly ImportShape[];
  /**
   * Adds to the imports of a shape the builtins that it lacks and the engine lists, because it does not provide them.
   *
   * @param own - The imports that the engine lists.
   * @param stated - The imports of the shape, which are the same apart from builtins.
   */
  readonly completed: (own: readonly ImportShape[], stated: readonly ImportShape[]) => readonly ImportShape[];
}

/**
 * Reads which builtins the options ask for; `undefined` if they ask for none.
 *
 * @param options - The options of a call.
 */
export function readBuiltins(options: BuiltinOptions & Pick<DescribingOptions, "fingerprint">): Builtins | undefined {
  if (!needsBuiltins(options)) return undefined;
  const { builtins, importedStringConstants } = options;
  const check: Builtins["check"] = (shape) => {
    requireDeclaredConstants(shape, options, false);
    for (const one of shape.imports) {
      const name = nameOf(one, options);
      if (name !== undefined) requireType(one, name);
    }
  };
  const listed: Builtins["listed"] = (other, list) => {
    const isListed = membership(other);
    return list.filter((one) => nameOf(one, options) === undefined || isListed(one));
  };
  return {
    engine: ownMembers({
      ...(builtins && { builtins: [...builtins] }),
      ...(importedStringConstants !== undefined && { importedStringConstants }),
    }),
    check,
    checkDeclared: (shape) => {
      requireDeclaredConstants(shape, options, true);
    },
    checked: (onShape) => (shape) => {
      check(shape);
      onShape(shape);
    },
    listed,
    completed: (own, stated) => {
      const known = new Set(listed(stated, own));
      if (known.size === own.length) return stated;
      const both = listed(own, stated);
      let at = 0;
      const all = own.map((one) => (known.has(one) ? (both[at++] ?? one) : one));
      return [...stated.filter((one) => !both.includes(one)), ...all];
    },
  };
}

/**
 * Begins to provide the builtins of an instance. A module's list of imports tells what the engine provides.
 *
 * @param module - The compiled module.
 * @param options - The options that it was compiled with.
 * @returns A function that returns what provides an import, if the options name it; `undefined` if they name none.
 */
export function beginBuiltins(
  module: WebAssembly.Module,
  options: BuiltinOptions,
): ((wanted: ImportShape) => ProvidedBuiltin | undefined) | undefined {
  if (!needsBuiltins(options)) return undefined;
  const isListed = membership(WebAssembly.Module.imports(module));
  const make = beginStringBuiltins();
  return (wanted) => {
    const name = nameOf(wanted, options);
    if (name === undefined) return undefined;
    requireType(wanted, name);
    const what = name === "" ? "string constant" : "builtin";
    if (!isListed(wanted)) return { provider: "engine", value: undefined, evidence: `a ${what} of the engine` };
    const value = name === "" ? wanted.name : make(name);
    // Where the engine cannot make it, the import is one like any other.
    return value === undefined
      ? undefined
      : { provider: "polyfill", value, evidence: `a ${what} of this library: the engine did not provide it` };
  };
}

/** Returns a function that tells whether an import is in a list. */
function membership(list: readonly { readonly module: string; readonly name: string }[]) {
  const groups = new Map<string, Set<string>>();
  for (const { module, name } of list) {
    const group = groups.get(module);
    if (group) group.add(name);
    else groups.set(module, new Set([name]));
  }
  return ({ module, name }: ImportShape): boolean => groups.get(module)?.has(name) === true;
}
