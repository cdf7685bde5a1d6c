import { UnglueError } from "../../errors/unglue-error.ts";
import { freeOrGrow } from "../../errors/trap.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Allocates memory for an argument. The module frees it, so it must come from the module's allocator. Errors:
 * `allocation-failed`.
 *
 * @param runtime - The life of the instance.
 * @param size - Bytes.
 * @param align - A power of two.
 */
export function allocate(runtime: Runtime, size: number, align: number): number {
  return checkRoom(runtime, runtime.malloc(size, align), size, align);
}

/**
 * Refuses an address from an allocator if nothing can be written there. Null is refused even for no bytes: it means none for
 * an optional value, and Rust's slices are never null. Errors: `allocation-failed`.
 *
 * @param runtime - The life of the instance.
 * @param address - The address that the allocator returned.
 * @param size - Bytes.
 * @param align - A power of two.
 * @returns The address.
 */
export function checkRoom(
  { memory, use }: Pick<Runtime, "memory" | "use">,
  address: number,
  size: number,
  align: number,
): number {
  const { byteLength } = memory;
  if (address > 0 && address % align === 0 && address + size <= byteLength) return address;
  throw new UnglueError(
    "allocation-failed",
    `The module's allocator gave no ${size} bytes aligned to ${align} in the memory of ${byteLength} bytes: it returned ${address}. ` +
      `Nothing was called. ${freeOrGrow(use())}`,
    { size, align },
  );
}
