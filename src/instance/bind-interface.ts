import { memberOf } from "../base/own.ts";
import type { BindContext, BoundApi, PlanCache } from "../bind/index.ts";
import { loadError } from "../errors/load-error.ts";
import { allocatorNames, toolchainNamed } from "../toolchains/registry.ts";
import { wayIn } from "../toolchains/way-in.ts";
import { type Chunks, fetchBinderExtras, fetchCCalling } from "./chunks.ts";
import type { Adapter, Api, Calling, InstantiateOptions, Shape } from "../public/index.ts";

/** The module that an interface is bound to. */
export interface BindTarget {
  readonly shape: Shape;
  /** The toolchain whose convention its exports have: the one that its bytes show, or that the user names. */
  readonly toolchain: string;
  readonly adapter: Adapter | undefined;
  readonly plans: PlanCache;
}

/** How an interface is bound, besides the module. */
export interface BindOptions {
  /** The caller's `allocator` option. */
  readonly allocator: InstantiateOptions["allocator"];
  /** Whether the caller has given the module's fingerprint. */
  readonly isIdentified: boolean;
  /** Receives failures that no caller waits for. */
  readonly warn: BindContext["warn"];
  /** Whether there is a ledger. */
  readonly isLogged: boolean;
  /** The caller's `onBusy` option. */
  readonly onBusy: InstantiateOptions["onBusy"];
}

/** The binder, its extras and C's convention, which are loaded if they are needed. */
type BindChunks = Pick<Chunks, "binder" | "binderExtras" | "cCalling">;

/**
 * Fetches what an interface needs to be bound and no first look at it has told. Errors: `needs-bytes`, those of the adapter,
 * `invalid-option`, `chunk-unavailable`.
 *
 * @param target - The module.
 * @param chunks - The chunks so far.
 * @param options - The caller's: the interface, if one was given, and what decides when it is planned.
 */
export async function completeChunks(
  target: BindTarget,
  chunks: Chunks,
  { api, allocator, fingerprint }: Pick<InstantiateOptions, "allocator" | "api" | "fingerprint">,
): Promise<Chunks> {
  const { binder } = chunks;
  if (!api || !binder) return chunks;
  requireTypes(target);
  const { plans } = target;
  const given = { plans, allocator, isIdentified: fingerprint !== undefined };
  const lacksC = !chunks.cCalling && binder.callsC(api, { ...calledOf(target, chunks), ...given });
  const withC = lacksC ? { ...chunks, cCalling: await fetchCCalling() } : chunks;
  const context = { ...calledOf(target, withC), ...given, extras: chunks.binderExtras };
  return binder.lacksExtras(api, context) ? { ...withC, binderExtras: await fetchBinderExtras() } : withC;
}

/**
 * Binds a declared interface. Errors: `needs-bytes`, `convention-unavailable`, `interface-mismatch`, `no-allocator`,
 * `invalid-option`, and those of the adapter.
 *
 * @param api - The interface, if one was given.
 * @param target - The module.
 * @param chunks - The chunks that it needs.
 * @param options - The rest.
 */
export function bindInterface(
  api: Api<object> | undefined,
  target: BindTarget,
  chunks: BindChunks,
  options: BindOptions,
): BoundApi | undefined {
  if (!api || !chunks.binder) return undefined;
  requireTypes(target);
  return chunks.binder.bindApi(api, {
    ...calledOf(target, chunks),
    ...options,
    plans: target.plans,
    extras: chunks.binderExtras,
  });
}

function requireTypes({ shape }: BindTarget): void {
  if (!shape.complete) throw loadError("needs-bytes", { option: "api" });
}

/**
 * Returns the facts about a module that decide how it is called.
 *
 * @param target - The module.
 * @param chunks - The chunks at hand.
 */
export function calledOf(
  { shape, toolchain, adapter }: Omit<BindTarget, "plans">,
  { cCalling }: Pick<Chunks, "cCalling">,
): Omit<BindContext, keyof BindOptions | "extras" | "plans"> {
  const known = toolchainNamed(toolchain);
  return {
    shape,
    toolchain,
    adapter: adapter?.name,
    isCallableAsC: !known || known.convention === "c",
    registersFunctions: known?.registersFunctions ?? false,
    toolchainAdapter: known?.adapter,
    askWayIn: () => wayIn(shape),
    allocators: allocatorNames,
    askCalling: () => adapter && memberOf(adapter, "calling")?.call(adapter, shape),
    // Where it was not fetched, nothing is called by it.
    callAsC: cCalling?.createCCalling ?? (() => undefined as unknown as Calling),
  };
}
