import { define } from "../own.ts";
import type { BoundObjects, Instance, LifeContext, ObjectCrossing } from "../types/index.ts";
import { createFunction, createInvoke, endAll } from "./function.ts";
import { type Host, linkTo } from "./host.ts";
import { adopt, adopted, Bound, createOwner, type ObjectClass, type Owner } from "./objects.ts";
import type { ClassPlan, ConstructorPlan, Plan, PropertyPlan } from "./plans.ts";
import { nullPointer } from "./null.ts";
import { createPlace } from "./place.ts";
import { addressOf, addressWord } from "./word.ts";

/** A declared interface in one instance. */
export interface BoundApi {
  /** Its functions and classes, made when they are first asked for. */
  readonly api: object;
  /** Its objects, for the imports of the module. */
  readonly objects: BoundObjects;
  /**
   * Says which instance it is that calls lead to. It is said before any can be made.
   *
   * @param instance - The instance, with all its lives.
   */
  of(instance: Instance): void;
  /**
   * Begins a life of the instance.
   *
   * @param life - What the adapter's convention keeps of it.
   * @param of - The life's instance, and its exports.
   */
  begin(life: unknown, of: Omit<LifeContext, "objects">): void;
}

/**
 * Binds a declared interface.
 *
 * @param plan - How it is called.
 */
export function createApi(plan: Plan): BoundApi {
  const { calling } = plan;
  const classes = new Map<string, ObjectClass>();
  const host: Host = { instance: undefined as never, calling, life: undefined, classes };
  for (const [name, of] of plan.classes) classes.set(name, createClass(of, host));
  const byExport = new Map(
    [...plan.classes.values()].map((of) => [(of.options.prefix ?? of.name).toLowerCase(), of.name]),
  );
  const kindOf = (className: string) => classes.get(byExport.get(className.toLowerCase()) ?? "");
  const objects = createCrossing(classes);
  let api: object | undefined;
  return {
    get api() {
      return (api ??= createMembers(plan, host));
    },
    objects: {
      wrap: (className, address) => {
        const kind = kindOf(className);
        return kind && adopt(kind, address, true);
      },
      unwrap: (className, value) => {
        const kind = kindOf(className);
        return kind && Bound.kindOf(value) === kind ? Bound.take(value, kind) : 0;
      },
    },
    of: (instance) => {
      host.instance = instance;
    },
    begin: (life, of) => {
      host.life = calling.begin ? calling.begin({ ...of, objects }) : life;
      for (const kind of classes.values()) {
        kind.owner.isEnded = true;
        kind.owner = ownerOf(kind, host);
      }
    },
  };
}

/** The objects inside other values, such as the parameters of a function pointer. */
function createCrossing(classes: ReadonlyMap<string, ObjectClass>): ObjectCrossing {
  const kindOf = ({ class: name }: { readonly class: string }) => classes.get(name) as ObjectClass;
  return {
    lift: (type, address) => adopt(kindOf(type), address, type.type === "owned"),
    lower: (type, value) => Bound[type.type === "owned" ? "take" : "address"](value, kindOf(type)),
  };
}

function createMembers(plan: Plan, host: Host): object {
  // Names are the declaration's: a null prototype keeps `__proto__` an ordinary one.
  const members = Object.create(null) as Record<string, unknown>;
  for (const [name, one] of plan.functions) members[name] = createFunction(one, host);
  for (const [name, { Class }] of host.classes) members[name] = Class;
  return Object.freeze(members);
}

function createClass(plan: ClassPlan, host: Host): ObjectClass {
  const construct = constructing(plan, plan.constructors.get("new"), host);
  const made = {
    [plan.name]: class extends Bound {
      constructor(...args: readonly unknown[]) {
        if (args[0] === adopted) super(kind.owner, args[1] as number, args[2] as boolean);
        else super(kind.owner, construct(args), true);
      }
    },
  };
  const Class = made[plan.name] as ObjectClass["Class"];
  const kind: ObjectClass = { plan, Class, owner: undefined as unknown as Owner };
  kind.owner = ownerOf(kind, host);
  const prototype = Class.prototype as object;
  const self = (object: unknown) => Bound.address(object, kind);
  const add = (target: object, name: string, property: PropertyDescriptor) =>
    define(target, name, { configurable: true, ...property });
  const { addressKey } = host.calling;
  if (addressKey !== undefined) {
    add(prototype, addressKey, {
      get(this: unknown) {
        return Bound.peek(this);
      },
    });
  }
  for (const [name, one] of plan.methods) {
    const call = createFunction(one, host, self, one.consumes ? (object) => Bound.take(object, kind) : undefined);
    add(prototype, name, { value: call, writable: true });
  }
  for (const [name, one] of plan.properties) add(prototype, name, accessors(`${plan.name}.${name}`, one, host, self));
  for (const [name, one] of plan.statics) add(Class, name, { value: createFunction(one, host), writable: true });
  for (const [name, one] of plan.constructors) {
    if (name === "new") continue;
    const make = constructing(plan, one, host);
    const value = (...args: unknown[]) => adopt(kind, make(args), true);
    add(Class, name, { value: define(value, "name", { value: name }), writable: true });
  }
  return kind;
}

function accessors(
  name: string,
  { get, set, place, isReadonly }: PropertyPlan,
  host: Host,
  self: (object: unknown) => number,
): PropertyDescriptor {
  if (place) return createPlace(name, place, host, self, isReadonly);
  return {
    ...(get && { get: createFunction(get, host, self) }),
    ...(set && { set: createFunction(set, host, self) }),
  };
}

/** Makes what constructs an object and returns its address. */
function constructing(
  { name, options }: ClassPlan,
  plan: ConstructorPlan | undefined,
  host: Host,
): (args: readonly unknown[]) => number {
  if (!plan) {
    return () => {
      throw new TypeError(`The class ${name} is declared without a constructor: its objects come from the module.`);
    };
  }
  const { size = 0, align = 8 } = options;
  if (plan.pattern === "in-place") {
    const invoke = createInvoke(plan, host, (address) => address as number);
    return (args) => {
      const { memory } = host.instance;
      const address = memory.alloc(size, align);
      // A constructor of C may expect what a static object has.
      memory.u8.fill(0, address, address + size);
      try {
        invoke(address, args);
      } catch (error) {
        if (isLive(host.instance)) endAll([() => memory.free(address, size, align)], true);
        throw error;
      }
      return address;
    };
  }
  const make = createFunction({ ...plan, result: { lifting: addressLifting(host, plan.name, name) } }, host);
  return (args) => make(...args) as number;
}

function addressLifting({ calling }: Host, constructorName: string, className: string) {
  const convert = (word: unknown): number => {
    const address = addressOf(word);
    if (address === 0) throw nullPointer(`What ${constructorName} made`, className);
    return address;
  };
  return {
    words: [calling.address],
    lift: (_: unknown, words: readonly unknown[], at: number) => convert(words[at]),
    convert,
  };
}

function ownerOf(kind: ObjectClass, host: Host): Owner {
  const { free, options } = kind.plan;
  const { calling } = host;
  const isInPlace = [...kind.plan.constructors.values()].some(({ pattern }) => pattern === "in-place");
  const link = free && linkTo(free.export, host);
  const owner = createOwner(kind, (address, isCollected) => {
    if (!isLive(host.instance) || owner.isEnded) return;
    // What a convention tells it beside the address is one word at the most.
    if (free) link?.call(addressWord(calling, address), (isCollected ? free.collected : free.explicit)[0]);
    // Freeing may have trapped.
    if (isInPlace && options.free !== false && isLive(host.instance))
      host.instance.memory.free(address, options.size, options.align ?? 8);
  });
  return owner;
}

function isLive({ state }: Instance): boolean {
  return state === "live";
}
