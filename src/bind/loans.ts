import type { BoundFunction } from "./host.ts";
import { Wrapper, type ObjectClass } from "./objects.ts";

/**
 * Makes a method one whose object stays where it is until the call has ended: freed in the middle, as by a callback, it is
 * freed at the end. To pass arguments on as an array costs more than a short call, so the usual numbers of them are written
 * out, as for guarded functions.
 *
 * @param call - The method.
 * @param count - How many parameters it has.
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
