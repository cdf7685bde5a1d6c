import { ownValue } from "../../base/own.ts";
import type { TypeNode } from "../../bind/types/node.ts";
import { type Acceptance, flat } from "../../bind/types/description.ts";
import { descriptionOf, layoutOf, scalarOf, typeText } from "../../bind/types/types.ts";
import { nullPointer } from "../../bind/null.ts";
import { numbers } from "./arrays.ts";
import { listOf } from "./lists.ts";
import type { Managed, Slot } from "./managed.ts";
import { layFields, recordOf } from "./records.ts";
import { text } from "./texts.ts";

/** The fixed-size numbers that AssemblyScript has, and how they lie in memory. */
const slotNumbers: readonly TypeNode["type"][] = [
  "i8",
  "u8",
  "i16",
  "u16",
  "i32",
  "u32",
  "i64",
  "u64",
  "f32",
  "f64",
  "bool",
  "size",
];

/**
 * Whether a type crosses as a number.
 *
 * @param type - The type.
 */
export function isNumber(type: TypeNode): boolean {
  if (type.type === "optional") return type.none !== undefined;
  return slotNumbers.includes(type.type) || type.type === "enumeration" || type.type.startsWith("bits");
}

/**
 * Returns the requirements on a value: those of any convention, except that a string may have lone surrogates.
 *
 * @param type - The type.
 */
export function acceptanceOf(type: TypeNode): Acceptance {
  if (type.type === "string") return flat("a string", (value) => typeof value === "string");
  return descriptionOf(type.type).acceptance(type, false, acceptanceOf);
}

/** Whether a number is passed; a text or a character is lowered by its convention elsewhere. */
function isPlainScalar(type: TypeNode): boolean {
  return isNumber(type) && scalarOf(type, false) !== undefined;
}

/**
 * Returns how the values of a type lie in an object of their own.
 *
 * @param type - The type.
 * @returns The reason for a type that has none; `undefined` for a number.
 */
export function managedOf(type: TypeNode): Managed | string | undefined {
  if (isPlainScalar(type)) return undefined;
  switch (type.type) {
    case "string":
      return text;
    case "array":
      return numbers(type.element, {
        classId: ownValue(type, "classId"),
        isMutable: type.mutable === true,
      });
    case "list": {
      const slot = slotOf(type.item);
      return typeof slot === "string" ? slot : listOf(slot, typeText(type), ownValue(type, "classId"));
    }
    case "record":
      return recordType(type);
    case "bytes":
      return (
        "bytes are an ArrayBuffer or a Uint8Array in AssemblyScript: declare t.array(t.u8) for a Uint8Array, or " +
        "t.array(t.u8, { classId: 1 }) for an ArrayBuffer (0 before version 0.24)"
      );
    case "cstring":
      return "a string of AssemblyScript has its length before it: declare t.string";
    case "optional":
      return "one optional of another says no more: declare one of them";
    default:
      return `AssemblyScript has no type for ${typeText(type)}`;
  }
}

function recordType(type: Extract<TypeNode, { readonly type: "record" }>): Managed | string {
  const { packed, offsets, size } = type;
  if (packed) return "the fields of a class are never packed: leave out packed";
  const slots: (readonly [string, Slot])[] = [];
  for (const [name, field] of Object.entries(type.fields)) {
    const slot = slotOf(field);
    if (typeof slot === "string") return `its field ${name}: ${slot}`;
    slots.push([name, slot]);
  }
  const laid = layFields(slots, offsets);
  const bytes = size ?? laid.size;
  if (bytes < laid.size) return `its fields take ${laid.size} bytes, and the size that is stated is ${bytes}`;
  return recordOf(laid.fields, typeText(type), bytes, ownValue(type, "classId"));
}

/**
 * Returns how a value lies in an array or a record.
 *
 * @param type - The type.
 * @returns The reason for a type that cannot.
 */
export function slotOf(type: TypeNode): Slot | string {
  const layout = isPlainScalar(type) && type.type !== "optional" ? layoutOf(type, false) : undefined;
  if (layout) {
    return {
      size: layout.size,
      isSigned: /^[if]\d/.test(type.type),
      isFloat: /^f\d/.test(type.type),
      isManaged: false,
      isNullable: false,
      resolve: () => undefined,
      read: ({ heap }, address) => layout.read(heap.memory, address),
      write: ({ heap }, address, value) => {
        layout.write(heap.memory, address, value, []);
      },
    };
  }
  const isNullable = type.type === "optional";
  const inner = isNullable ? type.item : type;
  if (isNullable && isPlainScalar(inner))
    return `a number inside another value is never left out, and it is ${typeText(type)}`;
  if (inner.type === "object" || inner.type === "owned") return objectSlot(inner, isNullable);
  const managed = managedOf(inner);
  return managed === undefined || typeof managed === "string"
    ? (managed ?? `AssemblyScript has no type for ${typeText(type)}`)
    : referenceSlot(managed, isNullable);
}

/** A reference in an array or a record. */
const reference = { size: 4, isSigned: false, isFloat: false, isManaged: true } as const;

function referenceSlot(managed: Managed, isNullable: boolean): Slot {
  return {
    ...reference,
    isNullable,
    resolve: (heap) => {
      managed.resolve(heap);
    },
    read: (runtime, address) => {
      const of = runtime.heap.memory.view.getUint32(address, true);
      if (of !== 0) return managed.read(runtime, of);
      if (isNullable) return undefined;
      throw nullPointer("A part of the result", managed.text);
    },
    write: (runtime, address, value) => {
      const { heap } = runtime;
      const of = value === undefined || value === null ? 0 : managed.make(runtime, value);
      heap.memory.view.setUint32(address, of, true);
      if (of !== 0) heap.give(of);
    },
  };
}

function objectSlot(type: Extract<TypeNode, { readonly type: "object" | "owned" }>, isNullable: boolean): Slot {
  return {
    ...reference,
    isNullable,
    resolve: () => undefined,
    read: (runtime, address) => {
      const of = runtime.heap.memory.view.getUint32(address, true);
      if (of === 0 && isNullable) return undefined;
      if (of === 0) throw nullPointer("A part of the result", type.class);
      // A count comes with a result alone.
      if (runtime.heap.isCounted) runtime.heap.keep(of);
      return runtime.objects.lift({ type: "owned", class: type.class }, of);
    },
    write: (runtime, address, value) => {
      const { heap, objects } = runtime;
      const isNone = value === undefined || value === null;
      const of = isNone ? 0 : objects.lower({ type: "object", class: type.class }, value);
      heap.memory.view.setUint32(address, of, true);
      if (of !== 0 && heap.isCounted) heap.keep(of);
    },
  };
}
