import { fetchChunk } from "../../../platform/chunk.ts";

/**
 * Fetches the second table of declarations, for modules whose imports the first does not identify. Errors:
 * `chunk-unavailable`.
 *
 * @returns Its text.
 */
export async function fetchWebTable(): Promise<string> {
  const { webTable } = await fetchChunk(() => import("./web-table.ts"));
  return webTable;
}
