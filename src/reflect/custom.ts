import type { DebugNames, Dylink, Producers, Shape, TargetFeature } from "../public/index.ts";
import { Cursor } from "./cursor.ts";

/** A reader with the name of its section; it adds what it reads to a shape. */
export interface CustomReaders {
  readonly [section: string]: (cursor: Cursor) => Partial<Shape>;
}

/** The sections that are always read. */
const standard: CustomReaders = {
  producers: (cursor) => ({ producers: readProducers(cursor) }),
  target_features: (cursor) => ({ targetFeatures: readTargetFeatures(cursor) }),
  "dylink.0": (cursor) => ({ dylink: readDylink(cursor) }),
  dylink: (cursor) => ({ dylink: readOldDylink(cursor) }),
};

/**
 * Whether a custom section before the code has a reader.
 *
 * @param name - Its name in the module.
 */
export function isRead(name: Uint8Array): boolean {
  return name.length < 32 && Object.hasOwn(standard, String.fromCharCode(...name));
}

/**
 * Reads the known custom sections. They do not affect what a module does, so a malformed one is ignored, while any other
 * malformed section is an error.
 *
 * @param sections - The sections. Of several with the same name, the first readable one counts.
 * @param more - Readers in addition to those of the standard sections.
 */
export function readCustoms(
  sections: Iterable<{ readonly name: string; readonly contents: Uint8Array }>,
  more?: CustomReaders,
): Partial<Shape> {
  const readers = new Map(Object.entries({ ...standard, ...more }));
  let read: Partial<Shape> = {};
  for (const { name, contents } of sections) {
    try {
      read = { ...readers.get(name)?.(new Cursor(contents, {}, name)), ...read };
    } catch {
      continue;
    }
  }
  return read;
}

function readProducers(cursor: Cursor): Producers {
  const fields = new Map(
    cursor.list(() => [cursor.name(), cursor.list(() => ({ name: cursor.name(), version: cursor.name() }))]),
  );
  const field = (name: string) => fields.get(name) ?? [];
  return { language: field("language"), processedBy: field("processed-by"), sdk: field("sdk") };
}

function readTargetFeatures(cursor: Cursor): TargetFeature[] {
  return cursor.list(() => {
    const prefix = String.fromCharCode(cursor.byte()) as TargetFeature["prefix"];
    if (!"+-=".includes(prefix)) cursor.unexpected();
    return { prefix, name: cursor.name() };
  });
}

function readDylink(cursor: Cursor): Dylink {
  let sizes: readonly number[] = [];
  let needed: string[] = [];
  readSubsections(cursor, {
    1: () => (sizes = readSizes(cursor)),
    2: () => (needed = cursor.list(() => cursor.name())),
  });
  return dylinkOf(cursor, sizes, needed);
}

/** Until LLVM 13 the section had no subsections. */
function readOldDylink(cursor: Cursor): Dylink {
  const sizes = readSizes(cursor);
  return dylinkOf(
    cursor,
    sizes,
    cursor.list(() => cursor.name()),
  );
}

function readSizes(cursor: Cursor): readonly number[] {
  return [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()];
}

function dylinkOf(cursor: Cursor, sizes: readonly number[], needed: readonly string[]): Dylink {
  const [memorySize = 0, memoryPower = 0, tableSize = 0, tablePower = 0] = sizes;
  if (memoryPower > 31 || tablePower > 31) cursor.unexpected();
  return { memorySize, memoryAlign: 2 ** memoryPower, tableSize, tableAlign: 2 ** tablePower, needed };
}

/**
 * Reads the names of some functions from a `name` section, and none from a malformed one.
 *
 * @param contents - The section's contents.
 * @param wanted - The indexes of the functions. Reading ends with the last of them.
 */
export function readFunctionNames(contents: Uint8Array, wanted: ReadonlySet<number>): DebugNames["functions"] {
  const cursor = new Cursor(contents, {}, "name");
  const functions: (readonly [number, string])[] = [];
  const read = () => {
    for (let count = cursor.count(); count && functions.length < wanted.size; count--) {
      const index = cursor.u32();
      if (wanted.has(index)) functions.push([index, cursor.name()]);
      else cursor.skip(cursor.u32());
    }
  };
  try {
    readSubsections(cursor, { 1: read });
    return functions;
  } catch {
    return [];
  }
}

/**
 * Reads a section of subsections.
 *
 * @param cursor - The section.
 * @param read - The readers of the subsections by their ids; the others are skipped.
 */
export function readSubsections(cursor: Cursor, read: { readonly [id: number]: () => unknown }): void {
  const { end } = cursor;
  while (cursor.offset < end) {
    const reader = read[cursor.byte()];
    const next = cursor.u32() + cursor.offset;
    // Limited to its own bytes: reading on into the next subsection would read the same bytes again and again.
    cursor.end = Math.min(next, end);
    reader?.();
    cursor.end = end;
    cursor.offset = next;
  }
}
