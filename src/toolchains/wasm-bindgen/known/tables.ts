import type { Shape } from "../../../public/index.ts";
import { createIdentify, type Identify } from "./identify.ts";

/** The knowledge of modules' imports, from available tables and one that is fetched on demand. */
export interface Tables {
  /**
   * Returns the knowledge of a module's imports. It is computed once per module.
   *
   * @param shape - Its shape.
   */
  identify(shape: Shape): Identify;
  /**
   * Fetches the table for modules whose imports the others do not identify. If it cannot be fetched, nothing changes.
   *
   * @param shape - The module's shape.
   * @param isLacking - Whether the module needs more knowledge.
   */
  complete(shape: Shape, isLacking: (identify: Identify) => boolean): Promise<void>;
}

/**
 * Makes the look-up of imports.
 *
 * @param texts - The available tables, in search order.
 * @param fetchMore - Fetches an additional table.
 */
export function createTables(texts: readonly string[], fetchMore?: () => Promise<string | undefined>): Tables {
  // Shapes of one module share their imports, so the key lives as long as they do.
  const known = new WeakMap<Shape["imports"], Identify>();
  const more = new WeakMap<Shape["imports"], string>();
  const identify = (shape: Shape): Identify => {
    const { imports } = shape;
    const found = known.get(imports);
    // While a module streams, the section that states the version may not have arrived.
    if (found?.isFor(shape)) return found;
    const further = more.get(imports);
    const made = createIdentify(further === undefined ? texts : [...texts, further], shape);
    known.set(imports, made);
    return made;
  };
  return {
    identify,
    async complete(shape, isLacking) {
      if (!fetchMore || more.has(shape.imports) || !isLacking(identify(shape))) return;
      const further = await fetchMore();
      if (further === undefined) return;
      more.set(shape.imports, further);
      known.delete(shape.imports);
    },
  };
}
