/**
 * Declared interfaces: compares one with a module, and makes the functions and classes that it declares.
 */
import type { Calling, InterfaceMembers, Shape } from "../types/index.ts";
import { createCCalling } from "./c/calling.ts";
import { type BoundApi, createApi } from "./api.ts";
import { expectAllocator, makePlan } from "./plan.ts";
import type { Plan } from "./plans.ts";

export type { BoundApi } from "./api.ts";

/** What an interface is bound to. */
export interface BindContext {
  /** The module's shape, complete. */
  readonly shape: Shape;
  /** How its functions are called; `undefined` for C's convention. */
  readonly calling: Calling | undefined;
  /** Whether there is an allocator that does not show in the module's exports by a known name. */
  readonly hasAllocator: boolean;
  /** What has been worked out for the module, by what was declared. */
  readonly plans: WeakMap<InterfaceMembers, Plan>;
}

/**
 * Binds an interface. Errors: `interface-mismatch`, `no-allocator`.
 *
 * @param members - What it declares.
 * @param context - The module.
 */
export function bindApi(members: InterfaceMembers, { shape, calling, plans, hasAllocator }: BindContext): BoundApi {
  let plan = plans.get(members);
  if (!plan) {
    plan = makePlan(members, shape, calling ?? createCCalling(shape));
    plans.set(members, plan);
  }
  if (!hasAllocator) expectAllocator(plan, shape);
  return createApi(plan);
}
