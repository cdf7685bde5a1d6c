import { bytesOf } from "../../base/buffers.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import type { Memory } from "../../public/index.ts";

/** The bytes of an array that is passed to a module. */
export interface Passed {
  /** The bytes, which stay valid while the memory grows. */
  readonly bytes: Uint8Array;
  /** Whether the array lies in the module's memory, so that growing the memory detaches it. */
  readonly isInside: boolean;
  /**
   * Writes the module's result back to the array. Errors: `array-detached`.
   *
   * @param written - As many bytes.
   */
  set(written: Uint8Array): void;
}

/**
 * Reads an array argument. Must run before any allocation, which can grow the memory that the array lies in.
 *
 * @param memory - The module's memory.
 * @param value - A typed array.
 */
export function passedBytes(memory: Memory, value: unknown): Passed {
  const bytes = bytesOf(value) as Uint8Array;
  const { length, byteOffset } = bytes;
  if (length > 0 && bytes.buffer === memory.buffer) {
    const set = (written: Uint8Array): void => {
      memory.write(byteOffset, written);
    };
    return { bytes: memory.read(byteOffset, length), isInside: true, set };
  }
  const set = (written: Uint8Array): void => {
    if (bytes.length !== length) throw arrayDetached(length);
    bytes.set(written);
  };
  return { bytes, isInside: false, set };
}

/**
 * Makes the error for an array that was detached before the module's result could be written back.
 *
 * @param size - The size that it had, in bytes.
 */
export function arrayDetached(size: number): UnglueError<"array-detached"> {
  return new UnglueError(
    "array-detached",
    `The array of ${size} bytes that was passed to be written to was transferred away, or its buffer was resized, while the call ` +
      "ran, and what the module wrote is lost. Keep the array until the call has returned, or pass a copy.",
    { size },
  );
}

/**
 * Makes the error for an array that a host function received to change, and that was detached before its changes could be
 * written back.
 *
 * @param size - The size that it had, in bytes.
 */
export function receivedDetached(size: number): UnglueError<"array-detached"> {
  return new UnglueError(
    "array-detached",
    `The array of ${size} bytes that the function received to change was transferred away, or its buffer was resized, and its ` +
      "changes cannot be written back. Keep it as it is until the function has returned, and transfer a copy.",
    { size },
  );
}
