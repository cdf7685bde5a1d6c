import { ownMembers } from "../base/own.ts";
import type { Shape } from "../public/index.ts";
import { Cursor, hex, type LeftOut, type Origin } from "./cursor.ts";
import { type CustomReaders, readCustoms } from "./custom.ts";
import { header, isModule } from "./magic.ts";
import { readSections } from "./sections.ts";
import { notWasmError } from "./not-wasm.ts";

/** A shape as the reader leaves it: which toolchain made the module is for others to tell. */
export type ReadShape = Omit<Shape, "toolchain" | "advice">;

/** What to read of a module. */
export interface ReadOptions extends Origin {
  /** Readers of custom sections besides the standard ones. */
  readonly customs?: CustomReaders | undefined;
  /** Whether to stop before the code. */
  readonly headOnly?: boolean;
  /** What of its custom sections is missing in the bytes. */
  readonly leftOut?: LeftOut | undefined;
}

/**
 * Reads a module's shape.
 *
 * @param bytes - The module.
 * @param given - What to read, and where it came from, for errors.
 */
export function readShape(bytes: Uint8Array, given: ReadOptions): ReadShape {
  const options = ownMembers(given);
  if (!isModule(bytes)) throw notWasmError(bytes, options);
  const cursor = new Cursor(bytes, options);
  if (bytes.length < header.length) cursor.truncated(0);
  for (const byte of header) if (cursor.byte() !== byte) cursor.unexpected();

  const sections = readSections(cursor, options.headOnly ?? false);
  const { imports, exports, spaces, start, typeSection, importsRefer, customSections } = sections;
  return {
    complete: true,
    imports,
    exports,
    memories: spaces.memory,
    tables: spaces.table,
    ...(start !== undefined && { start }),
    customSections: customSections.map(({ name, offset, size }) => ({ name, offset, size })),
    ...readCustoms(customSections, options.customs),
    ...(typeSection && importsRefer && { typeSection: hex(typeSection) }),
  };
}
