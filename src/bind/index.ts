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

/** What an interface is bound to. */
export interface BindContext extends Called {
  /** The module's shape, complete. */
  readonly shape: Shape;
  /** How its functions are called, as the adapter tells; `undefined` for C's convention. */
  readonly calling: Calling | undefined;
  /** Makes C's convention. */
  readonly callAsC: (shape: Shape) => Calling;
  /** How the caller said to allocate. */
  readonly allocator: InstantiateOptions["allocator"];
  /** The exports that allocate by a known convention. */
  readonly allocators: readonly string[];
  /** Receives what goes wrong where nobody waits. */
  readonly warn: Warn;
  /** Whether there is a ledger. */
  readonly isLogged: boolean;
  /** What has been worked out for the module, by what was declared. */
  readonly plans: WeakMap<InterfaceMembers, InterfacePlan>;
}

/**
 * Binds an interface. Errors: `convention-unavailable`, `interface-mismatch`, `no-allocator`,
 * `invalid-option`.
 *
 * @param members - What it declares.
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

/** C's convention. Numbers are passed by it in every toolchain's modules, and messages must not call such a module C's. */
function asC({ shape, isCallableAsC, callAsC }: BindContext): Calling {
  const calling = callAsC(shape);
  return isCallableAsC ? calling : { ...calling, name: "C, by which every toolchain passes numbers" };
}
