import { isSameList } from "../../base/same.ts";
import type { FunctionType, ImportFunction, ValueType } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { writeWords } from "./area.ts";
import type { Runtime, Word } from "./runtime.ts";
import type { Type, ValueAbi } from "./type.ts";

/** The action of an import, on JavaScript values. */
export type Action = (runtime: Runtime, args: readonly unknown[]) => unknown;

/** An import's parameters, result and action. */
export interface Import {
  readonly params: readonly Type[];
  /** The type of the result; `undefined` for none. */
  readonly result: Type | undefined;
  readonly action: Action;
  /** Whether an exception is handed to the module instead of thrown. */
  readonly catches: boolean;
}

/**
 * Returns the type of an import in the module. A result of more than one word is written to the address in the first
 * parameter, even in modules whose exports return several values.
 *
 * @param wanted - The import.
 * @param abi - The module's conventions.
 */
export function typeIn({ params, result }: Pick<Import, "params" | "result">, abi: ValueAbi): FunctionType {
  const results = resultWords(result, abi);
  const words = params.flatMap((param) => param.words(abi));
  return results.length > 1 ? { params: ["i32", ...words], results: [] } : { params: words, results };
}

/**
 * Whether an import has a type in the module.
 *
 * @param wanted - The import.
 * @param abi - The module's conventions.
 * @param type - The type.
 */
export function hasType(wanted: Pick<Import, "params" | "result">, abi: ValueAbi, type: FunctionType): boolean {
  const { params, results } = typeIn(wanted, abi);
  return isSameList(type.params, params) && isSameList(type.results, results);
}

/**
 * Makes the function that the engine gets.
 *
 * @param wanted - The import.
 * @param abi - The module's conventions.
 * @returns A maker of the function for each life of an instance, which takes another action in place of the import's.
 */
export function lowerImport(wanted: Import, abi: Abi): (runtime: Runtime, action?: Action) => ImportFunction {
  const { params, result, catches } = wanted;
  const results = resultWords(result, abi);
  const isStored = results.length > 1;
  let at = isStored ? 1 : 0;
  const places = params.map((param) => {
    const place = at;
    at += param.words(abi).length;
    return place;
  });
  // The result after a caught exception; the module ignores it.
  const blank = results[0] === "i64" ? 0n : undefined;

  const settling = params.some(({ settle }) => settle);
  const performed = (action: Action): Action =>
    settling
      ? (runtime, args) => {
          try {
            return action(runtime, args);
          } finally {
            for (const [index, param] of params.entries()) param.settle?.(args[index]);
          }
        }
      : action;

  const call = (runtime: Runtime, perform: Action, words: readonly Word[]): Word => {
    const args = params.map((param, index) => param.lift(runtime, words, places[index] ?? 0));
    const value = perform(runtime, args);
    if (!result) return undefined;
    const lowered: Word[] = [];
    result.lower(runtime, value, lowered);
    if (!isStored) return lowered[0];
    writeWords(runtime, words[0] as number, results, lowered);
    return undefined;
  };
  return (runtime, action = wanted.action) => {
    const perform = performed(action);
    if (!catches) return (...words: Word[]) => call(runtime, perform, words);
    return (...words: Word[]) => {
      try {
        return call(runtime, perform, words);
      } catch (error) {
        runtime.storeException(error);
        return blank;
      }
    };
  };
}

/** Returns the words of a result. An optional value is passed to the module by number under both conventions. */
function resultWords(result: Type | undefined, abi: ValueAbi): readonly ValueType[] {
  return result?.resultWords?.(abi) ?? result?.words(abi) ?? [];
}
