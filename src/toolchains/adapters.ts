import { memberOf } from "../base/own.ts";
import { invalidOption } from "../errors/invalid.ts";
import type { UnglueError } from "../errors/unglue-error.ts";
import type { Adapter, Known, LoadOptions, Shape } from "../public/index.ts";
import { toolchainNamed, toolchains } from "./registry.ts";

/** The name by which the option `toolchain` says that no adapter serves the module. */
export const withoutAdapter = "c";

/**
 * Tells the adapters what is known of a module, if they are of the toolchain that it names. Errors: those of an adapter.
 *
 * @param adapters - The adapters.
 * @param known - The caller's option.
 */
export function inform(adapters: readonly Adapter[], known: Known | undefined): readonly Adapter[] {
  if (!known) return adapters;
  return adapters.map(
    (one) => (one.name === known.toolchain ? memberOf(one, "withKnown")?.call(one, known) : undefined) ?? one,
  );
}

/**
 * Fetches the adapter of a module's toolchain, unless a given adapter knows the module, or the one that the caller names. The
 * adapter in charge then fetches what it needs. Errors: `chunk-unavailable`, `invalid-option`.
 *
 * @param identified - The module's shape, with or without its advice.
 * @param options - The caller's.
 * @returns The adapters at hand, which know what is known of the module.
 */
export async function fetchAdapters(
  identified: Omit<Shape, "advice">,
  { adapters = [], toolchain: chosen, known: facts }: Pick<LoadOptions, "adapters" | "known" | "toolchain">,
): Promise<readonly Adapter[]> {
  const given = inform(adapters, facts);
  // The shape may come from the caller and be incomplete.
  const { toolchain } = identified as Partial<Shape>;
  const name = chosen ?? toolchain?.name;
  if (name === undefined || name === withoutAdapter) return given;
  const shape: Shape = { ...identified, advice: [] };
  const known = given.find((one) => (chosen === undefined ? one.detect(shape) : one.name === chosen));
  if (known) {
    await memberOf(known, "prepare")?.call(known, shape);
    return given;
  }
  const fetched = await toolchainNamed(name)?.adapter?.fetch(shape, facts !== undefined);
  if (!fetched && chosen !== undefined) throw adapterMissing(chosen, given);
  const [adapter] = fetched ? inform([fetched], facts) : [];
  if (adapter) await memberOf(adapter, "prepare")?.call(adapter, shape);
  return adapter ? [...given, adapter] : given;
}

/**
 * Makes the error for an adapter that is named and not at hand.
 *
 * @param name - The name.
 * @param given - The adapters at hand.
 */
export function adapterMissing(name: string, given: readonly Adapter[]): UnglueError<"invalid-option"> {
  const chunk = toolchainNamed(name)?.adapter;
  const own = toolchains.flatMap((one) => (one.adapter ? [one.name] : []));
  const names = [...new Set([withoutAdapter, ...given.map((one) => one.name), ...own])];
  const expected = chunk
    ? `the name of an adapter at hand, and a synchronous call needs it given: ${chunk.importLine} and adapters: [${chunk.call}]`
    : `one of ${names.map((one) => JSON.stringify(one)).join(", ")}`;
  return invalidOption("load", "toolchain", expected, name);
}
