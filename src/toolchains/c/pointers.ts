import type { FunctionType, Shape, ValueType, Word } from "../../public/index.ts";
import { addressWord } from "../../bind/word.ts";
import type { Runtime } from "./runtime.ts";

/** What texts and arrays cross with: how wide an address is, and how what the module gave away is freed. */
export interface Pointers {
  readonly isWide: boolean;
  /** The type of an address. */
  readonly address: "i32" | "i64";
  /** An address or a length as a word. */
  readonly word: (value: number) => Word;
  /** The exported functions. */
  readonly exported: ReadonlyMap<string, FunctionType>;
}

/** Whose what a function returns is: its module's; the caller's, freed by `free`; or the caller's, freed by the export of this name. */
export type Ownership = false | true | string;

/**
 * Tells how addresses cross.
 *
 * @param shape - The module's shape.
 */
export function pointersOf({ memories, exports }: Shape): Pointers {
  const address = memories[0]?.address ?? "i32";
  const exported = new Map<string, FunctionType>();
  for (const one of exports) if (one.kind === "function" && one.type) exported.set(one.name, one.type);
  return { address, isWide: address === "i64", exported, word: (value) => addressWord({ address }, value) };
}

/**
 * Whether an export can free what a function returned: it takes an address, or that and a length.
 *
 * @param pointers - The module.
 * @param name - The export.
 */
export function canFree({ exported, address }: Pointers, name: string): boolean {
  const type = exported.get(name);
  const is = (...params: ValueType[]) => type?.params.join() === params.join();
  return is(address) || is(address, address);
}

/** The addresses that stand for empty slices are not ones that an allocator gives: up to this in Rust, the largest in Zig. */
const least = 16;

/**
 * Copies bytes that the module told of. None may lie anywhere.
 *
 * @param runtime - The life.
 * @param start - Where they are.
 * @param size - How many.
 */
export function readBytes({ instance: { memory } }: Runtime, start: number, size: number): Uint8Array<ArrayBuffer> {
  return size > 0 ? memory.read(start, size) : new Uint8Array();
}

/**
 * Frees what the module gave away.
 *
 * @param pointers - The module.
 * @param runtime - The life.
 * @param owned - How it is freed; `false` does nothing.
 * @param start - Where it is.
 * @param size - Bytes that were allocated.
 * @param align - What it is aligned to.
 * @param length - What its length was told to be.
 */
export function release(
  { word, exported }: Pointers,
  { instance: { memory, guarded } }: Runtime,
  owned: Ownership,
  start: number,
  { size, align, length = size }: { readonly size: number; readonly align: number; readonly length?: number },
): void {
  if (owned === false || start <= least || start >= memory.byteLength) return;
  if (owned === true) {
    memory.adopt(start, size, align);
    memory.free(start, size, align);
    return;
  }
  const takesLength = exported.get(owned)?.params.length === 2;
  guarded[owned]?.(word(start), ...(takesLength ? [word(length)] : []));
}
