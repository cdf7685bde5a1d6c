import type { FunctionType, ValueType } from "../public/index.ts";

/** The form byte of a function type in the type section. */
const functionForm = 0x60;
const nullable = 0x63;
const nonNullable = 0x64;

/** The sections that the library writes. */
export const sectionIds = { type: 1, import: 2, table: 4, memory: 5, global: 6, export: 7, tag: 13 } as const;

// The number types, in the order of their codes.
const firstNumber = 0x7b;
const numbers = ["v128", "f64", "f32", "i64", "i32"];
const firstHeap = 0x68;
const heaps = "cont exn array struct i31 eq any extern func none noextern nofunc noexn nocont".split(" ");

/**
 * Writes a module of the given sections.
 *
 * @param sections - The results of {@link section}, in the order that the format requires.
 */
export function encodeModule(...sections: readonly number[][]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}

/**
 * Writes a section.
 *
 * @param id - Its id, from {@link sectionIds}.
 * @param contents - All its bytes, with the number of items.
 */
export function section(id: number, contents: readonly number[]): number[] {
  return [id, ...unsigned(contents.length), ...contents];
}

/**
 * Writes a type section that holds one function type.
 *
 * @param type - The function type.
 */
export function functionTypeSection({ params, results }: FunctionType): number[] {
  const types = (list: readonly ValueType[]): number[] => [...unsigned(list.length), ...list.flatMap(valueType)];
  return section(sectionIds.type, [1, functionForm, ...types(params), ...types(results)]);
}

/**
 * Writes an unsigned number as LEB128.
 *
 * @param value - A whole number from 0.
 */
export function unsigned(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

/**
 * Writes a value type. Throws a plain `Error` for an unknown one.
 *
 * @param text - The type in the text format's notation.
 */
export function valueType(text: ValueType): number[] {
  const number = numbers.indexOf(text);
  if (number >= 0) return [firstNumber + number];
  const [, isNullable, heap] = /^\(ref (null )?(.+)\)$/.exec(text) ?? [];
  if (heap !== undefined) return [isNullable ? nullable : nonNullable, ...heapType(heap)];
  // The shorthands of the bottom types are irregular: nullref is (ref null none), nullfuncref is (ref null nofunc).
  return heapType(
    text
      .replace(/^null(?=ref$)/, "none")
      .replace(/^null/, "no")
      .replace(/ref$/, ""),
  );
}

/**
 * Writes the heap type of a nullable reference type, as `ref.null` takes it.
 *
 * @param text - The type in the text format's notation.
 */
export function nullableHeapType(text: ValueType): number[] {
  const bytes = valueType(text);
  return bytes[0] === nullable ? bytes.slice(1) : bytes;
}

function heapType(text: string): number[] {
  const heap = heaps.indexOf(text);
  if (heap >= 0) return [firstHeap + heap];
  if (!/^\d+$/.test(text)) throw new Error(`The type ${text} has no known binary form.`);
  const bytes = unsigned(BigInt(text));
  const last = bytes.pop() ?? 0;
  // A type index is a signed number: bit 6 of the last byte is its sign.
  return last < 0x40 ? [...bytes, last] : [...bytes, last | 0x80, 0];
}
