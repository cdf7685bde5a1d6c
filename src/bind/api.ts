import type { Warn } from "../platform/finalization.ts";
import { call1, call2, type Callee, type Calls } from "../base/callee.ts";
import { define } from "../base/own.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { plainLifting } from "./values/index.ts";
import type {
  AllocationLog,
  BoundObjects,
  Calling,
  ExportedFunction,
  Instance,
  InstantiateOptions,
  LifeContext,
  Lifting,
  Memory,
  InnerObjects,
} from "../public/index.ts";
import { createFunction, createInvoke, endAll } from "./function.ts";
import { type BoundFunction, type CallExtras, type CallingState, createNoGuard, type Host, linkTo } from "./host.ts";
import { adopt, adopted, Wrapper, type ObjectClass, type Owner } from "./objects.ts";
import { createMembers, deferMembers } from "./bound-members.ts";
import { createOwner } from "./owner.ts";
import type { ClassPlan, ConstructorPlan, FunctionPlan, InterfacePlan } from "./plans.ts";
import { lendSelf } from "./loans.ts";
import { asEntry, createNotes } from "./notes.ts";
import { nullPointer } from "./null.ts";
import { PendingCalls } from "./pending.ts";
import type { Suspension } from "./suspension.ts";
import { checkRange, createField } from "./field.ts";
import { invalidValue } from "./types/invalid-value.ts";
import { addressOf, addressWord } from "./word.ts";

/** A declared interface bound to one instance. */
export interface BoundApi {
  /** Its functions and classes, created on first use. */
  readonly api: object;
  /** Its objects, for the module's imports. */
  readonly objects: BoundObjects;
  /** Its objects, for values that contain objects. */
  readonly inner: InnerObjects;
  /** Returns the convention of a class; `undefined` for one that it does not declare. */
  callingOf(name: string): Calling | undefined;
  /**
   * Sets the instance that calls go to. Called before any call can be made.
   *
   * @param instance - The instance, with all its lives.
   */
  of(instance: Instance): void;
  /**
   * Begins a life of the instance.
   *
   * @param life - The state that the adapter's convention keeps for it.
   * @param of - The life's instance, and its exports.
   * @param calleeOf - Returns the function that an export's guarded function calls; `undefined` if only the guarded function
   *   will do. Absent if another life may follow.
   * @param log - The ledger's log of the life, if there is a ledger.
   * @param calls - The state that its guarded calls share.
   * @returns The asynchronous calls of the life.
   */
  begin(
    life: unknown,
    of: Omit<LifeContext, "objects">,
    calleeOf?: (name: string, exported: ExportedFunction) => Callee | undefined,
    log?: AllocationLog,
    calls?: Calls,
  ): PendingCalls;
  /** The calls of the current life that the engine may suspend. */
  readonly suspension: Suspension | undefined;
}

/** How an interface is bound to one instance. */
export interface ApiContext {
  /** Receives failures that no caller waits for. */
  readonly warn: Warn;
  /** Whether there is a ledger. */
  readonly isLogged: boolean;
  /** The caller's `onBusy` option. */
  readonly onBusy: InstantiateOptions["onBusy"];
  /** The extras, if planning asked for them. */
  readonly extras: CallExtras | undefined;
}

/**
 * Binds a declared interface.
 *
 * @param plan - How it is called.
 * @param context - The instance's part of it.
 */
export function createApi(plan: InterfacePlan, { warn, isLogged, extras, onBusy = "queue" }: ApiContext): BoundApi {
  const classes = new Map<string, ObjectClass>();
  const states = new Map<Calling, CallingState>();
  for (const calling of plan.callings) states.set(calling, { life: undefined });
  const host: Host = {
    instance: undefined as never,
    states,
    entry: undefined,
    hasBegun: false,
    log: undefined,
    calleeOf: undefined,
    noGuard: createNoGuard(),
    classes: plan.isDeferred ? { get: (name) => classes.get(name) ?? makeNamed(name) } : classes,
    warn,
    onBusy,
    pending: new PendingCalls(),
    suspension: undefined,
    isLogged,
    extras,
  };
  const makeNamed = (name: string): ObjectClass | undefined => {
    const of = plan.classes.get(name);
    return of && makeClass(of);
  };
  const makeClass = (of: ClassPlan): ObjectClass => {
    const made = classes.get(of.name);
    if (made) return made;
    const parent = of.parent && makeClass(plan.classes.get(of.parent.name) as ClassPlan);
    const kind = createClass(of, host, parent);
    classes.set(of.name, kind);
    return kind;
  };
  // Created on first use: by then the exports usually exist.
  const makeClasses = (): Host["classes"] => {
    if (!plan.isDeferred && classes.size === 0) for (const of of plan.classes.values()) makeClass(of);
    return host.classes;
  };
  // An adapter's imports know the classes of its own convention.
  let byExport: ReadonlyMap<string, string> | undefined;
  const kindOf = (className: string) =>
    makeClasses().get((byExport ??= plan.byExport()).get(className.toLowerCase()) ?? "");
  const objects = createInnerObjects(makeClasses);
  let api: object | undefined;
  return {
    get api() {
      makeClasses();
      return (api ??= plan.isDeferred ? deferMembers(plan, host) : createMembers(plan, host, classes));
    },
    objects: {
      wrap: (className, address) => {
        const kind = kindOf(className);
        return kind && adopt(kind, address, true);
      },
      unwrap: (className, value) => {
        const kind = kindOf(className);
        return kind && Wrapper.kindOf(value) === kind ? Wrapper.take(value, kind) : 0;
      },
    },
    inner: objects,
    get suspension() {
      return host.suspension;
    },
    callingOf: (name) => plan.classes.get(name)?.calling,
    of: (instance) => {
      host.instance = instance;
    },
    begin: (life, of, calleeOf, log, calls) => {
      for (const [calling, state] of states) state.life = calling.begin ? calling.begin({ ...of, objects }) : life;
      host.hasBegun = true;
      host.log = log;
      // The guarded function reports each call to the ledger.
      if (calleeOf && !isLogged) host.calleeOf = (name) => calleeOf(name, of.exports[name] as ExportedFunction);
      for (const kind of classes.values()) {
        kind.owner.isEnded = true;
        kind.owner = ownerOf(kind, host);
      }
      host.suspension = calls && extras?.createSuspension(calls, of.exports, log);
      return (host.pending = new PendingCalls());
    },
  };
}

/** The objects inside other values, such as the parameters of a function pointer. */
function createInnerObjects(classes: () => Host["classes"]): InnerObjects {
  const kindOf = ({ class: name }: { readonly class: string }) => classes().get(name) as ObjectClass;
  return {
    lift: (type, address) => adopt(kindOf(type), address, type.type === "owned"),
    lower: (type, value, later) => {
      const kind = kindOf(type);
      if (type.type === "owned") return Wrapper.take(value, kind);
      if (later && kind.plan.isLent) {
        Wrapper.lend(value, kind);
        later.push(() => Wrapper.giveBack(value, false));
      }
      return Wrapper.address(value, kind);
    },
  };
}

function createClass(plan: ClassPlan, host: Host, parent: ObjectClass | undefined): ObjectClass {
  const construct = constructing(plan, isStaticNew(plan) ? undefined : plan.constructors.get("new"), host);
  const Base = (parent?.Class ?? Wrapper) as ObjectClass["Class"];
  const made = {
    [plan.name]: class extends Base {
      constructor(...args: readonly unknown[]) {
        // The owner is that of the class that extends this one.
        if (args[0] === adopted)
          super(adopted, args[1] as number, args[2] as boolean, (args[3] as Owner | undefined) ?? kind.owner);
        else if (!host.isLogged) super(adopted, construct(args), true, kind.owner);
        else {
          const before = host.entry;
          host.entry = Class as unknown as BoundFunction;
          try {
            super(adopted, construct(args), true, kind.owner);
          } finally {
            host.entry = before;
          }
        }
      }
    },
  };
  const Class = made[plan.name] as ObjectClass["Class"];
  const kind: ObjectClass = { plan, Class, parent, owner: undefined as unknown as Owner };
  kind.owner = ownerOf(kind, host);
  const prototype = Class.prototype as object;
  const self = (object: unknown) => Wrapper.address(object, kind);
  const add = (target: object, name: string, property: PropertyDescriptor) =>
    define(target, name, { configurable: true, ...property });
  const { addressKey } = plan.calling;
  if (addressKey !== undefined) {
    add(prototype, addressKey, {
      get(this: unknown) {
        return Wrapper.peek(this);
      },
    });
  }
  const method = (one: FunctionPlan) => {
    const call = createFunction(one, host, kind);
    // An asynchronous call keeps its object in place itself, until its promise settles.
    const isKept = one.asynchronous !== undefined && one.asynchronous.borrows !== "none";
    return asEntry(plan.isLent && !isKept ? lendSelf(call, one.params.length, kind) : call, host);
  };
  const consuming = (one: FunctionPlan) =>
    asEntry(
      createFunction(one, host, kind, (object) => Wrapper.take(object, kind)),
      host,
    );
  for (const [name, one] of plan.methods)
    add(prototype, name, { value: one.consumes ? consuming(one) : method(one), writable: true });
  for (const [name, { get, set, place, kept, isReadonly, consumes }] of plan.properties) {
    const accessors =
      kept && host.extras
        ? host.extras.createKeptField(`${plan.name}.${name}`, kept, host, kind, isReadonly)
        : place
          ? createField(`${plan.name}.${name}`, place, host, self, {
              isReadonly,
              isWide: plan.calling.address === "i64",
            })
          : { ...(get && { get: consumes ? consuming(get) : method(get) }), ...(set && { set: method(set) }) };
    add(prototype, name, accessors);
  }
  for (const [name, { get, set }] of plan.staticProperties) {
    const call = (one: FunctionPlan) => asEntry(createFunction(one, host), host);
    add(Class, name, { ...(get && { get: call(get) }), ...(set && { set: call(set) }) });
  }
  for (const [name, one] of plan.statics)
    add(Class, name, { value: asEntry(createFunction(one, host), host), writable: true });
  for (const [name, one] of plan.constructors) {
    if (name === "new" && !isStaticNew(plan)) continue;
    const make = constructing(plan, one, host);
    const value = (...args: unknown[]) => adopt(kind, make(args), true);
    add(Class, name, { value: asEntry(define(value, "name", { value: name }), host), writable: true });
  }
  return kind;
}

/** Whether the constructor `new` is a static method, so that the class itself has none. */
function isStaticNew({ constructors }: ClassPlan): boolean {
  return constructors.get("new")?.isStatic === true;
}

/** Makes a function that constructs an object and returns its address. */
function constructing(
  { name, options, constructors, statics }: ClassPlan,
  plan: ConstructorPlan | undefined,
  host: Host,
): (args: readonly unknown[]) => number {
  if (!plan) {
    return () => {
      const makers = [
        ...constructors.keys(),
        ...[...statics].flatMap(([key, { result }]) => (result?.object?.class === name ? [key] : [])),
      ].map((key) => `${name}.${key}`);
      const rest = makers.length > 3 ? ` and ${makers.length - 3} more` : "";
      const remedy =
        makers.length > 0
          ? `Call ${makers.slice(0, 3).join(", ")}${rest} instead.`
          : "Its objects come from the module's functions and methods.";
      throw new UnglueError(
        "invalid-argument",
        `The class ${name} is declared without a constructor, so new ${name}() makes nothing. ${remedy}`,
        { call: `new ${name}`, argument: "constructor", expected: "declared as new: t.ctor(…)", received: "missing" },
      );
    };
  }
  const { size = 0, align = 8 } = options;
  if (plan.pattern === "in-place") {
    const invoke = createInvoke(plan, host, (address) => address as number);
    return (args) => {
      const { memory } = host.instance;
      const address = memory.alloc(size, align);
      // A C constructor may expect zeroed memory, as a static object has.
      memory.u8.fill(0, address, address + size);
      try {
        const status = invoke(address, args) as number | undefined;
        if (status !== undefined && status !== 0)
          throw invalidValue(
            "a status of 0",
            String(status),
            `and ${plan.name} made no object: its storage was freed again.`,
          );
      } catch (error) {
        if (isLive(host.instance)) endAll([() => memory.free(address, size, align)], true);
        throw error;
      }
      return address;
    };
  }
  const make = createFunction({ ...plan, result: { object: undefined, lifting: addressLifting(plan, name) } }, host);
  return (args) => make(...args) as number;
}

function addressLifting({ calling, name: constructorName }: FunctionPlan, className: string): Lifting {
  const convert = (word: unknown): number => {
    const address = addressOf(word);
    if (address === 0) throw nullPointer(`The object that ${constructorName} made`, className);
    return address;
  };
  return {
    ...plainLifting,
    words: [calling.address],
    lift: (_, words, at) => convert(words[at]),
    convert,
  };
}

function ownerOf(kind: ObjectClass, host: Host): Owner {
  const { free, options } = kind.plan;
  const { log } = host;
  const { calling } = kind.plan;
  const isInPlace = [...kind.plan.constructors.values()].some(({ pattern }) => pattern === "in-place");
  const callee = free && linkTo(free.export, host);
  const release = (address: number): void => {
    if (!isLive(host.instance) || owner.isEnded) return;
    // Besides the address, a convention passes at most one word.
    if (free && callee) call2(callee, addressWord(calling, address), free.words[0]);
    // The free function may have trapped.
    if (isInPlace && options.free !== false && isLive(host.instance))
      host.instance.memory.free(address, options.size, options.align ?? 8);
    const kept = owner.kept.get(address);
    owner.kept.delete(address);
    if (!kept || !isLive(host.instance)) return;
    for (const { start, size, align } of kept.values()) host.instance.memory.free(start, size, align);
  };
  let memory: Memory | undefined;
  const check = (address: number): void => {
    // A module without a reachable memory returns numbers of its own, not addresses.
    memory ??= Object.keys(host.instance.memories).length > 0 ? host.instance.memory : undefined;
    if (memory) checkRange(memory, address, 1);
  };
  const { holding } = calling;
  const state = host.states.get(calling);
  const hold = holding && {
    first: (address: number) => {
      holding.first(state?.life, address);
    },
    again: (address: number) => {
      holding.again(state?.life, address);
    },
  };
  const life = { check, free: release, hold, ancestorsOf: ancestorsOf(kind, host) };
  const owner = createOwner(kind, life, host.warn, log && createNotes(kind.plan.name, log, host));
  return owner;
}

/** Makes the function that returns an object's objects of the classes that its class extends, the nearest first. */
function ancestorsOf({ parent, plan }: ObjectClass, host: Host): Owner["ancestorsOf"] {
  if (!parent || !plan.parent) return undefined;
  const upcast = linkTo(plan.parent.upcast, host);
  return (address) => {
    const { owner } = parent;
    const above = addressOf(call1(upcast, addressWord(plan.calling, address)));
    owner.check(above);
    return [{ owner, address: above }, ...(owner.ancestorsOf?.(above) ?? [])];
  };
}

function isLive({ state }: Instance): boolean {
  return state === "live";
}
