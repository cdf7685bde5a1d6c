import type { Identify } from "./identify.ts";
import { bindgenOf } from "./bindgen-of.ts";

/**
 * Makes the look-up for a module whose imports are stated: it identifies none, and needs no table.
 *
 * @param version - The version of wasm-bindgen, if it is stated.
 */
export function identifyNothing(version: string | undefined): Identify {
  return {
    bindgen: bindgenOf(version),
    isFor: () => true,
    identified: () => undefined,
    isLikely: () => false,
    candidates: () => [],
    meanings: () => [],
  };
}
