import type { ValueType } from "../public/index.ts";

/** A JavaScript function that the module calls. */
type HostFunction = (...args: unknown[]) => unknown;

/**
 * The values that the imports of one life have thrown, by their origin. An exception that leaves the module is the value
 * that an import threw, or another one that the module threw itself.
 */
export interface Thrown {
  /**
   * Wraps an import so that its exceptions are known.
   *
   * @param call - The import.
   * @param results - The types of its results, if they are known.
   * @param unwinds - Whether it throws on the module's behalf.
   */
  readonly watch: (call: HostFunction, results: readonly ValueType[] | undefined, unwinds: boolean) => HostFunction;
  /** Whether a host function threw a value. */
  readonly isHosts: (value: unknown) => boolean;
  /** Forgets the values: no exception is under way. */
  readonly forget: () => void;
}

/** The number of thrown primitive values that are kept, as a module may catch any number of them. */
const keptPrimitives = 32;

/** Makes the record of one life. */
export function createThrown(): Thrown {
  let objects = new WeakMap<object, boolean>();
  const primitives = new Map<unknown, boolean>();

  const holderOf = (value: unknown): Map<unknown, boolean> | WeakMap<object, boolean> =>
    (typeof value === "object" && value !== null) || typeof value === "function" ? objects : primitives;

  const note = (value: unknown, isHosts: boolean): void => {
    const holder = holderOf(value) as Map<unknown, boolean>;
    // An import may call into the module again, and let an exception through that is the module's own, such as an exit.
    if (isHosts && holder.get(value) === false) return;
    holder.set(value, isHosts);
    if (primitives.size > keptPrimitives) {
      const [oldest] = primitives.keys();
      primitives.delete(oldest);
    }
  };

  return {
    watch:
      (call, results = [], unwinds) =>
      (...args) => {
        try {
          // The engine would throw for a result that it cannot convert after the import has returned.
          return convert(call(...args), results);
        } catch (error) {
          note(error, !unwinds);
          throw error;
        }
      },
    isHosts: (value) => (holderOf(value) as Map<unknown, boolean>).get(value) === true,
    forget: () => {
      objects = new WeakMap();
      primitives.clear();
    },
  };
}

/** Converts what an import returns as the engine does. Several results are read once. */
function convert(returned: unknown, results: readonly ValueType[]): unknown {
  if (results.length < 2) return convertOne(returned, results[0]);
  const values = [...(returned as Iterable<unknown>)];
  if (values.length === results.length) return values.map((value, at) => convertOne(value, results[at]));
  throw new TypeError(`A host function returned ${values.length} values for an import with ${results.length} results.`);
}

function convertOne(value: unknown, type: ValueType | undefined): unknown {
  if (type === "i64") return BigInt.asIntN(64, value as bigint);
  return type === "i32" || type === "f32" || type === "f64" ? +(value as string) : value;
}
