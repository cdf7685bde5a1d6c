import type { BoundFunction } from "./host.ts";
import { Wrapper, type ObjectClass } from "./objects.ts";

/**
 * Wraps a method so that its object stays in place until the call has ended. If it is freed during the call, as by a
 * callback, it is freed at the end. An array of arguments costs more than a short call, so the usual parameter counts are
 * written out, as for guarded functions.
 *
 * @param call - The method.
 * @param count - The number of its parameters.
 * @param kind - The class.
 */
export function lendSelf(call: BoundFunction, count: number, kind: ObjectClass): BoundFunction {
  switch (count) {
    case 0:
      return function () {
        Wrapper.lend(this, kind);
        let value: unknown;
        try {
          value = call.call(this);
        } catch (error) {
          Wrapper.giveBack(this, true);
          throw error;
        }
        Wrapper.giveBack(this, false);
        return value;
      };
    case 1:
      return function (a) {
        Wrapper.lend(this, kind);
        let value: unknown;
        try {
          value = call.call(this, a);
        } catch (error) {
          Wrapper.giveBack(this, true);
          throw error;
        }
        Wrapper.giveBack(this, false);
        return value;
      };
    default:
      return function (...args) {
        Wrapper.lend(this, kind);
        let value: unknown;
        try {
          value = call.apply(this, args);
        } catch (error) {
          Wrapper.giveBack(this, true);
          throw error;
        }
        Wrapper.giveBack(this, false);
        return value;
      };
  }
}
