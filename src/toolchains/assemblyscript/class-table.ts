import { checkRange } from "../../bind/field.ts";
import type { Memory } from "../../public/index.ts";

/** The flags of a class in the runtime's type information. */
export const flags = {
  view: 1,
  array: 2,
  staticArray: 4,
  set: 8,
  map: 16,
  pointerFree: 32,
  nullable: 1 << 13,
} as const;

/** The flags of a class whose instances hold values one after the other. */
export const sequences = flags.view | flags.array | flags.staticArray;

const managed = 1 << 14;
const signed = 1 << 11;
const float = 1 << 12;

/** The flags that tell the values of a class apart: alignment, sign, float, nullable, managed. */
const valueMask = (0b1_1111 << 6) | signed | float | flags.nullable | managed;

/** A description of the values in an array. */
export interface ValueFlags {
  /** Bytes of one value. */
  readonly size: number;
  readonly isSigned: boolean;
  readonly isFloat: boolean;
  readonly isManaged: boolean;
  readonly isNullable: boolean;
}

/**
 * Returns the flags of values.
 *
 * @param values - The values.
 */
export function flagsOf({ size, isSigned, isFloat, isManaged, isNullable }: ValueFlags): number {
  return (
    (64 << Math.log2(size)) |
    (isSigned ? signed : 0) |
    (isFloat ? float : 0) |
    (isManaged ? managed : 0) |
    (isNullable ? flags.nullable : 0)
  );
}

/**
 * Whether a class holds such values.
 *
 * @param of - The flags of the class.
 * @param values - Those of the values.
 */
export function holds(of: number, values: number): boolean {
  return ((of ^ values) & valueMask) === 0;
}

/** The classes of one instance. */
export interface ClassTable {
  /** The class of `ArrayBuffer`, and that of `String`. */
  readonly arrayBuffer: number;
  readonly string: number;
  /** The flags of each class by its id; `undefined` if the module does not export them. */
  readonly flags: readonly number[] | undefined;
}

/** Larger tables are not AssemblyScript's. */
const mostClasses = 1 << 20;

/**
 * Reads the table of classes. Its first entries tell the version: since 0.24 they are Object, ArrayBuffer and String, all
 * without references; before they were ArrayBuffer, String and ArrayBufferView. Until 0.22 each entry had a base, too. Before
 * 0.10 there was no flag for StaticArray, and all that follow it were one bit lower.
 *
 * @param memory - The memory.
 * @param base - Where the table is.
 * @param isCounted - Whether the module counts references, as before 0.18: then a class is marked if it has no cycles.
 * @returns `undefined` for a table of neither form.
 */
export function readClassTable(memory: Memory, base: number, isCounted: boolean): ClassTable | undefined {
  checkRange(memory, base, 4);
  const { view } = memory;
  const count = view.getUint32(base, true);
  if (count < 3 || count > mostClasses) return undefined;
  const word = (at: number): number => {
    checkRange(memory, base + 4 + at * 4, 4);
    return view.getUint32(base + 4 + at * 4, true);
  };
  // By these flags the first two would be maps, which they are not.
  const isOldest =
    isCounted && [0, 1, 2, 3, 4, 5].every((at) => word(at) === (at % 2 === 0 ? flags.pointerFree >> 1 : 0));
  const isFree = (at: number) => (word(at) & ~flags.nullable) === flags.pointerFree;
  const stride = !isOldest && isFree(0) && isFree(1) ? 1 : 2;
  const isNew = !isCounted && isFree(2 * stride);
  // The third class has references if it is ArrayBufferView, unless references are counted.
  if (stride === 1 && !isNew && (isCounted || word(2) !== 0)) return undefined;
  if (stride === 2 && !isOldest && !(isFree(0) && word(1) === 0 && isFree(2) && word(3) === 0)) return undefined;
  checkRange(memory, base + 4, count * stride * 4);
  const all = Array.from({ length: count }, (_, id) => {
    const found = view.getUint32(base + 4 + id * stride * 4, true);
    return isOldest ? (found & (flags.view | flags.array)) | ((found & ~(flags.view | flags.array)) << 1) : found;
  });
  return { arrayBuffer: isNew ? 1 : 0, string: isNew ? 2 : 1, flags: all };
}

/**
 * Describes a class for messages.
 *
 * @param table - The classes.
 * @param id - The class.
 */
export function classText({ arrayBuffer, string, flags: all }: ClassTable, id: number): string {
  const kind = all?.[id] ?? 0;
  const name =
    id === arrayBuffer
      ? "ArrayBuffer"
      : id === string
        ? "String"
        : kind & flags.view
          ? "a typed array"
          : kind & flags.array
            ? "an Array"
            : kind & flags.staticArray
              ? "a StaticArray"
              : kind & flags.set
                ? "a Set"
                : kind & flags.map
                  ? "a Map"
                  : "a class with fields";
  return `${id} (${name})`;
}
