import type { Instance, Memory, MemoryGrowth } from "../public/index.ts";
import type { Trace } from "./trace.ts";

/** A record of how the memory of an instance grew. It holds only numbers and texts. */
export interface Growth {
  readonly instance: number;
  /** The last seen size of the memory. */
  size: number;
  /** Its size when the count began. */
  base: number;
  calls: number;
  /** How often it was seen to grow, and after how many calls. If there are many times, only a part is kept. */
  growing: number;
  growths: number[];
  /** The bytes now allocated from JavaScript, and their maximum. */
  held: number;
  most: number;
  /** The objects that JavaScript owns. */
  owned: number;
  /** The numbers of calls after which objects ended. If there are many, only a part is kept. */
  ends: number[];
  /** How often the ledger had accepted its contents when this count began. */
  accepted: number;
  /** The lent objects by class: their addresses, and the trace of the first. */
  lent: Map<string, Lent>;
}

interface Lent {
  readonly addresses: Set<number>;
  readonly trace: Trace;
}

/** Growth below this tells nothing: pages come one by one, and an allocator takes some in advance. */
const leastBytes = 2 ** 20;
/** Fewer growths than this may come from a few large allocations as well as from many small ones. */
const leastGrowths = 16;
/** This many objects that are lent only once are no accident. */
const leastLent = 64;
/**
 * The number of parts that calls are divided into. A leak grows in each part; an allocator that keeps memory grows in the
 * first.
 */
export const parts = 4;

/**
 * Begins to watch the memory of an instance.
 *
 * @param instance - Its number.
 */
export function createGrowth(instance: number): Growth {
  const counts = {
    size: 0,
    base: 0,
    calls: 0,
    growing: 0,
    growths: [],
    held: 0,
    most: 0,
    owned: 0,
    ends: [],
    accepted: 0,
  };
  return { instance, ...counts, lent: new Map() };
}

/**
 * Restarts the count when the ledger has accepted its contents, unless that was already done.
 *
 * @param growth - The instance.
 * @param accepted - How often the ledger has accepted its contents.
 */
export function beginAfter(growth: Growth, accepted: number): void {
  if (growth.accepted === accepted) return;
  Object.assign(growth, {
    base: growth.size,
    calls: 0,
    growing: 0,
    growths: [],
    most: growth.held,
    ends: [],
    accepted,
  });
  growth.lent.clear();
}

/** The maximum number of times kept. When it is reached, every other one is dropped. */
const mostTimes = 4096;

/**
 * Records that something happens now.
 *
 * @param growth - The instance.
 * @param times - The list to record it in.
 */
export function note({ calls }: Growth, times: number[]): void {
  if (times.length === mostTimes) times.splice(0, mostTimes, ...times.filter((_, at) => at % 2));
  times.push(calls);
}

/**
 * Makes a function that looks at the size of an instance's memory.
 *
 * @param growth - The record of the instance.
 * @param instance - The instance.
 * @returns A function that tells whether the memory has grown.
 */
export function createLook(growth: Growth, instance: Instance): () => boolean {
  let memory: Memory | undefined;
  return () => {
    let byteLength: number;
    try {
      memory ??= instance.memory;
      ({ byteLength } = memory);
    } catch {
      // There is no memory, or no longer.
      return false;
    }
    if (growth.size === 0) growth.base = growth.size = byteLength;
    if (byteLength === growth.size) return false;
    growth.size = byteLength;
    growth.growing += 1;
    note(growth, growth.growths);
    return true;
  };
}

/**
 * Finds growth that looks like objects which were declared as lent, but are given away by the module. It goes on through all
 * calls, the instance has nothing live in JavaScript, and many objects were lent once and never seen again. `undefined` for
 * other growth, such as that of an allocator that keeps its memory.
 *
 * @param growth - The instance.
 */
export function suspicious(growth: Growth): MemoryGrowth | undefined {
  const { instance, size, base, calls, growing, growths, held, most, owned, ends, lent } = growth;
  const bytes = size - base - most;
  if (bytes < leastBytes || growing < leastGrowths || held > 0 || owned > 0) return undefined;
  if (!isInEach(growths, calls)) return undefined;
  // An object that many calls built may have contained the lent objects, and has ended since.
  if (ends.length > 0 && !isInEach(ends, calls)) return undefined;
  const classes = [...lent].filter(([, { addresses }]) => addresses.size >= leastLent);
  if (classes.length === 0) return undefined;
  return {
    instance,
    bytes,
    calls,
    growing,
    lent: classes.map(([name, { addresses, trace }]) => ({ class: name, count: addresses.size, stack: trace.stack })),
  };
}

/** Whether something happened in each part of the calls. */
function isInEach(times: readonly number[], calls: number): boolean {
  const found = new Set(times.map((time) => Math.min(Math.floor((time * parts) / calls), parts - 1)));
  return found.size === parts;
}
