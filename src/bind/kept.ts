import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Memory } from "../public/index.ts";
import { checkRange } from "./field.ts";
import type { Host } from "./host.ts";
import { type Kept, type ObjectClass, Wrapper } from "./objects.ts";
import type { KeptPlan } from "./plans.ts";
import { elementArrays } from "./types/arrays.ts";
import { lengthValue } from "./types/buffer.ts";
import { invalidValue } from "./types/invalid-value.ts";
import { acceptanceOf, layoutOf } from "./types/types.ts";
import { passedBytes } from "./values/index.ts";

/**
 * Makes a property for a field that points to memory of the object's own. It is allocated when the field is written, and
 * freed when it is written again, and after the object. The module may move the pointer on.
 *
 * @param name - Its name in messages, which is also its key among the object's memory.
 * @param plan - Where the pointer and its length are.
 * @param host - The instance.
 * @param kind - The class.
 * @param isReadonly - Whether it cannot be written.
 */
export function createKeptField(
  name: string,
  plan: KeptPlan,
  host: Host,
  kind: ObjectClass,
  isReadonly: boolean,
): PropertyDescriptor {
  const { element, isFilled, length } = plan;
  const isWide = kind.plan.calling.address === "i64";
  const Class = elementArrays[element];
  const { BYTES_PER_ELEMENT: align } = Class;
  const pointerAt = layoutOf({ type: "size" }, isWide);
  const lengthAt = layoutOf({ type: length.type }, isWide);
  const { accepts, expected } = acceptanceOf({ type: "array", element }, isWide);
  const lengthFits = acceptanceOf({ type: length.type }, isWide);

  const place = (address: number, memory: Memory): void => {
    checkRange(memory, address + plan.offset, isWide ? 8 : 4);
    checkRange(memory, address + length.offset, lengthAt?.size ?? 0);
  };

  return {
    get(this: unknown) {
      const address = Wrapper.address(this, kind);
      const { memory } = host.instance;
      place(address, memory);
      const start = pointerAt?.read(memory, address + plan.offset) as number;
      const count = lengthAt?.read(memory, address + length.offset) as number | bigint;
      const kept = kind.owner.kept.get(address)?.get(name);
      const [from, size] = isFilled
        ? filledRange(name, kept, start, count, align)
        : leftRange(name, kept, start, count, align);
      return new Class(size > 0 ? memory.read(from, size).buffer : new ArrayBuffer(0));
    },
    ...(!isReadonly && {
      set(this: unknown, given: unknown) {
        const address = Wrapper.keeping(this, kind);
        if (!accepts(given) || !lengthFits.accepts(lengthValue({ as: length.type }, (given as Uint8Array).length))) {
          const most = `${expected}, whose length is ${lengthFits.expected}`;
          const received = describe(given);
          throw new UnglueError("invalid-argument", `${name} must be ${most}, got ${received}. Nothing was written.`, {
            call: name,
            argument: "value",
            expected: most,
            received,
          });
        }
        const { memory } = host.instance;
        place(address, memory);
        const { bytes } = passedBytes(memory, given);
        // Not null even for an empty array, because many functions take null for none.
        const size = Math.max(bytes.length, align);
        const start = memory.alloc(size, align);
        if (isFilled) memory.u8.fill(0, start, start + size);
        else memory.write(start, bytes);
        pointerAt?.write(memory, address + plan.offset, start, []);
        lengthAt?.write(memory, address + length.offset, lengthValue({ as: length.type }, bytes.length / align), []);
        const all = kind.owner.kept.get(address) ?? new Map<string, Kept>();
        const before = all.get(name);
        all.set(name, { start, size, align, used: bytes.length });
        kind.owner.kept.set(address, all);
        if (before) memory.free(before.start, before.size, before.align);
      },
    }),
  };
}

/** The bytes of a buffer that the module has filled: those before its pointer. The pointer and what is left must agree. */
function filledRange(
  name: string,
  kept: Kept | undefined,
  start: number,
  left: number | bigint,
  align: number,
): readonly [start: number, size: number] {
  if (!kept) return [0, 0];
  const size = start - kept.start;
  if (size >= 0 && size <= kept.used && BigInt(kept.used - size) === BigInt(left) * BigInt(align))
    return [kept.start, size];
  throw invalidValue(
    `the buffer ${name} of ${kept.used} bytes at ${kept.start}`,
    `the pointer ${start} with ${left} elements left`,
    "which do not lie in it. Check the offsets of the pointer and of its length, and that the module moves both.",
  );
}

/** The bytes that the module has not read yet: those from its pointer on. It may point to memory of the module's own. */
function leftRange(
  name: string,
  kept: Kept | undefined,
  start: number,
  count: number | bigint,
  align: number,
): readonly [start: number, size: number] {
  const size = Number(count) * align;
  const isInside = kept && start >= kept.start && start <= kept.start + kept.used;
  if (size >= 0 && (!isInside || start + size <= kept.start + kept.used)) return [start, size];
  throw invalidValue(
    name,
    `the pointer ${start} with ${count} elements left`,
    "which go beyond the memory that was written to it. Check the offsets of the pointer and of its length.",
  );
}
