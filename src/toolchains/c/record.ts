import type { Layout } from "../../bind/types/description.ts";
import type { FieldNodes, TypeNode } from "../../bind/types/node.ts";
import { acceptanceOf, layoutOf, typeText } from "../../bind/types/types.ts";
import { plainLifting, plainLowering, plainReturning, scalarLifting, scalarLowering } from "../../bind/values/index.ts";
import type {
  CharsType,
  FixedType,
  Lifting,
  Lowering,
  Memory,
  RecordType,
  Returning,
  UnionType,
} from "../../public/index.ts";
import { checkRange } from "../../bind/field.ts";
import { addressOf } from "../../bind/word.ts";
import type { Runtime } from "./runtime.ts";
import type { Pointers } from "./pointers.ts";

/** The types that lie in memory and are passed by their address. */
export type Placed = RecordType<FieldNodes> | UnionType<FieldNodes> | FixedType<TypeNode> | CharsType;

/**
 * Whether a type lies in memory and is passed by its address.
 *
 * @param type - The type.
 */
export function isPlaced(type: TypeNode): type is Placed {
  return ["record", "union", "fixed", "chars"].includes(type.type);
}

/**
 * Lowers a struct, a union or an array of a fixed length as a parameter: its address, in memory that is freed after the
 * call; or, by value and with a single field, that field.
 *
 * @param pointers - The module.
 * @param type - The struct.
 * @returns The lowerings; none if a field has no layout.
 */
export function recordLowering({ address, word, isWide }: Pointers, type: Placed): readonly Lowering<Runtime>[] {
  const layout = layoutOf(type, isWide);
  if (!layout) return [];
  const acceptance = acceptanceOf(ended(type), isWide);
  const pointer: Lowering<Runtime> = {
    ...plainLowering,
    words: [address],
    ...acceptance,
    allocates: true,
    lower: ({ memory }, value, words, later) => {
      const start = memory.alloc(layout.size, layout.align);
      later.push(() => {
        memory.free(start, layout.size, layout.align);
      });
      // Between the fields may lie others that are not declared.
      memory.u8.fill(0, start, start + layout.size);
      layout.write(memory, start, value, later);
      words.push(word(start));
    },
  };
  const only = onlyField(type);
  const scalar = only && scalarLowering(only.type, isWide);
  if (!scalar) return [pointer];
  const byValue: Lowering<Runtime> = {
    ...plainLowering,
    words: scalar.words,
    ...acceptance,
    lower: (runtime, value, words, later) => {
      scalar.lower(runtime, only.of(value), words, later);
    },
  };
  return [pointer, byValue];
}

/**
 * Lifts a struct, a union or an array of a fixed length as a result: written to the address in the first parameter,
 * returned by its address, or, with a single field, returned as that field.
 *
 * @param pointers - The module.
 * @param type - The struct.
 */
export function recordLifting({ address, isWide }: Pointers, type: Placed): readonly Lifting<Runtime>[] {
  const layout = layoutOf(type, isWide);
  if (!layout) return [];
  const { size, align } = layout;
  const read = ({ memory }: Runtime, start: number): unknown => {
    checkRange(memory, start, size);
    return layout.read(memory, start);
  };
  const pointer: Lifting<Runtime> = {
    ...plainLifting,
    words: [address],
    pointerTo: typeText(type),
    lift: (runtime, words, at) => read(runtime, addressOf(words[at])),
  };
  const only = onlyField(type);
  const scalar = only && scalarLifting(only.type, isWide);
  if (!scalar) return [{ ...plainLifting, words: [], stored: { size, align, read }, lift: () => undefined }, pointer];
  // It is never written through a parameter.
  const byValue: Lifting<Runtime> = {
    ...plainLifting,
    words: scalar.words,
    lift: (runtime, words, at, isAlone) => only.with(scalar.lift(runtime, words, at, isAlone)),
  };
  return [pointer, byValue];
}

/**
 * Returns a struct as the result of an import: written to the address in the first parameter. `undefined` if a field has no
 * layout.
 *
 * @param pointers - The module.
 * @param type - The struct.
 */
export function storedRecord({ isWide }: Pointers, type: Placed): Returning<Runtime> | undefined {
  const layout = layoutOf(type, isWide);
  if (!layout) return undefined;
  return {
    ...plainReturning,
    words: [],
    ...acceptanceOf(ended(type), isWide),
    allocates: layout.isPointer ? true : undefined,
    lower: () => undefined,
    store: ({ memory }, value, address, later) => {
      writeWhole(memory, layout, address, value, later);
    },
  };
}

/**
 * Writes a value, or nothing of it: its texts may fail to be allocated halfway.
 *
 * @param memory - The memory.
 * @param layout - The value's layout.
 * @param address - Where it goes.
 * @param value - The accepted value.
 * @param later - Collects functions that free the memory allocated for it.
 */
function writeWhole(memory: Memory, layout: Layout, address: number, value: unknown, later: (() => void)[]): void {
  checkRange(memory, address, layout.size);
  const before = memory.read(address, layout.size);
  try {
    layout.write(memory, address, value, later);
  } catch (error) {
    memory.write(address, before);
    throw error;
  }
}

/**
 * Returns a type as a struct has it: its text is zero-terminated.
 *
 * @param type - The type.
 */
export function ended(type: TypeNode): TypeNode {
  switch (type.type) {
    case "string":
      return { type: "cstring" };
    case "optional":
      return { ...type, item: ended(type.item) };
    case "fixed":
      return { ...type, item: ended(type.item) };
    case "record":
      return {
        ...type,
        fields: Object.fromEntries(Object.entries(type.fields).map(([name, of]) => [name, ended(of)])),
      };
    default:
      return type;
  }
}

/** Returns the only field of a struct, at any depth: C passes such a struct as that field. */
function onlyField(struct: Placed):
  | {
      readonly type: TypeNode;
      readonly of: (value: unknown) => unknown;
      readonly with: (value: unknown) => unknown;
    }
  | undefined {
  // A stated layout may have fields that are not declared.
  if (struct.type !== "record" || struct.offsets || struct.size !== undefined) return undefined;
  const [[name, type] = ["", undefined], ...others] = Object.entries(struct.fields);
  if (type === undefined || others.length > 0) return undefined;
  const of = (value: unknown) => (value as Record<string, unknown>)[name];
  if (type.type !== "record") return { type, of, with: (value) => Object.fromEntries([[name, value]]) };
  const inner = onlyField(type);
  return (
    inner && {
      type: inner.type,
      of: (value) => inner.of(of(value)),
      with: (value) => Object.fromEntries([[name, inner.with(value)]]),
    }
  );
}

/**
 * Tells why a struct cannot be passed.
 *
 * @param type - Any type.
 * @param isWide - Whether addresses have 64 bits.
 * @returns The first field without a layout; `undefined` for a type that is not such a struct.
 */
export function recordRefusal(type: TypeNode, isWide: boolean): string | undefined {
  if (type.type !== "record" || layoutOf(type, isWide)) return undefined;
  const field = unlaidField(type, isWide);
  if (!field) return "a struct has at least one field";
  return `its field ${field.path} is ${typeText(field.type)}, and a field is a number, a text or a record of such`;
}

function unlaidField(
  { fields }: RecordType<FieldNodes>,
  isWide: boolean,
): { readonly path: string; readonly type: TypeNode } | undefined {
  for (const [name, type] of Object.entries(fields)) {
    if (layoutOf(type, isWide)) continue;
    const inner = type.type === "record" ? unlaidField(type, isWide) : undefined;
    return inner ? { path: `${name}.${inner.path}`, type: inner.type } : { path: name, type };
  }
  return undefined;
}
