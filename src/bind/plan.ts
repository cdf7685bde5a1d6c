import type { EnumerationType, FunctionType, Shape } from "../public/index.ts";
import { functionsOf } from "./allocation.ts";
import type { Conventions, NamedCalling } from "./conventions.ts";
import { type AskExtras, type Planning, under } from "./planning.ts";
import type { Declaration } from "./read.ts";
import { planClass } from "./plan-class.ts";
import { planFunction, wantedOf } from "./plan-function.ts";
import type { ClassPlan, FunctionPlan, InterfacePlan } from "./plans.ts";
import { receivedClasses } from "./received.ts";
import { isClassNode, isEnumerationNode } from "./types/node.ts";

/**
 * Compares a declared interface with a module's exports. Errors: `interface-mismatch`, which lists all misfits together.
 *
 * @param declaration - The declaration.
 * @param shape - The module's shape, complete.
 * @param conventions - How its functions are called.
 * @param askExtras - Returns the parts that few declarations need.
 */
export function planInterface(
  declaration: Declaration,
  shape: Shape,
  conventions: Conventions,
  askExtras: AskExtras,
): InterfacePlan {
  const { members, misfits: unread, convention, cause } = declaration;
  const exported = exportedFunctions(shape);
  const misfits = [...unread];
  const received = receivedClasses(members);
  const callsOut = mayCallOut(shape);
  const conventionOf = new Map<string, NamedCalling>();
  const classConventions = new Map<string, NamedCalling>();
  for (const [name, member] of Object.entries(members)) {
    if (isEnumerationNode(member)) continue;
    const by = under(conventions, misfits, name, member.convention ?? convention);
    if (!by) continue;
    conventionOf.set(name, by);
    if (isClassNode(member)) classConventions.set(name, by);
  }
  const classesBy = { classes: classConventions, received };
  const hasClass = (name: string): boolean => Object.hasOwn(members, name) && isClassNode(members[name]);
  const shared = { members, hasClass, conventions, ...classesBy, exported, misfits, callsOut, askExtras };
  const functions = new Map<string, FunctionPlan>();
  const classes = new Map<string, ClassPlan>();
  const enumerations = new Map<string, EnumerationType>();
  for (const [name, member] of Object.entries(members)) {
    if (isEnumerationNode(member)) {
      enumerations.set(name, member);
      continue;
    }
    const by = conventionOf.get(name);
    if (!by) continue;
    const planning: Planning = { ...shared, by };
    if (isClassNode(member)) {
      classes.set(name, planClass(planning, name, member));
      continue;
    }
    const plan = planFunction(planning, {
      ...wantedOf(member),
      name,
      names: { kind: "function", class: undefined, prefix: undefined, name },
    });
    if (plan) functions.set(name, plan);
  }
  if (misfits.length > 0) throw askExtras().misfitError({ misfits, exported, advice: shape.advice }, cause);
  const { usual } = conventions;
  const own = [...classes.values()].filter(({ calling }) => calling === usual);
  return {
    callings: callingsOf(functions, classes),
    usual,
    functions,
    classes,
    enumerations,
    isDeferred: false,
    byExport: () => new Map(own.map(({ name, options: { prefix } }) => [nameInExports(name, prefix), name])),
  };
}

/**
 * Returns the exported functions with their types.
 *
 * @param shape - The module's shape.
 */
export function exportedFunctions({ exports }: Pick<Shape, "exports">): ReadonlyMap<string, FunctionType> {
  const exported = new Map<string, FunctionType>();
  for (const one of exports) if (one.kind === "function" && one.type) exported.set(one.name, one.type);
  return exported;
}

/**
 * Whether JavaScript can run during a call: through an import, or a function in a table.
 *
 * @param shape - The module's shape.
 */
export function mayCallOut({ imports, tables }: Pick<Shape, "imports" | "tables">): boolean {
  return imports.length > 0 || tables.length > 0;
}

/**
 * Returns the name, in lower case, that exports have for a class.
 *
 * @param name - The class's name.
 * @param prefix - Its option.
 */
export function nameInExports(name: string, prefix: string | undefined): string {
  return (prefix?.replace(/_$/, "") ?? name).toLowerCase();
}

function callingsOf(
  functions: ReadonlyMap<string, FunctionPlan>,
  classes: ReadonlyMap<string, ClassPlan>,
): InterfacePlan["callings"] {
  const all = [...functions.values(), ...classes.values(), ...[...classes.values()].flatMap(functionsOf)];
  return new Set(all.map(({ calling }) => calling));
}
