import type { UnionType } from "../../public/index.ts";
import { innermost, plainDescription, type TypeDescription, unreadable } from "./description.ts";
import type { FieldNodes, TypeNode } from "./node.ts";
import { readFields } from "./record.ts";

/** A union: an object with one of the members as a parameter, and with all of them as a result. */
export const union: TypeDescription<UnionType<FieldNodes>> = {
  ...plainDescription,
  members: ["fields"],
  read: (type, reader) => {
    const fields = readFields(reader);
    return fields && { type, fields };
  },
  inner: ({ fields }) => Object.values(fields),
  acceptance: (node, isWide, of) => {
    const members = Object.entries(node.fields).map(([name, field]) => [name, of(field, isWide)] as const);
    return {
      expected: `an object with exactly one of ${members.map(([name, { expected }]) => `${name} (${expected})`).join(", ")}`,
      accepts: (value) => {
        if (typeof value !== "object" || value === null) return false;
        const given = members.filter(([name]) => (value as Record<string, unknown>)[name] !== undefined);
        return (
          given.length === 1 && given.every(([name, { accepts }]) => accepts((value as Record<string, unknown>)[name]))
        );
      },
      refused: (value) => {
        if (typeof value !== "object" || value === null) return undefined;
        const given = members.filter(([name]) => (value as Record<string, unknown>)[name] !== undefined);
        const [[first, acceptance] = ["", undefined], second] = given;
        const partOf = (name: string) => (value as Record<string, unknown>)[name];
        if (second) return { path: `${second[0]}, a second member,`, value: partOf(second[0]) };
        return acceptance && innermost(first, partOf(first), acceptance);
      },
      copy: (value) => {
        if (typeof value !== "object" || value === null) return value;
        const read = Object.create(null) as Record<string, unknown>;
        for (const [name, { copy }] of members) {
          try {
            const one: unknown = Reflect.get(value, name);
            read[name] = copy && one !== undefined ? copy(one) : one;
          } catch (error) {
            throw unreadable(name, error);
          }
        }
        return read;
      },
    };
  },
  layout: ({ fields }, isWide, of) => {
    const members = Object.entries(fields).map(([name, node]) => ({
      name,
      layout: isTotal(node, isWide) && of(node, isWide),
    }));
    let [size, align] = [0, 1];
    for (const { layout } of members) {
      if (!layout) return undefined;
      size = Math.max(size, layout.size);
      align = Math.max(align, layout.align);
    }
    if (size === 0) return undefined;
    size = Math.ceil(size / align) * align;
    return {
      size,
      align,
      isPointer: false,
      read: (memory, address) =>
        Object.fromEntries(members.map(({ name, layout }) => [name, layout && layout.read(memory, address)])),
      write: (memory, address, value, later) => {
        memory.u8.fill(0, address, address + size);
        for (const { name, layout } of members) {
          const one = (value as Record<string, unknown>)[name];
          if (layout && one !== undefined) layout.write(memory, address, one, later);
        }
      },
    };
  },
};

/** Whether any bytes are a value of a type, so that a member can be read whichever was written. */
function isTotal(node: TypeNode, isWide: boolean): boolean {
  switch (node.type) {
    case "fixed":
      return isTotal(node.item, isWide);
    case "record":
    case "union":
      return Object.values(node.fields).every((field) => isTotal(field, isWide));
    case "size":
      // A large one is no exact number.
      return !isWide;
    default:
      return ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64", "bool", "chars"].includes(node.type);
  }
}
