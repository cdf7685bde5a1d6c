import { disposeKey } from "../base/dispose-key.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { define } from "../base/own.ts";
import { type Facts, factsText, inspectKey } from "../base/preview.ts";
import type { Lendable, LentParts, Parts } from "../instance/index.ts";
import type { DefaultExports, ExportedFunction, Instance, Lease, Memory } from "../public/index.ts";

/** A loan, as the pool sees it. */
export interface Loan<Exports extends object> {
  readonly lease: Lease<Exports>;
  /** The instance on loan. */
  readonly of: Lendable;
  /** Ends the lease, which then refuses everything. */
  readonly end: () => void;
  /** Frees allocations of arenas that the taker has not disposed of. Errors: those of freeing. */
  readonly freeArenas: () => void;
  /** Removes callbacks that the taker has left in the table. */
  readonly freeCallbacks: () => void;
}

/** The members that each lease has its own of, if another taker may have the instance next. */
const parts: ReadonlySet<string> = new Set<keyof Parts>(["memory", "memories", "table", "tables", "handles"]);

interface Terms {
  readonly instance: Instance & { readonly toJSON?: () => Facts; readonly [Symbol.toStringTag]?: string };
  /** The parts, if another taker may get the same instance. Otherwise they end with it. */
  readonly parts: LentParts | undefined;
  readonly giveBack: () => void;
  isOver: boolean;
  /** The guarded functions that were handed out. */
  guarded: DefaultExports | undefined;
  /** The indices of callbacks that were placed and not freed, each with the memory of its life. */
  readonly callbacks: Map<number, Memory | undefined>;
}

/** The base of all leases. A subclass, made once for each pool, adds the members of an instance. */
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
 * Makes the function that lends the instances of one pool. A lease has the members of its instance until it ends, and its
 * own `dispose`.
 *
 * @param isReused - Whether another taker may get the same instance.
 */
export function createLender<Exports extends object>(
  isReused: boolean,
): (of: Lendable, giveBack: () => void) => Loan<Exports> {
  let Leased: typeof LeaseBase | undefined;
  return (of, giveBack) => {
    const { instance } = of;
    // The members are the same for all instances, and defining them costs more than taking an instance.
    Leased ??= createClass(instance);
    const terms: Terms = {
      ...{ instance, parts: isReused ? of.lend() : undefined, giveBack, isOver: false },
      ...{ guarded: undefined, callbacks: new Map() },
    };
    const lease = new Leased(terms) as unknown as Lease<Exports>;
    return {
      lease,
      of,
      end: () => {
        terms.isOver = true;
        terms.parts?.end(givenBack);
      },
      freeArenas: () => {
        for (const arena of terms.parts?.arenas ?? []) arena.dispose();
      },
      freeCallbacks: () => {
        const now = terms.callbacks.size > 0 ? memoryOf(terms.instance) : undefined;
        // A later life has its own table, in which the same index may belong to another callback.
        for (const [index, memory] of terms.callbacks) if (memory === now) freeCallback(terms.instance, index);
      },
    };
  };
}

/** Makes the class of leases from the members of an instance. */
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
  // A lease is printed like its instance.
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
  const { instance } = terms;
  const isFact = name === "shape" || name === "toolchain";
  if (!isFact) check(terms, name);
  const value: unknown = Reflect.get(instance, name);
  if (isFact) return value;
  if (typeof value === "function") return leased(terms, name, watchCallbacks(terms, name, value as ExportedFunction));
  if (!terms.parts) return value;
  if (name === "guarded") return (terms.guarded ??= leasedFunctions(terms, value as DefaultExports));
  return parts.has(name) ? terms.parts.current[name as keyof Parts] : value;
}

/** Wraps a function so that it ends with the lease. */
function leased(terms: Terms, name: string, call: ExportedFunction): ExportedFunction {
  return (...args) => {
    check(terms, name);
    return call(...args);
  };
}

function leasedFunctions(terms: Terms, guarded: DefaultExports): DefaultExports {
  const functions = Object.create(null) as Record<string, ExportedFunction>;
  for (const [name, call] of Object.entries(guarded)) functions[name] = leased(terms, "guarded", call);
  return functions;
}

/** Wraps the instance's functions that place and free callbacks, to track the ones that a taker leaves. */
function watchCallbacks({ instance, callbacks }: Terms, name: string, value: ExportedFunction): ExportedFunction {
  if (name === "callback") {
    return (...args) => {
      const index = value(...args) as number;
      callbacks.set(index, memoryOf(instance));
      return index;
    };
  }
  if (name === "freeCallback") {
    return (index) => {
      value(index);
      callbacks.delete(index as number);
    };
  }
  return value;
}

/** The memory of the current life, which tells lives apart. */
function memoryOf(instance: Instance): Memory | undefined {
  if (instance.shape.memories.length === 0) return undefined;
  try {
    return instance.memory;
  } catch {
    // The module does not export its memory.
    return undefined;
  }
}

function freeCallback(instance: Instance, index: number): void {
  try {
    instance.freeCallback(index);
  } catch (error) {
    // Another holder of the instance, such as an import, has freed it.
    if (!UnglueError.is(error, "unknown-callback")) throw error;
  }
}

function check({ isOver }: Terms, name: string): void {
  if (isOver) throw givenBack(`use ${name}`);
}

function givenBack(intent: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `Cannot ${intent}: this instance has been given back to its pool, and may be another taker's by now. Take one again with pool.take().`,
    {},
  );
}
