import type {
  CustomSection,
  ExportShape,
  ExternKind,
  ExternType,
  FunctionType,
  GlobalType,
  ImportShape,
  MemoryType,
  TableType,
} from "../public/index.ts";
import { skipConstant } from "./constant.ts";
import type { Cursor } from "./cursor.ts";
import { functionAt, type Functions, readFunctionIndex, readFunctions } from "./functions.ts";
import { readGlobalType, readMemoryType, readTableType, readTagType, readTypes, type Types } from "./value-types.ts";

/** A custom section with its contents, which may be left out if it is large and has no reader. */
export interface CustomContents extends Required<CustomSection> {
  readonly contents: Uint8Array;
}

/** The contents of the sections. */
export interface Sections extends Functions {
  readonly imports: ImportShape[];
  readonly exports: ExportShape[];
  /** The index spaces: the types of imported items, then of defined ones. Of functions it has only the imported ones. */
  readonly spaces: { readonly [kind in ExternKind]: ExternType[] } & {
    readonly function: FunctionType[];
    readonly global: GlobalType[];
    readonly memory: MemoryType[];
    readonly table: TableType[];
  };
  readonly customSections: CustomContents[];
  /** The offsets of the types of the memories and tables that the module defines, in their order. */
  readonly sizedAt: number[];
  start: number | undefined;
  typeSection: Uint8Array | undefined;
  /** Whether an import's type refers to another type by index. */
  importsRefer: true | undefined;
}

/** The code of a function import whose type must match exactly. */
const exactFunction = 0x20;
/** The position in the section order from which only custom sections belong to the interface. */
const codePlace = 12;

/** The codes of the kinds, in imports and exports. */
const kinds: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];

const readType: { readonly [kind in ExternKind]: (cursor: Cursor, types: Types) => ExternType } = {
  function: (cursor, types) => cursor.item(types, "function type")[1],
  table: readTableType,
  memory: readMemoryType,
  global: readGlobalType,
  tag: readTagType,
};

type Reader = (cursor: Cursor, sections: Sections) => void;

/**
 * The sections by id: name, position in the order that the format requires, and reader. A section without a reader is
 * skipped.
 */
const known: readonly (readonly [name: string, place: number, read?: Reader])[] = [
  ["custom", 0, readCustom],
  ["type", 1, readTypeSection],
  ["import", 2, readImports],
  ["function", 3, readFunctions],
  ["table", 4, define("table")],
  ["memory", 5, define("memory")],
  ["global", 7, define("global")],
  ["export", 8, readExports],
  ["start", 9, readStart],
  ["element", 10],
  ["code", 12],
  ["data", 13],
  ["data count", 11],
  ["tag", 6, define("tag")],
];

/**
 * Whether a section ends the head of a module, which is everything before its code.
 *
 * @param id - The section's id.
 */
export function endsHead(id: number): boolean {
  return (known[id]?.[1] ?? 0) >= codePlace;
}

/**
 * Reads the sections after the header.
 *
 * @param cursor - Where the first section begins.
 * @param headOnly - Whether to stop before the code.
 */
export function readSections(cursor: Cursor, headOnly: boolean): Sections {
  const sections: Sections = {
    types: [],
    imports: [],
    exports: [],
    spaces: { function: [], table: [], memory: [], global: [], tag: [] },
    definedFunctions: [],
    customSections: [],
    sizedAt: [],
    start: undefined,
    typeSection: undefined,
    importsRefer: undefined,
  };
  const { end } = cursor;
  let last = 0;
  while (cursor.offset < end) {
    const start = cursor.offset;
    const id = cursor.byte();
    if (headOnly && endsHead(id)) break;
    const [name, place, read] = known[id] ?? cursor.unexpected();
    if (place && place <= last) cursor.fail("order", name);
    last = place || last;
    cursor.enter(start, name, cursor.u32());
    if (read) read(cursor, sections);
    else cursor.offset = cursor.end;
    if (cursor.offset < cursor.end) cursor.fail("long");
    cursor.leave(end);
  }
  return sections;
}

function readCustom(cursor: Cursor, { customSections }: Sections): void {
  const name = cursor.name();
  const { offset, end, shift, gap } = cursor;
  const contents = cursor.bytes.subarray(offset, end);
  customSections.push({ name, offset: offset + shift, size: end - offset + gap, contents });
  cursor.offset = end;
}

function readTypeSection(cursor: Cursor, sections: Sections): void {
  sections.typeSection = cursor.bytes.subarray(cursor.offset, cursor.end);
  readTypes(cursor, sections.types);
}

function readImports(cursor: Cursor, sections: Sections): void {
  const { imports, spaces, types } = sections;
  // Each type is examined once: thousands of imports may share one type of thousands of parameters.
  const seen = new Map<ExternType, boolean>();
  cursor.beginNames();
  cursor.list(() => {
    const module = cursor.name();
    const name = cursor.name();
    const code = cursor.byte();
    const kind = kinds[code === exactFunction ? 0 : code] ?? cursor.unexpected();
    const { offset } = cursor;
    const type = readType[kind](cursor, types);
    spaces[kind].push(type as never);
    const wanted = { module, name, kind, type } as ImportShape & { typeIndex?: number };
    const refers = seen.get(type) ?? refersToType(type);
    seen.set(type, refers);
    if (refers) {
      sections.importsRefer = true;
      // Reads the type index again: it is all of a function import's type, and follows the attribute of a tag's.
      if (kind === "tag" || kind === "function") {
        cursor.offset = offset + (kind === "tag" ? 1 : 0);
        wanted.typeIndex = cursor.u32();
      }
    }
    imports.push(wanted);
  });
}

/** Whether a type refers to another by index, as `(ref null 3)` does and `(ref i31)` does not. */
function refersToType(type: ExternType): boolean {
  return / \d/.test(Object.values(type).join());
}

function define(kind: Exclude<ExternKind, "function">): Reader {
  return (cursor, sections) => {
    const { spaces, types } = sections;
    cursor.list(() => {
      const hasValue = kind === "global" || (kind === "table" && cursor.bytes[cursor.offset] === 0x40);
      if (hasValue && kind === "table") {
        cursor.skip(1);
        if (cursor.byte()) cursor.unexpected();
      }
      if (kind === "memory" || kind === "table") sections.sizedAt.push(cursor.offset);
      const type = readType[kind](cursor, types);
      if (hasValue) skipConstant(cursor, sections);
      else if ("element" in type && !hasNull(type.element)) cursor.fail("elements");
      // Added after its value has been read: the value may refer only to earlier globals.
      spaces[kind].push(type as never);
    });
  };
}

function hasNull(element: string): boolean {
  return !/^\(ref (?!null )/.test(element);
}

function readExports(cursor: Cursor, sections: Sections): void {
  const { exports, spaces } = sections;
  const names = new Set<string>();
  cursor.beginNames();
  // As for functions, there may be thousands: no closure, and no list of two for each.
  for (let count = cursor.count(); count; count--) {
    const name = cursor.name();
    if (names.size === names.add(name).size) cursor.fail("twice", name);
    const kind = kinds[cursor.byte()] ?? cursor.unexpected();
    const index = cursor.u32();
    const found: ExternType | undefined = kind === "function" ? functionAt(index, sections) : spaces[kind][index];
    const type = found ?? cursor.fail("index", `${kind} ${index}`);
    exports.push({ name, kind, index, type } as ExportShape);
  }
}

function readStart(cursor: Cursor, sections: Sections): void {
  const [index, { params, results }] = readFunctionIndex(cursor, sections);
  if (params.length + results.length) cursor.fail("start");
  sections.start = index;
}
