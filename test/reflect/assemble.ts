import { encodeModule, section, unsigned } from "../../src/binary/encode.ts";

export { unsigned };

/** A name, of any characters. */
export function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
}

/** A counted list. */
export function list(...items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

type Items = readonly (readonly number[])[];

/** Sections of counted items, by name. */
export const sections = {
  type: (...items: Items) => section(1, list(...items)),
  import: (...items: Items) => section(2, list(...items)),
  function: (...items: Items) => section(3, list(...items)),
  table: (...items: Items) => section(4, list(...items)),
  memory: (...items: Items) => section(5, list(...items)),
  global: (...items: Items) => section(6, list(...items)),
  export: (...items: Items) => section(7, list(...items)),
  start: (index: number) => section(8, unsigned(index)),
  element: (...items: Items) => section(9, list(...items)),
  code: (...items: Items) => section(10, list(...items)),
  data: (...items: Items) => section(11, list(...items)),
  dataCount: (count: number) => section(12, unsigned(count)),
  tag: (...items: Items) => section(13, list(...items)),
  custom: (name: string, contents: readonly number[]) => section(0, [...text(name), ...contents]),
};

/** A module of these sections. */
export function assemble(...parts: readonly number[][]): Uint8Array<ArrayBuffer> {
  return encodeModule(...parts);
}

/** A function type; a value type may have several bytes. */
export function functionType(
  params: readonly (number | readonly number[])[],
  results: readonly (number | readonly number[])[] = [],
): number[] {
  return [0x60, ...unsigned(params.length), ...params.flat(), ...unsigned(results.length), ...results.flat()];
}

/** An import of `"m"` by a name, with its kind and type. */
export function imported(name: string, ...kindAndType: readonly number[]): number[] {
  return [...text("m"), ...text(name), ...kindAndType];
}

/** An export by a name, with its kind and index. */
export function exported(name: string, kind: number, index = 0): number[] {
  return [...text(name), kind, ...unsigned(index)];
}

/** The body of a function that does nothing. */
export const emptyBody = [2, 0, 0x0b];

export const i32 = 0x7f;
export const i64 = 0x7e;
export const f32 = 0x7d;
export const f64 = 0x7c;
export const v128 = 0x7b;
export const funcref = 0x70;
export const externref = 0x6f;

/** Whether this engine takes a module, as a warrant for the tests that say what engines take. */
export function engineTakes(bytes: Uint8Array<ArrayBuffer>): boolean {
  return WebAssembly.validate(bytes);
}
