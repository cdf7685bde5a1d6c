import { once } from "../base/once.ts";
import { isRecord, ownValue } from "../base/own.ts";
import { signatureText } from "../base/type-text.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Api, EnumerationType, InstantiateOptions, Shape } from "../public/index.ts";
import type { Conventions, NamedCalling } from "./conventions.ts";
import { exportedFunctions, mayCallOut, nameInExports } from "./plan.ts";
import { planClass } from "./plan-class.ts";
import { planFunction, wantedOf } from "./plan-function.ts";
import { type AskExtras, type Misfit, misfitDetails, type Planning, withoutExport } from "./planning.ts";
import type { Deferred, PlanCache } from "./plan-cache.ts";
import type { ClassPlan, FunctionPlan, InterfacePlan, PlansOf } from "./plans.ts";
import { isObject, ownOf, readMemberOf } from "./read.ts";
import { receivedClasses } from "./received.ts";
import { type InterfaceNodes, isClassNode, isEnumerationNode } from "./types/node.ts";

/** The module that an interface may be planned for later. */
interface Deferring {
  /** Whether the caller has given the fingerprint of the module. */
  readonly isIdentified: boolean;
  /** The caller's `allocator` option. */
  readonly allocator: InstantiateOptions["allocator"];
  readonly conventions: Conventions;
  /** The declarations of the module so far. */
  readonly plans: PlanCache;
}

/**
 * Returns a declared interface whose members are planned when they are first used: one that was compared with this module when
 * it was written, and that the adapter's convention alone calls. Nothing else of it can fail at load.
 *
 * @param api - The interface.
 * @param context - The module.
 */
export function deferred(api: Api<object>, context: Deferring): Deferred | undefined {
  const { isIdentified, allocator, conventions, plans } = context;
  try {
    if (!isIdentified || ownValue(api, "checked") !== true || ownValue(api, "convention") !== undefined)
      return undefined;
    // An allocator that is missing is an error of the load, which names the members that need it.
    if (allocator === "grow" || conventions.own()?.ownAllocator !== true) return undefined;
    const given: unknown = ownValue(api, "members");
    if (!isRecord(given)) return undefined;
    const known = plans.get(given);
    if (known && "given" in known) return known;
    if (Object.values(given).some(statesConvention)) return undefined;
    const made = { given: given as Deferred["given"], plan: undefined };
    plans.set(given, made);
    return made;
  } catch {
    // Planning says what is wrong with it.
    return undefined;
  }
}

/** Whether a member states a convention, or one of its own members does. */
function statesConvention(given: unknown): boolean {
  if (hasConvention(given)) return true;
  const members = ownOf(given, "members");
  return isObject(members) && Object.values(members).some(memberStatesConvention);
}

function memberStatesConvention(given: unknown): boolean {
  return hasConvention(given) || ["options", "get", "set"].some((part) => hasConvention(ownOf(given, part)));
}

function hasConvention(given: unknown): boolean {
  return isObject(given) && Object.hasOwn(given, "convention");
}

/**
 * Plans each member of an interface when it is first asked for. A member that does not fit throws `interface-mismatch` there.
 *
 * @param given - The members, of an interface that can be deferred.
 * @param shape - The module's shape, complete.
 * @param conventions - How its functions are called.
 * @param askExtras - Returns the parts that few declarations need.
 */
export function deferInterface(
  given: Deferred["given"],
  shape: Shape,
  conventions: Conventions,
  askExtras: AskExtras,
): InterfacePlan {
  const by = conventions.named(undefined) as NamedCalling;
  const unread: Misfit[] = [];
  const members = Object.create(null) as InterfaceNodes;
  const names = { function: [] as string[], class: [] as string[] };
  const enumerations = new Map<string, EnumerationType>();
  for (const name of Object.keys(given)) {
    const raw = given[name] as object;
    const read = once(() => {
      const misfits: Misfit[] = [];
      const node = readMemberOf(name, raw, misfits);
      refuse(misfits);
      return node;
    });
    Object.defineProperty(members, name, { enumerable: true, get: read });
    const kind: unknown = ownValue(raw, "member");
    if (kind === "function" || kind === "class") names[kind].push(name);
    else {
      const node = readMemberOf(name, raw, unread);
      if (node && isEnumerationNode(node)) enumerations.set(name, node);
    }
  }
  const declared = new Set(names.class);
  const exported = once(() => exportedFunctions(shape));
  const received = once(() => receivedClasses(given));
  const planning = (): Planning => ({
    members,
    hasClass: (name) => declared.has(name),
    conventions,
    by,
    classes: { get: (name) => (declared.has(name) ? by : undefined) },
    exported: exported(),
    misfits: [],
    askExtras,
    callsOut: mayCallOut(shape),
    received: received(),
  });
  refuse(unread);

  const planned = <Plan>(plan: (planning: Planning) => Plan): Plan => {
    const own = planning();
    const made = plan(own);
    refuse(own.misfits);
    return made;
  };
  return {
    callings: new Set([by.calling]),
    usual: by.calling,
    functions: plansOf<FunctionPlan>(names.function, given, (name) =>
      planned((own) => {
        const member = members[name];
        if (!member || isClassNode(member) || isEnumerationNode(member)) return undefined;
        const named = { kind: "function", class: undefined, prefix: undefined, name } as const;
        return planFunction(own, { ...wantedOf(member), name, names: named });
      }),
    ),
    classes: plansOf<ClassPlan>(names.class, given, (name) =>
      planned((own) => {
        const member = members[name];
        if (!isClassNode(member)) return undefined;
        return planClass(own, name, member);
      }),
    ),
    enumerations,
    isDeferred: true,
    byExport: () =>
      new Map(
        names.class.map((name) => [
          nameInExports(name, ownValue(given[name] as object, "prefix") as string | undefined),
          name,
        ]),
      ),
  };
}

/** Fails with `interface-mismatch` if there are misfits. */
function refuse(misfits: readonly Misfit[]): void {
  if (misfits.length > 0) throw deferredMisfit(misfits);
}

function deferredMisfit(misfits: readonly Misfit[]): UnglueError<"interface-mismatch"> {
  return new UnglueError(
    "interface-mismatch",
    `The declaration file does not fit the module:\n  ${misfits.map(lineOf).join("\n  ")}\n` +
      "It may have been changed after `unglue declare` wrote it. Write it again, or run `unglue declare --check`.",
    misfitDetails(misfits),
  );
}

function lineOf({ name, declared, tried, export: found, type, reason }: Misfit): string {
  const because = reason && `: ${reason}`;
  if (found !== undefined && type)
    return `${name} is declared ${declared}, and the export ${found} is ${signatureText(type)}${because}`;
  const lacks = tried.length > 0 ? `, and the module exports no function ${tried.slice(0, 3).join(" or ")}` : "";
  return `${name} is declared ${declared}${lacks}${because}`;
}

/** The plans of some members, each made when it is first asked for. */
function plansOf<Plan extends ClassPlan | FunctionPlan>(
  names: readonly string[],
  given: Deferred["given"],
  plan: (name: string) => Plan | undefined,
): PlansOf<Plan> {
  const made = new Map<string, Plan | undefined>();
  const known = new Set(names);
  const get = (name: string): Plan | undefined => {
    if (!known.has(name)) return undefined;
    if (!made.has(name)) made.set(name, plan(name));
    return made.get(name);
  };
  // A member that the module may lack is there only if the module has it.
  const present = once(() => names.filter((name) => !isOptional(given[name]) || isThere(get(name))));
  return {
    get,
    keys: () => present().values(),
    values: () =>
      present()
        .flatMap((name) => get(name) ?? [])
        .values(),
  };
}

function isThere(plan: ClassPlan | FunctionPlan | undefined): boolean {
  return plan !== undefined && !("isAbsent" in plan && plan.isAbsent);
}

function isOptional(given: unknown): boolean {
  return isObject(given) && Object.hasOwn(given, "optional");
}

/** Makes the error for a member that needs what a look at the declaration did not show. */
export function unseenNeed(): UnglueError<"interface-mismatch"> {
  const reason = "it has changed since it was loaded";
  return deferredMisfit([{ ...withoutExport, by: undefined, name: "The interface", declared: "otherwise", reason }]);
}
