import type { TraceEvent } from "../public/index.ts";
import type { Resolved } from "./resolved.ts";

/**
 * Wraps the function of an import so that each call is traced.
 *
 * @param one - The import.
 * @param trace - Receives each call.
 */
export function traced(one: Resolved, trace: (event: TraceEvent) => void): unknown {
  const { wanted, value } = one;
  // The engine's builtins cannot be traced either.
  if (typeof value !== "function" || one.isBy("polyfill")) return value;
  const { module, name } = wanted;
  return (...args: unknown[]): unknown => {
    let result: unknown;
    try {
      result = Reflect.apply(value, undefined, args);
    } catch (error) {
      trace({ module, name, args, error });
      throw error;
    }
    trace({ module, name, args, result });
    return result;
  };
}
