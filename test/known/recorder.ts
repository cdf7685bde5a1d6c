/** Objects that write down what is done with them. */

/** The actions, in order, and the result of the last. */
export interface Recording {
  readonly log: string[];
  /** Names a value in the log. */
  readonly show: (value: unknown) => string;
  /** How many deeds return another recorder; the next one ends. */
  left: number;
  /** The implementation of the last action; it gets the arguments of a call. */
  end: (args: readonly unknown[]) => unknown;
}

// The globals that are used while others stand in their places.
const { get, apply, construct } = Reflect;
const [text, truth, ProxyClass] = [String, Boolean, Proxy];
const names = new WeakMap<object, string>();

/** Something that can be called and constructed. */
function callable(): object {
  return function () {
    return undefined;
  };
}

/** The name of a recorder or named value. */
export function nameOf(value: unknown): string | undefined {
  return typeof value === "object" || typeof value === "function" ? names.get(value as object) : undefined;
}

/** Gives a value a name for logs. */
export function named<Value extends object>(name: string, value: Value): Value {
  names.set(value, name);
  return value;
}

/**
 * Makes an object of which everything can be read, called, constructed, written and deleted, and which writes it down.
 *
 * @param name - What the log calls it.
 * @param current - The recording at hand.
 * @param real - What stands behind it; with it only the members in `of` are recorded, and the rest is the real one's.
 * @param of - The members.
 */
export function recorder(
  name: string,
  current: () => Recording,
  real?: { readonly value: object; readonly members: ReadonlySet<PropertyKey>; readonly calls: boolean },
): object {
  const deed = (done: string, of: string, args: readonly unknown[] = []): unknown => {
    const recording = current();
    recording.log.push(done);
    if (recording.left-- > 0) return recorder(of, current);
    return recording.end(args);
  };
  const show = (values: readonly unknown[]) => values.map((one) => current().show(one)).join(", ");
  const isReal = (key: PropertyKey) => real !== undefined && !real.members.has(key);
  const behind = real?.value ?? {};
  const made: object = new ProxyClass(callable(), {
    get(_, key, receiver: object) {
      if (isReal(key)) return get(behind, key, behind) as unknown;
      return deed(`get ${text(key)} of ${name}${receiver === made ? "" : " by another"}`, `${name}.${text(key)}`);
    },
    set(_, key, value) {
      deed(`set ${text(key)} of ${name} to ${show([value])}`, name);
      return true;
    },
    deleteProperty(_, key) {
      return truth(deed(`delete ${text(key)} of ${name}`, name));
    },
    has(_, key) {
      return isReal(key) ? key in behind : truth(deed(`has ${text(key)} of ${name}`, name));
    },
    apply(_, self, args: unknown[]) {
      if (real && !real.calls) return apply(behind as () => unknown, self, args) as unknown;
      return deed(`call ${name} on ${show([self])} with ${show(args)}`, `${name}()`, args);
    },
    construct(_, args, newTarget) {
      if (real && !real.calls) return construct(behind as new () => object, args, newTarget) as object;
      return deed(
        `new ${name} with ${show(args)}${newTarget === made ? "" : " for another"}`,
        `${name}()`,
        args,
      ) as object;
    },
  });
  names.set(made, name);
  return made;
}
