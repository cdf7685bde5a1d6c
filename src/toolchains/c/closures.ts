import type { Instance } from "../../public/index.ts";

/** A JavaScript function with any parameters, or a wrapper of one. */
export type Call = (...args: unknown[]) => unknown;

/** The functions that were passed to an instance as pointers. */
export interface Closures {
  /**
   * Returns the index of a function in the module's table. The same function declared with the same type has one index.
   *
   * @param call - The function.
   * @param type - The key of its declared type.
   * @param signature - The letters of its signature.
   * @param make - Makes the function that the module calls.
   * @param isLent - Whether it is for one call only, until `giveBack`. Otherwise it stays until the life ends.
   */
  place(call: Call, type: string, signature: string, make: () => Call, isLent: boolean): number;
  /**
   * Ends the use of a function that was lent.
   *
   * @param index - The index that `place` returned.
   */
  giveBack(index: number): void;
  /**
   * Returns the function at an index, if it is one of these.
   *
   * @param index - The index that the module returned.
   * @param type - The key of its declared type.
   */
  at(index: number, type: string): Call | undefined;
}

/** A function in the table. */
interface Entry {
  readonly call: Call;
  readonly type: string;
  readonly index: number;
  isKept: boolean;
  /** The number of running calls that borrow it. */
  uses: number;
}

/** How many unused functions keep their table entries for the next call: placing one again costs more than most calls. */
const idleMost = 16;

/**
 * Keeps the function pointers of one life.
 *
 * @param instance - The life's instance.
 */
export function createClosures(instance: Instance): Closures {
  const byCall = new Map<Call, Map<string, Entry>>();
  const byIndex = new Map<number, Entry>();
  /** The unused functions, in the order in which they became unused. */
  const idle = new Set<Entry>();

  const remove = (entry: Entry): void => {
    const types = byCall.get(entry.call);
    types?.delete(entry.type);
    if (types?.size === 0) byCall.delete(entry.call);
    byIndex.delete(entry.index);
    idle.delete(entry);
    instance.freeCallback(entry.index);
  };

  const add = (call: Call, type: string, signature: string, made: Call): Entry => {
    const entry = { call, type, index: instance.callback(signature, made), isKept: false, uses: 0 };
    byIndex.set(entry.index, entry);
    const types = byCall.get(call) ?? new Map<string, Entry>();
    byCall.set(call, types.set(type, entry));
    return entry;
  };

  return {
    place(call, type, signature, make, isLent) {
      const entry = byCall.get(call)?.get(type) ?? add(call, type, signature, make());
      idle.delete(entry);
      if (isLent) entry.uses += 1;
      else entry.isKept = true;
      return entry.index;
    },
    giveBack(index) {
      const entry = byIndex.get(index);
      if (!entry) return;
      entry.uses -= 1;
      if (entry.uses > 0 || entry.isKept) return;
      idle.add(entry);
      const [oldest] = idle;
      if (idle.size > idleMost && oldest) remove(oldest);
    },
    at(index, type) {
      const entry = byIndex.get(index);
      return entry?.type === type ? entry.call : undefined;
    },
  };
}
