import type { BoundFunction } from "./host.ts";
import { Bound, type ObjectClass } from "./objects.ts";

/**
 * Makes a method one whose object stays where it is until the call has ended: freed in the middle, as by a callback, it is
 * freed at the end.
 *
 * @param call - The method.
 * @param kind - The class.
 */
export function lendSelf(call: BoundFunction, kind: ObjectClass): BoundFunction {
  return function (...args) {
    Bound.lend(this, kind);
    let hasFailed = true;
    try {
      const value = call.apply(this, args);
      hasFailed = false;
      return value;
    } finally {
      Bound.giveBack(this, hasFailed);
    }
  };
}
