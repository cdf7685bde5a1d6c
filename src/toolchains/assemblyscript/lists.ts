import { classOf, type ClassUse, expectClass } from "./class-use.ts";
import { flags, flagsOf, holds } from "./class-table.ts";
import { kindByHeader, makeSequence, rangeOf } from "./arrays.ts";
import type { Managed, Slot } from "./managed.ts";

/**
 * Describes values that JavaScript has as an array: an `Array` or a `StaticArray` of the module.
 *
 * @param slot - How a value lies in it.
 * @param text - The description of the type.
 * @param classId - The stated class.
 */
export function listOf(slot: Slot, text: string, classId: number | undefined): Managed {
  const values = flagsOf(slot);
  const use: ClassUse = {
    text,
    classId,
    declaration: "t.list(…, ",
    fits: (of) => (of & (flags.array | flags.staticArray)) !== 0 && holds(of, values),
  };
  return {
    text,
    resolve: (heap) => {
      classOf(heap, use);
      slot.resolve(heap);
    },
    make: (runtime, value) => {
      const { heap } = runtime;
      const items = value as readonly unknown[];
      const { address, start } = makeSequence(heap, classOf(heap, use), items.length * slot.size, items.length);
      // The collector may run while the items are made, and sees all of the array.
      if (slot.isManaged) heap.memory.u8.fill(0, start, start + items.length * slot.size);
      for (const [at, item] of items.entries()) slot.write(runtime, start + at * slot.size, item);
      return address;
    },
    read: (runtime, address) => {
      const { heap } = runtime;
      const { flags: of, size } = expectClass(heap, address, use);
      const kind = of ?? kindByHeader(heap, address, size);
      const range = rangeOf(heap.memory, address, kind, { size, valueSize: slot.size });
      const items: unknown[] = [];
      for (let at = 0; at < range.size; at += slot.size) items.push(slot.read(runtime, range.start + at));
      return items;
    },
    writeBack: undefined,
  };
}
