import { ownMembers, ownValue } from "../base/own.ts";
import { cannotSuspend, canSuspend } from "../base/suspending.ts";
import type { Calling, DeclaredName, ElementName, FunctionType, Lifting, Lowering, Room } from "../public/index.ts";
import { plainLifting, plainLowering, withLiftings, withLowerings } from "./values/index.ts";
import { type Fit, fit } from "./fit.ts";
import type { Comparison, Links, Passing, Planning } from "./planning.ts";
import type { Borrowing, FunctionPlan, ObjectUse, OutPlan, ParameterPlan } from "./plans.ts";
import { innermost, isPassed, isPromise } from "./types/transfer.ts";
import { type ParameterNode, parametersOf, type TypeNode } from "./types/node.ts";
import { classesIn, declaredSignatureText, innerTypes, isAllocated, typeText } from "./types/types.ts";

/** A function to find in the module. */
export interface Wanted {
  /** Its name in messages. */
  readonly name: string;
  readonly params: readonly TypeNode[];
  /** The declared names of the parameters. */
  readonly labels: readonly (string | undefined)[];
  /** Whether the last parameter collects the remaining arguments. */
  readonly hasRest: boolean | undefined;
  /** Whether the module may lack it. */
  readonly isOptional: boolean | undefined;
  /** The result in messages; `undefined` for a constructor, which is shown without one. */
  readonly shown: TypeNode | undefined;
  readonly result: TypeNode;
  /** The name that its export is derived from. */
  readonly names: DeclaredName;
  /** The export, if it was stated. */
  readonly export: string | undefined;
  readonly owned: boolean | undefined;
  /** The export that frees an `owned` result. */
  readonly free: string | undefined;
  /** Whether it is called on an object. */
  readonly hasSelf: boolean | undefined;
  readonly isConstructor: boolean | undefined;
  /** How it uses its objects until its promise settles, if that was stated. */
  readonly borrows: Borrowing["borrows"] | undefined;
}

/** The types of parameters that may belong to another, or receive a value. */
const linkedTypes: ReadonlySet<string> = /* @__PURE__ */ new Set(["buffer", "inout", "length", "out"]);

/** The members of a {@link Wanted} that most functions do not need. */
export const plainWanted = {
  labels: [],
  hasRest: undefined,
  isOptional: undefined,
  shown: undefined,
  export: undefined,
  owned: undefined,
  free: undefined,
  hasSelf: undefined,
  isConstructor: undefined,
  borrows: undefined,
} as const satisfies Partial<Wanted>;

/**
 * Returns what is wanted of a declared function, except its names.
 *
 * @param member - The declaration.
 */
export function wantedOf<Member extends { readonly params: readonly ParameterNode[]; readonly optional?: boolean }>(
  member: Member,
): Omit<Member, "params"> & typeof plainWanted & Pick<Wanted, "params" | "labels" | "hasRest" | "isOptional"> {
  const { params, ...rest } = member;
  const { types, names, hasRest } = parametersOf(params);
  return { ...plainWanted, ...rest, params: types, labels: names, hasRest, isOptional: ownValue(member, "optional") };
}

/**
 * Finds the export of a declared function, and how to call it.
 *
 * @param planning - The comparison; it collects misfits.
 * @param given - The function.
 * @returns `undefined` for a misfit, and for an optional function that the module lacks.
 */
export function planFunction(planning: Planning, given: Wanted): FunctionPlan | undefined {
  const wanted = ownMembers(given);
  const { by, exported, misfits } = planning;
  const { calling } = by;
  const { name, params } = wanted;
  const promised = wanted.result.type === "promise" && !calling.hasPromises ? wanted.result : undefined;
  const result = promised ? promised.value : wanted.result;
  const tried = namesOf(planning, wanted);
  const refuse = (reason: string, found?: string, compare?: () => Comparison): undefined => {
    const type = found === undefined ? undefined : exported.get(found);
    const declared = declaredSignatureText(params, wanted.isConstructor ? undefined : wanted.result);
    // Without a search, no export is missing.
    const sought = found === undefined && reason !== "" ? [] : tried;
    misfits.push({ name, by, declared, tried: sought, export: found, type, reason, compare });
  };
  const unknown = [...params, result].flatMap(classesIn).find((one) => !planning.hasClass(one));
  if (unknown !== undefined) {
    refuse(`the interface declares no class ${unknown}`);
    return;
  }
  const { class: self } = wanted.names;
  const boxed = [...(wanted.hasSelf && self !== undefined ? [self] : []), ...[...params, result].flatMap(classesIn)]
    .map((one) => ({ name: one, of: planning.classes.get(one)?.calling }))
    .find(({ of }) => of?.boxesObjects && of !== calling);
  if (boxed) {
    refuse(
      `${boxed.of?.name} keeps an object of ${boxed.name} in a box of its own, so a function by the convention of ` +
        `${calling.name} cannot use it: declare the function by the convention of ${boxed.of?.name}, or an address as t.size`,
    );
    return;
  }
  const there = tried.filter((one) => exported.has(one));
  const [first] = there;
  if (first === undefined) {
    if (!wanted.isOptional) refuse("");
    return;
  }

  const words = [calling.address];
  const address: Lowering & Lifting = {
    ...plainLowering,
    ...plainLifting,
    words,
    expected: "",
    accepts: () => false,
    lower: () => undefined,
    lift: () => undefined,
  };
  const object = objectUse(result);
  const { free, owned: isOwned = false } = wanted;
  if (calling.givesAway && (free !== undefined || wanted.owned === false)) {
    const option = free === undefined ? "owned: false" : "free";
    refuse(
      `by ${calling.name}'s convention what it returns is freed with the module's own allocator, so leave out ${option}; ` +
        "a function that keeps what it returns is declared with its pointer and length as numbers",
      first,
    );
    return;
  }
  const written = params.find((type) => type.type === "out" && isAllocated(type.item));
  if (written && wanted.owned === undefined && !calling.givesAway) {
    refuse(
      `${typeText(written)} fits in more than one way: if the function writes the address of memory of its own, say with ` +
        "owned: true or owned: false whether the caller frees it; if it fills memory of the caller's, declare t.buffer",
      first,
    );
    return;
  }
  if (wanted.owned !== undefined && !isAllocated(result) && !written) {
    refuse(
      "owned tells whose a text, bytes or an array is, and it returns none: leave the option out, and declare an object " +
        "that is given away as t.owned",
      first,
    );
    return;
  }
  const unsuspended = promised && suspensionRefusal(wanted, calling);
  if (unsuspended !== undefined) {
    refuse(unsuspended, first);
    return;
  }
  if (wanted.borrows !== undefined && !isPromise(wanted.result)) {
    refuse(
      "borrows tells how it uses its objects until its promise settles, and it returns none: leave the option out",
      first,
    );
    return;
  }
  const moved = calling.holding ? params.find((type) => objectUse(type)?.isOwned) : undefined;
  if (moved) {
    refuse(
      `no object is given away, since the collector of ${calling.name} owns them all: declare t.object instead of ${typeText(moved)}`,
      first,
    );
    return;
  }
  const unkept = calling.holding?.refusal;
  if (unkept !== undefined && [...params, result].some((type) => classesIn(type).length > 0)) {
    refuse(unkept, first);
    return;
  }
  const stated = calling.hasClassIds ? undefined : [...params, result].find(statesClass);
  if (stated) {
    refuse(`${calling.name} makes its values without a class: leave classId out of ${typeText(stated)}`, first);
    return;
  }
  const isLinked = [...params, result].some((type) => linkedTypes.has(innermost(type).type));
  const links = isLinked ? planning.askExtras().linkParameters(params, result) : undefined;
  if (typeof links === "string") {
    refuse(links, first);
    return;
  }
  const owned = isOwned && free !== undefined ? free : isOwned;
  if (free !== undefined && !(isOwned && calling.canFree?.(free))) {
    refuse(
      isOwned ? `the export ${free}, which is to free what it returns, takes no address` : "free is for what is owned",
      first,
    );
    return;
  }
  const isWide = calling.address === "i64";
  const isNullFirst = wanted.isConstructor === true && calling.takesNull?.(first) === true;
  const typesThere = () => there.map((one) => exported.get(one) as FunctionType);
  const passing: Passing = {
    calling,
    self: wanted.hasSelf || isNullFirst ? words : [],
    lowerings: (type) => {
      if (objectUse(type)) return [address];
      if (objectWritten(type)) return [{ ...address, out: addressRoom(isWide) }];
      const ways = calling.lowerings(type, owned);
      return type.type === "js" ? withLowerings(ways, typesThere()) : ways;
    },
    liftings: (type) => {
      if (objectUse(type)) return [address];
      const ways = calling.liftings(type, owned);
      return type.type === "js" ? withLiftings(ways, typesThere()) : ways;
    },
  };
  const lowerings = params.map((type, at) => {
    const ways = passing.lowerings(type);
    return links?.split.has(at) ? planning.askExtras().splitWays(ways, calling.address) : ways;
  });
  const liftings = passing.liftings(result);
  const unable =
    params.find((_, at) => lowerings[at]?.length === 0) ??
    (result.type !== "void" && liftings.length === 0 ? result : undefined);
  if (unable) {
    refuse(calling.refusal?.(unable) ?? `${calling.name} has no way to pass ${typeText(unable)}`, first);
    return;
  }
  const context = {
    calling,
    self: passing.self,
    lowerings,
    liftings: result.type === "void" ? [undefined] : liftings,
  };
  for (const one of there) {
    const [found, ...others] = fit(context, exported.get(one) as FunctionType);
    if (others.length > 0) {
      refuse(`it fits in more than one way${hintFor([...params, result])}`, one);
      return;
    }
    if (found) {
      const plan = planOf(planning, found, wanted, links, object);
      return { ...plan, name, export: one, calling, isNullFirst, isSuspended: promised !== undefined };
    }
  }
  const type = exported.get(first) as FunctionType;
  const isProperty = /^(getter|setter|field-)/.test(wanted.names.kind);
  const declared = { params, result, isConstructor: wanted.isConstructor, isProperty };
  refuse("", first, () => planning.askExtras().compareDeclared(declared, type, passing));
}

/**
 * Lists the export names that a declared function may have.
 *
 * @param planning - The comparison.
 * @param wanted - The function.
 */
export function namesOf({ by }: Planning, wanted: Pick<Wanted, "export" | "names">): readonly string[] {
  return wanted.export === undefined ? by.calling.exportNames(wanted.names) : [wanted.export];
}

function planOf(
  planning: Planning,
  { params: ways, result, ...found }: Fit,
  { params: types, labels, hasRest, result: resultType, borrows = "exclusive", names: { kind } }: Wanted,
  links: Links | undefined,
  object: ObjectUse | undefined,
): Omit<FunctionPlan, "name" | "export" | "calling" | "isNullFirst" | "isSuspended"> {
  // Its calls need them.
  if (hasRest || isPromise(resultType)) planning.askExtras();
  const rooms = roomsOf(ways, types, found.area?.size ?? 0);
  const params: ParameterPlan[] = [];
  const passedLabels: (string | undefined)[] = [];
  // A setter always gets its argument, so that null is a value of it.
  const isSet = kind === "setter" || kind === "field-set";
  const copied = new Map<number, ElementName>();
  for (const [at, type] of types.entries()) {
    if (!isPassed(type)) continue;
    passedLabels.push(labels[at]);
    const element = copiedElement(type);
    if (element !== undefined) copied.set(params.length, element);
    const use = objectUse(type);
    const way = ways[at] as Lowering;
    params.push(
      use
        ? { object: isSet ? { ...use, isNullable: true } : use, lowering: undefined, items: undefined }
        : {
            object: undefined,
            lowering: isSet && way.needsCount && way.accepts(null) ? { ...way, needsCount: undefined } : way,
            items: itemUse(type),
          },
    );
  }
  return {
    ...found,
    params,
    labels: passedLabels,
    rest: hasRest ? types.at(-1) : undefined,
    linked: links || rooms.outs.size > 0 ? planning.askExtras().planLinked(types, ways, links, rooms.outs) : undefined,
    room: rooms.size,
    asynchronous: isPromise(resultType) ? { borrows, copied } : undefined,
    result: object ? { object, lifting: undefined } : result && { object: undefined, lifting: result },
  };
}

/** Returns the reason why the engine cannot suspend a call of a function; `undefined` if it can. */
function suspensionRefusal({ borrows }: Wanted, { name }: Calling): string | undefined {
  if (!canSuspend()) return cannotSuspend(name);
  return borrows === "none"
    ? `${name} has no promises, so the call is suspended and uses its objects until it ends: leave borrows out, or say "shared"`
    : undefined;
}

/** The element type of an array that a call passes and does not write to; `undefined` for other types. */
function copiedElement(type: TypeNode): ElementName | undefined {
  const inner = innermost(type);
  if (inner.type === "bytes") return "u8";
  return inner.type === "array" && !inner.mutable ? inner.element : undefined;
}

/** Places the rooms that parameters point to one after the other, behind the result area. */
function roomsOf(
  ways: readonly Lowering[],
  types: readonly TypeNode[],
  start: number,
): { readonly outs: ReadonlyMap<number, OutPlan>; readonly size: number } {
  const outs = new Map<number, OutPlan>();
  let size = start;
  for (const [at, { out }] of ways.entries()) {
    if (!out) continue;
    outs.set(at, { offset: size, room: out, object: objectWritten(types[at] as TypeNode) });
    size += Math.ceil(out.size / 16) * 16;
  }
  return { outs, size };
}

/**
 * Returns a hint that tells apart the ways in which a declaration fits.
 *
 * @param types - The types in it.
 */
export function hintFor(types: readonly TypeNode[]): string {
  const names = types.map((type) => (type.type === "optional" ? type.item.type : type.type));
  const hints = [
    names.includes("string") && "say t.cstring where a zero ends a text",
    names.includes("array") && "declare the length of an array as a t.size of its own, before or behind it",
    names.includes("record") &&
      "a struct of one field is passed by value as that field, so declare the field's type, and by its address as t.array",
    names.includes("enumeration") && "the version of the toolchain tells which: keep the section producers",
  ];
  const said = hints.filter((hint) => hint !== false).join("; ");
  return said === "" ? "" : `: ${said}`;
}

/** Room for an address. */
function addressRoom(isWide: boolean): Room {
  return {
    size: isWide ? 8 : 4,
    pointers: [0],
    pointerTo: undefined,
    write: undefined,
    // The binder makes the object.
    read: () => undefined,
  };
}

/** The object whose address is written through a pointer parameter; `undefined` for other types. */
function objectWritten(type: TypeNode): ObjectUse | undefined {
  return type.type === "out" ? objectUse(type.item) : undefined;
}

/**
 * Returns the object that a type stands for; `undefined` for other types.
 *
 * @param type - The type.
 */
export function objectUse(type: TypeNode): ObjectUse | undefined {
  const isOptional = type.type === "optional";
  const inner = isOptional ? type.item : type;
  const isNullable = isOptional && inner.type === "optional";
  const of = isNullable ? inner.item : inner;
  if (of.type !== "object" && of.type !== "owned") return undefined;
  return { class: of.class, isOwned: of.type === "owned", isOptional, isNullable };
}

/** Whether a type states the class that its values are made with. */
function statesClass(type: TypeNode): boolean {
  return ownValue(type, "classId") !== undefined || innerTypes(type).some(statesClass);
}

/** The class of a list's items, if they are objects. */
function itemUse(type: TypeNode): ObjectUse | undefined {
  if (type.type === "optional") return itemUse(type.item);
  return type.type === "list" ? objectUse(type.item) : undefined;
}
