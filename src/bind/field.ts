import { outOfBounds } from "../errors/out-of-bounds.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Memory } from "../public/index.ts";
import { type Host, receivedText, thrownIn } from "./host.ts";
import type { Layout } from "./types/description.ts";
import type { TypeNode } from "./types/node.ts";
import { acceptanceOf, layoutOf } from "./types/types.ts";

/**
 * Makes a property for a field that is read and written in place, inside the object.
 *
 * @param name - Its name in messages.
 * @param where - Its offset and type.
 * @param where.offset - Its offset in the object, in bytes.
 * @param where.type - Its type, which has a layout.
 * @param host - The instance.
 * @param self - Returns the address of the object.
 * @param facts - The rest of what is known of it.
 * @param facts.isReadonly - Whether it cannot be written.
 * @param facts.isWide - Whether an address has 64 bits.
 */
export function createField(
  name: string,
  { offset, type }: { readonly offset: number; readonly type: TypeNode },
  host: Host,
  self: (object: unknown) => number,
  { isReadonly, isWide }: { readonly isReadonly: boolean; readonly isWide: boolean },
): PropertyDescriptor {
  const layout = layoutOf(type, isWide) as Layout;
  const { accepts, expected, copy, refused } = acceptanceOf(type, isWide);
  const at = (object: unknown, memory: Memory): number => {
    const address = self(object) + offset;
    // The object's address came from the module, so it is checked like any other.
    checkRange(memory, address, layout.size);
    return address;
  };
  return {
    get(this: unknown) {
      const { memory } = host.instance;
      return layout.read(memory, at(this, memory));
    },
    ...(!isReadonly && {
      set(this: unknown, given: unknown) {
        let value: unknown;
        let cause: unknown;
        try {
          value = copy ? copy(given) : given;
        } catch (error) {
          cause = error;
        }
        if (!accepts(value)) {
          const received = receivedText(given, refused?.(value), cause);
          throw new UnglueError(
            "invalid-argument",
            `${name} must be ${expected}, got ${received}. Nothing was written.`,
            { call: name, argument: "value", expected, received },
            { cause: thrownIn(cause) },
          );
        }
        const { memory } = host.instance;
        layout.write(memory, at(this, memory), value, []);
      },
    }),
  };
}

/**
 * Refuses a range that lies outside a memory. Errors: `out-of-bounds`.
 *
 * @param memory - The memory.
 * @param address - Where the range starts.
 * @param size - Bytes.
 */
export function checkRange(memory: Memory, address: number, size: number): void {
  const { byteLength } = memory;
  if (address + size > byteLength) throw outOfBounds(`${size} bytes`, { address, length: size, size: byteLength });
}
