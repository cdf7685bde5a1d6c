import { define } from "../own.ts";
import { UnglueError } from "../errors.ts";
import { bindObject, bindValue } from "../restart/index.ts";
import { previewLike } from "../preview.ts";
import type { Instance, Lease } from "../types/index.ts";

/** What is taken from a pool, from the pool's side. */
export interface Loan<Exports extends object> {
  readonly lease: Lease<Exports>;
  readonly instance: Instance<Exports>;
  /** From now on the lease refuses everything. */
  readonly end: () => void;
}

/** What a lease hands out of an instance that another may have next. */
const parts: { readonly [name: string]: "object" | "record" | undefined } = {
  guarded: "object",
  memory: "object",
  table: "object",
  handles: "object",
  memories: "record",
  tables: "record",
};

/**
 * Lends an instance. The lease has the members of the instance, for as long as it lasts, and its own `dispose`.
 *
 * @param instance - The instance.
 * @param isReused - Whether another may get the same instance. Otherwise its parts end with it.
 * @param giveBack - What disposing of the lease does, until it has ended.
 */
export function createLoan<Exports extends object>(
  instance: Instance<Exports>,
  isReused: boolean,
  giveBack: () => void,
): Loan<Exports> {
  let isOver = false;
  const bound = new WeakMap<object, object>();

  const checkFor = (what: string) => (): void => {
    if (isOver) throw givenBack(what);
  };
  const bind = (part: object, check: () => void): object => {
    const known = bound.get(part) ?? bindObject(part, check);
    bound.set(part, known);
    return known;
  };
  const bindPart = (name: string, value: unknown, check: () => void): unknown => {
    if (!isReused || !parts[name]) return value;
    if (parts[name] === "object") return bind(value as object, check);
    const record = Object.create(null) as { [key: string]: object };
    for (const [key, part] of Object.entries(value as { readonly [key: string]: object }))
      record[key] = bind(part, check);
    return record;
  };

  const lease = {} as Lease<Exports>;
  for (const name of Reflect.ownKeys(instance)) {
    const what = String(name);
    const check = checkFor(what);
    const { get, value, enumerable } = Object.getOwnPropertyDescriptor(instance, name) as {
      readonly get?: () => unknown;
      readonly value?: unknown;
      readonly enumerable: boolean;
    };
    if (!enumerable) continue;
    const property = get
      ? {
          get: () => {
            check();
            return bindPart(what, get.call(instance), check);
          },
        }
      : { value: typeof name === "string" ? bindValue(value, check) : value };
    define(lease, name, { ...property, configurable: true, enumerable: true });
  }
  const dispose = (): void => {
    if (!isOver) giveBack();
  };
  define(lease, "state", { get: () => (isOver ? "disposed" : instance.state) });
  define(lease, "ready", {
    get: async () => {
      checkFor("ready")();
      return instance.ready;
    },
  });
  previewLike(lease, instance, checkFor("it"));
  // Where the symbol is missing, the key is a harmless second "dispose".
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
  for (const key of ["dispose", Symbol.dispose ?? "dispose"]) define(lease, key, { value: dispose });
  return { lease, instance, end: () => (isOver = true) };
}

function givenBack(what: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `Cannot use ${what}: this instance has been given back to its pool, and may be another taker's by now. Take one again with pool.take().`,
    {},
  );
}
