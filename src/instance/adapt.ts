import { invalidOption } from "../errors/invalid.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import { once } from "../base/once.ts";
import { define, hasMembers, isReadable, memberOf } from "../base/own.ts";
import type { PlanCache } from "../bind/index.ts";
import { adapterMissing, setsConvention } from "../toolchains/adapters.ts";
import { withoutAdapter } from "../toolchains/way-in.ts";
import { findKnownExports } from "../toolchains/known-exports.ts";
import { toolchainNamed } from "../toolchains/registry.ts";
import { adapterLine } from "../toolchains/hints.ts";
import type { Adapter, Advice, Evidence, InstantiateOptions, Known, Shape } from "../public/index.ts";
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
 * Adds the state that the instances of a module share. The adapter that recognizes the module and sets a convention decides for
 * its toolchain, unless the caller names one. Errors: `invalid-option`, and those of the adapter.
 *
 * @param compiled - The module, once it is compiled, and its shape.
 * @param adapters - The adapters to ask, which know what is known of the module.
 * @param options - The caller's.
 * @param plans - The interfaces that were planned for the module so far.
 */
export function withAdapter<Module extends WebAssembly.Module | undefined>(
  { module: raw, shape }: { readonly module: Module; readonly shape: Shape },
  adapters: readonly Adapter[] = [],
  { known, toolchain: chosen }: Pick<InstantiateOptions, "known" | "toolchain"> = {},
  plans: PlanCache = new WeakMap(),
): Omit<Instantiable, "raw"> & { readonly raw: Module } {
  const trampolines: Trampolines = new Map();
  // The shape's own toolchain, whatever an adapter calls it. A shape that the user gave may lack one.
  const { toolchain } = shape as Partial<Shape>;
  const madeBy = toolchain?.name ?? "unknown";
  const shared = { raw, trampolines, plans, knownExports: findKnownExports(shape), madeBy, toolchain: madeBy };
  const serving = findServing(shape, adapters, chosen);
  const deciding = serving.find(({ adapter }) => setsConvention(adapter));
  if (!deciding && chosen !== undefined && chosen !== withoutAdapter) throw adapterMissing(chosen, adapters);
  const adapter = deciding?.adapter;
  if (chosen !== withoutAdapter) refuseUnread(known, adapter, shape);
  // Advice may take a search of the tables of a toolchain, and few read it.
  const advice = once(() =>
    serving.reduce((all, { adapter: one }) => {
      const more: unknown = memberOf(one, "advise")?.call(one, shape);
      return Array.isArray(more) ? all.concat(more.filter(isAdvice)) : all;
    }, shape.advice),
  );
  const found =
    chosen === withoutAdapter
      ? { name: chosen, ...named }
      : deciding && { name: deciding.adapter.name, ...deciding.evidence };
  const advised = found ? { ...shape, toolchain: found } : { ...shape };
  return {
    ...shared,
    // An adapter of the user's may have no convention, and then the module's bytes decide.
    toolchain: chosen !== undefined && (chosen === withoutAdapter || toolchainNamed(chosen)?.adapter) ? chosen : madeBy,
    shape:
      serving.length > 0 ? define(advised, "advice", { enumerable: true, configurable: true, get: advice }) : advised,
    adapter,
    adapters: serving.map(({ adapter: one }) => one),
  };
}

/** An adapter of the user's may return anything. */
function isAdvice(value: unknown): value is Advice {
  return hasMembers(value) && ["code", "message"].every((key) => typeof Reflect.get(value, key) === "string");
}

/** An adapter that serves a module, and why. */
interface Serving {
  readonly adapter: Adapter;
  readonly evidence: Evidence;
}

/**
 * Finds the adapters that serve a module: one that sets the convention, and all that only provide imports. Those that let
 * functions wait come last, since a function that waits may turn out to be unknown. Errors: `invalid-option`.
 */
function findServing(shape: Shape, adapters: readonly Adapter[], chosen: string | undefined): readonly Serving[] {
  const serving: Serving[] = [];
  let deciding: Adapter | undefined;
  for (const adapter of adapters) {
    const decides = setsConvention(adapter);
    if (decides && chosen !== undefined && (adapter.name !== chosen || deciding)) continue;
    const evidence = adapter.detect(shape) ?? (decides && chosen !== undefined ? named : undefined);
    if (!evidence) continue;
    if (!isReadable(evidence)) {
      throw invalidOption("instantiate", "what detect of an adapter returns", "evidence, or undefined", evidence);
    }
    if (decides && deciding) throw severalConventions(deciding, adapter);
    if (decides) deciding = adapter;
    serving.push({ adapter, evidence });
  }
  const waits = ({ adapter }: Serving): boolean => memberOf(adapter, "defer") !== undefined;
  return [...serving.filter((one) => !waits(one)), ...serving.filter(waits)];
}

/** Makes the error for two adapters that both set the convention of a module. */
function severalConventions(first: Adapter, second: Adapter): UnglueError<"invalid-option"> {
  const [one, other] = [first.name, second.name].map((name) => JSON.stringify(name));
  const expected = `adapters of which one sets the convention (attach, calling); ${one} and ${other} both do, so name one: toolchain: ${one}`;
  return invalidOption("instantiate", "adapters", expected, [first, second]);
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
