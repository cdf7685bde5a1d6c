import type { InnerObjects, LifeContext } from "../../public/index.ts";
import type { Abi } from "./abi.ts";
import { createHeap, type Heap } from "./heap.ts";

/** The state that the convention keeps for one life of an instance. */
export interface Runtime {
  readonly heap: Heap;
  /** The objects of the interface, for values that contain objects. */
  readonly objects: InnerObjects;
}

/**
 * Begins a life.
 *
 * @param abi - The module's ABI.
 * @param context - The instance, its exports and objects.
 * @param ceiling - The maximum that the option limits sets for its memory, in pages.
 */
export function beginRuntime(abi: Abi, context: LifeContext, ceiling: number | undefined): Runtime {
  return { heap: createHeap(abi, context, ceiling), objects: context.objects };
}
