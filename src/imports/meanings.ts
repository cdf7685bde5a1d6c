import { memberOf, ownValue } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { invalidOption } from "../errors/invalid.ts";
import type { ImportFunction, InstantiateOptions } from "../public/index.ts";

/** The functions that the user gives for imports by their meaning. */
export interface Meanings {
  /**
   * Returns the function for a meaning, which takes JavaScript values. Fails with `invalid-option` if the user's console
   * lacks it.
   *
   * @param meaning - The meaning of an import.
   */
  readonly find: (meaning: string) => ImportFunction | undefined;
  /**
   * Fails with `invalid-option` if a function was given for a meaning that was never looked for.
   *
   * @param adapterLine - How to get the adapter that would look for it, if that is missing.
   */
  readonly refuseUnused: (adapterLine: string | undefined) => void;
}

/** The number of meanings that an error lists. */
const listed = 3;

/**
 * Reads the options that give functions by meaning.
 *
 * @param options - The user's options.
 * @returns `undefined` if there are none.
 */
export function createMeanings({
  console: log,
  importsByMeaning: given,
}: Pick<InstantiateOptions, "console" | "importsByMeaning">): Meanings | undefined {
  if (!log && !given) return undefined;
  const asked = new Set<string>();

  const ofConsole = (log: object, meaning: string): ImportFunction | undefined => {
    if (meaning === "console") return () => log;
    const [, name] = /^console\.(\w+)$/.exec(meaning) ?? [];
    if (name === undefined) return undefined;
    const method: unknown = memberOf(log, name);
    if (typeof method === "function") return (...values: unknown[]): unknown => Reflect.apply(method, log, values);
    throw invalidOption("instantiate", "console", `an object with the function ${name}, which the module calls`, log);
  };

  return {
    find(meaning) {
      asked.add(meaning);
      return (given && ownValue(given, meaning)) ?? (log && ofConsole(log, meaning));
    },
    refuseUnused(adapterLine) {
      const unused = Object.keys(given ?? {}).find((meaning) => !asked.has(meaning));
      if (unused === undefined) return;
      const near = nearestFirst(unused, [...asked]);
      const names = near.slice(0, listed).map((one) => describe(one));
      const more = near.length > listed ? ` and ${near.length - listed} more` : "";
      const expected =
        adapterLine !== undefined
          ? `given with the adapter of the module's toolchain: ${adapterLine}`
          : names.length > 0
            ? `by the meanings of imports that the module has: ${names.join(", ")}${more}. wasm.imports lists them`
            : "left out, since no meaning of the module's imports is known";
      throw invalidOption("instantiate", "importsByMeaning", expected, unused);
    },
  };
}

/** Sorts meanings by how many words they share with another one, as `performance.now` and `Performance.prototype.now` do. */
function nearestFirst(meaning: string, meanings: readonly string[]): readonly string[] {
  const wordsOf = (text: string) => text.toLowerCase().split(/\W+/);
  const words = new Set(wordsOf(meaning));
  const shared = new Map(meanings.map((one) => [one, wordsOf(one).filter((word) => words.has(word)).length]));
  return [...meanings].sort((a, b) => (shared.get(b) ?? 0) - (shared.get(a) ?? 0));
}
