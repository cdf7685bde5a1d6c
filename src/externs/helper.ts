import { ownMembers, ownValue } from "../own.ts";
import {
  encodeModule,
  functionTypeSection,
  nullableHeapType,
  section,
  sectionIds,
  unsigned,
  valueType,
} from "../encode.ts";
import type { Extern, ImportShape, MemoryType, Shape, TableType, ValueType } from "../types/index.ts";

const kindCodes = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** The one name in a helper module is empty. */
const noName = 0;
const refNull = 0xd0;
const end = 0x0b;

/** The instruction that pushes a number, and the bytes of zero that follow it. */
const zeros: { readonly [type: string]: readonly [instruction: readonly number[], size: number] } = ownMembers({
  i32: [[0x41], 1],
  i64: [[0x42], 1],
  f32: [[0x43], 4],
  f64: [[0x44], 8],
  v128: [[0xfd, 12], 16],
});

/**
 * Writes a module that imports exactly what an import declares, as `""` from the module `""`; the engine links it with
 * a value only if the value fits. Throws a plain `Error` for a type that it does not know.
 *
 * @param wanted - The import, with its type.
 * @param shape - The shape of the module that declares it, where its type refers to others by index.
 */
export function importerOf(wanted: ImportShape, shape: Shape | undefined): Uint8Array<ArrayBuffer> {
  const contents = [1, noName, noName, kindCodes[wanted.kind], ...externType(wanted)];
  return encodeModule(typeSection(wanted, shape), section(sectionIds.import, contents));
}

/**
 * Writes a module that makes what an import declares, zero or empty, and exports it as `""`. As {@link importerOf},
 * for all kinds but functions.
 *
 * @param wanted - The import, with its type.
 * @param shape - The shape of the module that declares it.
 */
export function exporterOf(
  wanted: ImportShape & { kind: keyof typeof sectionIds },
  shape: Shape,
): Uint8Array<ArrayBuffer> {
  const value = wanted.kind === "global" && wanted.type ? zero(wanted.type.value) : [];
  return encodeModule(
    typeSection(wanted, shape),
    section(sectionIds[wanted.kind], [1, ...externType(wanted), ...value]),
    section(sectionIds.export, [1, noName, kindCodes[wanted.kind], 0]),
  );
}

/** The module's own type section where the type refers to it, and otherwise one for the type of a function or tag. */
function typeSection(wanted: ImportShape, shape: Shape | undefined): number[] {
  const { kind, type, typeIndex } = ownMembers(wanted);
  if (typeIndex === undefined && (kind === "function" || kind === "tag")) {
    return functionTypeSection({ params: [], results: [], ...type });
  }
  // To copy all types for each import that needs none would cost their product.
  if (typeIndex === undefined && !refersToTypes(wanted)) return [];
  const digits = (shape && ownValue(shape, "typeSection"))?.match(/../g);
  return digits
    ? section(
        sectionIds.type,
        digits.map((pair) => parseInt(pair, 16)),
      )
    : [];
}

/** Whether a table or a global is of references to a type by its index, as in `(ref null 3)`. */
function refersToTypes(wanted: ImportShape): boolean {
  if (wanted.kind !== "table" && wanted.kind !== "global") return false;
  const held = wanted.kind === "table" ? wanted.type?.element : wanted.type?.value;
  return held !== undefined && /\d/.test(held) && held.startsWith("(");
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
