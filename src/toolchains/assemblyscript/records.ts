import { checkRange } from "../../bind/field.ts";
import { invalidValue } from "../../bind/types/invalid-value.ts";
import { classOf, type ClassUse, expectClass } from "./class-use.ts";
import { flags, sequences } from "./class-table.ts";
import type { Managed, Slot } from "./managed.ts";

/** A field, with its offset in bytes. */
export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly slot: Slot;
}

/**
 * Lays out fields as the compiler does: each at a multiple of its size, and nothing after the last.
 *
 * @param slots - The fields, in order.
 * @param offsets - Their offsets, if they are stated.
 */
export function layFields(
  slots: readonly (readonly [name: string, slot: Slot])[],
  offsets: Readonly<Record<string, number>> | undefined,
): { readonly fields: readonly Field[]; readonly size: number } {
  let end = 0;
  const fields = slots.map(([name, slot]) => {
    const offset = offsets?.[name] ?? Math.ceil(end / slot.size) * slot.size;
    end = Math.max(end, offset + slot.size);
    return { name, offset, slot };
  });
  return { fields, size: end };
}

/**
 * Describes a plain object: an object of a class, by its fields.
 *
 * @param fields - The fields.
 * @param text - The description of the type.
 * @param size - The bytes of an object.
 * @param classId - The stated class.
 */
export function recordOf(fields: readonly Field[], text: string, size: number, classId: number | undefined): Managed {
  const hasReferences = fields.some(({ slot }) => slot.isManaged);
  const isPlain = (of: number, id: number) => id > 3 && (of & (sequences | flags.set | flags.map)) === 0;
  const use: ClassUse = {
    text,
    classId,
    declaration: "t.record({ … }, ",
    fits: (of, id, heap) => isPlain(of, id) && (heap.isCounted || !hasReferences || (of & flags.pointerFree) === 0),
  };
  // A class without references is marked as such, except in old versions. A stated class may have fields after the declared.
  const own: ClassUse = {
    ...use,
    fits: (of, id, heap) =>
      use.fits(of, id, heap) &&
      (classId !== undefined || heap.isCounted || hasReferences === ((of & flags.pointerFree) === 0)),
  };
  return {
    text,
    resolve: (heap) => {
      classOf(heap, own);
      for (const { slot } of fields) slot.resolve(heap);
    },
    make: (runtime, value) => {
      const { heap } = runtime;
      const address = heap.make(size, classOf(heap, own));
      // The collector may run while the fields are made, and memory that is used again is not cleared.
      heap.memory.u8.fill(0, address, address + size);
      for (const { name, offset, slot } of fields)
        slot.write(runtime, address + offset, (value as Record<string, unknown>)[name]);
      return address;
    },
    read: (runtime, address) => {
      const { heap } = runtime;
      const found = expectClass(heap, address, use);
      if (found.size < size)
        throw invalidValue(
          text,
          `an object of ${found.size} bytes`,
          `and its fields take ${size}. Declare the fields of its class, in order.`,
        );
      checkRange(heap.memory, address, size);
      return Object.fromEntries(fields.map(({ name, offset, slot }) => [name, slot.read(runtime, address + offset)]));
    },
    writeBack: undefined,
  };
}
