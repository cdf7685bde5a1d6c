import { checkRange } from "../../bind/field.ts";
import { type ElementArrayClass, elementArrays } from "../../bind/types/arrays.ts";
import { invalidValue } from "../../bind/types/invalid-value.ts";
import { passedBytes } from "../../bind/values/index.ts";
import type { ElementName, Memory } from "../../public/index.ts";
import { classOf, type ClassUse, expectClass } from "./class-use.ts";
import { flags, flagsOf, holds, sequences } from "./class-table.ts";
import type { Heap } from "./heap.ts";
import type { Managed } from "./managed.ts";

/** The headers of a typed array and of an `Array`: the buffer, where the data starts, its size in bytes, and the length. */
export const viewSize = 12;
export const arraySize = 16;

/** Where the values of an array lie. */
export interface Range {
  readonly start: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * Makes an object that holds values one after the other. It is kept alive, and with it its buffer.
 *
 * @param heap - The life's objects.
 * @param classId - Its class.
 * @param size - The bytes of the values.
 * @param length - Their number.
 * @returns The object, and where the values go.
 */
export function makeSequence(
  heap: Heap,
  classId: number,
  size: number,
  length: number,
): { readonly address: number; readonly start: number } {
  const { classes } = heap;
  const kind = classId === classes.arrayBuffer ? 0 : (classes.flags?.[classId] ?? 0) & sequences;
  if ((kind & (flags.view | flags.array)) === 0) {
    const address = heap.make(size, classId);
    return { address, start: address };
  }
  const buffer = heap.make(size, classes.arrayBuffer);
  const address = heap.make(kind & flags.array ? arraySize : viewSize, classId);
  const { view } = heap.memory;
  view.setUint32(address, buffer, true);
  view.setUint32(address + 4, buffer, true);
  view.setUint32(address + 8, size, true);
  if (kind & flags.array) view.setUint32(address + 12, length, true);
  heap.give(buffer);
  return { address, start: buffer };
}

/**
 * Returns where the values of an object lie. Errors: `out-of-bounds`.
 *
 * @param memory - The memory.
 * @param address - The object.
 * @param kind - The flags of its class that tell its kind; none for an `ArrayBuffer`.
 * @param size - Its own size in bytes.
 * @param valueSize - The bytes of one value.
 */
export function rangeOf(
  memory: Memory,
  address: number,
  kind: number,
  { size, valueSize }: { readonly size: number; readonly valueSize: number },
): Range {
  if ((kind & (flags.view | flags.array)) === 0) return { start: address, size: size - (size % valueSize) };
  const isArray = (kind & flags.array) !== 0;
  checkRange(memory, address, isArray ? arraySize : viewSize);
  const { view } = memory;
  const start = view.getUint32(address + 4, true);
  // An Array has room for more values than it holds.
  const bytes = isArray ? view.getUint32(address + 12, true) * valueSize : view.getUint32(address + 8, true);
  checkRange(memory, start, bytes);
  return { start, size: bytes - (bytes % valueSize) };
}

/**
 * Tells by its size and its fields whether an object refers to a buffer, for modules that do not export their classes.
 *
 * @param heap - The life's objects.
 * @param address - The object.
 * @param size - Its size in bytes.
 * @returns The flag of a typed array or an `Array`; 0 for an object that holds its values itself.
 */
export function kindByHeader(heap: Heap, address: number, size: number): number {
  if (size !== viewSize && size !== arraySize) return 0;
  const { view, byteLength } = heap.memory;
  const [buffer, start, bytes] = [0, 4, 8].map((at) => view.getUint32(address + at, true)) as [number, number, number];
  if (buffer < 8 || buffer > byteLength || start < buffer || view.getUint32(buffer - 8, true) > 1) return 0;
  const room = view.getUint32(buffer - 4, true);
  if (start + bytes > buffer + room || buffer + room > byteLength) return 0;
  return size === viewSize ? flags.view : flags.array;
}

/**
 * Describes numbers that JavaScript has as a typed array: a typed array of the module, or what the stated class is.
 *
 * @param element - The type of an element.
 * @param options - The rest of the declaration.
 * @param options.classId - The stated class.
 * @param options.isMutable - Whether the module's writes are copied back.
 */
export function numbers(
  element: ElementName,
  { classId, isMutable }: { readonly classId: number | undefined; readonly isMutable: boolean },
): Managed {
  const Class: ElementArrayClass = elementArrays[element];
  const valueSize = Class.BYTES_PER_ELEMENT;
  const values = flagsOf({
    size: valueSize,
    isSigned: /^[if]/.test(element),
    isFloat: element.startsWith("f"),
    isManaged: false,
    isNullable: false,
  });
  const text = `array(${element})`;
  const isBuffer = (id: number, { classes }: Heap) => id === classes.arrayBuffer && valueSize === 1;
  const use: ClassUse = {
    text,
    classId,
    declaration: "t.array(…, ",
    // A class that is not stated is a typed array: only that is what JavaScript has here.
    fits: (of, id, heap) =>
      classId === undefined
        ? (of & flags.view) !== 0 && holds(of, values)
        : isBuffer(id, heap) || ((of & sequences) !== 0 && holds(of, values)),
  };
  const read: ClassUse = {
    ...use,
    fits: (of, id, heap) => isBuffer(id, heap) || ((of & sequences) !== 0 && holds(of, values)),
  };
  const find = (heap: Heap, address: number): Range => {
    const { flags: of, classId: id, size } = expectClass(heap, address, read);
    const kind = of === undefined ? kindByHeader(heap, address, size) : isBuffer(id, heap) ? 0 : of;
    return rangeOf(heap.memory, address, kind, { size, valueSize });
  };
  return {
    text,
    resolve: (heap) => void classOf(heap, use),
    make: ({ heap }, value) => {
      const { bytes } = passedBytes(heap.memory, value);
      const { address, start } = makeSequence(heap, classOf(heap, use), bytes.length, bytes.length / valueSize);
      heap.memory.write(start, bytes);
      return address;
    },
    read: ({ heap }, address) => {
      const { start, size } = find(heap, address);
      return new Class(size > 0 ? heap.memory.read(start, size).buffer : new ArrayBuffer(0));
    },
    writeBack: isMutable
      ? ({ heap }, address, value) => {
          const { start, size } = find(heap, address);
          const passed = passedBytes(heap.memory, value);
          if (size !== passed.bytes.length)
            throw invalidValue(text, `${size} bytes`, "and another number was passed. Leave out mutable.");
          passed.set(size > 0 ? heap.memory.read(start, size) : new Uint8Array());
        }
      : undefined,
  };
}
