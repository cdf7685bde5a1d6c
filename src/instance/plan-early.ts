import type { PlanCache } from "../bind/index.ts";
import type { Adapter, InstantiateOptions, Shape } from "../public/index.ts";
import { withAdapter } from "./adapt.ts";
import { completeChunks } from "./bind-interface.ts";
import type { Chunks } from "./chunks.ts";

/** The chunks, adapters and plans that an instance is made with. */
export interface Needs {
  readonly chunks: Chunks;
  readonly adapters: readonly Adapter[];
  readonly plans: PlanCache;
}

/**
 * Plans a declared interface while the engine compiles the module. Whatever fails here is not an error: it fails again once the
 * module is compiled, after errors of compiling.
 *
 * @param identified - The module's shape, from all of its bytes.
 * @param needs - What the instance needs, as far as it was fetched.
 * @param options - The caller's.
 */
export async function planEarly(
  identified: Omit<Shape, "advice">,
  needs: Needs,
  options: Pick<InstantiateOptions, "allocator" | "api" | "fingerprint" | "known" | "toolchain">,
): Promise<Needs> {
  const { chunks, adapters, plans } = needs;
  try {
    // Neither the engine's module nor advice decides what an interface is planned as.
    const target = withAdapter({ module: undefined, shape: { ...identified, advice: [] } }, adapters, options, plans);
    return { ...needs, chunks: await completeChunks(target, chunks, options) };
  } catch {
    return needs;
  }
}
