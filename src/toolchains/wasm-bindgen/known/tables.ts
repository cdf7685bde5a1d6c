import { once } from "../../../base/once.ts";
import type { ImportShape, Shape } from "../../../public/index.ts";
import { createIdentify, type Identify, type TableIdentify } from "./identify.ts";
import { nameOfItem } from "./known.ts";
import { numberIn } from "./name-map.ts";
import { createTable, readTables, type Table } from "./table.ts";
import { webNames } from "./web-names.ts";

/** The knowledge of modules' imports, from available tables and the parts of one that are fetched on demand. */
export interface Tables {
  /**
   * Returns the knowledge of a module's imports. It is computed once per module.
   *
   * @param shape - Its shape.
   */
  identify(shape: Shape): Identify;
  /**
   * Fetches the parts of the large table with the names that the other tables do not identify.
   *
   * @param shape - The module's shape.
   * @param open - The imports that a table may know.
   * @param isUnknown - Makes the function that tells which of them need more knowledge. It is asked for names in several tables.
   */
  complete(
    shape: Shape,
    open: readonly ImportShape[],
    isUnknown: (identify: Identify) => (wanted: ImportShape) => boolean,
  ): Promise<void>;
}

/**
 * Makes the look-up of imports.
 *
 * @param texts - The available tables, in search order.
 * @param fetchPart - Fetches a part of the large table.
 */
export function createTables(
  texts: readonly string[],
  fetchPart?: (number: number) => Promise<string | undefined>,
): Tables {
  const tables = texts.flatMap(readTables);
  const parts = new Map<number, Table>();
  // Shapes of one module share their imports, so the key lives as long as they do.
  const known = new WeakMap<Shape["imports"], TableIdentify>();
  const chosen = new WeakMap<Shape["imports"], ReadonlySet<number>>();
  const identify = (shape: Shape): TableIdentify => {
    const { imports } = shape;
    const found = known.get(imports);
    // While a module streams, the section that states the version may not have arrived.
    if (found?.isFor(shape)) return found;
    const further = [...(chosen.get(imports) ?? [])].sort().flatMap((number) => parts.get(number) ?? []);
    const made = createIdentify([...tables, ...further], shape);
    known.set(imports, made);
    return made;
  };
  return {
    identify,
    async complete(shape, open, isUnknown) {
      if (!fetchPart) return;
      const { imports } = shape;
      const before = chosen.get(imports) ?? new Set();
      const identified = identify(shape);
      const needed = neededFor(open, before, identified, isUnknown);
      if (needed.size === 0) return;
      await Promise.all(
        [...needed].map(async (number) => {
          if (parts.has(number)) return;
          const text = await fetchPart(number);
          if (text !== undefined) parts.set(number, createTable(text));
        }),
      );
      chosen.set(imports, new Set([...before, ...needed]));
      identified.extend([...needed].sort().flatMap((number) => parts.get(number) ?? []));
    },
  };
}

/**
 * Returns the numbers of the parts that a module needs. Names that no table at hand has come first, since they take no search:
 * of the others, only those are identified whose part would not be fetched anyway.
 */
function neededFor(
  open: readonly ImportShape[],
  before: ReadonlySet<number>,
  identify: TableIdentify,
  isUnknown: (identify: Identify) => (wanted: ImportShape) => boolean,
): ReadonlySet<number> {
  const needed = new Set<number>();
  const isLacking = once(() => isUnknown(identify));
  const look = (wanted: ImportShape, part: number): void => {
    if (!needed.has(part) && isLacking()(wanted)) needed.add(part);
  };
  const known: [wanted: ImportShape, part: number][] = [];
  for (const wanted of open) {
    const part = numberIn(webNames, nameOfItem(wanted.name));
    if (part === undefined || before.has(part)) continue;
    if (identify.hasName(wanted)) known.push([wanted, part]);
    else look(wanted, part);
  }
  for (const [wanted, part] of known) look(wanted, part);
  return needed;
}
