import { isSameList } from "../base/same.ts";
import { ownMembers, ownValue } from "../base/own.ts";
import type { ClassOptions, ConstructorMember, DeclaredName } from "../public/index.ts";
import { type Planning, refuseDeclared, withConvention, withoutExport } from "./planning.ts";
import { namesOf, planFunction, type Wanted, wantedOf } from "./plan-function.ts";
import { conventionOf, isStatic, planProperties } from "./plan-properties.ts";
import type { ClassPlan, ConstructorPlan, FreePlan, FunctionPlan } from "./plans.ts";
import { receivedOf } from "./types/transfer.ts";
import { type ClassNode, type InterfaceNodes, isClassNode, type ParameterNode, type TypeNode } from "./types/node.ts";
import { declaredSignatureText } from "./types/types.ts";

/**
 * Finds the exports of a declared class, and how its objects are made and freed.
 *
 * @param planning - The comparison, by the convention of the class; it collects misfits.
 * @param className - The class's name.
 * @param declared - The class.
 */
export function planClass(planning: Planning, className: string, declared: ClassNode): ClassPlan {
  if (!ownValue(declared, "optional")) return planMembers(planning, className, declared);
  const attempt: Planning = { ...planning, misfits: [] };
  const plan = planMembers(attempt, className, declared);
  // A class of which the module has anything is not absent, and the rest must fit.
  const isAbsent =
    !hasExports(plan) && attempt.misfits.every((one) => one.export === undefined && one.tried.length > 0);
  if (!isAbsent) planning.misfits.push(...attempt.misfits);
  return { ...plan, isAbsent };
}

/** Whether a plan has an export of the module. */
function hasExports({ constructors, methods, statics, properties, staticProperties, free }: ClassPlan): boolean {
  const all = [...properties.values(), ...staticProperties.values()];
  return (
    constructors.size + methods.size + statics.size > 0 ||
    free !== undefined ||
    all.some(({ get, set, place, kept }) => get ?? set ?? place ?? kept)
  );
}

function planMembers(planning: Planning, className: string, { members, ...rest }: ClassNode): ClassPlan {
  const constructors = new Map<string, ConstructorPlan>();
  const methods = new Map<string, FunctionPlan & { readonly consumes: boolean }>();
  const statics = new Map<string, FunctionPlan>();
  const options = ownMembers(rest);
  const ofClass = { class: className, prefix: options.prefix };
  for (const [key, member] of Object.entries(members)) {
    const own = withConvention(planning, `${className}.${key}`, conventionOf(member));
    if (!own) continue;
    const of = (kind: DeclaredName["kind"]): Pick<Wanted, "name" | "names"> => ({
      name: `${className}.${key}`,
      names: { ...ofClass, kind, name: key },
    });
    if (key === "prototype" && isStatic(member)) {
      const reason =
        "JavaScript keeps that name for itself: give it another, and name its export with the option `export`";
      refuseDeclared(own, `${className}.${key}`, `a ${member.member}`, reason);
      continue;
    }
    switch (member.member) {
      case "constructor": {
        const plan = planConstructor(own, of("constructor"), member, className, options);
        if (plan) constructors.set(key, { ...plan, isStatic: member.static ?? false });
        break;
      }
      case "method": {
        const plan = planFunction(own, { ...wantedOf(member), ...of("method"), hasSelf: true });
        if (plan) methods.set(key, { ...plan, consumes: member.consumes ?? false });
        break;
      }
      case "static": {
        const plan = planFunction(own, { ...wantedOf(member), ...of("static") });
        if (plan) statics.set(key, plan);
        break;
      }
      default:
      // A property.
    }
  }
  const patterns = [...constructors.values()].map(({ pattern }) => pattern);
  if (patterns.includes("in-place") && patterns.some((pattern) => pattern !== "in-place")) {
    const reason =
      "some of its constructors write into storage of the caller's and others return an object, and the two are not freed " +
      "alike: declare two classes, or without size only those that return one";
    refuseDeclared(planning, className, "a class", reason);
  }
  const isMade = patterns.some((pattern) => pattern !== "in-place") || planning.received.owned.has(className);
  const free = planFree(planning, className, options, isMade);
  return {
    name: className,
    calling: planning.by.calling,
    options,
    constructors,
    methods,
    statics,
    ...planProperties(planning, className, members, options),
    parent: options.extends === undefined ? undefined : planParent(planning, className, options, options.extends),
    isAbsent: false,
    free,
    isLent: planning.callsOut && options.free !== false && !free?.waits,
    // In C a function may return the same pointer again and again.
    isShared:
      planning.by.calling.hasInPlace ||
      planning.by.calling.holding !== undefined ||
      planning.received.object.has(className),
  };
}

/** Finds the export that makes an object of the class that a class extends from an object of its own. */
function planParent(
  planning: Planning,
  className: string,
  { prefix }: ClassOptions,
  parentName: string,
): ClassPlan["parent"] {
  const { by, exported, members, misfits } = planning;
  const { calling } = by;
  const refuse = (reason: string, tried: readonly string[] = []): undefined => {
    misfits.push({
      ...withoutExport,
      by,
      name: className,
      declared: `a class that extends ${parentName}`,
      tried,
      reason,
    });
  };
  const seen = new Set([className]);
  for (let at: string | undefined = parentName; at !== undefined;) {
    const parent: ClassNode | undefined = classNamed(members, at);
    if (!parent) {
      refuse(`the interface declares no class ${at}`);
      return;
    }
    if (seen.has(at)) {
      refuse("it extends itself");
      return;
    }
    seen.add(at);
    at = ownValue(parent, "extends");
  }
  const parent = classNamed(members, parentName) as ClassNode;
  const name = ownValue(parent, "prefix")?.replace(/_$/, "") ?? parentName;
  const tried = calling.exportNames({ kind: "upcast", class: className, prefix, name });
  const upcast = tried.find((one) => {
    const type = exported.get(one);
    return type && isSameList(type.params, [calling.address]) && isSameList(type.results, [calling.address]);
  });
  if (upcast === undefined) {
    refuse(tried.length > 0 ? "" : `${calling.name} has no way for a class to extend another`, tried);
    return;
  }
  return { name: parentName, upcast };
}

function classNamed(members: InterfaceNodes, name: string): ClassNode | undefined {
  const found = ownValue(members, name);
  return isClassNode(found) ? found : undefined;
}

/**
 * Plans a constructor. It returns its object's address, directly or in a result area, or it writes the object into storage
 * that the caller provides. The last form can have the same type as the others; a declared size tells them apart.
 */
function planConstructor(
  planning: Planning,
  of: Pick<Wanted, "name" | "names">,
  member: ConstructorMember<readonly ParameterNode[]>,
  className: string,
  { size }: ClassOptions,
): Omit<ConstructorPlan, "isStatic"> | undefined {
  const { by, exported, misfits } = planning;
  const { calling } = by;
  const wanted: Wanted = {
    ...wantedOf(member),
    ...of,
    result: { type: "owned", class: className },
    isConstructor: true,
  };
  const { params } = wanted;
  if (params.some(receivedOf)) {
    const reason = "a constructor returns its object alone: declare a static method that returns both";
    refuseDeclared(planning, of.name, declaredSignatureText(params, undefined), reason);
    return undefined;
  }
  const { status } = member;
  if (status !== undefined && (!calling.hasInPlace || size === undefined)) {
    const reason =
      "status is for a constructor in C that takes storage: state its size, t.class(members, { size, align })";
    refuseDeclared(planning, of.name, declaredSignatureText(params, undefined), reason);
    return undefined;
  }
  const inPlace = calling.hasInPlace ? planInPlace(planning, wanted, status) : undefined;
  if (inPlace && size !== undefined) {
    if (inPlace.isClear) return { ...inPlace.plan, pattern: "in-place" };
    refuseDeclared(planning, of.name, declaredSignatureText(params, undefined), unclearStatus(inPlace.plan.export));
    return undefined;
  }
  const attempt: Planning = { ...planning, misfits: [] };
  const plan = planFunction(attempt, wanted);
  if (!plan) {
    if (inPlace) {
      misfits.push({
        name: of.name,
        by,
        declared: declaredSignatureText(params, undefined),
        tried: namesOf(planning, wanted),
        export: inPlace.plan.export,
        type: exported.get(inPlace.plan.export),
        compare: undefined,
        reason:
          "it constructs in place, in storage that the caller provides: state how many bytes an object takes, " +
          "t.class(members, { size, align })",
      });
    } else misfits.push(...attempt.misfits);
    return undefined;
  }
  const { form } = plan;
  return { ...plan, pattern: form !== "direct" ? form : calling.hasInPlace ? "factory" : "direct" };
}

/**
 * Plans a constructor as a function of its storage.
 *
 * @param planning - The comparison.
 * @param wanted - The constructor.
 * @param status - Whether the integer that it returns is a status; `undefined` if that was not stated.
 * @returns The plan, whose result is the status, and whether it is clear what the integer is.
 */
function planInPlace(
  planning: Planning,
  wanted: Wanted,
  status: boolean | undefined,
): { readonly plan: FunctionPlan; readonly isClear: boolean } | undefined {
  const attempt: Planning = { ...planning, misfits: [] };
  const plan = (result: TypeNode) => planFunction(attempt, { ...wanted, hasSelf: true, result });
  const nothing = status === undefined ? plan({ type: "void" }) : undefined;
  if (nothing) return { plan: nothing, isClear: true };
  const told = status === false ? undefined : plan({ type: "i32" });
  if (told && status) return { plan: told, isClear: true };
  // Clang's C++ constructors return the storage's address.
  const address = status === true ? undefined : plan(wanted.result);
  const found = address ?? told;
  if (!found) return undefined;
  return {
    plan: { ...found, result: undefined },
    isClear: address !== undefined && (status === false || isCppConstructor(found.export)),
  };
}

/** Whether a name is that of a C++ constructor, as clang mangles it. */
function isCppConstructor(name: string): boolean {
  return /^_ZN.+C[12]E/.test(name);
}

function unclearStatus(name: string): string {
  return (
    `${name} takes the object's storage and returns an integer, which may be a status or the storage's address: say ` +
    "{ status: true } if zero means success, or { status: false } if it is the address. If another value means success, export a " +
    "function from the module that returns nothing, or the object"
  );
}

function planFree(
  planning: Planning,
  className: string,
  { free, prefix, size }: ClassOptions,
  isMade: boolean,
): FreePlan | undefined {
  if (free === false) return undefined;
  const { by, exported, misfits } = planning;
  const { calling } = by;
  const tried = namesOf(planning, { export: free, names: { kind: "free", class: className, prefix, name: "" } });
  const name = tried.find((one) => exported.has(one));
  const type = name === undefined ? undefined : exported.get(name);
  const found = calling.freeing.find(({ type: { params } }) => type && isSameList(params, type.params));
  if (name !== undefined && found) return { export: name, words: found.words, waits: found.waits ?? false };
  if (free !== undefined || (isMade && size === undefined)) {
    misfits.push({
      name: `${className}.free`,
      by,
      declared: `(${className}) -> void`,
      tried,
      export: name,
      type,
      compare: undefined,
      reason:
        calling.holding?.refusal ??
        (name === undefined ? 'name what frees its objects, t.class(members, { free: "…" }), or say free: false' : ""),
    });
  }
  return undefined;
}
