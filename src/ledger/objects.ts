import type { AllocationLog, Instance, LiveObject } from "../public/index.ts";
import { beginAfter, createLook, type Growth, note } from "./growth.ts";
import type { Followed } from "./log.ts";
import type { Trace, Tracer } from "./trace.ts";

/** One object that the caller has to free. */
export interface ObjectEntry {
  readonly class: string;
  readonly address: number;
  readonly instance: Followed;
  readonly trace: Trace;
}

/** The state that the log of an instance's objects shares with its ledger. */
export interface ObjectContext {
  readonly followed: Followed;
  readonly instance: Instance;
  /** The live objects of all instances. */
  readonly objects: Set<ObjectEntry>;
  readonly growth: Growth;
  /** The instances whose memory has grown. */
  readonly growing: Set<Growth>;
  readonly tracer: Tracer;
  /** How often the ledger has accepted its contents. */
  readonly accepted: () => number;
}

/** The number of addresses of lent objects that are told apart. */
const mostLent = 2 ** 16;

/**
 * Makes the part of an instance's log that records objects and calls.
 *
 * @param context - The state that it shares with its ledger.
 */
export function createObjectLog({
  followed,
  instance,
  objects,
  growth,
  growing,
  tracer,
  accepted,
}: ObjectContext): Required<Pick<AllocationLog, "received" | "ended" | "called">> {
  const live = new Map<string, ObjectEntry>();
  const look = createLook(growth, instance);
  const keyOf = (className: string, address: number) => `${address} ${className}`;

  const end = (key: string): void => {
    const entry = live.get(key);
    if (!entry) return;
    live.delete(key);
    objects.delete(entry);
    tracer.drop(entry.trace);
    growth.owned -= 1;
  };

  return {
    received(className, address, isOwned) {
      beginAfter(growth, accepted());
      const lent = growth.lent.get(className);
      if (!isOwned) {
        if (lent && lent.addresses.size < mostLent) lent.addresses.add(address);
        else if (!lent) growth.lent.set(className, { addresses: new Set([address]), trace: tracer.take() });
        return;
      }
      lent?.addresses.delete(address);
      const key = keyOf(className, address);
      // If the module returns an address again, it has freed the previous object there by itself.
      end(key);
      const entry = { class: className, address, instance: followed, trace: tracer.take() };
      live.set(key, entry);
      objects.add(entry);
      growth.owned += 1;
    },

    ended(className, address) {
      beginAfter(growth, accepted());
      growth.lent.get(className)?.addresses.delete(address);
      note(growth, growth.ends);
      end(keyOf(className, address));
    },

    called() {
      beginAfter(growth, accepted());
      if (look()) growing.add(growth);
      growth.calls += 1;
    },
  };
}

/** An object as a user sees it. */
export function objectSnapshot({ class: name, address, instance, trace }: ObjectEntry): LiveObject {
  return { class: name, address, instance: instance.number, disposed: instance.disposed, stack: trace.stack };
}
