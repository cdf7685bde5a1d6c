/**
 * Declared interfaces: compares one with a module, and makes the functions and classes that it declares.
 */
import type { Api, InstantiateOptions } from "../public/index.ts";
import { ownMembers } from "../base/own.ts";
import { type ApiContext, type BoundApi, createApi } from "./api.ts";
import type { CallExtras } from "./host.ts";
import type { AskExtras, PlanExtras } from "./planning.ts";
import { type Called, type Conventions, createConventions } from "./conventions.ts";
import { deferInterface, deferred, unseenNeed } from "./deferred.ts";
import { expectConvention, needsC } from "./expect-convention.ts";
import { expectAllocator } from "./allocation.ts";
import { planInterface } from "./plan.ts";
import type { PlanCache, Read } from "./plan-cache.ts";
import type { InterfacePlan } from "./plans.ts";
import { isObject, readDeclaration } from "./read.ts";

export type { BoundApi } from "./api.ts";
export type { PlanCache } from "./plan-cache.ts";

/** The module that an interface is bound to. */
export interface BindContext extends Called, ApiContext {
  /** The caller's `allocator` option. */
  readonly allocator: InstantiateOptions["allocator"];
  /** Whether the caller has given the module's fingerprint. */
  readonly isIdentified: boolean;
  /** The exports that allocate by a known convention. */
  readonly allocators: readonly string[];
  readonly plans: PlanCache;
  readonly extras: BindExtras | undefined;
}

/** The parts that few declarations need. */
export interface BindExtras extends CallExtras, PlanExtras {}

/**
 * Binds an interface. Errors: `convention-unavailable`, `interface-mismatch`, `no-allocator`, `invalid-option`, and those of
 * the module's adapter.
 *
 * @param api - The interface.
 * @param context - The module.
 */
export function bindApi(api: Api<object>, context: BindContext): BoundApi {
  const { extras, shape } = context;
  const conventions = createConventions(context);
  const later = deferred(api, { ...context, conventions });
  if (later) {
    const askExtras = (): PlanExtras => {
      if (extras) return extras;
      throw unseenNeed();
    };
    return createApi((later.plan ??= deferInterface(later.given, shape, conventions, askExtras)), context);
  }
  // The caller has asked what is lacking.
  const askExtras = (): PlanExtras => extras as BindExtras;
  return createApi(plan(api, { ...context, conventions }, askExtras), context);
}

/**
 * Whether the extras are needed to bind an interface, and are not at hand. Errors: as {@link bindApi}.
 *
 * @param api - The interface.
 * @param context - The module.
 */
export function lacksExtras(api: Api<object>, context: Planned): boolean {
  if (context.extras) return false;
  const conventions = createConventions(context);
  // The declaration was looked at for what it needs.
  if (deferred(api, { ...context, conventions })) return false;
  const lacking = new Error("The extras are not at hand");
  try {
    plan(api, { ...context, conventions }, () => {
      throw lacking;
    });
    return false;
  } catch (error) {
    if (error === lacking) return true;
    throw error;
  }
}

/** The module that an interface is planned for. */
type Planned = Omit<BindContext, keyof Omit<ApiContext, "extras">>;

/** Plans an interface, unless that has been done. */
function plan(
  api: Api<object>,
  context: Planned & { readonly conventions: Conventions },
  askExtras: AskExtras,
): InterfacePlan {
  const read = readApi(api, context.plans);
  const { declaration } = read;
  const { conventions } = context;
  if (!read.plan) {
    expectConvention(declaration, context, conventions, askExtras);
    read.plan = planInterface(declaration, context.shape, conventions, askExtras);
  }
  expectAllocator(read.plan, { ...context, askExtras });
  return read.plan;
}

/**
 * Whether an interface needs C's convention to be bound. Errors: those of the module's adapter, `invalid-option`.
 *
 * @param api - The interface.
 * @param context - The module.
 */
export function callsC(
  api: Api<object>,
  context: Called & Pick<BindContext, "allocator" | "isIdentified" | "plans">,
): boolean {
  const conventions = createConventions(context);
  if (deferred(api, { ...context, conventions })) return false;
  const { declaration, plan } = readApi(api, context.plans);
  return !plan && needsC(declaration, () => conventions.own() !== undefined);
}

function readApi(api: Api<object>, plans: PlanCache): Read {
  let given: Partial<Api<unknown>>;
  try {
    given = ownMembers(api);
  } catch {
    return { declaration: readDeclaration(api), plan: undefined };
  }
  const { members, convention } = given;
  const known = isObject(members) ? plans.get(members) : undefined;
  if (known && "declaration" in known && known.declaration.convention === convention) return known;
  const read: Read = { declaration: readDeclaration(given), plan: undefined };
  if (isObject(members)) plans.set(members, read);
  return read;
}
