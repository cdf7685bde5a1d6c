import { canSuspend } from "../../base/suspending.ts";
import type { TypeNode } from "../../bind/types/node.ts";

/**
 * Returns what to do instead of passing a promise, which C does not know; `undefined` for any other type. Where the engine can
 * suspend a call of the module (JSPI), the module waits for JavaScript without knowing it.
 *
 * @param type - The type.
 * @param isHosts - Whether a function that the module imports has it, and not an export.
 */
export function promiseRefusal(type: TypeNode, isHosts: boolean): string | undefined {
  if (type.type !== "promise") return undefined;
  if (!canSuspend()) return "C has no promises, and this engine cannot suspend a call of the module (it lacks JSPI)";
  return isHosts
    ? "C has no promises. To suspend the module until one settles, give new WebAssembly.Suspending(…) for the import"
    : "C has no promises. If an import suspends the export, call WebAssembly.promising(wasm.exports.…) of it";
}
