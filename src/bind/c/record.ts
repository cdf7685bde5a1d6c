import { acceptanceOf } from "../../crossing/index.ts";
import type { DeclaredType, Instance, Lifting, Lowering, RecordType } from "../../types/index.ts";
import { type Place, placeOf } from "../place.ts";
import { addressOf } from "../word.ts";

/** A field of a struct, and where it lies. */
interface Field {
  readonly name: string;
  readonly offset: number;
  readonly place: Place;
}

/** How a struct lies in memory: each field at a multiple of its size, as C lays them out. */
interface Layout {
  readonly fields: readonly Field[];
  readonly size: number;
  readonly align: number;
}

/**
 * A struct as a parameter: its address, in memory that is freed after the call.
 *
 * @param type - The struct.
 * @param isWide - Whether addresses have 64 bits.
 * @returns None if it has a field that is neither a number nor a struct of numbers.
 */
export function recordLowering(type: RecordType, isWide: boolean): readonly Lowering<Instance>[] {
  const layout = layoutOf(type, isWide);
  if (!layout) return [];
  return [
    {
      words: [isWide ? "i64" : "i32"],
      ...acceptanceOf(type, isWide),
      lower: ({ memory }, value, words, later) => {
        const start = memory.alloc(layout.size, layout.align);
        const { view } = memory;
        for (const { name, offset, place } of layout.fields) {
          place.write(view, start + offset, (value as Record<string, unknown>)[name] as never);
        }
        later.push(() => {
          memory.free(start, layout.size, layout.align);
        });
        words.push(isWide ? BigInt(start) : start);
      },
    },
  ];
}

/**
 * A struct as a result: written to where the first parameter points, or returned by its address.
 *
 * @param type - The struct.
 * @param isWide - Whether addresses have 64 bits.
 */
export function recordLifting(type: RecordType, isWide: boolean): readonly Lifting<Instance>[] {
  const layout = layoutOf(type, isWide);
  if (!layout) return [];
  const read = ({ memory }: Instance, address: number): unknown => {
    if (address + layout.size > memory.byteLength) memory.read(address, layout.size);
    const { view } = memory;
    return Object.fromEntries(
      layout.fields.map(({ name, offset, place }) => [name, place.read(view, address + offset)]),
    );
  };
  const words = [isWide ? "i64" : "i32"] as const;
  return [
    { words: [], stored: { size: layout.size, align: layout.align, read }, lift: () => undefined },
    { words, lift: (life, from, at) => read(life, addressOf(from[at])) },
  ];
}

function layoutOf({ fields }: RecordType, isWide: boolean): Layout | undefined {
  let end = 0;
  let align = 1;
  const laid: Field[] = [];
  for (const [name, type] of Object.entries(fields)) {
    const place = placeOf(type as DeclaredType, isWide);
    if (!place) return undefined;
    const offset = Math.ceil(end / place.size) * place.size;
    laid.push({ name, offset, place });
    end = offset + place.size;
    align = Math.max(align, place.size);
  }
  return { fields: laid, size: Math.max(Math.ceil(end / align) * align, 1), align };
}
