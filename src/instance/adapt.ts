import { invalidOption } from "../errors/invalid.ts";
import { once } from "../base/once.ts";
import { define, isReadable, memberOf } from "../base/own.ts";
import type { PlanCache } from "../bind/index.ts";
import { adapterMissing, withoutAdapter } from "../toolchains/adapters.ts";
import { findKnownExports } from "../toolchains/known-exports.ts";
import { toolchainNamed } from "../toolchains/registry.ts";
import { adapterLine } from "../toolchains/hints.ts";
import type { Adapter, InstantiateOptions, Known, Shape } from "../public/index.ts";
import type { Instantiable } from "./instantiate.ts";
import type { Trampolines } from "../binary/trampoline.ts";

/** A compiled module, with its shape. */
export interface Compiled {
  readonly module: WebAssembly.Module;
  readonly shape: Shape;
}

/** The evidence for a toolchain that the user names. */
const named = { evidence: ["the option toolchain"] };

/**
 * Adds the state that the instances of a module share. The first adapter that recognizes the module decides for its
 * toolchain, unless the caller names one. Errors: `invalid-option`, and those of the adapter.
 *
 * @param compiled - The module and its shape.
 * @param adapters - The adapters to ask, which know what is known of the module.
 * @param options - The caller's.
 */
export function withAdapter(
  { module: raw, shape }: Compiled,
  adapters: readonly Adapter[] = [],
  { known, toolchain: chosen }: Pick<InstantiateOptions, "known" | "toolchain"> = {},
): Instantiable {
  const trampolines: Trampolines = new Map();
  const plans: PlanCache = new WeakMap();
  // The shape's own toolchain, whatever an adapter calls it. A shape that the user gave may lack one.
  const { toolchain } = shape as Partial<Shape>;
  const madeBy = toolchain?.name ?? "unknown";
  const shared = { raw, trampolines, plans, knownExports: findKnownExports(shape), madeBy, toolchain: madeBy };
  if (chosen === withoutAdapter) {
    return {
      ...shared,
      toolchain: chosen,
      shape: { ...shape, toolchain: { name: chosen, ...named } },
      adapter: undefined,
    };
  }
  for (const adapter of adapters) {
    if (chosen !== undefined && adapter.name !== chosen) continue;
    const evidence = adapter.detect(shape) ?? (chosen === undefined ? undefined : named);
    if (!evidence) continue;
    if (!isReadable(evidence)) {
      throw invalidOption("instantiate", "what detect of an adapter returns", "evidence, or undefined", evidence);
    }
    refuseUnread(known, adapter, shape);
    // Advice may take a search of the tables of a toolchain, and few read it.
    const advice = once(() => {
      const more: unknown = memberOf(adapter, "advise")?.call(adapter, shape);
      return Array.isArray(more) ? shape.advice.concat(more as Shape["advice"]) : shape.advice;
    });
    const advised = { ...shape, toolchain: { name: adapter.name, ...evidence } };
    return {
      ...shared,
      // An adapter of the user's may have no convention, and then the module's bytes decide.
      toolchain: chosen !== undefined && toolchainNamed(chosen)?.adapter ? chosen : madeBy,
      shape: define(advised, "advice", { enumerable: true, configurable: true, get: advice }),
      adapter,
    };
  }
  if (chosen !== undefined) throw adapterMissing(chosen, adapters);
  refuseUnread(known, undefined, shape);
  return { ...shared, shape, adapter: undefined };
}

/** Fails with `invalid-option` if the adapter that serves a module does not read what the caller knows of it. */
function refuseUnread(known: Known | undefined, adapter: Adapter | undefined, shape: Shape): void {
  if (!known || (adapter?.name === known.toolchain && memberOf(adapter, "withKnown"))) return;
  const line = adapter ? undefined : adapterLine(shape);
  const expected =
    line === undefined
      ? `about a module of the toolchain that it names, and ${adapter ? `the adapter ${adapter.name} serves this one` : "no adapter serves this one"}`
      : `given with the adapter of the module's toolchain: ${line}`;
  throw invalidOption("load", "known", expected, known.toolchain);
}
