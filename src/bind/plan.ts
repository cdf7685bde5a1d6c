import type { Calling, FunctionType, Shape } from "../public/index.ts";
import { misfitError, type Planning } from "./misfit.ts";
import type { Declaration } from "./read.ts";
import { planClass, receivedClasses } from "./plan-class.ts";
import { planFunction, plainWanted } from "./plan-function.ts";
import type { ClassPlan, FunctionPlan, InterfacePlan } from "./plans.ts";

/**
 * Compares a declared interface with a module's exports. Errors: `interface-mismatch`, which lists all misfits together.
 *
 * @param declaration - The declaration.
 * @param shape - The module's shape, complete.
 * @param calling - How its functions are called.
 */
export function planInterface({ members, misfits, cause }: Declaration, shape: Shape, calling: Calling): InterfacePlan {
  const exported = new Map<string, FunctionType>();
  for (const one of shape.exports) if (one.kind === "function" && one.type) exported.set(one.name, one.type);
  const received = receivedClasses(members);
  const callsOut = shape.imports.length > 0 || shape.tables.length > 0;
  const planning: Planning = {
    members,
    calling,
    exported,
    misfits: [...misfits],
    advice: shape.advice,
    callsOut,
    received,
  };
  const functions = new Map<string, FunctionPlan>();
  const classes = new Map<string, ClassPlan>();
  for (const [name, member] of Object.entries(members)) {
    if (member.member === "class") {
      classes.set(name, planClass(planning, name, member));
      continue;
    }
    const plan = planFunction(planning, {
      ...plainWanted,
      ...member,
      name,
      names: { kind: "function", class: undefined, prefix: undefined, name },
    });
    if (plan) functions.set(name, plan);
  }
  if (planning.misfits.length > 0) throw misfitError(planning, cause);
  return { calling, functions, classes };
}
