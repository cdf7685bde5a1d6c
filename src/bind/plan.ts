import type {
  Calling,
  ClassOptions,
  DeclaredClass,
  DeclaredType,
  FieldMember,
  FunctionOptions,
  FunctionType,
  InterfaceMembers,
  Lifting,
  Lowering,
  Shape,
  Word,
} from "../types/index.ts";
import { type Area, fit, type Form } from "./fit.ts";
import { type Misfit, misfitError } from "./misfit.ts";
import { declaredText } from "./text.ts";

/** How an object of a class is passed or received. */
export interface ObjectUse {
  readonly class: string;
  /** Whether it is given away. */
  readonly isOwned: boolean;
  /** Whether there may be none. */
  readonly isOptional: boolean;
}

/** A parameter: an object, or what the convention has for its type. */
export type ParameterPlan =
  | { readonly object: ObjectUse; readonly lowering?: undefined }
  | { readonly object?: undefined; readonly lowering: Lowering };

/** A result: nothing, an object, or what the convention has for its type. */
export type ResultPlan =
  | undefined
  | { readonly object: ObjectUse; readonly lifting?: undefined }
  | { readonly object?: undefined; readonly lifting: Lifting };

/** How one declared function is called. */
export interface FunctionPlan {
  /** What messages call it, as in `Counter.add`. */
  readonly name: string;
  readonly export: string;
  readonly params: readonly ParameterPlan[];
  readonly result: ResultPlan;
  readonly form: Form;
  /** The room that results need; absent where they come back by themselves. */
  readonly area?: Area | undefined;
  /** Whether two more words, an error and whether there is one, end the results. */
  readonly hasError: boolean;
}

/** The ways in which a constructor makes an object. */
export type ConstructorPattern = "direct" | "return-pointer" | "multi-value" | "factory" | "in-place";

/** How an object of a class is made. */
export interface ConstructorPlan extends FunctionPlan {
  readonly pattern: ConstructorPattern;
}

/** How a property is read or written. */
export interface PropertyPlan {
  readonly get?: FunctionPlan | undefined;
  readonly set?: FunctionPlan | undefined;
  /** Where it lies in the object. */
  readonly place?: { readonly offset: number; readonly type: DeclaredType } | undefined;
  readonly isReadonly: boolean;
}

/** How the objects of a class are freed. */
export interface FreePlan {
  readonly export: string;
  readonly explicit: readonly Word[];
  readonly collected: readonly Word[];
}

/** How one declared class is made. */
export interface ClassPlan {
  readonly name: string;
  readonly options: ClassOptions;
  readonly constructors: ReadonlyMap<string, ConstructorPlan>;
  readonly methods: ReadonlyMap<string, FunctionPlan & { readonly consumes: boolean }>;
  readonly statics: ReadonlyMap<string, FunctionPlan>;
  readonly properties: ReadonlyMap<string, PropertyPlan>;
  readonly free: FreePlan | undefined;
  /** Whether an object may be received that is out already. */
  readonly isShared: boolean;
}

/** How a declared interface is called in one module: worked out once, used by each of its instances. */
export interface Plan {
  readonly calling: Calling;
  readonly functions: ReadonlyMap<string, FunctionPlan>;
  readonly classes: ReadonlyMap<string, ClassPlan>;
}

type DeclaredFunction = FunctionOptions & {
  readonly params: readonly DeclaredType[];
  readonly result: DeclaredType;
};

/**
 * Compares a declared interface with a module's exports. Errors: `interface-mismatch`, with all misfits at once.
 *
 * @param members - What was declared.
 * @param shape - The module's shape, complete.
 * @param calling - How its functions are called.
 */
export function makePlan(members: InterfaceMembers, shape: Shape, calling: Calling): Plan {
  const misfits: Misfit[] = [];
  const exported = new Map<string, FunctionType>();
  for (const one of shape.exports) if (one.kind === "function" && one.type) exported.set(one.name, one.type);
  const isClass = (name: string) => Object.hasOwn(members, name) && members[name]?.member === "class";

  /** The object that a type is, if it is one. */
  const objectUse = (type: DeclaredType): ObjectUse | undefined => {
    const isOptional = type.type === "optional";
    const of = isOptional ? (type.item as DeclaredType) : type;
    return of.type === "object" || of.type === "owned"
      ? { class: of.class, isOwned: of.type === "owned", isOptional }
      : undefined;
  };

  const address = [calling.address];
  const objectLowering: Lowering = { words: address, expected: "", accepts: () => false, lower: () => undefined };
  const objectLifting: Lifting = { words: address, lift: () => undefined };

  const planFunction = (
    name: string,
    candidates: readonly string[],
    { params, result, owned = false }: DeclaredFunction,
    hasSelf: boolean,
    kind: "function" | "constructor" = "function",
  ): FunctionPlan | undefined => {
    const declared = declaredText(params, kind === "constructor" ? undefined : result);
    const unknown = [...params, result].flatMap(classesIn).find((one) => !isClass(one));
    const refuse = (reason: string, found?: string) => {
      const type = found === undefined ? undefined : exported.get(found);
      misfits.push({ name, declared, tried: candidates, export: found, type, reason });
      return undefined;
    };
    if (unknown !== undefined) return refuse(`the interface declares no class ${unknown}`);
    const there = candidates.filter((candidate) => exported.has(candidate));
    if (there.length === 0) return refuse("");
    const lowerings = params.map((type) => (objectUse(type) ? [objectLowering] : calling.lowerings(type)));
    const object = objectUse(result);
    const liftings = object ? [objectLifting] : calling.liftings(result, owned);
    const none = [...params, result].find((type, at) =>
      at < params.length ? lowerings[at]?.length === 0 : type.type !== "void" && liftings.length === 0,
    );
    if (none)
      return refuse(`${calling.name} has no way to pass ${declaredText([], none).replace("() -> ", "")}`, there[0]);
    const context = {
      calling,
      self: hasSelf ? address : [],
      lowerings,
      liftings: result.type === "void" ? [undefined] : liftings,
    };
    for (const candidate of there) {
      const found = fit(context, exported.get(candidate) as FunctionType);
      if (found.length > 1)
        return refuse("it fits in more than one way: say t.cstring where a zero ends a text", candidate);
      const [one] = found;
      if (!one) continue;
      return {
        ...one,
        name,
        export: candidate,
        params: params.map((type, at): ParameterPlan => {
          const use = objectUse(type);
          return use ? { object: use } : { lowering: one.params[at] as Lowering };
        }),
        result: object ? { object } : one.result && { lifting: one.result },
      };
    }
    return refuse("", there[0]);
  };

  const functions = new Map<string, FunctionPlan>();
  const classes = new Map<string, ClassPlan>();
  for (const [name, member] of Object.entries(members)) {
    if (member.member === "class") {
      classes.set(name, planClass(name, member));
      continue;
    }
    const plan = planFunction(name, namesOf(member, { kind: "function", name }), member, false);
    if (plan) functions.set(name, plan);
  }
  if (misfits.length > 0) throw misfitError(misfits, calling, [...exported.keys()]);
  return { calling, functions, classes };

  function namesOf(member: FunctionOptions, declared: Parameters<Calling["exportNames"]>[0]): readonly string[] {
    return member.export === undefined ? calling.exportNames(declared) : [member.export];
  }

  function planClass(className: string, { members: inside, ...options }: DeclaredClass): ClassPlan {
    const constructors = new Map<string, ConstructorPlan>();
    const methods = new Map<string, FunctionPlan & { readonly consumes: boolean }>();
    const statics = new Map<string, FunctionPlan>();
    const properties = new Map<string, PropertyPlan>();
    const of = { class: className, prefix: options.prefix };
    const property = (key: string, more: Partial<PropertyPlan>) =>
      properties.set(key, { isReadonly: false, ...properties.get(key), ...more });
    for (const [key, member] of Object.entries(inside)) {
      const name = `${className}.${key}`;
      switch (member.member) {
        case "constructor": {
          const candidates = namesOf(member, { ...of, kind: "constructor", name: key });
          const plan = planConstructor(className, name, candidates, member, options);
          if (plan) constructors.set(key, plan);
          break;
        }
        case "method": {
          const plan = planFunction(name, namesOf(member, { ...of, kind: "method", name: key }), member, true);
          if (plan) methods.set(key, { ...plan, consumes: member.consumes ?? false });
          break;
        }
        case "static": {
          const plan = planFunction(name, namesOf(member, { ...of, kind: "static", name: key }), member, false);
          if (plan) statics.set(key, plan);
          break;
        }
        case "getter":
          property(key, {
            get: planRead(name, namesOf(member, { ...of, kind: "getter", name: key }), member.value, member),
          });
          break;
        case "setter":
          property(key, { set: planWrite(name, namesOf(member, { ...of, kind: "setter", name: key }), member.value) });
          break;
        case "field":
          property(
            key,
            planField(name, member, (kind) => calling.exportNames({ ...of, kind, name: key })),
          );
      }
    }
    const isShared = JSON.stringify(members).includes(JSON.stringify({ type: "object", class: className }));
    const makes =
      constructors.size > 0 || JSON.stringify(members).includes(JSON.stringify({ type: "owned", class: className }));
    return {
      name: className,
      options,
      constructors,
      methods,
      statics,
      properties,
      isShared,
      free: planFree(
        className,
        options,
        makes && [...constructors.values()].every(({ pattern }) => pattern !== "in-place"),
      ),
    };
  }

  function planRead(
    name: string,
    candidates: readonly string[],
    result: DeclaredType,
    { owned }: FunctionOptions = {},
  ) {
    return planFunction(name, candidates, { params: [], result, ...(owned !== undefined && { owned }) }, true);
  }

  function planWrite(name: string, candidates: readonly string[], value: DeclaredType) {
    return planFunction(name, candidates, { params: [value], result: { type: "void" } }, true);
  }

  function planField(
    name: string,
    { value, options }: FieldMember,
    namesFor: (kind: "field-get" | "field-set") => readonly string[],
  ): PropertyPlan {
    const isReadonly = options.readonly ?? false;
    if (options.offset !== undefined) return { place: { offset: options.offset, type: value }, isReadonly };
    const get = planRead(name, options.get === undefined ? namesFor("field-get") : [options.get], value);
    const set = isReadonly
      ? undefined
      : planWrite(name, options.set === undefined ? namesFor("field-set") : [options.set], value);
    return { get, set, isReadonly };
  }

  function planConstructor(
    className: string,
    name: string,
    candidates: readonly string[],
    { params, ...rest }: FunctionOptions & { readonly params: readonly DeclaredType[] },
    { size }: ClassOptions,
  ): ConstructorPlan | undefined {
    const result = { type: "owned", class: className } as const;
    if (calling.hasInPlace) {
      const storage = { type: "object", class: className } as const;
      const before = misfits.length;
      const plan =
        planFunction(
          name,
          candidates,
          { ...rest, params: [storage, ...params], result: { type: "void" } },
          false,
          "constructor",
        ) ??
        // Clang's C++ constructors return the storage's address.
        planFunction(name, candidates, { ...rest, params: [storage, ...params], result }, false, "constructor");
      misfits.length = before;
      if (plan && size !== undefined)
        return { ...plan, params: plan.params.slice(1), result: undefined, pattern: "in-place" };
      if (plan?.result === undefined && plan) {
        misfits.push({
          name,
          declared: declaredText(params, undefined),
          tried: candidates,
          export: plan.export,
          type: exported.get(plan.export),
          reason:
            "it constructs in place, in storage that the caller provides: state how many bytes an object takes, " +
            "t.class(members, { size, align })",
        });
        return undefined;
      }
    }
    const plan = planFunction(name, candidates, { ...rest, params, result }, false, "constructor");
    if (!plan) return undefined;
    return { ...plan, pattern: plan.form === "direct" ? (calling.hasInPlace ? "factory" : "direct") : plan.form };
  }

  function planFree(className: string, { free, prefix, size }: ClassOptions, isNeeded: boolean): FreePlan | undefined {
    if (free === false) return undefined;
    const candidates =
      free === undefined ? calling.exportNames({ kind: "free", class: className, prefix, name: "" }) : [free];
    const name = candidates.find((candidate) => exported.has(candidate));
    const type = name === undefined ? undefined : exported.get(name);
    const found = calling.freeing.find((one) => one.type.params.join() === type?.params.join());
    if (name !== undefined && found) return { export: name, explicit: found.explicit, collected: found.collected };
    if (free !== undefined || (isNeeded && size === undefined)) {
      misfits.push({
        name: `${className}.free`,
        declared: `(${className}) -> ()`,
        tried: candidates,
        export: name,
        type,
        reason:
          name === undefined ? 'name what frees its objects, t.class(members, { free: "…" }), or say free: false' : "",
      });
    }
    return undefined;
  }
}

function classesIn(type: DeclaredType): string[] {
  switch (type.type) {
    case "object":
    case "owned":
      return [type.class];
    case "list":
    case "optional":
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
