import { needsBuiltins } from "../options.ts";
import { fetchChunk } from "../platform/chunk.ts";
import type { Platform } from "../platform/platform.ts";
import type { SourceOptions } from "../public/index.ts";
import { createLimiter } from "../binary/limiter.ts";
import { readIntegrity } from "./integrity.ts";
import type { Terms } from "./terms.ts";

/**
 * Reads the requirements besides the module itself. Errors: `invalid-option`, `chunk-unavailable`.
 *
 * @param platform - Where this runs.
 * @param options - The caller's.
 */
export async function readTerms({ loadHash }: Platform, options: SourceOptions): Promise<Terms> {
  const { integrity, onProgress, limits } = options;
  return {
    onProgress,
    integrity: integrity === undefined ? undefined : readIntegrity(integrity, await loadHash?.()),
    limiter: createLimiter(limits),
    builtins: needsBuiltins(options)
      ? (await fetchChunk(() => import("../builtins/index.ts"))).readBuiltins(options)
      : undefined,
    ceiling: limits?.bytes,
  };
}
