import { ownMembers, ownValue } from "../base/own.ts";
import {
  encodeModule,
  functionTypeSection,
  nullableHeapType,
  section,
  sectionIds,
  unsigned,
  valueType,
} from "./encode.ts";
import type { Extern, ImportShape, MemoryType, Shape, TableType, ValueType } from "../public/index.ts";

const kindCodes = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** The length of the empty module name that helpers import from. */
const noName = 0;
const refNull = 0xd0;
const end = 0x0b;

/** The instruction that pushes a constant, and the number of zero bytes after it. */
const zeros: { readonly [type: string]: readonly [instruction: readonly number[], size: number] } = ownMembers({
  i32: [[0x41], 1],
  i64: [[0x42], 1],
  f32: [[0x43], 4],
  f64: [[0x44], 8],
  v128: [[0xfd, 12], 16],
});

/** An import that a module can define and export. */
export type Definable = Exclude<ImportShape, { readonly kind: "function" }>;

/** The sections that define the exports, in the order that the format requires. */
const defining = ["table", "memory", "tag", "global"] as const;

/**
 * Writes a module with the given imports, named `"0"`, `"1"` and so on in the module `""`. The engine links it only with
 * values that all fit. Throws a plain `Error` for an unknown type.
 *
 * @param wanted - One import with its type, or several that all refer to the module's types, which are copied once.
 * @param shape - The shape of the module that declares them, if their types refer to others by index.
 */
export function importerOf(wanted: readonly ImportShape[], shape: Shape | undefined): Uint8Array<ArrayBuffer> {
  const imports = wanted.flatMap((one, at) => [noName, ...name(at), kindCodes[one.kind], ...externType(one)]);
  return encodeModule(typeSection(wanted, shape), section(sectionIds.import, [...unsigned(wanted.length), ...imports]));
}

/**
 * Writes a module that creates imports, zero or empty, and exports them as `"0"`, `"1"` and so on. Like {@link importerOf},
 * for all kinds except functions.
 *
 * @param wanted - One import with its type, or several that all refer to the module's types.
 * @param shape - The shape of the module that declares them.
 */
export function exporterOf(wanted: readonly Definable[], shape: Shape): Uint8Array<ArrayBuffer> {
  const counts = { table: 0, memory: 0, tag: 0, global: 0 };
  const exports = wanted.flatMap(({ kind }, at) => [...name(at), kindCodes[kind], ...unsigned(counts[kind]++)]);
  const definitions = defining
    .filter((kind) => counts[kind] > 0)
    .map((kind) => {
      const defined = wanted.filter((one) => one.kind === kind);
      const items = defined.flatMap((one) => [...externType(one), ...initially(one)]);
      return section(sectionIds[kind], [...unsigned(defined.length), ...items]);
    });
  return encodeModule(
    typeSection(wanted, shape),
    ...definitions,
    section(sectionIds.export, [...unsigned(wanted.length), ...exports]),
  );
}

/** The initial value of a global; empty for other kinds. */
function initially({ kind, type }: Definable): number[] {
  return kind === "global" && type ? zero(type.value) : [];
}

/** The name of the import or export at an index. */
function name(at: number): number[] {
  const digits = String(at);
  return [digits.length, ...Array.from(digits, (digit) => digit.charCodeAt(0))];
}

/** The module's own type section if types refer to it, else one with the type of a function or tag. */
function typeSection(wanted: readonly ImportShape[], shape: Shape | undefined): number[] {
  // Copying all types for each import, even those that need none, would take quadratic time.
  if (!wanted.some(refersToTypes)) {
    const functions = wanted.filter(({ kind }) => kind === "function" || kind === "tag");
    return functions.flatMap(({ type }) => functionTypeSection({ params: [], results: [], ...(type as object) }));
  }
  const digits = (shape && ownValue(shape, "typeSection"))?.match(/../g);
  return digits
    ? section(
        sectionIds.type,
        digits.map((pair) => parseInt(pair, 16)),
      )
    : [];
}

/**
 * Whether an import's type refers to a type of its module by index, as `(ref null 3)` does. A helper for it contains all
 * types of the module, so such imports must share one helper.
 *
 * @param wanted - The import.
 */
export function refersToTypes(wanted: ImportShape): boolean {
  if (ownValue(wanted, "typeIndex") !== undefined) return true;
  if (wanted.kind !== "table" && wanted.kind !== "global") return false;
  const held = wanted.kind === "table" ? wanted.type?.element : wanted.type?.value;
  return held !== undefined && /^\(ref (null )?\d+\)$/.test(held);
}

function externType(extern: Extern & { readonly typeIndex?: number }): number[] {
  const { kind, type, typeIndex = 0 } = ownMembers(extern);
  if (kind === "function") return unsigned(typeIndex);
  if (kind === "tag") return [0, ...unsigned(typeIndex)];
  if (!type) return [];
  if (kind === "global") return [...valueType(type.value), Number(type.mutable)];
  if (kind === "memory") return limits(type, type.pageSize);
  return [...valueType(type.element), ...limits(type, 65536)];
}

function limits(type: MemoryType | TableType, pageSize: number): number[] {
  const { initial, maximum, shared, address } = ownMembers(type);
  const flags = Number(maximum !== undefined) | (Number(shared) << 1) | (Number(address === "i64") << 2);
  const custom = pageSize !== 65536;
  return [
    flags | (Number(custom) << 3),
    ...unsigned(initial),
    ...(maximum === undefined ? [] : unsigned(maximum)),
    ...(custom ? unsigned(Math.log2(pageSize)) : []),
  ];
}

function zero(type: ValueType): number[] {
  const [instruction, size] = zeros[type] ?? [[refNull, ...nullableHeapType(type)], 0];
  return [...instruction, ...Array<number>(size).fill(0), end];
}
