import type { Calling, DeclaredName, DeclaredType, FunctionType, Lifting, Lowering, OutType } from "../types/index.ts";
import { type Fit, fit } from "./fit.ts";
import type { Planning } from "./misfit.ts";
import type { FunctionPlan, ObjectUse, ParameterPlan } from "./plans.ts";
import { declaredText, typeText } from "./text.ts";

/** A function to be found in the module. */
export interface Wanted {
  /** What messages call it. */
  readonly name: string;
  readonly params: readonly DeclaredType[];
  /** `undefined` for a constructor, which messages show without one. */
  readonly shown?: DeclaredType | undefined;
  readonly result: DeclaredType;
  /** What its export is named by. */
  readonly names: DeclaredName;
  /** The export, where it was stated. */
  readonly export?: string | undefined;
  readonly owned?: boolean | undefined;
  /** Whether it is called on an object. */
  readonly hasSelf?: boolean;
  readonly isConstructor?: boolean;
}

/**
 * Finds the export that a declared function is, and how it is called.
 *
 * @param planning - What is compared; a misfit is noted there.
 * @param wanted - The function.
 * @returns `undefined` for a misfit.
 */
export function planFunction(planning: Planning, wanted: Wanted): FunctionPlan | undefined {
  const { calling, exported, misfits } = planning;
  const { name, params, result } = wanted;
  const tried = namesOf(planning, wanted);
  const refuse = (reason: string, found?: string): undefined => {
    const type = found === undefined ? undefined : exported.get(found);
    const declared = declaredText(params, wanted.isConstructor ? undefined : result);
    misfits.push({ name, declared, tried, export: found, type, reason });
  };
  const unknown = [...params, result].flatMap(classesIn).find((one) => !isDeclared(planning, one));
  if (unknown !== undefined) {
    refuse(`the interface declares no class ${unknown}`);
    return;
  }
  const there = tried.filter((one) => exported.has(one));
  const [first] = there;
  if (wanted.isConstructor && params.some(({ type }) => type === "out")) {
    refuse("a constructor returns its object alone: declare t.static with t.out, also for t.owned(…)", first);
    return;
  }
  if (first === undefined) {
    refuse("");
    return;
  }

  const words = [calling.address];
  const address: Lowering & Lifting = {
    words,
    expected: "",
    accepts: () => false,
    lower: () => undefined,
    lift: () => undefined,
  };
  const object = objectUse(result);
  const lowerings = params.map((type) =>
    type.type === "out" ? outLowerings(calling, type) : objectUse(type) ? [address] : calling.lowerings(type),
  );
  const liftings = object ? [address] : calling.liftings(result, wanted.owned ?? false);
  const unable =
    params.find((_, at) => lowerings[at]?.length === 0) ??
    (result.type !== "void" && liftings.length === 0 ? result : undefined);
  if (unable) {
    const why = calling.unable?.(unable);
    refuse(`${calling.name} has no way to pass ${typeText(unable)}${why === undefined ? "" : `: ${why}`}`, first);
    return;
  }
  const context = {
    calling,
    self: wanted.hasSelf ? words : [],
    lowerings,
    liftings: result.type === "void" ? [undefined] : liftings,
  };
  for (const one of there) {
    const [found, ...others] = fit(context, exported.get(one) as FunctionType);
    if (others.length > 0) {
      refuse("it fits in more than one way: say t.cstring where a zero ends a text", one);
      return;
    }
    if (found) return { ...planOf(found, params, object), name, export: one };
  }
  refuse("", first);
}

/**
 * The export names that a declared function may have.
 *
 * @param planning - What is compared.
 * @param wanted - The function.
 */
export function namesOf({ calling }: Planning, wanted: Pick<Wanted, "export" | "names">): readonly string[] {
  return wanted.export === undefined ? calling.exportNames(wanted.names) : [wanted.export];
}

function planOf(
  { params: ways, result, ...found }: Fit,
  params: readonly DeclaredType[],
  object: ObjectUse | undefined,
): Omit<FunctionPlan, "name" | "export"> {
  return {
    ...found,
    params: params.map((type, at): ParameterPlan => {
      if (type.type === "out") {
        return { lowering: ways[at] as Lowering, out: { object: objectUse(type.item as DeclaredType) } };
      }
      const use = objectUse(type);
      return use ? { object: use } : { lowering: ways[at] as Lowering };
    }),
    result: object ? { object } : result && { lifting: result },
  };
}

/** Of an object the address is written. */
function outLowerings(calling: Calling, type: OutType): readonly Lowering[] {
  return calling.lowerings(objectUse(type.item as DeclaredType) ? { type: "out", item: { type: "size" } } : type);
}

/** The object that a type is, if it is one. */
function objectUse(type: DeclaredType): ObjectUse | undefined {
  const isOptional = type.type === "optional";
  const of = isOptional ? (type.item as DeclaredType) : type;
  if (of.type !== "object" && of.type !== "owned") return undefined;
  return { class: of.class, isOwned: of.type === "owned", isOptional };
}

function isDeclared({ members }: Planning, name: string): boolean {
  return Object.hasOwn(members, name) && members[name]?.member === "class";
}

function classesIn(type: DeclaredType): string[] {
  switch (type.type) {
    case "object":
    case "owned":
      return [type.class];
    case "list":
    case "optional":
    case "out":
      return classesIn(type.item as DeclaredType);
    case "promise":
      return classesIn(type.value as DeclaredType);
    case "closure":
      return [...type.params, type.result].flatMap((one) => classesIn(one as DeclaredType));
    case "record":
      return Object.values(type.fields).flatMap((one) => classesIn(one as DeclaredType));
    default:
      return [];
  }
}
