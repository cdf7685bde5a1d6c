import type { Instance, Memory, MemoryGrowth } from "../public/index.ts";
import type { Trace } from "./trace.ts";

/** A record of how the memory of an instance grew. It holds numbers and texts only. */
export interface Growth {
  readonly instance: number;
  /** The memory's size where it was seen last. */
  size: number;
  /** Its size where the count began. */
  base: number;
  calls: number;
  /** How often it was seen to grow, and after how many calls: of many times a part. */
  growing: number;
  growths: number[];
  /** Bytes that are allocated from JavaScript, and the most that were. */
  held: number;
  most: number;
  /** The objects that JavaScript owns. */
  owned: number;
  /** After how many calls objects ended: of many times a part. */
  ends: number[];
  /** How often the ledger had accepted what there was when this count began. */
  accepted: number;
  /** The lent objects by their class: where they live, and who received the first. */
  lent: Map<string, Lent>;
}

interface Lent {
  readonly addresses: Set<number>;
  readonly trace: Trace;
}

/** Pages come one by one, and an allocator takes some in advance: less than this tells nothing. */
const leastBytes = 2 ** 20;
/** Fewer growths than this come from a few large things as well as from many small ones. */
const leastGrowths = 16;
/** So many objects that are lent once and never again are no accident. */
const leastLent = 64;
/** A leak grows in each of as many parts of the calls; an allocator that keeps memory grows in the first. */
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
 * Begins the count again at what there was when the ledger accepted it, unless it has been begun since.
 *
 * @param growth - The instance.
 * @param accepted - How often the ledger has accepted what there was.
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

/** So many times are kept: when there are more, every other is forgotten. */
const mostTimes = 4096;

/**
 * Notes that something happened now.
 *
 * @param growth - The instance.
 * @param times - Where it is noted.
 */
export function note({ calls }: Growth, times: number[]): void {
  if (times.length === mostTimes) times.splice(0, mostTimes, ...times.filter((_, at) => at % 2));
  times.push(calls);
}

/**
 * Makes what looks at the size of an instance's memory.
 *
 * @param growth - Where it is noted.
 * @param instance - The instance.
 * @returns Whether it has grown.
 */
export function createLook(growth: Growth, instance: Instance): () => boolean {
  let memory: Memory | undefined;
  return () => {
    let byteLength: number;
    try {
      memory ??= instance.memory;
      ({ byteLength } = memory);
    } catch {
      // There is none, or none any more.
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
 * Growth that looks like objects which the module has given away and which were taken for lent: it goes on through all
 * calls, nothing of the instance is live in JavaScript, and many objects were lent once and not seen again. `undefined`
 * for any other, as that of an allocator which keeps what it had.
 *
 * @param growth - The instance.
 */
export function suspicious(growth: Growth): MemoryGrowth | undefined {
  const { instance, size, base, calls, growing, growths, held, most, owned, ends, lent } = growth;
  const bytes = size - base - most;
  if (bytes < leastBytes || growing < leastGrowths || held > 0 || owned > 0) return undefined;
  if (!isInEach(growths, calls)) return undefined;
  // An object that many calls built, and that has ended since, may have had the lent objects inside.
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
