import type { FunctionType, Shape, ValueType, Word } from "../../public/index.ts";
import { addressWord } from "../../bind/word.ts";
import type { Runtime } from "./runtime.ts";

/** The pointer conventions for text and arrays: the width of an address, and how memory that the module gave away is freed. */
export interface Pointers {
  readonly isWide: boolean;
  /** The type of an address. */
  readonly address: "i32" | "i64";
  /** Converts an address or a length to a word. */
  readonly word: (value: number) => Word;
  /** The exported functions. */
  readonly exported: ReadonlyMap<string, FunctionType>;
}

/**
 * The owner of a result: the module (`false`); the caller, who frees it with `free` (`true`); or the caller, who frees it
 * with the export of this name.
 */
export type Ownership = false | true | string;

/**
 * Returns the pointer conventions of a module.
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
 * Whether an export can free a result: it takes an address, or an address and a length.
 *
 * @param pointers - The module.
 * @param name - The export.
 */
export function canFree({ exported, address }: Pointers, name: string): boolean {
  const type = exported.get(name);
  const is = (...params: ValueType[]) => type?.params.join() === params.join();
  return is(address) || is(address, address);
}

/** Empty slices have addresses that no allocator returns: up to this one in Rust, the largest one in Zig. */
const least = 16;

/**
 * Copies bytes that the module refers to. An empty range may have any address.
 *
 * @param runtime - The life.
 * @param start - Where they are.
 * @param size - How many.
 */
export function readBytes({ memory }: Runtime, start: number, size: number): Uint8Array<ArrayBuffer> {
  return size > 0 ? memory.read(start, size) : new Uint8Array();
}

/**
 * Frees memory that the module gave away.
 *
 * @param pointers - The module.
 * @param runtime - The life.
 * @param owned - How it is freed; `false` does nothing.
 * @param start - Where it is.
 * @param size - Bytes that were allocated.
 * @param align - Its alignment.
 * @param length - The length that the module returned.
 */
export function release(
  { word, exported }: Pointers,
  { memory, instance }: Runtime,
  owned: Ownership,
  start: number,
  { size, align, length = size }: { readonly size: number; readonly align: number; readonly length?: number },
): void {
  // An import of the start function has no exports to free with, and is lent what it receives.
  if (owned === false) return;
  const { guarded } = instance;
  if (start <= least || start >= memory.byteLength) return;
  if (owned === true) {
    memory.adopt(start, size, align);
    memory.free(start, size, align);
    return;
  }
  const takesLength = exported.get(owned)?.params.length === 2;
  guarded[owned]?.(word(start), ...(takesLength ? [word(length)] : []));
}
