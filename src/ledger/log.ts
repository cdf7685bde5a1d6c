import { invalidArgument } from "../errors/invalid.ts";
import type { AllocationLog, LiveAllocation } from "../public/index.ts";
import type { Growth } from "./growth.ts";
import { doubleFree, foreignPointer } from "./report.ts";
import type { Trace, Tracer } from "./trace.ts";

/** One allocation. */
export interface Entry {
  readonly address: number;
  readonly size: number;
  readonly align: number;
  readonly instance: Followed;
  readonly trace: Trace;
}

/** An instance, as recorded in the entries of its allocations. */
export interface Followed {
  readonly number: number;
  disposed: boolean;
}

/** How an allocation ended. */
interface Ended {
  readonly how: "freed" | "released";
  readonly trace: Trace;
}

/** The state that the log of an instance shares with its ledger. */
export interface LogContext {
  readonly instance: Followed;
  /** How the instance's memory grew. */
  readonly growth: Growth;
  /** The live entries of all instances. */
  readonly live: Set<Entry>;
  readonly tracer: Tracer;
  /** How many ended allocations are remembered. */
  readonly history: number;
}

/**
 * Makes the log of one instance.
 *
 * @param context - The state that it shares with its ledger.
 */
export function createLog({ instance, growth, live, tracer, history }: LogContext): AllocationLog {
  // An allocation of no bytes may share its address with another, so each address has a list.
  const entries = new Map<number, Entry[]>();
  // In the order of ending.
  const ended = new Map<number, Ended>();

  /** Finds the entry to end: the one with the given size, or else the newest. */
  const find = (call: string, address: number, size?: number): Entry => {
    const here = entries.get(address) ?? [];
    const entry = here.find((one) => one.size === size) ?? here.at(-1);
    if (entry) return entry;
    const before = ended.get(address);
    if (before) throw doubleFree({ call, address, before: before.how, stack: before.trace.stack });
    const all = [...live];
    const owner = all.find((one) => one.address === address);
    const inside = all.find(
      (one) => one.instance === instance && one.address < address && address < one.address + one.size,
    );
    throw foreignPointer({
      call,
      address,
      ...(owner && { owner: owner.instance.number }),
      ...(inside && { inside: snapshot(inside) }),
    });
  };

  const drop = (entry: Entry): void => {
    const here = (entries.get(entry.address) ?? []).filter((one) => one !== entry);
    if (here.length > 0) entries.set(entry.address, here);
    else entries.delete(entry.address);
    live.delete(entry);
    growth.held -= entry.size;
    tracer.drop(entry.trace);
  };

  const end = (entry: Entry, how: Ended["how"]): void => {
    drop(entry);
    remember(entry.address, { how, trace: tracer.take() });
  };

  const remember = (address: number, how: Ended): void => {
    // Deleted first, so that it counts as the newest.
    ended.delete(address);
    ended.set(address, how);
    for (const [oldest, { trace }] of ended) {
      if (ended.size <= history) break;
      ended.delete(oldest);
      tracer.drop(trace);
    }
  };

  return {
    enter: (call) => tracer.enter(call),

    allocated(address, size, align) {
      // Two allocations with bytes cannot share an address: the module has freed the first by itself.
      for (const one of entries.get(address) ?? []) if (one.size > 0 && size > 0) drop(one);
      const entry = { address, size, align, instance, trace: tracer.take() };
      const here = entries.get(address);
      if (here) here.push(entry);
      else entries.set(address, [entry]);
      live.add(entry);
      growth.held += size;
      growth.most = Math.max(growth.most, growth.held);
    },

    freeing(address, size, align) {
      const entry = find("memory.free", address, size);
      const check = (argument: "size" | "align", given: number | undefined): void => {
        if (given === undefined || given === entry[argument]) return;
        throw invalidArgument("memory.free", argument, `${entry[argument]}, which alloc was given`, given);
      };
      check("size", size);
      check("align", align);
      return () => end(entry, "freed");
    },

    released(address) {
      end(find("memory.release", address), "released");
    },

    disposed() {
      instance.disposed = true;
    },
  };
}

/** An entry as the user sees it. */
export function snapshot({ address, size, align, instance, trace }: Entry): LiveAllocation {
  return { address, size, align, instance: instance.number, disposed: instance.disposed, stack: trace.stack };
}
