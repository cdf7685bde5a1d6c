import { ownValue } from "../base/own.ts";
import { loadError } from "../errors/load-error.ts";
import type { ExternType, Limits, MemoryType, Shape, TableType } from "../public/index.ts";
import { rewrite } from "./rewrite.ts";
import { readDefinitions } from "../reflect/definitions.ts";

/** Bytes of a module, or of its head. */
type Bytes = Uint8Array<ArrayBuffer>;

/** The part of a shape that limits apply to. */
type Limited = Pick<Shape, "imports" | "exports" | "memories" | "tables" | "complete">;

/** Keeps a module's own memories and tables within limits. */
export interface Limiter {
  /**
   * Writes the limits into a module before it is compiled. Fails with `limit-exceeded`.
   *
   * @param bytes - The module, or its head; it is not written to.
   * @param shape - Its shape, as read from these bytes.
   * @returns The bytes to compile, and the shape with the maximums written in them. Its offsets are those of the original.
   */
  cap<Known extends Limited>(bytes: Bytes, shape: Known): { readonly bytes: Bytes; readonly shape: Known };
  /**
   * Refuses a compiled module unless its own definitions stay within the limits. Fails with `limit-exceeded`,
   * `limit-needs-bytes`.
   *
   * @param shape - Its shape.
   */
  requireCapped(shape: Limited): void;
}

const kinds = ["memory", "table"] as const;
type Kind = (typeof kinds)[number];

const limitOf = { memory: "memoryPages", table: "tableElements" } as const;

/**
 * Makes the limiter for the given limits.
 *
 * @param limits - The ceilings.
 * @returns `undefined` if they do not limit memories or tables.
 */
export function createLimiter(limits: Limits | undefined): Limiter | undefined {
  const wanted = kinds.filter((kind) => limits?.[limitOf[kind]] !== undefined);
  if (!limits || wanted.length === 0) return undefined;

  /** The maximums to write, by index among the module's own definitions of a kind; `undefined` for one that already fits. */
  const maximumsOf = (kind: Kind, shape: Limited): (number | undefined)[] => {
    const allowed = limits[limitOf[kind]];
    const [types, imported] = spaceOf(kind, shape);
    return types.slice(imported).map((type, at) => {
      if (allowed === undefined || most(type) <= allowed) return undefined;
      if (type.initial <= allowed) return allowed;
      const of = { kind: "definition", index: imported + at } as const;
      throw loadError("limit-exceeded", { limit: limitOf[kind], asked: type.initial, allowed, of });
    });
  };

  return {
    cap(bytes, shape) {
      const maximums = { memory: maximumsOf("memory", shape), table: maximumsOf("table", shape) };
      const capped = rewrite(bytes, readDefinitions(bytes), maximums);
      return { bytes: capped, shape: capped === bytes ? shape : withMaximums(shape, maximums) };
    },

    requireCapped(shape) {
      for (const kind of wanted) {
        if (!shape.complete || maximumsOf(kind, shape).some((maximum) => maximum !== undefined)) {
          throw loadError("limit-needs-bytes", { limit: limitOf[kind] });
        }
      }
    },
  };
}

/** The types of one index space, and how many of them are imported. */
function spaceOf(kind: Kind, shape: Limited): [types: readonly (MemoryType | TableType)[], imported: number] {
  return [
    kind === "memory" ? shape.memories : shape.tables,
    shape.imports.filter((wanted) => wanted.kind === kind).length,
  ];
}

/** The size that a memory or table can grow to: its maximum, or else the reach of its addresses. */
function most(type: MemoryType | TableType): number | bigint {
  const maximum = ownValue(type, "maximum");
  if (maximum !== undefined) return maximum;
  const reach = type.address === "i64" ? 2 ** 64 : 2 ** 32;
  return Object.hasOwn(type, "pageSize") ? reach / (type as MemoryType).pageSize : reach - 1;
}

/** The shape of the module that is compiled. Exports share the types of the index spaces. */
function withMaximums<Known extends Limited>(
  shape: Known,
  maximums: { readonly [kind in Kind]: readonly (number | undefined)[] },
): Known {
  const replaced = new Map<ExternType, ExternType>();
  for (const kind of kinds) {
    const [types, imported] = spaceOf(kind, shape);
    for (const [at, type] of types.slice(imported).entries()) {
      const maximum = maximums[kind][at];
      if (maximum !== undefined) replaced.set(type, { ...type, maximum });
    }
  }
  const current = <Type extends ExternType>(type: Type): Type => (replaced.get(type) ?? type) as Type;
  return {
    ...shape,
    memories: shape.memories.map(current),
    tables: shape.tables.map(current),
    exports: shape.exports.map((one) => (one.type ? ({ ...one, type: current(one.type) } as typeof one) : one)),
  };
}
