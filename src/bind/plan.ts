import { allocatorNames } from "../allocator-names.ts";
import { UnglueError } from "../errors.ts";
import type { Calling, ConstructorPattern, FunctionType, InterfaceMembers, Shape } from "../types/index.ts";
import { misfitError, type Planning } from "./misfit.ts";
import { planClass, receivedClasses } from "./plan-class.ts";
import { planFunction } from "./plan-function.ts";
import type { ClassPlan, FunctionPlan, Plan } from "./plans.ts";

/**
 * Compares a declared interface with a module's exports. Errors: `interface-mismatch`, with all misfits at once.
 *
 * @param members - What was declared.
 * @param shape - The module's shape, complete.
 * @param calling - How its functions are called.
 */
export function makePlan(members: InterfaceMembers, shape: Shape, calling: Calling): Plan {
  const exported = new Map<string, FunctionType>();
  for (const one of shape.exports) if (one.kind === "function" && one.type) exported.set(one.name, one.type);
  const planning: Planning = { members, calling, exported, misfits: [], received: receivedClasses(members) };
  const functions = new Map<string, FunctionPlan>();
  const classes = new Map<string, ClassPlan>();
  for (const [name, member] of Object.entries(members)) {
    if (member.member === "class") {
      classes.set(name, planClass(planning, name, member));
      continue;
    }
    const plan = planFunction(planning, { ...member, name, names: { kind: "function", name } });
    if (plan) functions.set(name, plan);
  }
  if (planning.misfits.length > 0) throw misfitError(planning);
  return { calling, functions, classes };
}

/**
 * Refuses a plan that needs memory in a module that has no allocator: better at once than at the first such call.
 * Errors: `no-allocator`.
 *
 * @param plan - The plan.
 * @param shape - The module's shape, complete.
 */
export function expectAllocator({ calling, functions, classes }: Plan, { exports }: Shape): void {
  const tried: readonly string[] = allocatorNames;
  if (exports.some(({ name, kind }) => kind === "function" && tried.includes(name))) return;
  const all: readonly (FunctionPlan & { readonly pattern?: ConstructorPattern })[] = [
    ...functions.values(),
    ...[...classes.values()].flatMap(functionsOf),
  ];
  const needy = all.filter(
    ({ params, room, pattern }) =>
      pattern === "in-place" ||
      (room > 0 && calling.areaAllocates) ||
      params.some(({ lowering }) => lowering?.allocates === true),
  );
  if (needy.length === 0) return;
  const names = needy.slice(0, 5).map(({ name }) => name);
  throw new UnglueError(
    "no-allocator",
    `${names.join(", ")}${needy.length > 5 ? " and others" : ""} need memory for what is passed or returned, and the module exports no ` +
      `allocator that is known here; tried: ${tried.join(", ")}. If it has another, name its exports with the option ` +
      'allocator: { alloc: "…", free: "…" }; if it has none, allocator: "grow" allocates in memory that is grown.',
    { tried },
  );
}

function functionsOf(plan: ClassPlan): readonly (FunctionPlan & { readonly pattern?: ConstructorPattern })[] {
  const { constructors, methods, statics, properties } = plan;
  const accessors = [...properties.values()].flatMap(({ get, set }) => [get, set]);
  return [...constructors.values(), ...methods.values(), ...statics.values(), ...accessors].filter(
    (one) => one !== undefined,
  );
}
