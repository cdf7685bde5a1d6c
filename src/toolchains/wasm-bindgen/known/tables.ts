import type { Shape } from "../../../public/index.ts";
import { createIdentify, type Identify } from "./identify.ts";

/** What is known of the imports of modules, by tables at hand and one that is fetched by need. */
export interface Tables {
  /**
   * Tells what is known of a module's imports. Worked out once a module.
   *
   * @param shape - Its shape.
   */
  identify(shape: Shape): Identify;
  /**
   * Fetches the table for modules whose imports the others leave unknown. Where it is not to be had, nothing changes.
   *
   * @param shape - The module's shape.
   * @param isLacking - Whether the module needs more than is known of it.
   */
  complete(shape: Shape, isLacking: (identify: Identify) => boolean): Promise<void>;
}

/**
 * Makes what looks up imports.
 *
 * @param texts - The tables at hand, in the order in which to look.
 * @param fetchMore - Fetches a further table.
 */
export function createTables(texts: readonly string[], fetchMore?: () => Promise<string | undefined>): Tables {
  // Shapes of one module share their imports, and are let go with them.
  const known = new WeakMap<Shape["imports"], Identify>();
  const more = new WeakMap<Shape["imports"], string>();
  const identify = (shape: Shape): Identify => {
    const { imports } = shape;
    const found = known.get(imports);
    // While a module streams, its section that tells the version may not have come.
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
