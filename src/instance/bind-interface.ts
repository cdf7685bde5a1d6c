import type { BindContext, BoundApi } from "../bind/index.ts";
import { bindKey } from "../bind-key.ts";
import { Failure } from "../failure.ts";
import type { Adapter, Api, Shape } from "../types/index.ts";

/** What has been worked out for a module, by what was declared. */
export type Plans = BindContext["plans"];

/** What an interface is bound to. */
interface Target {
  readonly shape: Shape;
  readonly adapter: Adapter | undefined;
  readonly plans: Plans;
  /** Whether the caller has said how to allocate. */
  readonly hasAllocator: boolean;
}

/**
 * Binds a declared interface, by what it has with it: a program that declares none contains no binder.
 * Fails with `needs-bytes`, `interface-mismatch`, `no-allocator`.
 *
 * @param api - The interface, if one was given.
 * @param target - The module.
 */
export function bindInterface(api: Api<object> | undefined, target: Target): BoundApi | undefined {
  if (!api) return undefined;
  const { shape, adapter, plans, hasAllocator } = target;
  if (!shape.complete) throw new Failure("needs-bytes", { option: "api" });
  const bound = api as unknown as { readonly [bindKey]: (context: BindContext) => BoundApi };
  return bound[bindKey]({ shape, calling: adapter?.calling?.(shape), plans, hasAllocator });
}
