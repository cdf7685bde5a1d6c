import { isSameList } from "../base/same.ts";
import { isOfKind, ownMembers } from "../base/own.ts";
import type { ClassOptions, ConstructorMember, DeclaredName, FieldMember } from "../public/index.ts";
import { type Planning, under, withoutExport } from "./misfit.ts";
import { namesOf, planFunction, plainWanted, type Wanted } from "./plan-function.ts";
import type { ClassPlan, ConstructorPlan, FreePlan, FunctionPlan, PropertyPlan } from "./plans.ts";
import type { Layout } from "./types/description.ts";
import { planKept } from "./plan-kept.ts";
import { receivedOf } from "./types/transfer.ts";
import type { ClassMemberNode, ClassNode, FunctionNode, InterfaceNodes, TypeNode } from "./types/node.ts";
import { declaredSignatureText, innerTypes, layoutOf, typeText } from "./types/types.ts";

const plainProperty: PropertyPlan = {
  get: undefined,
  set: undefined,
  place: undefined,
  kept: undefined,
  isReadonly: false,
};

/**
 * Finds the exports of a declared class, and how its objects are made and freed.
 *
 * @param planning - The comparison, by the convention of the class; it collects misfits.
 * @param className - The class's name.
 * @param declared - The class.
 */
export function planClass(planning: Planning, className: string, { members, ...rest }: ClassNode): ClassPlan {
  const constructors = new Map<string, ConstructorPlan>();
  const methods = new Map<string, FunctionPlan & { readonly consumes: boolean }>();
  const statics = new Map<string, FunctionPlan>();
  const properties = new Map<string, PropertyPlan>();
  const property = (key: string, more: Partial<PropertyPlan>) =>
    properties.set(key, { ...plainProperty, ...properties.get(key), ...more });
  const options = ownMembers(rest);
  for (const [key, member] of Object.entries(members)) {
    const stated = member.member === "field" ? member.options.convention : member.convention;
    const own = stated === undefined ? planning : withConvention(planning, `${className}.${key}`, stated);
    if (!own) continue;
    const of = (kind: DeclaredName["kind"]): Pick<Wanted, "name" | "names"> => ({
      name: `${className}.${key}`,
      names: { class: className, prefix: options.prefix, kind, name: key },
    });
    if (key === "prototype" && (member.member === "static" || member.member === "constructor")) {
      const reason =
        "JavaScript keeps that name for itself: give it another, and name its export with the option `export`";
      own.misfits.push({
        ...withoutExport,
        by: own.by,
        name: `${className}.${key}`,
        declared: `a ${member.member}`,
        reason,
      });
      continue;
    }
    switch (member.member) {
      case "constructor": {
        const plan = planConstructor(own, of("constructor"), member, className, options);
        if (plan) constructors.set(key, plan);
        break;
      }
      case "method": {
        const plan = planFunction(own, { ...plainWanted, ...member, ...of("method"), hasSelf: true });
        if (plan) methods.set(key, { ...plan, consumes: member.consumes ?? false });
        break;
      }
      case "static": {
        const plan = planFunction(own, { ...plainWanted, ...member, ...of("static") });
        if (plan) statics.set(key, plan);
        break;
      }
      case "getter":
        property(key, {
          get: planFunction(own, { ...plainWanted, ...member, ...of("getter"), ...reading(member.value) }),
        });
        break;
      case "setter":
        property(key, {
          set: planFunction(own, { ...plainWanted, ...member, ...of("setter"), ...writing(member.value) }),
        });
        break;
      case "field":
        property(key, planField(own, of, member, options.size));
    }
  }
  const patterns = [...constructors.values()].map(({ pattern }) => pattern);
  if (patterns.includes("in-place") && patterns.some((pattern) => pattern !== "in-place")) {
    const reason =
      "some of its constructors write into storage of the caller's and others return an object, and the two are not freed " +
      "alike: declare two classes, or without size only those that return one";
    planning.misfits.push({ ...withoutExport, by: planning.by, name: className, declared: "a class", reason });
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
    properties,
    free,
    isLent: planning.callsOut && options.free !== false && !free?.waits,
    // In C a function may return the same pointer again and again.
    isShared: planning.by.calling.hasInPlace || planning.received.object.has(className),
  };
}

/**
 * Finds the classes whose objects come out of the module, lent or given away: in results, in output parameters, and in
 * values passed to functions.
 *
 * @param members - What was declared.
 */
export function receivedClasses(members: InterfaceNodes): Planning["received"] {
  const received = { object: new Set<string>(), owned: new Set<string>() };
  const add = (node: TypeNode): void => {
    if (node.type === "object" || node.type === "owned") received[node.type].add(node.class);
    else innerTypes(node).forEach(add);
  };
  const all = Object.values(members).flatMap((one): readonly (ClassMemberNode | FunctionNode)[] =>
    one.member === "class" ? Object.values(one.members) : [one],
  );
  for (const one of all) {
    if (isOfKind(one, "result")) add(one.result);
    if (isOfKind(one, "value")) add(one.value);
    const params = isOfKind(one, "params") ? one.params : [];
    for (const node of params) if (node.type === "closure" || node.type === "out") add(node);
  }
  return received;
}

/** The same comparison by another convention; `undefined` for an unknown one, which is a misfit. */
function withConvention(planning: Planning, name: string, convention: string): Planning | undefined {
  const by = under(planning.conventions, planning.misfits, name, convention);
  return by && { ...planning, by };
}

function reading(value: TypeNode): Pick<Wanted, "params" | "result" | "hasSelf"> {
  return { params: [], result: value, hasSelf: true };
}

function writing(value: TypeNode): Pick<Wanted, "params" | "result" | "hasSelf"> {
  return { params: [value], result: { type: "void" }, hasSelf: true };
}

function planField(
  planning: Planning,
  of: (kind: DeclaredName["kind"]) => Pick<Wanted, "name" | "names">,
  { value, options }: FieldMember<TypeNode>,
  size: number | undefined,
): PropertyPlan {
  const { get, set, offset, readonly: isReadonly = false } = options;
  if (options.length !== undefined) {
    const { name, names } = of("field-get");
    const kept = planKept(planning, names.class ?? "", { value, options }, size);
    if (typeof kept !== "string") return { ...plainProperty, kept, isReadonly };
    const declared = `${typeText(value)} with a length`;
    planning.misfits.push({ ...withoutExport, by: planning.by, name, declared, reason: kept });
    return { ...plainProperty, isReadonly };
  }
  if (offset !== undefined) {
    const { calling } = planning.by;
    const layout = layoutOf(value, calling.address === "i64");
    const reason = calling.boxesObjects
      ? `${calling.name} keeps an object in a box of its own, where nothing tells the offset of a field: leave offset out`
      : (misplacement(layout, offset, size, isReadonly) ?? (isReadonly ? undefined : ofUnion(value)));
    if (reason === undefined) return { ...plainProperty, place: { offset, type: value }, isReadonly };
    const declared = `${typeText(value)} at the offset ${offset}`;
    planning.misfits.push({ ...withoutExport, by: planning.by, name: of("field-get").name, declared, reason });
    return { ...plainProperty, isReadonly };
  }
  return {
    ...plainProperty,
    get: planFunction(planning, { ...plainWanted, ...of("field-get"), ...reading(value), export: get }),
    set: isReadonly
      ? undefined
      : planFunction(planning, { ...plainWanted, ...of("field-set"), ...writing(value), export: set }),
    isReadonly,
  };
}

/** The reason why a field cannot lie at its declared offset; `undefined` if it can. */
function misplacement(
  layout: Layout | undefined,
  offset: number,
  size: number | undefined,
  isReadonly: boolean,
): string | undefined {
  if (!layout) return "only a number, a text, or a struct or array of such lies in an object itself";
  if (size !== undefined && offset + layout.size > size) {
    return `it ends at byte ${offset + layout.size}, and an object has ${size}`;
  }
  return layout.isPointer && !isReadonly
    ? "nothing tells when a text that is written to a field can be freed: say readonly: true, and write it by a method"
    : undefined;
}

/** The reason why a field with a union in it cannot be written; `undefined` for other fields. */
function ofUnion(node: TypeNode): string | undefined {
  if (node.type !== "union")
    return innerTypes(node)
      .map(ofUnion)
      .find((reason) => reason !== undefined);
  return "all members of a union are read and one is written: say readonly: true, or declare each member as a field of its own";
}

/**
 * Plans a constructor. It returns its object's address, directly or in a result area, or it writes the object into storage
 * that the caller provides. The last form can have the same type as the others; a declared size tells them apart.
 */
function planConstructor(
  planning: Planning,
  of: Pick<Wanted, "name" | "names">,
  { params, ...stated }: ConstructorMember<readonly TypeNode[]>,
  className: string,
  { size }: ClassOptions,
): ConstructorPlan | undefined {
  const { by, exported, misfits } = planning;
  const { calling } = by;
  const wanted: Wanted = {
    ...plainWanted,
    ...stated,
    ...of,
    params,
    result: { type: "owned", class: className },
    isConstructor: true,
  };
  if (params.some(receivedOf)) {
    const reason = "a constructor returns its object alone: declare a static method that returns both";
    misfits.push({
      ...withoutExport,
      by: planning.by,
      name: of.name,
      declared: declaredSignatureText(params, undefined),
      reason,
    });
    return undefined;
  }
  const inPlace = calling.hasInPlace ? planInPlace(planning, wanted) : undefined;
  if (inPlace && size !== undefined) return { ...inPlace, pattern: "in-place" };
  const attempt: Planning = { ...planning, misfits: [] };
  const plan = planFunction(attempt, wanted);
  if (!plan) {
    if (inPlace) {
      misfits.push({
        name: of.name,
        by,
        declared: declaredSignatureText(params, undefined),
        tried: namesOf(planning, wanted),
        export: inPlace.export,
        type: exported.get(inPlace.export),
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

/** Plans a constructor as a function of its storage. */
function planInPlace(planning: Planning, wanted: Wanted): FunctionPlan | undefined {
  const attempt: Planning = { ...planning, misfits: [] };
  const plan =
    planFunction(attempt, { ...wanted, hasSelf: true, result: { type: "void" } }) ??
    // Clang's C++ constructors return the storage's address.
    planFunction(attempt, { ...wanted, hasSelf: true });
  return plan && { ...plan, result: undefined };
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
        name === undefined ? 'name what frees its objects, t.class(members, { free: "…" }), or say free: false' : "",
    });
  }
  return undefined;
}
