import { invalidArgument } from "../invalid-argument.ts";
import { ownMembers } from "../own.ts";
import type { Ledger, LedgerOptions } from "../types/index.ts";
import { createLog, type Entry, snapshot } from "./log.ts";
import { memoryLeaked } from "./report.ts";
import { createTracer } from "./trace.ts";

/**
 * Makes a ledger, to be passed to `load` or `instantiate` as the option `ledger`. Errors: `invalid-argument`.
 *
 * It holds on to what is live, to the last addresses freed as `history` says, and to no object of the program's. What it
 * costs is a stack trace for each allocation and each free; without the option there is no cost.
 *
 * @param options - How it is kept.
 * @returns The ledger; one can follow any number of instances.
 * @example
 * ```ts
 * import { load } from "unglue";
 * import { createLedger } from "unglue/ledger";
 *
 * const ledger = createLedger();
 * const wasm = await load("./app.wasm", { ledger });
 * // …
 * ledger.expectNoLeaks();
 * ```
 */
export function createLedger(options: LedgerOptions = {}): Ledger {
  const { history = 1000 } = ownMembers(options);
  if (!Number.isSafeInteger(history) || history < 0) {
    throw invalidArgument("createLedger", "history", "a whole number from 0", history);
  }
  // In the order of allocation. What belongs to one instance alone is in its log, and is collected with the instance.
  const live = new Set<Entry>();
  const tracer = createTracer();
  let followed = 0;

  return {
    get live() {
      return [...live].map(snapshot);
    },

    follow() {
      followed += 1;
      return createLog({ number: followed, live, tracer, history });
    },

    expectNoLeaks() {
      if (live.size > 0) throw memoryLeaked([...live].map(snapshot), followed > 1);
    },

    accept() {
      live.clear();
    },
  };
}
