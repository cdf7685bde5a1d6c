import fc from "fast-check";
import { expect } from "vitest";
import { UnglueError } from "../../src/errors/unglue-error.ts";
import { bumpModule, load } from "./modules.ts";

const page = 65536;
const start = 1024;
const pages = 4;

const size = fc.oneof(
  { arbitrary: fc.nat(100), weight: 6 },
  { arbitrary: fc.integer({ min: 0, max: 2 * page }), weight: 2 },
  fc.constantFrom(pages * page, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER),
);
const align = fc.oneof(
  { arbitrary: fc.constantFrom(1, 2, 4, 8, 16), weight: 4 },
  fc.constantFrom(64, 4096, page, 2 ** 20),
);

/** How an allocation must end: an address, or the alignment and the size that were too much. */
type Outcome = number | { readonly align: number; readonly size: number };

/** An allocator as a number that only grows. With `natural` it gives that alignment, whatever is asked. */
function forward(wide: boolean, natural: number | undefined) {
  let top = start;
  let grown = 1;
  // The allocations that the module is told to free, call by call.
  const freed: number[][] = [];
  return {
    freed,
    get byteLength() {
      return grown * page;
    },
    alloc(size: number, align: number): Outcome {
      const step = natural ?? align;
      const address = Math.ceil(top / step) * step;
      const end = address + size;
      if (end > pages * page) {
        // It grows as far as it can before it gives up, unless the end wraps.
        if (wide || end < 2 ** 32) grown = pages;
        return size > 0 ? { align, size } : 0;
      }
      top = end;
      grown = Math.max(grown, Math.ceil(top / page));
      if (size === 0 || address % align === 0) return address;
      freed.push([address, size, align]);
      return { align, size };
    },
  };
}

/**
 * Allocates at random from a module whose allocator only goes forward and grows the memory by need, writes to what it gets,
 * and compares addresses, errors, growth, and at the end every byte written with what a number that only grows says.
 *
 * @param options - Whether memory and addresses are of 64 bits; the one alignment that the allocator has.
 */
export async function expectForward(options: { wide?: boolean; natural?: number; typed?: boolean }): Promise<void> {
  const { wide = false, natural, typed = true } = options;
  const text = bumpModule({
    memory: `${wide ? "i64 " : ""}1 ${pages}`,
    start,
    ...(natural !== undefined && { align: `(i32.const ${natural})` }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(size, align), { maxLength: 40 }), async (requests) => {
      const { memory, calls } = await load(wide ? text.replaceAll(/\bi32\b/g, "i64") : text, { typed });
      const model = forward(wide, natural);
      const written: [address: number, size: number, byte: number][] = [];
      for (const [index, [bytes, alignment]] of requests.entries()) {
        const { u8 } = memory;
        const expected = model.alloc(bytes, alignment);
        const found = outcomeOf(() => memory.alloc(bytes, alignment));
        expect(found).toEqual(expected);
        expect(memory.byteLength).toBe(model.byteLength);
        // Views are new ones when the memory has grown, and only then.
        expect(memory.u8 === u8).toBe(u8.length === model.byteLength);
        if (typeof found !== "number") continue;
        memory.u8.fill(index + 1, found, found + bytes);
        written.push([found, bytes, index + 1]);
        if (index % 3 === 0 && found > 0) {
          memory.free(wide ? BigInt(found) : found, bytes, alignment);
          model.freed.push([found, bytes, alignment]);
        }
      }
      expect(calls.map((args) => args.map(Number))).toEqual(model.freed);
      for (const [address, bytes, byte] of written) {
        expect(memory.read(address, bytes).every((one) => one === byte)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
}

function outcomeOf(alloc: () => number): Outcome {
  try {
    return alloc();
  } catch (error) {
    if (!UnglueError.is(error, "allocation-failed")) throw error;
    return error.details;
  }
}
