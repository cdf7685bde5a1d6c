import { invalidArgument } from "../errors/invalid.ts";
import { describe } from "../errors/describe.ts";
import { nearest } from "../errors/nearest.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { ownMembers } from "../base/own.ts";
import { preview } from "../base/preview.ts";
import type { GrowthOptions, Ledger, LedgerOptions } from "../public/index.ts";
import { createGrowth, type Growth, suspicious } from "./growth.ts";
import { createLog, type Entry, type Followed, snapshot } from "./log.ts";
import { createObjectLog, type ObjectEntry, objectSnapshot } from "./objects.ts";
import { memoryLeaked } from "./report.ts";
import { expectNoGrowth } from "./rounds.ts";
import { createTracer } from "./trace.ts";

/**
 * Makes a ledger for the option `ledger` of `load` or `instantiate`. Errors: `invalid-argument`, `unknown-option`.
 *
 * It keeps live allocations, and the last freed addresses as `history` says, but none of the program's objects. Each
 * allocation and each free costs a stack trace; without the option there is no cost.
 *
 * @param options - The options of the ledger.
 * @returns The ledger, which can follow any number of instances.
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
 * @category Ledger
 */
export function createLedger(options: LedgerOptions = {}): Ledger {
  const { history = 1000 } = readMembers("createLedger", options, ["history"]);
  if (!Number.isSafeInteger(history) || history < 0) {
    throw invalidArgument("createLedger", "history", "a whole number from 0", history);
  }
  // In the order of allocation. The state of a single instance is in its log, and is garbage-collected with the instance.
  const live = new Set<Entry>();
  const objects = new Set<ObjectEntry>();
  const growing = new Set<Growth>();
  const tracer = createTracer();
  let followed = 0;
  let accepted = 0;

  const ledger: Ledger = {
    get live() {
      return [...live].map(snapshot);
    },

    get objects() {
      return [...objects].map(objectSnapshot);
    },

    follow(instance) {
      followed += 1;
      const one: Followed = { number: followed, disposed: false };
      const growth = createGrowth(followed);
      const log = createLog({ instance: one, growth, live, tracer, history });
      const context = { followed: one, instance, objects, growth, growing, tracer, accepted: () => accepted };
      return { ...log, ...createObjectLog(context) };
    },

    expectNoLeaks() {
      const growth = [...growing].flatMap((one) => suspicious(one) ?? []);
      if (live.size + objects.size + growth.length === 0) return;
      const found = { allocations: [...live].map(snapshot), objects: [...objects].map(objectSnapshot), growth };
      throw memoryLeaked(found, followed > 1);
    },

    async expectNoGrowth(work, options = {}) {
      if (typeof work !== "function") throw invalidArgument("expectNoGrowth", "work", "a function", work);
      await expectNoGrowth(work, readRounds(options), growing);
    },

    accept() {
      live.clear();
      objects.clear();
      growing.clear();
      accepted += 1;
    },
  };
  return preview(ledger, "Ledger", () => ({ live: live.size, objects: objects.size }));
}

/** Reads options, each once. Errors: `invalid-argument`, and `unknown-option` for one that would have no effect. */
function readMembers<Options extends object>(call: string, given: Options, allowed: readonly string[]): Options {
  const read = within(call, given);
  const unknown = Object.keys(read).find((key) => !allowed.includes(key) && read[key as keyof Options] !== undefined);
  if (unknown === undefined) return read;
  const near = nearest(unknown, allowed);
  throw new UnglueError(
    "unknown-option",
    `${call}: there is no option ${describe(unknown)}. It takes ${allowed.join(", ")}.`,
    {
      call,
      option: unknown,
      ...(near !== undefined && { nearest: near }),
    },
  );
}

/** Returns the own members of the given options. */
function within<Options extends object>(call: string, given: Options): Options {
  let cause: unknown;
  try {
    if (typeof given === "object" && (given as unknown) !== null) return ownMembers(given);
  } catch (error) {
    // A getter or a proxy may throw anything.
    cause = error;
  }
  throw invalidArgument(call, "options", "an object of options", given, cause);
}

/** Reads the number of rounds. Errors: `invalid-argument`. */
function readRounds(options: GrowthOptions): number {
  const { rounds = 50 } = readMembers("expectNoGrowth", options, ["rounds"]);
  if (Number.isSafeInteger(rounds) && rounds >= 10) return rounds;
  throw invalidArgument("expectNoGrowth", "rounds", "a whole number from 10", rounds);
}
