/**
 * What is known of wasm-bindgen: its conventions by version, and its own imports. What identifies those of the crates that
 * are built on it is apart, in `known/`, so that both can be fetched at once.
 */
import type { Shape } from "../types/index.ts";
import type { Identify } from "../known/index.ts";
import { makePlan } from "./plan.ts";

export { createAdapter } from "./adapter.ts";
export type { StatedClosure, WasmBindgenOptions } from "./options.ts";

/**
 * Whether a module has imports that another table may know.
 *
 * @param shape - The module's shape.
 * @param identify - What is known of its imports.
 */
export function lacksDeclarations(shape: Shape, identify: Identify): boolean {
  const { imports } = makePlan(shape, identify, {});
  return [...imports].some(([wanted, planned]) => "hint" in planned && hashed.test(wanted.name));
}

const hashed = /^__wbg_\w+_[0-9a-f]{16}$/;
