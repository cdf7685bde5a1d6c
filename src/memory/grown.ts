import { UnglueError } from "../errors/unglue-error.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { Memory } from "../public/index.ts";
import type { Allocator } from "./allocator.ts";
import { createFreeRanges, type Range } from "./free-ranges.ts";

/** No allocation starts below this: an address of 0 would be null. */
const least = 16;

/**
 * Allocates for a module without an allocator, in memory that it grows itself. Existing memory, with the module's data and
 * stack, is left alone, and memory that the module grows belongs to the module. Errors: `invalid-option`.
 *
 * @param memory - The memory.
 * @param pageSize - Bytes of a page.
 * @param claimer - The toolchain that made the module, if its runtime claims all memory after its own.
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
  const free = createFreeRanges();

  const find = (size: number, align: number): number => {
    const start = free.take(size, align);
    if (start === undefined) return 0;
    taken.set(start, { start, end: start + size });
    return start;
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
        free.give({ start: Math.max(start, least), end: memory.byteLength });
      } catch {
        // Out of memory, as any allocator reports it.
        return 0;
      }
      return find(needed, align);
    },
    free(address) {
      const range = taken.get(address);
      if (!range) throw invalidArgument("memory.free", "address", "what alloc returned, and not freed since", address);
      taken.delete(address);
      free.give(range);
    },
  };
}
