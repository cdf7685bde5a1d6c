/** Reads all that a module tells of itself. Apart from the other readers because no load needs it. */
import { bytesOf } from "../base/buffers.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { Bytes, DebugNames, InspectOptions } from "../public/index.ts";
import type { Cursor } from "./cursor.ts";
import { type CustomReaders, readSubsections } from "./custom.ts";
import type { IsDescribed } from "./import-names.ts";
import { nameImportsIn } from "./index.ts";
import { type ReadShape, readShape } from "./shape.ts";

/** The reader of the `name` section, which may be larger than all others together. */
const debugNames: CustomReaders = { name: (cursor) => ({ names: readNames(cursor) }) };

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

function readNames(cursor: Cursor): DebugNames {
  let module: string | undefined;
  let functions: DebugNames["functions"] = [];
  readSubsections(cursor, {
    0: () => (module = cursor.name()),
    1: () => (functions = cursor.list(() => [cursor.u32(), cursor.name()] as const)),
  });
  return { ...(module !== undefined && { module }), functions };
}
