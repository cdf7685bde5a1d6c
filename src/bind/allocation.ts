import type { Calling, ConstructorPattern, InstantiateOptions, Shape } from "../public/index.ts";
import type { Conventions } from "./conventions.ts";
import type { PlanExtras } from "./planning.ts";
import type { ClassPlan, FunctionPlan, InterfacePlan } from "./plans.ts";

/** The allocation choices open to a plan. */
interface Allocation {
  /** The module's shape, complete. */
  readonly shape: Shape;
  /** The name of the adapter that serves the module. The adapter may know the allocator by another name. */
  readonly adapter: string | undefined;
  /** The caller's `allocator` option. */
  readonly allocator: InstantiateOptions["allocator"];
  /** The exports that allocate by a known convention. */
  readonly allocators: readonly string[];
  readonly conventions: Conventions;
  readonly askExtras: () => Pick<PlanExtras, "allocatorMissing">;
}

/**
 * Refuses a plan that needs memory nobody can allocate. Fails at load, not at the first call. Errors: `no-allocator`,
 * `invalid-option`.
 *
 * @param plan - The plan.
 * @param allocation - What it can allocate with.
 */
export function expectAllocator(plan: InterfacePlan, allocation: Allocation): void {
  for (const calling of plan.callings) expectMemory(() => needing(calling, plan), calling, allocation);
}

/**
 * Refuses functions that need memory nobody can allocate. Errors: as {@link expectAllocator}.
 *
 * @param find - Lists those that need memory, as messages name them.
 * @param calling - The convention by which they are called.
 * @param allocation - What can be allocated with.
 */
export function expectMemory(
  find: () => readonly string[],
  calling: Calling,
  { shape, adapter, allocator, allocators: tried, conventions, askExtras }: Allocation,
): void {
  const { ownAllocator } = calling;
  if (ownAllocator === undefined) {
    if (allocator !== undefined || shape.exports.some(({ name, kind }) => kind === "function" && tried.includes(name)))
      return;
  } else if (ownAllocator && allocator !== "grow") return;
  const needy = find();
  if (needy.length === 0) return;
  if (ownAllocator === undefined && adapter !== undefined && mayAllocate(conventions)) return;
  throw askExtras().allocatorMissing(needy, calling, tried);
}

/** Whether the adapter may know an allocator, by a name that is not known here. An adapter that fails serves nothing. */
function mayAllocate(conventions: Conventions): boolean {
  try {
    return conventions.own()?.ownAllocator !== false;
  } catch {
    return false;
  }
}

/** The functions of a convention that need memory, as messages name them. */
function needing(calling: Calling, { functions, classes }: InterfacePlan): readonly string[] {
  const all: readonly (FunctionPlan & { readonly pattern?: ConstructorPattern })[] = [
    ...functions.values(),
    ...[...classes.values()].flatMap(functionsOf),
  ];
  const needy = all.filter(
    (one) =>
      one.calling === calling &&
      (one.pattern === "in-place" ||
        (one.room > 0 && calling.areaAllocates) ||
        one.params.some(({ lowering }) => lowering?.allocates === true)),
  );
  return needy.map(({ name }) => name);
}

/**
 * Lists the functions of a class.
 *
 * @param plan - The class.
 */
export function functionsOf(plan: ClassPlan): readonly (FunctionPlan & { readonly pattern?: ConstructorPattern })[] {
  const { constructors, methods, statics, properties } = plan;
  const accessors = [...properties.values()].flatMap(({ get, set }) => [get, set]);
  return [...constructors.values(), ...methods.values(), ...statics.values(), ...accessors].filter(
    (one) => one !== undefined,
  );
}
