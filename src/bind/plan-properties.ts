import { ownValue } from "../base/own.ts";
import type { ClassOptions, DeclaredName, FieldMember, GetterMember, SetterMember } from "../public/index.ts";
import { type Planning, refuseDeclared, withConvention } from "./planning.ts";
import { planFunction, plainWanted, type Wanted } from "./plan-function.ts";
import type { ClassPlan, PropertyPlan } from "./plans.ts";
import type { Layout } from "./types/description.ts";
import type { ClassMemberNode, ClassNode, TypeNode } from "./types/node.ts";
import { innerTypes, layoutOf, typeText } from "./types/types.ts";

const plainProperty: PropertyPlan = {
  get: undefined,
  set: undefined,
  consumes: false,
  place: undefined,
  kept: undefined,
  isReadonly: false,
};

type NamesOf = (kind: DeclaredName["kind"]) => Pick<Wanted, "name" | "names">;

/**
 * Whether a member belongs to the class instead of its objects.
 *
 * @param member - The member.
 */
export function isStatic(member: ClassMemberNode): boolean {
  switch (member.member) {
    case "static":
    case "constructor":
      return true;
    case "field":
      return member.options.static ?? false;
    case "property":
      return ownValue(member.get, "static") ?? false;
    case "method":
      return false;
    default:
      return ownValue(member, "static") ?? false;
  }
}

/**
 * Returns the convention that a member states.
 *
 * @param member - The member.
 */
export function conventionOf(member: ClassMemberNode): string | undefined {
  switch (member.member) {
    case "field":
      return member.options.convention;
    case "property":
      return member.get.convention;
    default:
      return member.convention;
  }
}

/**
 * Finds the exports of a class's properties. Those that an optional property lacks are left out.
 *
 * @param planning - The comparison; it collects misfits.
 * @param className - The class's name.
 * @param members - The members of the class.
 * @param options - The class's options.
 */
export function planProperties(
  planning: Planning,
  className: string,
  members: ClassNode["members"],
  { prefix, size }: ClassOptions,
): Pick<ClassPlan, "properties" | "staticProperties"> {
  const properties = new Map<string, PropertyPlan>();
  const staticProperties = new Map<string, PropertyPlan>();
  for (const [key, member] of Object.entries(members)) {
    const of: NamesOf = (kind) => ({
      name: `${className}.${key}`,
      names: { class: className, prefix, kind, name: key },
    });
    const isProperty = !["constructor", "method", "static"].includes(member.member);
    const own = isProperty && withConvention(planning, `${className}.${key}`, conventionOf(member));
    const plan = own ? planProperty(own, of, member, size) : undefined;
    if (!plan || !(plan.get ?? plan.set ?? plan.place ?? plan.kept)) continue;
    (isStatic(member) ? staticProperties : properties).set(key, plan);
  }
  return { properties, staticProperties };
}

function planProperty(
  planning: Planning,
  of: NamesOf,
  member: ClassMemberNode,
  size: number | undefined,
): PropertyPlan | undefined {
  switch (member.member) {
    case "getter":
      return { ...plainProperty, ...planGetter(planning, of, member) };
    case "setter":
      return { ...plainProperty, set: planSetter(planning, of, member) };
    case "property":
      return { ...plainProperty, ...planGetter(planning, of, member.get), set: planSetter(planning, of, member.set) };
    case "field":
      return planField(planning, of, member, size);
    default:
      return undefined;
  }
}

function planGetter(
  planning: Planning,
  of: NamesOf,
  member: GetterMember<TypeNode>,
): Pick<PropertyPlan, "get" | "consumes"> {
  const { value, consumes = false, optional: isOptional, static: isOfClass, ...stated } = member;
  if (consumes && isOfClass) {
    const reason = "a static property has no object that it could take: leave out consumes";
    refuseDeclared(planning, of("getter").name, `a property of ${typeText(value)}`, reason);
  }
  const wanted = { ...plainWanted, ...stated, ...of("getter"), ...reading(value), isOptional, hasSelf: !isOfClass };
  return { get: planFunction(planning, wanted), consumes };
}

function planSetter(planning: Planning, of: NamesOf, member: SetterMember<TypeNode>): PropertyPlan["set"] {
  const { value, optional: isOptional, static: isOfClass, ...stated } = member;
  return planFunction(planning, {
    ...plainWanted,
    ...stated,
    ...of("setter"),
    ...writing(value),
    isOptional,
    hasSelf: !isOfClass,
  });
}

function reading(value: TypeNode): Pick<Wanted, "params" | "result"> {
  return { params: [], result: value };
}

function writing(value: TypeNode): Pick<Wanted, "params" | "result"> {
  return { params: [value], result: { type: "void" } };
}

function planField(
  planning: Planning,
  of: NamesOf,
  { value, options }: FieldMember<TypeNode>,
  size: number | undefined,
): PropertyPlan {
  const { get, set, offset, readonly: isReadonly = false, optional: isOptional, static: isOfClass } = options;
  const hasSelf = !isOfClass;
  if (options.length !== undefined) {
    const { name, names } = of("field-get");
    const kept = planning.askExtras().planKept(planning, names.class ?? "", { value, options }, size);
    if (typeof kept !== "string") return { ...plainProperty, kept, isReadonly };
    const declared = `${typeText(value)} with a length`;
    refuseDeclared(planning, name, declared, kept);
    return { ...plainProperty, isReadonly };
  }
  if (offset !== undefined) {
    const { calling } = planning.by;
    const layout = layoutOf(value, calling.address === "i64");
    const reason = isOfClass
      ? "a static field lies in no object: leave out offset"
      : calling.boxesObjects && !calling.holding
        ? `${calling.name} keeps an object in a box of its own, where nothing tells the offset of a field: leave offset out`
        : (misplacement(layout, offset, size, isReadonly) ?? (isReadonly ? undefined : ofUnion(value)));
    if (reason === undefined) return { ...plainProperty, place: { offset, type: value }, isReadonly };
    const declared = `${typeText(value)} at the offset ${offset}`;
    refuseDeclared(planning, of("field-get").name, declared, reason);
    return { ...plainProperty, isReadonly };
  }
  const stated = { ...plainWanted, isOptional, hasSelf };
  return {
    ...plainProperty,
    get: planFunction(planning, { ...stated, ...of("field-get"), ...reading(value), export: get }),
    set: isReadonly
      ? undefined
      : planFunction(planning, { ...stated, ...of("field-set"), ...writing(value), export: set }),
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
