import { define, memberOf } from "../base/own.ts";
import { invalidOption } from "../errors/invalid.ts";
import type { AllocationLog, AllocationObserver, ExportedFunction, Instance } from "../public/index.ts";

/**
 * Makes a ledger follow a life. Anyone can write a ledger. Errors: `invalid-option`.
 *
 * @param ledger - The ledger.
 * @param instance - The instance of the life.
 */
export function follow(ledger: AllocationObserver, instance: Instance): AllocationLog {
  const log: unknown = ledger.follow(instance);
  const has = (name: string, ...kinds: readonly string[]) =>
    kinds.includes(typeof memberOf(log as AllocationLog, name));
  if (
    typeof log === "object" &&
    log !== null &&
    ["allocated", "freeing", "released", "disposed"].every((name) => has(name, "function")) &&
    ["enter", "received", "ended", "called"].every((name) => has(name, "function", "undefined"))
  ) {
    return log as AllocationLog;
  }
  throw invalidOption(
    "instantiate",
    "what follow of the ledger returns",
    "a log with the functions allocated, freeing, released and disposed",
    log,
  );
}

/**
 * Makes a guarded function that tells the ledger when a call has ended.
 *
 * @param call - The guarded function.
 * @param log - The ledger's log of the life.
 */
export function observed(call: ExportedFunction, log: AllocationLog): ExportedFunction {
  const observing: ExportedFunction = (...args) => {
    try {
      return call(...args);
    } finally {
      log.called?.();
    }
  };
  return define(observing, "length", { value: call.length, configurable: true });
}
