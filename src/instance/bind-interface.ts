import { memberOf } from "../base/own.ts";
import type { BindContext, BoundApi } from "../bind/index.ts";
import { loadError } from "../errors/load-error.ts";
import { allocatorNames, toolchainNamed } from "../toolchains/registry.ts";
import type { Chunks } from "./chunks.ts";
import type { Adapter, Api, InstantiateOptions, InterfaceMembers, Shape } from "../public/index.ts";

/** The plans made for a module so far, by declaration. */
export type PlanCache = BindContext["plans"];

/** The module that an interface is bound to. */
interface Target {
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
  /** The binder, which is loaded if there is an interface. */
  readonly binder: Chunks["binder"];
}

/**
 * Binds a declared interface. Fails with `needs-bytes`, `convention-unavailable`, `interface-mismatch`, `no-allocator`,
 * `invalid-option`.
 *
 * @param api - The interface, if one was given.
 * @param target - The module.
 */
export function bindInterface(api: Api<object> | undefined, target: Target): BoundApi | undefined {
  if (!api) return undefined;
  const { shape, toolchain, adapter, plans, allocator, warn, isLogged, binder } = target;
  if (!shape.complete) throw loadError("needs-bytes", { option: "api" });
  const calling = adapter && memberOf(adapter, "calling")?.call(adapter, shape);
  if (!binder) return undefined;
  const known = toolchainNamed(toolchain);
  return binder.bindApi(api.members as InterfaceMembers, {
    shape,
    toolchain,
    adapter: adapter?.name,
    isCallableAsC: !known || known.convention === "c",
    registersFunctions: known?.registersFunctions ?? false,
    toolchainAdapter: known?.adapter,
    calling,
    callAsC: binder.createCCalling,
    plans,
    allocator,
    allocators: allocatorNames,
    warn,
    isLogged,
  });
}
