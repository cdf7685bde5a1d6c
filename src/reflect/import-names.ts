import type { ImportShape, Shape } from "../public/index.ts";
import { readFunctionNames } from "./custom.ts";

/** Whether the meaning of an import stands in the `name` section. */
export type IsDescribed = (wanted: ImportShape) => boolean;

/**
 * Adds the names of some imported functions in the `name` section to a shape. The section may be larger than all others
 * together, so it is read only for a module that imports such a function, and only as far as needed.
 *
 * @param shape - The shape.
 * @param isDescribed - Which imports.
 * @param readSections - Returns the contents of the module's `name` sections. The first that has such names counts.
 */
export function nameImports<Read extends Pick<Shape, "imports" | "names">>(
  shape: Read,
  isDescribed: IsDescribed,
  readSections: () => Iterable<Uint8Array>,
): Read {
  if (shape.names) return shape;
  const wanted = new Set<number>();
  const functions = shape.imports.filter(({ kind }) => kind === "function");
  for (const [index, one] of functions.entries()) if (isDescribed(one)) wanted.add(index);
  if (wanted.size === 0) return shape;
  for (const contents of readSections()) {
    const names = readFunctionNames(contents, wanted);
    if (names.length > 0) return { ...shape, names: { functions: names } };
  }
  return shape;
}
