import { isOfKind, ownMembers, ownValue } from "../../base/own.ts";
import { loadError } from "../../errors/load-error.ts";
import type { CreationObstacle } from "../../errors/details.ts";
import type { UnglueError } from "../../errors/unglue-error.ts";
import { typeText } from "../../base/type-text.ts";
import type {
  GlobalType,
  ImportShape,
  Limits,
  MemoryType,
  Shape,
  TableType,
  TagType,
  ValueType,
} from "../../public/index.ts";
import { exporterOf, refersToTypes } from "../../binary/helper.ts";

/** An import that the library can create. */
type Creatable = Exclude<ImportShape, { readonly kind: "function" }>;

/** The maximum initial size of created memories if no limit is given, in bytes. */
const defaultMemoryBytes = 2 ** 30;
const defaultTableElements = 10_000_000;

const constructors = { memory: "Memory", table: "Table", global: "Global", tag: "Tag" } as const;

/** Creates imports. Those whose types refer to others by index are created together. */
export interface Creation {
  /**
   * Creates a memory, table, global or tag for an import: zero or empty, of exactly the declared type. An explicit limit
   * also becomes the maximum if the declared one is higher or missing; a module accepts a lower maximum than it declares.
   * Fails with `limit-exceeded`, `cannot-create`.
   *
   * @param wanted - The import, with its type.
   * @returns Returns the created value; for one that is created later, only after `finish` has been called.
   */
  create(wanted: Creatable): () => unknown;
  /** Creates the rest. Fails with `cannot-create`. */
  finish(): void;
}

/**
 * Begins to create imports of a module.
 *
 * @param shape - The module's shape.
 * @param limits - The ceilings.
 */
export function beginCreation(shape: Shape, limits: Limits | undefined): Creation {
  const later: Entry[] = [];
  const made: unknown[] = [];
  return {
    create(wanted) {
      const capped = withinLimits(wanted, limits);
      if (/\(ref (?!null )/.test(typeText(wanted)) && wanted.kind !== "tag") {
        throw cannotCreate(wanted, "not-nullable");
      }
      if (refersToTypes(wanted)) {
        const at = later.push({ wanted, capped }) - 1;
        return () => made[at];
      }
      const value = createOne({ wanted, capped }, shape);
      return () => value;
    },
    finish: () => createTogether(later, shape, made),
  };
}

/** An import, and a copy with the maximum to create it with. */
interface Entry {
  readonly wanted: Creatable;
  readonly capped: Creatable;
}

function createOne(entry: Entry, shape: Shape): unknown {
  try {
    return constructed(entry.capped);
  } catch {
    // A module can express more than the JavaScript API.
  }
  const made: unknown[] = [];
  createTogether([entry], shape, made);
  return made[0];
}

/**
 * Creates externs with one helper module. If the engine refuses it, each half is tried, until a single import is left to
 * name.
 */
function createTogether(entries: readonly Entry[], shape: Shape, made: unknown[]): void {
  const [first] = entries;
  if (first === undefined) return;
  try {
    const bytes = exporterOf(
      entries.map(({ capped }) => capped),
      shape,
    );
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    for (const at of entries.keys()) made.push(exports[at]);
  } catch (cause) {
    if (entries.length === 1) throw cannotCreate(first.wanted, obstacleOf(first.wanted), cause);
    const middle = Math.floor(entries.length / 2);
    createTogether(entries.slice(0, middle), shape, made);
    createTogether(entries.slice(middle), shape, made);
  }
}

/** Returns the import with the maximum to create it with. Fails with `limit-exceeded`. */
function withinLimits(wanted: Creatable, limits: Limits | undefined): Creatable {
  const { kind, type } = wanted;
  if (!type || (kind !== "memory" && kind !== "table")) return wanted;
  const pageSize = kind === "memory" ? type.pageSize : 1;
  const limit = kind === "memory" ? "memoryPages" : "tableElements";
  const given = limits?.[limit];
  const allowed = given ?? (kind === "memory" ? defaultMemoryBytes / pageSize : defaultTableElements);
  const { initial, address } = type;
  const maximum = ownValue(type, "maximum") ?? Infinity;
  if (initial > allowed) {
    const { module, name } = wanted;
    const of = { kind: "import", module, name, isDefault: given === undefined } as const;
    throw loadError("limit-exceeded", { limit, asked: initial, allowed, of });
  }
  if (given === undefined || maximum <= given) return wanted;
  // A maximum beyond the reach of 32-bit addresses is malformed.
  const most = address === "i64" ? given : kind === "memory" ? 2 ** 32 / pageSize : 2 ** 32 - 1;
  return { ...wanted, type: { ...type, maximum: Math.min(given, most) } } as Creatable;
}

/** Creates an import with the JavaScript API. Throws if the API does not know the type, or cannot express all of it. */
function constructed(wanted: Creatable): unknown {
  const { kind, type, typeIndex } = ownMembers(wanted);
  const {
    initial = 0,
    maximum,
    shared,
    address,
    pageSize,
    element,
    value,
    mutable,
    params,
  } = ownMembers(type as Partial<MemoryType & TableType & GlobalType & TagType>);
  if ((pageSize ?? 65536) !== 65536 || (element && shared) || typeIndex !== undefined)
    throw new TypeError("It cannot say all of it.");
  const size = address === "i64" ? BigInt : Number;
  const name = (held: ValueType | undefined): string | undefined => (held === "funcref" ? "anyfunc" : held);
  // The engine also reads inherited members.
  const descriptor = ownMembers({
    ...{ initial: size(initial), maximum: maximum === undefined ? maximum : size(maximum), shared, address },
    ...{ element: name(element), value: name(value), mutable, parameters: params?.map(name) },
  });
  const api = WebAssembly as unknown as { readonly [name: string]: new (descriptor: object, zero: unknown) => unknown };
  const Constructor = api[constructors[kind]] as (typeof api)[string];
  return new Constructor(descriptor, value === "i64" ? 0n : null);
}

function cannotCreate(wanted: ImportShape, obstacle: CreationObstacle, cause?: unknown): UnglueError<"cannot-create"> {
  const { module, name } = wanted;
  return loadError("cannot-create", { module, name, type: typeText(wanted), obstacle }, cause);
}

/** The reason why the engine cannot create an import. */
function obstacleOf({ type }: ImportShape): CreationObstacle {
  const isShared = type !== undefined && isOfKind(type, "shared") && type.shared;
  return isShared && typeof SharedArrayBuffer === "undefined" ? "not-isolated" : "engine";
}
