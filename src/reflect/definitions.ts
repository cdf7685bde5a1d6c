import { ownMembers } from "../base/own.ts";
import { Cursor } from "./cursor.ts";
import { header } from "./magic.ts";
import { endsHead, readSections, type Sections } from "./sections.ts";
import { readReferenceType } from "./value-types.ts";

/** The offsets of the limits of a memory or table that a module defines. */
export interface Definition {
  /** The flags byte. Its lowest bit tells whether there is a maximum. */
  readonly flags: number;
  /** The start and the end of the maximum; equal if there is none. */
  readonly maximum: readonly [start: number, end: number];
}

/** The offsets of a section of memories or tables. */
export interface DefiningSection {
  readonly kind: "memory" | "table";
  readonly id: number;
  /** The offset of its id. */
  readonly start: number;
  /** The start of its contents, after its size, and their end. */
  readonly contents: readonly [start: number, end: number];
  readonly definitions: readonly Definition[];
}

/** The id of the section that names the start function. */
const startId = 8;
/** The ids of the sections. */
const kinds: { readonly [id: number]: DefiningSection["kind"] } = ownMembers({ 4: "table", 5: "memory" });

/**
 * Finds where a module defines its memories and tables. Fails with the same errors as `readHead`.
 *
 * @param bytes - The module, or its head.
 * @returns Its table section and its memory section, if present, in the module's order.
 */
export function readDefinitions(bytes: Uint8Array): DefiningSection[] {
  const cursor = new Cursor(bytes);
  cursor.offset = header.length;
  const sections = readSections(cursor, true);
  const end = cursor.offset;
  const found: DefiningSection[] = [];
  for (const { id, start, contents } of headSections(cursor, end)) {
    const kind = kinds[id];
    if (!kind) continue;
    const [from, to] = contents;
    const inside = sections.sizedAt.filter((at) => at >= from && at < to);
    const definitions = inside.map((at) => readDefinition(cursor, at, kind, sections));
    found.push({ kind, id, start, contents, definitions });
  }
  return found;
}

/**
 * Finds the section that names a module's start function.
 *
 * @param bytes - The module, whose sections have been read without an error.
 * @returns Where its id is, and where it ends; `undefined` if the module has none.
 */
export function findStartSection(bytes: Uint8Array): readonly [start: number, end: number] | undefined {
  for (const { id, start, contents } of headSections(new Cursor(bytes), bytes.length)) {
    if (id === startId) return [start, contents[1]];
  }
  return undefined;
}

/** Yields the sections before the code. The caller may move the cursor. */
function* headSections(cursor: Cursor, end: number): Iterable<Pick<DefiningSection, "id" | "start" | "contents">> {
  for (cursor.offset = header.length; cursor.offset < end;) {
    const start = cursor.offset;
    const id = cursor.byte();
    if (endsHead(id)) return;
    const size = cursor.u32();
    const from = cursor.offset;
    const to = from + size;
    yield { id, start, contents: [from, to] };
    cursor.offset = to;
  }
}

function readDefinition(cursor: Cursor, at: number, kind: "memory" | "table", { types }: Sections): Definition {
  cursor.offset = at;
  if (kind === "table") readReferenceType(cursor, types);
  const flags = cursor.offset;
  const bits = cursor.byte();
  const width = bits & 4 ? 64 : 32;
  cursor.unsigned(width);
  const start = cursor.offset;
  if (bits & 1) cursor.unsigned(width);
  return { flags, maximum: [start, cursor.offset] };
}
