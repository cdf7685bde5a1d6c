import { define } from "../base/own.ts";
import type { AllocationLog } from "../public/index.ts";
import type { BoundFunction, Host } from "./host.ts";
import type { Notes } from "./objects.ts";

/**
 * Makes the hooks that record the objects of a class in a life's log.
 *
 * @param className - The class.
 * @param log - The log.
 * @param host - The instance, which knows the function that the program has called.
 */
export function createNotes(className: string, log: AllocationLog, host: Host): Notes {
  return {
    received(address, isOwned) {
      const leave = host.entry && log.enter?.(host.entry);
      try {
        log.received?.(className, address, isOwned);
      } finally {
        leave?.();
      }
    },
    ended(address) {
      log.ended?.(className, address);
    },
  };
}

/**
 * Wraps a function that the program calls so that it is known while it runs. A stack can then leave out the library's
 * frames. Only for instances with a ledger.
 *
 * @param call - The function.
 * @param host - The instance.
 */
export function asEntry(call: BoundFunction, host: Host): BoundFunction {
  if (!host.isLogged) return call;
  const entry: BoundFunction = function (...args) {
    const before = host.entry;
    host.entry = entry;
    try {
      return call.apply(this, args);
    } finally {
      host.entry = before;
    }
  };
  return define(entry, "name", { value: call.name, configurable: true });
}
