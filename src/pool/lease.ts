import { UnglueError } from "../errors/unglue-error.ts";
import { define } from "../base/own.ts";
import { type Facts, factsText, inspectKey } from "../base/preview.ts";
import { bindObject, bindValue } from "../instance/restart/index.ts";
import type { Instance, Lease } from "../public/index.ts";

/** What is taken from a pool, from the pool's side. */
export interface Loan<Exports extends object> {
  readonly lease: Lease<Exports>;
  readonly instance: Instance<Exports>;
  /** From now on the lease refuses everything. */
  readonly end: () => void;
}

/** What a lease hands out of an instance that another may have next. */
const parts = new Map<string, "object" | "record">([
  ["guarded", "object"],
  ["memory", "object"],
  ["table", "object"],
  ["handles", "object"],
  ["memories", "record"],
  ["tables", "record"],
]);

interface Terms {
  readonly instance: Instance & { readonly toJSON?: () => Facts; readonly [Symbol.toStringTag]?: string };
  /** Whether another may get the same instance. Otherwise its parts end with it. */
  readonly isReused: boolean;
  readonly giveBack: () => void;
  isOver: boolean;
  /** What was handed out, by what it stands for. */
  bound?: WeakMap<object, object>;
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
    const terms: Terms = { instance: instance as Instance, isReused, giveBack, isOver: false };
    const lease = new Leased(terms) as unknown as Lease<Exports>;
    return { lease, instance, end: () => (terms.isOver = true) };
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
  // Where the symbol is missing, the key is a harmless second "dispose".
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
  for (const name of ["dispose", Symbol.dispose ?? "dispose"]) {
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
  if (typeof value === "function") return bindValue(value, () => check(terms, name));
  const kind = isReused ? parts.get(name) : undefined;
  if (!kind) return value;
  if (kind === "object") return bind(terms, name, value as object);
  const record = Object.create(null) as { [key: string]: object };
  for (const [key, part] of Object.entries(value as { readonly [key: string]: object })) {
    record[key] = bind(terms, name, part);
  }
  return record;
}

/** A part of the instance that ends with the lease, the same at each reading. */
function bind(terms: Terms, name: string, part: object): object {
  const bound = (terms.bound ??= new WeakMap());
  const known = bound.get(part) ?? bindObject(part, () => check(terms, name));
  bound.set(part, known);
  return known;
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
