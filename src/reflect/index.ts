/** Step 2: reads a module's own description from its bytes. Only `engine.ts` and `compiled.ts` use the engine. */
import type { LeftOut, Origin } from "./cursor.ts";
import { type IsDescribed, nameImports } from "./import-names.ts";
import { type ReadShape, readShape } from "./shape.ts";

export type { Interface } from "./compact.ts";
export type { Origin } from "./cursor.ts";
export { completeShape, nameImportsOf } from "./engine.ts";
export { hasMagic, isModule } from "./magic.ts";
export { HeadScanner } from "./scanner.ts";
export type { ReadShape } from "./shape.ts";

/**
 * Adds the names of some imported functions in the `name` section to a shape that was read from all bytes of a module.
 *
 * @param shape - The shape.
 * @param bytes - The module.
 * @param isDescribed - Which imports.
 */
export function nameImportsIn<Read extends ReadShape>(shape: Read, bytes: Uint8Array, isDescribed: IsDescribed): Read {
  return nameImports(shape, isDescribed, () =>
    shape.customSections.flatMap(({ name, offset = 0, size }) =>
      name === "name" ? [bytes.subarray(offset, offset + size)] : [],
    ),
  );
}

/**
 * Reads a module's shape. Fails with `not-wasm`, `truncated`, `malformed`.
 *
 * @param bytes - The module.
 * @param origin - Where it came from, for errors.
 */
export function readModule(bytes: Uint8Array, origin: Origin = {}): ReadShape {
  return readShape(bytes, origin);
}

/**
 * Reads a module's shape from its head: its bytes up to the code, or up to any later section boundary. Fails with the same
 * errors as `readModule`.
 *
 * @param bytes - The head. Bytes after it are allowed.
 * @param origin - Where the bytes came from, for errors.
 * @param leftOut - The parts that the scanner left out of the bytes.
 * @returns The shape, without the custom sections after the code: see {@link completeShape}.
 */
export function readHead(bytes: Uint8Array, origin: Origin = {}, leftOut?: LeftOut): ReadShape {
  return readShape(bytes, { ...origin, headOnly: true, leftOut });
}
