/**
 * Declared interfaces: compares one with a module, and makes the functions and classes that it declares.
 */
import type { Calling, InstantiateOptions, InterfaceMembers, Shape } from "../public/index.ts";
import type { Warn } from "../platform/finalization.ts";
import { type BoundApi, createApi } from "./api.ts";
import { type Called, expectConvention, readCalling } from "./convention.ts";
import { expectAllocator } from "./allocation.ts";
import { planInterface } from "./plan.ts";
import type { InterfacePlan } from "./plans.ts";
import { readDeclaration } from "./read.ts";

export type { BoundApi } from "./api.ts";

/** The module that an interface is bound to. */
export interface BindContext extends Called {
  /** The module's shape, complete. */
  readonly shape: Shape;
  /** The adapter's calling convention; `undefined` for C's convention. */
  readonly calling: Calling | undefined;
  /** Makes C's convention, for a module whose adapter has none. */
  readonly callAsC: (shape: Shape) => Calling;
  /** The caller's `allocator` option. */
  readonly allocator: InstantiateOptions["allocator"];
  /** The exports that allocate by a known convention. */
  readonly allocators: readonly string[];
  /** Receives failures that no caller waits for. */
  readonly warn: Warn;
  /** Whether there is a ledger. */
  readonly isLogged: boolean;
  /** The plans made for the module so far, by declaration. */
  readonly plans: WeakMap<InterfaceMembers, InterfacePlan>;
}

/**
 * Binds an interface. Errors: `convention-unavailable`, `interface-mismatch`, `no-allocator`, `invalid-option`.
 *
 * @param members - The members that it declares.
 * @param context - The module.
 */
export function bindApi(members: InterfaceMembers, context: BindContext): BoundApi {
  const { shape, plans } = context;
  let plan = plans.get(members);
  if (!plan) {
    const calling = readCalling(context.calling);
    const declaration = readDeclaration(members);
    if (!calling) expectConvention(declaration.members, context);
    plan = planInterface(declaration, shape, calling ?? asC(context));
    plans.set(members, plan);
  }
  expectAllocator(plan, context);
  return createApi(plan, context.warn, context.isLogged);
}

/** Uses C's convention. Every toolchain passes numbers by it, but messages must not call such a module C's. */
function asC({ shape, isCallableAsC, callAsC }: BindContext): Calling {
  const calling = callAsC(shape);
  return isCallableAsC ? calling : { ...calling, name: "C, by which every toolchain passes numbers" };
}
