import { ownMembers, ownValue } from "../own.ts";
import { Failure } from "../failure.ts";
import { typeText } from "../reflect/index.ts";
import type {
  GlobalType,
  ImportShape,
  Limits,
  MemoryType,
  Shape,
  TableType,
  TagType,
  ValueType,
} from "../types/index.ts";
import { exporterOf } from "./helper.ts";

/** An import that can be created. */
type Creatable = Exclude<ImportShape, { readonly kind: "function" }>;

/** Bytes of a created memory at the start, where no limit is given. */
const defaultMemoryBytes = 2 ** 30;
const defaultTableElements = 10_000_000;

const constructors = { memory: "Memory", table: "Table", global: "Global", tag: "Tag" } as const;

/**
 * Creates what a memory, table, global or tag import declares: zero or empty, of exactly the declared type. An
 * explicit limit also is the maximum of what is created, where the declared maximum is none or higher; a module
 * accepts a lower maximum than it declares. Fails with `limit-exceeded`, `cannot-create`.
 *
 * @param wanted - The import, with its type.
 * @param shape - The shape of the module that declares it.
 * @param limits - The ceilings.
 */
export function createExtern(wanted: Creatable, shape: Shape, limits: Limits | undefined): unknown {
  const created = withinLimits(wanted, limits);
  let cause: unknown;
  if (!/\(ref (?!null )/.test(typeText(wanted)) || wanted.kind === "tag") {
    try {
      return constructed(created);
    } catch {
      // What the JavaScript API cannot say, a module can.
    }
    try {
      return new WebAssembly.Instance(new WebAssembly.Module(exporterOf(created, shape))).exports[""];
    } catch (error) {
      cause = error;
    }
  }
  throw new Failure("cannot-create", { wanted }, cause);
}

/** The import with the maximum to create it with. Fails with `limit-exceeded`. */
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
    const by = given === undefined ? "default" : "import";
    throw new Failure("limit-exceeded", { limit, asked: initial, allowed, of: { by, wanted } });
  }
  if (given === undefined || maximum <= given) return wanted;
  // Above what 32-bit addresses reach, a maximum is malformed.
  const most = address === "i64" ? given : kind === "memory" ? 2 ** 32 / pageSize : 2 ** 32 - 1;
  return { ...wanted, type: { ...type, maximum: Math.min(given, most) } } as Creatable;
}

/** Makes it through the JavaScript API; throws where that does not know the type, or cannot say all of it. */
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
  // The engine reads inherited members too.
  const descriptor = ownMembers({
    ...{ initial: size(initial), maximum: maximum === undefined ? maximum : size(maximum), shared, address },
    ...{ element: name(element), value: name(value), mutable, parameters: params?.map(name) },
  });
  const api = WebAssembly as unknown as { readonly [name: string]: new (descriptor: object, zero: unknown) => unknown };
  const Constructor = api[constructors[kind]] as (typeof api)[string];
  return new Constructor(descriptor, value === "i64" ? 0n : null);
}
