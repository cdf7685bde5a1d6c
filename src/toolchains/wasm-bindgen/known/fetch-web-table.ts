import { fetchChunk } from "../../../platform/chunk.ts";

/**
 * Fetches the second table of declarations, for modules whose imports the first leaves unknown.
 *
 * @returns Its text; `undefined` where this platform cannot decompress it.
 */
export async function fetchWebTable(): Promise<string | undefined> {
  const [{ packedWebTable }, { unpack }] = await Promise.all([
    fetchChunk(() => import("./packed-web-table.ts")),
    fetchChunk(() => import("./unpack.ts")),
  ]);
  return unpack(packedWebTable);
}
