import type { RecordType } from "../../public/index.ts";
import { innermost, type Layout, plainDescription, type TypeDescription } from "./description.ts";
import type { FieldNodes, TypeNode } from "./node.ts";

/** A struct: a plain object. */
export const record: TypeDescription<RecordType<FieldNodes>> = {
  ...plainDescription,
  members: ["fields"],
  read: (type, { own, all }) => {
    const fields = own("fields");
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return undefined;
    const names = Object.keys(fields);
    const nodes = all(
      names.map((name) => Reflect.get(fields, name) as unknown),
      names,
    );
    return nodes && { type, fields: Object.fromEntries(names.map((name, at) => [name, nodes[at] as TypeNode])) };
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
        for (const [name, { copy = same }] of fields) read[name] = copy(Reflect.get(value, name));
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
  layout: ({ fields }, isWide, of) => layoutOf(fields, (field) => of(field, isWide)),
};

/** A field of a struct, with its offset. */
interface Field {
  readonly name: string;
  readonly offset: number;
  readonly layout: Layout;
}

/** Lays out fields: each at a multiple of its alignment, and the size is a multiple of the largest alignment. */
function layoutOf(fields: FieldNodes, of: (field: TypeNode) => Layout | undefined): Layout | undefined {
  let end = 0;
  let align = 1;
  const laid: Field[] = [];
  for (const [name, node] of Object.entries(fields)) {
    const layout = of(node);
    if (!layout) return undefined;
    const offset = Math.ceil(end / layout.align) * layout.align;
    laid.push({ name, offset, layout });
    end = offset + layout.size;
    align = Math.max(align, layout.align);
  }
  if (laid.length === 0) return undefined;
  return {
    size: Math.ceil(end / align) * align,
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

function same(value: unknown): unknown {
  return value;
}
