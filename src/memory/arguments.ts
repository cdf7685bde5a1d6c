import { bytesOf as viewOf, isThere } from "../base/buffers.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { Address } from "../public/index.ts";

/** Returns the number for a name. Errors: `invalid-argument` for another name. */
export function lookUp(
  call: string,
  argument: string,
  numbers: Readonly<Record<string, number>>,
  name: string,
): number {
  // An object instead of a name would be converted to text.
  const number = typeof name === "string" && Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (number !== undefined) return number;
  throw invalidArgument(call, argument, Object.keys(numbers).join(" or "), name);
}

/** Returns the bytes of a buffer or view of any realm, without a copy. Errors: `invalid-argument`. */
export function bytesOf(call: string, data: ArrayBuffer | SharedArrayBuffer | ArrayBufferView): Uint8Array {
  const bytes = viewOf(data);
  // A transferred buffer has no bytes. An empty one is only valid if it never had any.
  if (bytes && (bytes.length > 0 || isThere(data))) return bytes;
  throw invalidArgument(call, "data", "an ArrayBuffer, a SharedArrayBuffer or a view of one that is still there", data);
}

/** Checks an address, a length or a count. Errors: `invalid-argument`. */
export function wholeNumber(call: string, argument: string, value: Address): Address {
  if (typeof value === "bigint" || Number.isInteger(value)) return value;
  throw invalidArgument(call, argument, "a whole number or bigint", value);
}

/** Refuses an invalid alignment. Errors: `invalid-argument`. */
export function checkAlign(call: string, align: number): void {
  // A power of two shares no bit with its predecessor.
  if (Number.isInteger(align) && align > 0 && align <= 2 ** 31 && (align & (align - 1)) === 0) return;
  throw invalidArgument(call, "align", "a power of two", align);
}

/**
 * Converts a negative number to the unsigned one of 32 or 64 bits that WebAssembly means. A number that does not fit stays
 * negative.
 */
export function unsigned(value: Address, wide: boolean): number {
  const number = Number(value);
  const top = wide ? 2 ** 64 : 2 ** 32;
  return number < 0 && number >= -top / 2 ? number + top : number;
}
