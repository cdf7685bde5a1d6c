/** Step 2: reads a module's own description from its bytes. Only `engine.ts` uses the engine. */
import { bytesOf } from "../base/buffers.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { Bytes, InspectOptions } from "../public/index.ts";
import type { LeftOut, Origin } from "./cursor.ts";
import { debugNames } from "./custom.ts";
import { type IsDescribed, nameImports } from "./import-names.ts";
import { type ReadShape, readShape } from "./shape.ts";

export type { Interface } from "./compact.ts";
export type { Origin } from "./cursor.ts";
export { completeShape, nameImportsOf, shapeOfModule } from "./engine.ts";
export { hasMagic, isModule } from "./magic.ts";
export { HeadScanner } from "./scanner.ts";
export type { ReadShape } from "./shape.ts";

/**
 * Reads a module's shape from its bytes, without the engine.
 * Fails with `not-wasm`, `truncated`, `malformed`, `invalid-argument`.
 *
 * @param bytes - The module: a buffer, or a view of one at any offset.
 * @param options - Whether to read the `name` section.
 * @param isDescribed - The imports whose names in that section are read in any case.
 */
export function inspect(
  bytes: Bytes,
  options: Pick<InspectOptions, "names"> = {},
  isDescribed: IsDescribed = () => false,
): ReadShape {
  const view = bytesOf(bytes);
  if (view) {
    const shape = readShape(view, options.names ? { customs: debugNames } : {});
    return nameImportsIn(shape, view, isDescribed);
  }
  throw invalidArgument("inspect", "bytes", "an ArrayBuffer, a SharedArrayBuffer or a view of one", bytes);
}

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
