import type { Shape } from "../types/index.ts";
import { isTrap } from "../caught.ts";
import { trapError } from "./guard.ts";

/**
 * Runs a module's initializer: `_initialize`, else `__wasm_call_ctors`, and never both. A module with `_start` is a
 * command: its start is its whole run, so nothing is called unasked.
 *
 * Errors: `trap` naming the initializer; what an import throws passes through.
 *
 * @param shape - The module's shape.
 * @param exports - The exports.
 * @param last - One more to run, which an adapter knows of.
 */
export function initialize(shape: Shape, exports: WebAssembly.Exports, last: string | undefined): void {
  for (const initializer of [initializerOf(shape), last]) {
    if (initializer === undefined) continue;
    try {
      (exports[initializer] as () => void)();
    } catch (error) {
      throw isTrap(error) ? trapError(initializer, error) : error;
    }
  }
}

function initializerOf({ exports }: Shape): string | undefined {
  const callable = new Set<string>();
  for (const one of exports) if (one.kind === "function" && !one.type?.params.length) callable.add(one.name);
  return callable.has("_start") ? undefined : ["_initialize", "__wasm_call_ctors"].find((name) => callable.has(name));
}
