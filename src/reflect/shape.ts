import { ownMembers } from "../base/own.ts";
import type { Shape } from "../public/index.ts";
import { Cursor, hex, type LeftOut, type Origin } from "./cursor.ts";
import { type CustomReaders, readCustoms } from "./custom.ts";
import { header, isModule } from "./magic.ts";
import { readSections } from "./sections.ts";
import { notWasmError } from "./not-wasm.ts";

/** A shape as the reader returns it. The toolchain is identified later, elsewhere. */
export type ReadShape = Omit<Shape, "toolchain" | "advice">;

/** The parts of a module to read. */
export interface ReadOptions extends Origin {
  /** Readers of custom sections besides the standard ones. */
  readonly customs?: CustomReaders | undefined;
  /** Whether to stop before the code. */
  readonly headOnly?: boolean;
  /** The parts of its custom sections that are missing in the bytes. */
  readonly leftOut?: LeftOut | undefined;
}

/**
 * Reads a module's shape.
 *
 * @param bytes - The module.
 * @param given - The parts to read, and where the module came from, for errors.
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
