import { UnglueError } from "../errors.ts";
import { describe } from "../describe.ts";
import type { Address } from "../types/index.ts";

/**
 * The error of an argument that cannot be used.
 *
 * @param call - The method, as in `"memory.read"`.
 * @param argument - The argument's name.
 * @param expected - What it must be, to stand after "must be".
 * @param value - What it is.
 */
export function invalidArgument(call: string, argument: string, expected: string, value: unknown): UnglueError {
  const received = describe(value);
  const message = `${call}: ${argument} must be ${expected}, and is ${received}.`;
  return new UnglueError("invalid-argument", message, { call, argument, expected, received });
}

/** The number that goes with a name. Errors: `invalid-argument` for another name. */
export function lookUp(
  call: string,
  argument: string,
  numbers: Readonly<Record<string, number>>,
  name: string,
): number {
  const number = numbers[name];
  if (typeof number === "number") return number;
  throw invalidArgument(call, argument, Object.keys(numbers).join(" or "), name);
}

/** The bytes of a buffer or view of any realm, uncopied. Errors: `invalid-argument`. */
export function bytesOf(call: string, data: ArrayBuffer | SharedArrayBuffer | ArrayBufferView): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (/ (Shared)?ArrayBuffer]$/.test(Object.prototype.toString.call(data))) return new Uint8Array(data);
  throw invalidArgument(call, "data", "an ArrayBuffer, a SharedArrayBuffer or a view of one", data);
}

/** A negative number as the unsigned one of 32 or 64 bits that WebAssembly means by it. What does not fit stays negative. */
export function unsigned(value: Address, wide: boolean): number {
  const number = Number(value);
  const top = wide ? 2 ** 64 : 2 ** 32;
  return number < 0 && number >= -top / 2 ? number + top : number;
}
