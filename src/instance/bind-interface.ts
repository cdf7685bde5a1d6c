import { memberOf } from "../base/own.ts";
import type { BindContext, BoundApi } from "../bind/index.ts";
import { loadError } from "../errors/load-error.ts";
import { allocatorNames, toolchainNamed } from "../toolchains/registry.ts";
import type { Chunks } from "./chunks.ts";
import type { Adapter, Api, Calling, InstantiateOptions, InterfaceMembers, Shape } from "../public/index.ts";

/** The plans made for a module so far, by declaration. */
export type PlanCache = BindContext["plans"];

/** The module that an interface is bound to. */
export interface Target {
  readonly shape: Shape;
  /** The toolchain that the module's bytes show. */
  readonly toolchain: string;
  readonly adapter: Adapter | undefined;
  readonly plans: PlanCache;
  /** The caller's `allocator` option. */
  readonly allocator: InstantiateOptions["allocator"];
  /** Receives failures that no caller waits for. */
  readonly warn: BindContext["warn"];
  /** Whether there is a ledger. */
  readonly isLogged: boolean;
  /** The binder and C's convention, which are loaded if they are needed. */
  readonly chunks: Pick<Chunks, "binder" | "cCalling">;
}

/** A declared interface, with the convention that the module's adapter has for it. */
export interface Declared {
  readonly members: InterfaceMembers;
  /** `undefined` for C's convention. */
  readonly calling: Calling | undefined;
}

/**
 * Asks the module's adapter how a declared interface is called. Errors: `needs-bytes`, and those of the adapter.
 *
 * @param api - The interface, if one was given.
 * @param module - The module.
 */
export function readInterface(
  api: Api<object> | undefined,
  { adapter, shape }: Pick<Target, "adapter" | "shape">,
): Declared | undefined {
  if (!api) return undefined;
  if (!shape.complete) throw loadError("needs-bytes", { option: "api" });
  const calling = adapter && memberOf(adapter, "calling")?.call(adapter, shape);
  return { members: api.members as InterfaceMembers, calling };
}

/**
 * Binds a declared interface. Fails with `convention-unavailable`, `interface-mismatch`, `no-allocator`, `invalid-option`.
 *
 * @param declared - The interface, if one was given.
 * @param target - The module.
 */
export function bindInterface(declared: Declared | undefined, target: Target): BoundApi | undefined {
  if (!declared) return undefined;
  const { members, calling } = declared;
  const { plans, warn, isLogged, chunks } = target;
  const { binder, cCalling } = chunks;
  // Where it was not fetched the adapter has a convention, and nothing is called by C's.
  const callAsC = cCalling?.createCCalling ?? (() => calling as Calling);
  if (!binder) return undefined;
  return binder.bindApi(members, { ...bindContext(target), calling, callAsC, plans, warn, isLogged });
}

/**
 * Returns the facts about a module that decide how it is called.
 *
 * @param target - The module.
 */
export function bindContext({
  shape,
  toolchain,
  adapter,
  allocator,
}: Pick<Target, "shape" | "toolchain" | "adapter" | "allocator">): Omit<
  BindContext,
  "calling" | "callAsC" | "plans" | "warn" | "isLogged"
> {
  const known = toolchainNamed(toolchain);
  return {
    shape,
    toolchain,
    adapter: adapter?.name,
    isCallableAsC: !known || known.convention === "c",
    registersFunctions: known?.registersFunctions ?? false,
    toolchainAdapter: known?.adapter,
    allocator,
    allocators: allocatorNames,
  };
}
