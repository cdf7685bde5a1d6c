import { ownValue } from "../base/own.ts";
import type { MemoryUse } from "../errors/details.ts";
import type { MemoryType } from "../public/index.ts";

/**
 * Returns the size of a memory and how far it may grow.
 *
 * @param raw - The engine's memory.
 * @param type - Its type; without one it counts as a 32-bit memory with the usual page size.
 * @param ceiling - The maximum that the option limits sets, in pages.
 */
export function memoryUse(
  { buffer }: Pick<WebAssembly.Memory, "buffer">,
  type: MemoryType | undefined,
  ceiling = Infinity,
): MemoryUse {
  const pageSize = type?.pageSize ?? 65_536;
  const declared = (type && ownValue(type, "maximum")) ?? addressable(type);
  // A limit is written into the module as the maximum of its own memory, so they may be equal.
  const isLimited = ceiling <= Number(declared);
  return {
    pages: Math.floor(buffer.byteLength / pageSize),
    maximum: isLimited ? ceiling : Number(declared),
    pageSize,
    ...(isLimited && { limit: "memoryPages" }),
  };
}

/** The pages that addresses can reach. */
function addressable(type: MemoryType | undefined): number {
  return 2 ** (type?.address === "i64" ? 64 : 32) / (type?.pageSize ?? 65_536);
}
