import { memberOf } from "../base/own.ts";
import type { Adapter, Shape } from "../public/index.ts";
import { toolchainNamed } from "./registry.ts";

/**
 * Fetches the adapter of a module's toolchain, unless a given adapter knows the module. The adapter in charge then fetches
 * what it needs. Errors: `chunk-unavailable`.
 *
 * @param identified - The module's shape, with or without its advice.
 * @param given - The adapters that the caller gave.
 */
export async function fetchAdapters(
  identified: Omit<Shape, "advice">,
  given: readonly Adapter[] = [],
): Promise<readonly Adapter[]> {
  // The shape may come from the caller and be incomplete.
  const { toolchain } = identified as Partial<Shape>;
  if (!toolchain) return given;
  const shape: Shape = { ...identified, advice: [] };
  const known = given.find((adapter) => adapter.detect(shape));
  if (known) {
    await memberOf(known, "prepare")?.call(known, shape);
    return given;
  }
  const adapter = await toolchainNamed(toolchain.name)?.adapter?.fetch();
  if (adapter) await memberOf(adapter, "prepare")?.call(adapter, shape);
  return adapter ? [...given, adapter] : given;
}
