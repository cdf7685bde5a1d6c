import { disposeKey } from "../base/dispose-key.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { define } from "../base/own.ts";
import { type Facts, factsText, inspectKey } from "../base/preview.ts";
import { bindMemory, bindObject, bindValue } from "../instance/restart/index.ts";
import type { Arena, Instance, Lease, Memory } from "../public/index.ts";

/** What is taken from a pool, from the pool's side. */
export interface Loan<Exports extends object> {
  readonly lease: Lease<Exports>;
  readonly instance: Instance<Exports>;
  /** From now on the lease refuses everything. */
  readonly end: () => void;
  /** Frees what the arenas hold that the taker has not disposed of. Errors: those of freeing. */
  readonly freeArenas: () => void;
  /** Takes the callbacks out of the table that the taker has left there. */
  readonly freeCallbacks: () => void;
}

/** What a lease hands out of an instance that another may have next. */
const parts = new Map<string, { readonly isRecord: boolean; readonly isMemory: boolean }>([
  ["guarded", { isRecord: false, isMemory: false }],
  ["memory", { isRecord: false, isMemory: true }],
  ["table", { isRecord: false, isMemory: false }],
  ["handles", { isRecord: false, isMemory: false }],
  ["memories", { isRecord: true, isMemory: true }],
  ["tables", { isRecord: true, isMemory: false }],
]);

interface Terms {
  readonly instance: Instance & { readonly toJSON?: () => Facts; readonly [Symbol.toStringTag]?: string };
  /** Whether another may get the same instance. Otherwise its parts end with it. */
  readonly isReused: boolean;
  readonly giveBack: () => void;
  isOver: boolean;
  /** What was handed out, by what it stands for. */
  readonly bound: WeakMap<object, object>;
  /** The arenas that were made and not disposed of. */
  readonly arenas: Set<Arena>;
  /** The indices of the callbacks that were placed and not freed, each with the memory of the life that has it. */
  readonly callbacks: Map<number, Memory | undefined>;
}

/** What every lease has. The members of an instance are added to a class of it, once for each pool. */
class LeaseBase {
  readonly #terms: Terms;

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  static terms(lease: LeaseBase): Terms {
    return lease.#terms;
  }
}

/**
 * Makes what lends the instances of one pool. A lease has the members of its instance, for as long as it lasts, and its own
 * `dispose`.
 *
 * @param isReused - Whether another may get the same instance.
 */
export function createLender<Exports extends object>(
  isReused: boolean,
): (instance: Instance<Exports>, giveBack: () => void) => Loan<Exports> {
  let Leased: typeof LeaseBase | undefined;
  return (instance, giveBack) => {
    // The members are the same for all: to define them costs more than to take an instance.
    Leased ??= createClass(instance);
    const terms: Terms = {
      ...{ instance: instance as Instance, isReused, giveBack, isOver: false },
      ...{ bound: new WeakMap(), arenas: new Set(), callbacks: new Map() },
    };
    const lease = new Leased(terms) as unknown as Lease<Exports>;
    return {
      lease,
      instance,
      end: () => (terms.isOver = true),
      freeArenas: () => {
        for (const arena of terms.arenas) arena.dispose();
      },
      freeCallbacks: () => {
        const now = terms.callbacks.size > 0 ? memoryOf(terms.instance) : undefined;
        // A later life has a table of its own, in which the same index may be anybody's.
        for (const [index, memory] of terms.callbacks) if (memory === now) freeCallback(terms.instance, index);
      },
    };
  };
}

/** The class of leases of instances that have the members of this one. */
function createClass(instance: object): typeof LeaseBase {
  const Leased = class Lease extends LeaseBase {};
  const add = (name: PropertyKey, get: (terms: Terms) => unknown, enumerable = true): void => {
    define(Leased.prototype, name, {
      get(this: LeaseBase) {
        return get(LeaseBase.terms(this));
      },
      configurable: true,
      enumerable,
    });
  };
  for (const [name, { enumerable }] of Object.entries(Object.getOwnPropertyDescriptors(instance))) {
    if (enumerable) add(name, (terms) => readMember(terms, name));
  }
  // It is shown as the instance is.
  add(Symbol.toStringTag, ({ instance: { [Symbol.toStringTag]: tag } }) => tag, false);
  add("toJSON", (terms) => () => factsOf(terms), false);
  add(inspectKey, (terms) => () => factsText("Instance", factsOf(terms)), false);
  add("state", (terms) => (terms.isOver ? "disposed" : terms.instance.state));
  add("ready", async (terms) => {
    check(terms, "ready");
    return terms.instance.ready;
  });
  for (const name of ["dispose", disposeKey]) {
    add(name, (terms) => () => {
      if (!terms.isOver) terms.giveBack();
    });
  }
  return Leased;
}

function factsOf({ instance, isOver }: Terms): Facts {
  return isOver ? { ended: true } : { ...instance.toJSON?.() };
}

function readMember(terms: Terms, name: string): unknown {
  const { instance, isReused } = terms;
  const isFact = name === "shape" || name === "toolchain";
  if (!isFact) check(terms, name);
  const value: unknown = Reflect.get(instance, name);
  if (isFact) return value;
  if (typeof value === "function") return bindValue(watchCallbacks(terms, name, value), () => check(terms, name));
  const kind = isReused ? parts.get(name) : undefined;
  if (!kind) return value;
  if (!kind.isRecord) return bind(terms, name, value as object, kind.isMemory);
  const record = Object.create(null) as { [key: string]: object };
  for (const [key, part] of Object.entries(value as { readonly [key: string]: object })) {
    record[key] = bind(terms, name, part, kind.isMemory);
  }
  return record;
}

/** A part of the instance that ends with the lease, the same at each reading. */
function bind(terms: Terms, name: string, part: object, isMemory: boolean): object {
  const { bound, arenas } = terms;
  const known = bound.get(part);
  if (known) return known;
  const refuseOver = () => check(terms, name);
  const made = isMemory ? bindMemory(part as Memory, refuseOver, arenas) : bindObject(part, refuseOver);
  bound.set(part, made);
  return made;
}

/** The instance's functions that place and free callbacks, so that it is known which a taker leaves. */
function watchCallbacks({ instance, callbacks }: Terms, name: string, value: unknown): unknown {
  if (name === "callback") {
    const place: Instance["callback"] = (signature, callback) => {
      const index = instance.callback(signature, callback);
      callbacks.set(index, memoryOf(instance));
      return index;
    };
    return place;
  }
  if (name === "freeCallback") {
    return (index: number): void => {
      instance.freeCallback(index);
      callbacks.delete(index);
    };
  }
  return value;
}

/** The memory of the current life: another life has another. */
function memoryOf(instance: Instance): Memory | undefined {
  if (instance.shape.memories.length === 0) return undefined;
  try {
    return instance.memory;
  } catch {
    // It is the module's alone.
    return undefined;
  }
}

function freeCallback(instance: Instance, index: number): void {
  try {
    instance.freeCallback(index);
  } catch (error) {
    // Someone else who has the instance, as an import may, has freed it.
    if (!UnglueError.is(error, "unknown-callback")) throw error;
  }
}

function check({ isOver }: Terms, name: string): void {
  if (isOver) throw givenBack(name);
}

function givenBack(what: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `Cannot use ${what}: this instance has been given back to its pool, and may be another taker's by now. Take one again with pool.take().`,
    {},
  );
}
