import type {
  CompactShape,
  ExportShape,
  Extern,
  FunctionType,
  MemoryType,
  ReferenceType,
  Shape,
  TableType,
  ValueType,
} from "../public/index.ts";
import { ownTree } from "../base/own.ts";
import { invalidOption } from "../errors/invalid.ts";
import { UnglueError } from "../errors/unglue-error.ts";

/** The part of a shape that a compact shape has. The engine knows the rest of a compiled module. */
export type Interface = Pick<Shape, "imports" | "exports" | "memories" | "tables" | "start" | "typeSection">;

/** The letters of value types; the others stand in braces. */
const letters: readonly (readonly [letter: string, type: ValueType])[] = [
  ["i", "i32"],
  ["j", "i64"],
  ["f", "f32"],
  ["d", "f64"],
  ["v", "v128"],
  ["x", "externref"],
  ["a", "funcref"],
];
const types: ReadonlyMap<string, ValueType> = new Map(letters);
const letterOf: ReadonlyMap<string, string> = new Map(letters.map(([letter, type]) => [type, letter]));

/**
 * Writes the types of a module's imports and exports in short form.
 *
 * @param shape - The module's shape.
 */
export function compactShape(shape: Interface): CompactShape {
  const { memories, tables, start, typeSection } = shape;
  const written = new Map<FunctionType, string>();
  const write = (one: Extern): string => {
    if (one.kind !== "function" || !one.type) return writeExtern(one);
    const text = written.get(one.type) ?? writeExtern(one);
    written.set(one.type, text);
    return text;
  };
  const groups: string[][] = [];
  let last: string | undefined;
  for (const one of shape.imports) {
    if (one.module !== last) groups.push([one.module]);
    last = one.module;
    const number = one.typeIndex === undefined ? "" : `#${one.typeIndex}`;
    groups.at(-1)?.push(`${write(one)}${number}:${one.name}`);
  }
  return {
    imports: groups,
    exports: shape.exports.map((one) => `${one.kind === "function" ? "" : (one.index ?? "")}${write(one)}:${one.name}`),
    ...(memories.length > 0 && { memories: memories.map(writeMemory) }),
    ...(tables.length > 0 && { tables: tables.map(writeTable) }),
    ...(start !== undefined && { start }),
    ...(typeSection !== undefined && { types: typeSection }),
  };
}

/**
 * Reads a compact shape. Errors: `invalid-option`.
 *
 * @param given - The compact shape, which may come from anywhere.
 * @returns The part of the shape that it states.
 */
export function expandShape(given: CompactShape): Interface {
  try {
    const { imports, exports, memories = [], tables = [], start, types } = ownTree(given);
    const spaces: Spaces = {
      memory: memories.map(readMemory),
      table: tables.map(readTable),
      // Functions of one type share it, as they do in a shape that was read.
      functions: new Map(),
    };
    const next = { memory: 0, table: 0 };
    return {
      imports: imports.flatMap(([module, ...list]) => {
        if (typeof module !== "string") throw unreadable(module);
        return list.map((one) => ({ module, ...readImport(one, spaces, next) }));
      }),
      exports: exports.map((one) => readExport(one, spaces)),
      memories: spaces.memory,
      tables: spaces.table,
      ...(start !== undefined && { start: readCount(start) }),
      ...(types !== undefined && { typeSection: readMatch(types, /^(?:[0-9a-f]{2})*$/)[0] ?? "" }),
    };
  } catch (error) {
    // A list may be something else, or a proxy that throws.
    throw error instanceof UnglueError ? error : unreadable(given);
  }
}

interface Spaces {
  readonly memory: readonly MemoryType[];
  readonly table: readonly TableType[];
  readonly functions: Map<string, FunctionType>;
}

/** Makes the error of a part that cannot be read. */
function unreadable(part: unknown): UnglueError<"invalid-option"> {
  return invalidOption(
    "load",
    "shape",
    "a shape, as inspect() returns it, or the compact shape of a declaration file",
    part,
  );
}

function readImport(
  text: string,
  spaces: Spaces,
  next: { memory: number; table: number },
): { readonly name: string } & Extern {
  const [, form = "", typeIndex, name = ""] = readMatch(text, /^([^:#]*)(?:#(\d+))?:([^]*)$/);
  const kind = form === "m" ? "memory" : form === "t" ? "table" : undefined;
  const extern = kind ? externAt(kind, next[kind]++, spaces) : readExtern(form, spaces);
  return { name, ...extern, ...(typeIndex !== undefined && { typeIndex: readCount(Number(typeIndex)) }) };
}

function readExport(text: string, spaces: Spaces): ExportShape {
  // An optional index before the form would have an expression that reads a long one again and again.
  const [, head = "", name = ""] = readMatch(text, /^([^:]*):([^]*)$/);
  const [index = ""] = readMatch(head, /^\d*/);
  const form = head.slice(index.length);
  if (form.includes(">")) {
    if (index !== "") throw unreadable(text);
    return { name, ...readExtern(form, spaces) };
  }
  const at = readCount(index === "" ? NaN : Number(index));
  const kind = form === "m" ? "memory" : form === "t" ? "table" : undefined;
  return { name, ...(kind ? externAt(kind, at, spaces) : readExtern(form, spaces)), index: at };
}

function externAt(kind: "memory" | "table", at: number, spaces: Spaces): Extern {
  const type = spaces[kind][at];
  if (!type) throw unreadable(`${kind} ${at}`);
  return { kind, type } as Extern;
}

function writeExtern({ kind, type }: Extern): string {
  if (kind === "function") return `${writeTypes(type?.params ?? [])}>${writeTypes(type?.results ?? [])}`;
  if (kind === "global") return type ? `${type.mutable ? "~" : "="}${writeTypes([type.value])}` : "=";
  return kind === "tag" ? `!${writeTypes(type?.params ?? [])}` : kind.slice(0, 1);
}

function readExtern(form: string, { functions }: Spaces): Extern {
  const sign = form.slice(0, 1);
  if (sign === "!") return { kind: "tag", type: { params: readTypes(form.slice(1)) } };
  if (sign === "=" || sign === "~") {
    const [value, ...more] = readTypes(form.slice(1));
    if (value === undefined || more.length > 0) throw unreadable(form);
    return { kind: "global", type: { value, mutable: sign === "~" } };
  }
  const known = functions.get(form);
  if (known) return { kind: "function", type: known };
  const [, params = "", results = ""] = readMatch(form, /^([^>]*)>([^>]*)$/);
  const type = { params: readTypes(params), results: readTypes(results) };
  functions.set(form, type);
  return { kind: "function", type };
}

function writeTypes(list: readonly ValueType[]): string {
  return list.map((type) => letterOf.get(type) ?? `{${type}}`).join("");
}

function readTypes(text: string): readonly ValueType[] {
  const found: ValueType[] = [];
  let length = 0;
  for (const [token, inner] of text.matchAll(
    /\{((?:null)?(?:any|eq|i31|struct|array|exn|cont|func|extern)ref|null(?:exn|cont)ref|nullref|\(ref [^(){}]*\))\}|[a-z]/g,
  )) {
    const type = inner === undefined ? types.get(token) : (inner as ValueType);
    if (type === undefined) throw unreadable(text);
    found.push(type);
    length += token.length;
  }
  if (length !== text.length) throw unreadable(text);
  return found;
}

function writeMemory({ pageSize, ...type }: MemoryType): string {
  return `${writeLimits(type)}${pageSize === 0x10000 ? "" : ` page ${pageSize}`}`;
}

function readMemory(text: string): MemoryType {
  const [, size, page = "65536"] = readMatch(text, /^(.*?)(?: page (\d+))?$/);
  return { ...readLimits(size), pageSize: readCount(Number(page)) };
}

function writeTable({ element, ...type }: TableType): string {
  return `${writeLimits(type)} ${element}`;
}

function readTable(text: string): TableType {
  const [, size, element] = readMatch(text, /^(\d+(?: \d+)?(?: i64)?(?: shared)?) (\w+|\(ref [^(){}]*\))$/);
  return { element: element as ReferenceType, ...readLimits(size) };
}

function writeLimits({ initial, maximum, address, shared }: Omit<MemoryType, "pageSize">): string {
  const words = [initial, maximum, address === "i64" && "i64", shared && "shared"];
  return words.filter((word) => word !== undefined && word !== false).join(" ");
}

function readLimits(text: string | undefined): Omit<MemoryType, "pageSize"> {
  const [, initial = "", maximum, is64, shared] = readMatch(text, /^(\d+)(?: (\d+))?( i64)?( shared)?$/);
  return {
    initial: readSize(initial),
    ...(maximum !== undefined && { maximum: readSize(maximum) }),
    shared: shared !== undefined,
    address: is64 === undefined ? "i32" : "i64",
  };
}

function readSize(digits: string): number | bigint {
  if (digits.length > 20) throw unreadable(digits);
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
}

function readCount(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw unreadable(value);
  return value;
}

function readMatch(text: unknown, pattern: RegExp): readonly (string | undefined)[] {
  const found = typeof text === "string" ? pattern.exec(text) : null;
  if (!found) throw unreadable(text);
  return found;
}
