import { isCount } from "../base/count.ts";
import { ownValue } from "../base/own.ts";
import type { Validity } from "../base/validity.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { describe } from "../errors/describe.ts";
import { invalidArgument } from "../errors/invalid.ts";
import { preview } from "../base/preview.ts";
import type { Table, TableType } from "../public/index.ts";

/** The facts about a table that the engine's object does not tell. */
export interface TableContext {
  /** Its declared type. */
  readonly type?: TableType | undefined;
  /** The ceiling on its growth, in elements. */
  readonly ceiling?: number | undefined;
  /** The linker flags for a growable table, for messages. */
  readonly growableFlags: string;
  /** How long the table can be used. Default: forever. */
  readonly validity?: Validity | undefined;
}

/** The engine's table, which takes `bigint` indices if it is 64-bit. */
interface RawTable {
  readonly length: number | bigint;
  get(index: number | bigint): unknown;
  set(index: number | bigint, value: unknown): void;
  grow(count: number | bigint, value: unknown): number | bigint;
}

/**
 * Wraps a table.
 *
 * @param raw - The engine's table.
 * @param context - Its declared type and the ceiling on its growth.
 */
export function createTable(
  raw: WebAssembly.Table,
  { type, ceiling = Infinity, growableFlags, validity }: TableContext,
): Table<unknown> {
  const check = (): void => validity?.check("use the table");
  const table = raw as unknown as RawTable;
  const toIndex = type?.address === "i64" || typeof table.length === "bigint" ? BigInt : Number;
  const maximum = Math.min(Number((type && ownValue(type, "maximum")) ?? Infinity), ceiling);

  const checked = (call: string, index: number | bigint): number | bigint => {
    check();
    // Only a number or bigint may stand in details: anything else is the caller's own.
    if (!["number", "bigint"].includes(typeof index)) {
      throw invalidArgument(call, "index", "a whole number from 0", index);
    }
    const length = Number(table.length);
    if (isIndex(index) && index < length) return toIndex(index);
    const message = `The table has no element ${describe(index)}: it has ${length}, counted from 0.`;
    throw new UnglueError("table-out-of-bounds", message, { index, length });
  };

  const wrapped: Table<unknown> = {
    raw,
    get length() {
      check();
      return Number(table.length);
    },
    get: (index) => table.get(checked("table.get", index)),
    set(index, value) {
      const at = checked("table.set", index);
      try {
        table.set(at, value);
      } catch (cause) {
        const holds =
          type && type.element !== "funcref"
            ? `a value of ${type.element}`
            : "a function that came from WebAssembly, or null";
        throw invalidArgument("table.set", "value", holds, value, cause);
      }
    },
    grow(count) {
      check();
      if (!isIndex(count)) throw invalidArgument("table.grow", "count", "a whole number from 0", count);
      const length = Number(table.length);
      let cause: unknown;
      if (length + Number(count) <= maximum) {
        try {
          return Number(table.grow(toIndex(count), null));
        } catch (error) {
          cause = error;
        }
      }
      const asked = length + Number(count);
      // A module that defines its table has the limit as its maximum.
      if (asked > ceiling && ceiling === maximum) {
        throw new UnglueError(
          "limit-exceeded",
          `The table of ${length} elements cannot grow by ${count}: the option limits.tableElements allows ${ceiling}. Raise it.`,
          { limit: "tableElements", asked, allowed: ceiling },
          { cause },
        );
      }
      const reason = `${cause ? "the engine refuses" : `its maximum is ${maximum}`}. Link the module with a growable table: ${growableFlags}`;
      throw new UnglueError(
        "table-full",
        `The table of ${length} elements cannot grow by ${count}: ${reason}.`,
        { length, ...(maximum < Infinity && { maximum }) },
        { cause },
      );
    },
  };
  return preview(wrapped, "Table", () => (validity?.isOver ? { ended: true } : { elements: Number(table.length) }));
}

function isIndex(value: unknown): value is number | bigint {
  return typeof value === "bigint" ? value >= 0n : isCount(value);
}
