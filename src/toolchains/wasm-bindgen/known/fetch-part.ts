import { fetchChunk } from "../../../platform/chunk.ts";

/**
 * Fetches a part of the large table of declarations, for modules with imports of names that it has. Errors:
 * `chunk-unavailable`.
 *
 * @param number - The number of the part, as in the map of names.
 * @returns Its text; `undefined` if there is no such part.
 */
export async function fetchPart(number: number): Promise<string | undefined> {
  switch (number) {
    case 0:
      return (await fetchChunk(() => import("./web/shared-table.ts"))).sharedPart;
    case 1:
      return (await fetchChunk(() => import("./web/language-table.ts"))).languagePart;
    case 2:
      return (await fetchChunk(() => import("./web/network-table.ts"))).networkPart;
    case 3:
      return (await fetchChunk(() => import("./web/page-table.ts"))).pagePart;
    case 4:
      return (await fetchChunk(() => import("./web/canvas-table.ts"))).canvasPart;
    case 5:
      return (await fetchChunk(() => import("./web/gpu-table.ts"))).gpuPart;
    default:
      return undefined;
  }
}
