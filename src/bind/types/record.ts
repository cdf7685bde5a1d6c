import { ownValue } from "../../base/own.ts";
import type { RecordType } from "../../public/index.ts";
import {
  innermost,
  type Layout,
  plainDescription,
  readClassId,
  type TypeDescription,
  type TypeReader,
  unreadable,
} from "./description.ts";
import type { FieldNodes, TypeNode } from "./node.ts";

/** A struct: a plain object. */
export const record: TypeDescription<RecordType<FieldNodes>> = {
  ...plainDescription,
  members: ["fields", "packed", "offsets", "size", "align", "classId"],
  flag: "packed",
  read: (type, reader) => {
    const { own, flag, refuse } = reader;
    const fields = readFields(reader);
    if (!fields) return undefined;
    const names = Object.keys(fields);
    const [offsets, size, align] = [readOffsets(own("offsets"), names), own("size"), own("align")];
    if (own("offsets") !== undefined && (!offsets || flag)) {
      refuse(
        flag ? "has in t.record both packed and offsets" : "has in t.record offsets that are not one for each field",
      );
      return;
    }
    if (size !== undefined && !isPlace(size)) {
      refuse("has in t.record a size that is no whole number from 0");
      return;
    }
    if (align !== undefined && !(isPlace(align) && align > 0 && (align & (align - 1)) === 0)) {
      refuse("has in t.record an align that is no power of two");
      return;
    }
    const stated = readClassId(reader);
    if (!stated) return;
    return {
      type,
      fields,
      packed: flag,
      ...stated,
      ...(offsets && { offsets }),
      ...(size !== undefined && { size }),
      ...(align !== undefined && { align }),
    };
  },
  inner: ({ fields }) => Object.values(fields),
  acceptance: (node, isWide, of) => {
    const fields = Object.entries(node.fields).map(([name, field]) => [name, of(field, isWide)] as const);
    return {
      expected: `an object of ${fields.map(([name, { expected }]) => `${name} (${expected})`).join(", ")}`,
      accepts: (value) =>
        typeof value === "object" &&
        value !== null &&
        fields.every(([name, { accepts }]) => accepts((value as Record<string, unknown>)[name])),
      copy: (value) => {
        if (typeof value !== "object" || value === null) return value;
        const read = Object.create(null) as Record<string, unknown>;
        for (const [name, { copy = same }] of fields) {
          try {
            read[name] = copy(Reflect.get(value, name));
          } catch (error) {
            throw unreadable(name, error);
          }
        }
        return read;
      },
      refused: (value) => {
        if (typeof value !== "object" || value === null) return undefined;
        const held = value as Record<string, unknown>;
        const field = fields.find(([name, { accepts }]) => !accepts(held[name]));
        return field && innermost(field[0], held[field[0]], field[1]);
      },
    };
  },
  layout: (node, isWide, of) => layoutOf(node, (field) => of(field, isWide)),
};

/** A field of a struct, with its offset. */
interface Field {
  readonly name: string;
  readonly offset: number;
  readonly layout: Layout;
}

/**
 * Reads the fields of a struct or the members of a union.
 *
 * @param reader - Reads the type.
 */
export function readFields({ own, all }: TypeReader): FieldNodes | undefined {
  const fields = own("fields");
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return undefined;
  const names = Object.keys(fields);
  const nodes = all(
    names.map((name) => Reflect.get(fields, name) as unknown),
    names,
  );
  return nodes && Object.fromEntries(names.map((name, at) => [name, nodes[at] as TypeNode]));
}

function readOffsets(given: unknown, names: readonly string[]): Readonly<Record<string, number>> | undefined {
  if (typeof given !== "object" || given === null || Object.keys(given).length !== names.length) return undefined;
  const offsets = names.map((name) => [name, ownValue(given, name)] as const);
  return offsets.every(([, offset]) => isPlace(offset))
    ? (Object.fromEntries(offsets) as Record<string, number>)
    : undefined;
}

/** Larger structs are a mistake. */
function isPlace(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 24;
}

/**
 * Lays out fields: where they are stated to be; without padding; or each at a multiple of its alignment, as the compiler
 * does. The size is a multiple of the alignment.
 */
function layoutOf(node: RecordType<FieldNodes>, of: (field: TypeNode) => Layout | undefined): Layout | undefined {
  const { fields, packed: isPacked, offsets } = node;
  let end = 0;
  let align = 1;
  const laid: Field[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const layout = of(field);
    if (!layout) return undefined;
    const step = isPacked ? 1 : layout.align;
    const offset = offsets?.[name] ?? Math.ceil(end / step) * step;
    laid.push({ name, offset, layout });
    end = Math.max(end, offset + layout.size);
    if (offset % layout.align === 0 && !isPacked) align = Math.max(align, layout.align);
  }
  align = node.align ?? align;
  const size = node.size ?? Math.ceil(end / align) * align;
  if (laid.length === 0 || size < end || overlaps(laid)) return undefined;
  return {
    size,
    align,
    isPointer: laid.some(({ layout }) => layout.isPointer),
    read: (memory, address) =>
      Object.fromEntries(laid.map(({ name, offset, layout }) => [name, layout.read(memory, address + offset)])),
    write: (memory, address, value, later) => {
      for (const { name, offset, layout } of laid) {
        layout.write(memory, address + offset, (value as Record<string, unknown>)[name], later);
      }
    },
  };
}

function overlaps(laid: readonly Field[]): boolean {
  const sorted = [...laid].sort((a, b) => a.offset - b.offset);
  return sorted.some(({ offset, layout }, at) => offset + layout.size > (sorted[at + 1]?.offset ?? Infinity));
}

function same(value: unknown): unknown {
  return value;
}
