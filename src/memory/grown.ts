import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";
import type { Memory } from "../public/index.ts";
import type { Allocator } from "./allocator.ts";

/** A range of addresses: its end lies behind it. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** No allocation starts before this: an address of 0 would be null. */
const least = 16;

/**
 * Allocates in memory that it grows, for a module that has no allocator. What was there before, the module's data and
 * stack, is left alone, and what the module grows itself is the module's. Errors: `invalid-option`.
 *
 * @param memory - The memory.
 * @param pageSize - Bytes of a page.
 * @param claimer - The toolchain that made the module, if its runtime takes all memory behind its own for its own.
 */
export function createGrownAllocator(
  memory: Pick<Memory, "grow" | "byteLength">,
  pageSize: number,
  claimer: string | undefined,
): Allocator {
  if (claimer !== undefined) {
    throw new UnglueError(
      "invalid-option",
      `allocator: "grow" would corrupt the memory of a module of ${claimer}, whose runtime takes what is added behind its own for ` +
        'its heap. Export functions that allocate and free, and name them: allocator: { alloc: "…", free: "…" }.',
      { call: "load", option: "allocator", expected: "the names of exports", received: '"grow"' },
    );
  }
  const taken = new Map<number, Range>();
  /** By address; none touches the next. */
  let free: readonly Range[] = [];

  const find = (size: number, align: number): number => {
    for (const [at, range] of free.entries()) {
      const start = Math.ceil(Math.max(range.start, least) / align) * align;
      const end = start + size;
      if (end > range.end) continue;
      const rest = [
        { start: range.start, end: start },
        { start: end, end: range.end },
      ].filter((one) => one.end > one.start);
      free = [...free.slice(0, at), ...rest, ...free.slice(at + 1)];
      taken.set(start, { start, end });
      return start;
    }
    return 0;
  };

  const give = (range: Range): void => {
    const before = free.filter(({ end }) => end <= range.start);
    const after = free.filter(({ start }) => start >= range.end);
    const left = before.at(-1);
    const right = after[0];
    const start = left?.end === range.start ? left.start : range.start;
    const end = right?.start === range.end ? right.end : range.end;
    free = [
      ...(start < range.start ? before.slice(0, -1) : before),
      { start, end },
      ...(end > range.end ? after.slice(1) : after),
    ];
  };

  return {
    frees: 1,
    evidence: "this library's own, in memory that it grows",
    alloc(size, align) {
      const needed = Math.max(size, 1);
      const found = find(needed, align);
      if (found > 0) return found;
      try {
        const start = memory.grow(Math.ceil((needed + align + least) / pageSize)) * pageSize;
        give({ start, end: memory.byteLength });
      } catch {
        // No memory, as any allocator says it.
        return 0;
      }
      return find(needed, align);
    },
    free(address) {
      const range = taken.get(address);
      if (!range) throw invalidArgument("memory.free", "address", "what alloc returned, and not freed since", address);
      taken.delete(address);
      give(range);
    },
  };
}
