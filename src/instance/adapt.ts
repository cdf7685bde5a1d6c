import { invalidOption } from "../errors/invalid.ts";
import { isReadable, memberOf } from "../base/own.ts";
import { findKnownExports } from "../toolchains/known-exports.ts";
import type { Adapter, Shape } from "../public/index.ts";
import type { PlanCache } from "./bind-interface.ts";
import type { Instantiable } from "./instantiate.ts";
import type { Trampolines } from "../binary/trampoline.ts";

/** A compiled module, with its shape. */
export interface Known {
  readonly module: WebAssembly.Module;
  readonly shape: Shape;
}

/**
 * Adds the state that the instances of a module share. The first adapter that recognizes the module decides for its
 * toolchain.
 *
 * @param compiled - The module and its shape.
 * @param adapters - The adapters to ask.
 */
export function withAdapter({ module: raw, shape }: Known, adapters: readonly Adapter[] = []): Instantiable {
  const trampolines: Trampolines = new Map();
  const plans: PlanCache = new WeakMap();
  // The shape's own toolchain, whatever an adapter calls it. A shape that the user gave may lack one.
  const { toolchain } = shape as Partial<Shape>;
  const knownExports = findKnownExports(shape);
  const shared = { raw, trampolines, plans, knownExports, toolchain: toolchain?.name ?? "unknown" };
  for (const adapter of adapters) {
    const evidence = adapter.detect(shape);
    if (!evidence) continue;
    if (!isReadable(evidence)) {
      throw invalidOption("instantiate", "what detect of an adapter returns", "evidence, or undefined", evidence);
    }
    const more: unknown = memberOf(adapter, "advise")?.call(adapter, shape);
    const advice = Array.isArray(more) ? shape.advice.concat(more as Shape["advice"]) : shape.advice;
    return { ...shared, shape: { ...shape, toolchain: { name: adapter.name, ...evidence }, advice }, adapter };
  }
  return { ...shared, shape, adapter: undefined };
}
