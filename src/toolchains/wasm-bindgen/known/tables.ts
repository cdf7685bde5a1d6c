import type { Shape } from "../../../public/index.ts";
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
   * @param lackingIn - Returns the imports that need more knowledge.
   */
  complete(shape: Shape, lackingIn: (identify: Identify) => readonly string[]): Promise<void>;
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
    async complete(shape, lackingIn) {
      if (!fetchPart) return;
      const { imports } = shape;
      const before = chosen.get(imports) ?? new Set();
      const identified = identify(shape);
      const names = lackingIn(identified).map(nameOfItem);
      const needed = new Set(names.flatMap((name) => numberIn(webNames, name) ?? []).filter((one) => !before.has(one)));
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
