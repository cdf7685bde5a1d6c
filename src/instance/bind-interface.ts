import { memberOf } from "../base/own.ts";
import type { BindContext, BoundApi } from "../bind/index.ts";
import { loadError } from "../errors/load-error.ts";
import { allocatorNames, toolchainNamed } from "../toolchains/registry.ts";
import type { Chunks } from "./chunks.ts";
import type { Adapter, Api, Calling, InstantiateOptions, InterfaceMembers, Shape } from "../public/index.ts";

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
  /** The binder and C's convention, which are loaded if they are needed. */
  readonly chunks: Pick<Chunks, "binder" | "cCalling">;
}

/**
 * The convention that a module's adapter has for declared interfaces.
 *
 * @param target - The module.
 */
export function adapterCalling({ adapter, shape }: Pick<Target, "adapter" | "shape">): Calling | undefined {
  return adapter && memberOf(adapter, "calling")?.call(adapter, shape);
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
  const { shape, toolchain, adapter, plans, allocator, warn, isLogged, chunks } = target;
  if (!shape.complete) throw loadError("needs-bytes", { option: "api" });
  const { binder, cCalling } = chunks;
  const calling = adapterCalling(target);
  // Where it was not fetched the adapter has a convention, and nothing is called by C's.
  const callAsC = cCalling?.createCCalling ?? (() => calling as Calling);
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
    callAsC,
    plans,
    allocator,
    allocators: allocatorNames,
    warn,
    isLogged,
  });
}
