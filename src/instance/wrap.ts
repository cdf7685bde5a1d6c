import { call0, call1, call2, call3, call4, callMany, type Callee } from "../base/callee.ts";
import { define } from "../base/own.ts";
import type { ExportedFunction } from "../public/index.ts";

/**
 * Makes a guarded function with as many parameters as the module's. The usual parameter counts are written out: this makes
 * calls faster, and setting another `length` takes ten times as long as making the function, of which a module may export
 * thousands.
 *
 * @param callee - The function.
 */
export function wrapCallee(callee: Callee): ExportedFunction {
  const { length } = callee.call;
  switch (length) {
    case 0:
      return () => call0(callee);
    case 1:
      return (a) => call1(callee, a);
    case 2:
      return (a, b) => call2(callee, a, b);
    case 3:
      return (a, b, c) => call3(callee, a, b, c);
    case 4:
      return (a, b, c, d) => call4(callee, a, b, c, d);
    default: {
      const wrapped: ExportedFunction = (...words) => callMany(callee, ...words);
      return define(wrapped, "length", { value: length, configurable: true });
    }
  }
}
