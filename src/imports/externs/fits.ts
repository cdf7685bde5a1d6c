import { ownMembers } from "../../base/own.ts";
import { describe, tagOf } from "../../errors/describe.ts";
import type { ExternKind, GlobalType, ImportShape, ValueType } from "../../public/index.ts";

/** The members of the engine's objects that JavaScript can see. */
interface Seen {
  readonly buffer: ArrayBufferLike;
  readonly length: number | bigint;
  value: unknown;
}

const tags = { memory: "Memory", table: "Table", global: "Global", tag: "Tag" } as const;

/** The number types, and the JavaScript type for each. */
export const numberTypes: { readonly [type: string]: "number" | "bigint" } = ownMembers({
  i32: "number",
  i64: "bigint",
  f32: "number",
  f64: "number",
});

/**
 * Describes a value given for an import, if JavaScript can see that it does not fit. JavaScript cannot see maximums, element
 * types and number types: the engine's own check has the last word.
 *
 * @param value - The given value.
 * @param wanted - The import; without a type only the kind is checked.
 * @returns The value in words; `undefined` if no mismatch is visible.
 */
export function describeMisfit(value: unknown, wanted: ImportShape): string | undefined {
  return fits(value, wanted) ? undefined : describeSeen(value, wanted);
}

/**
 * Describes a value given for an import, as far as JavaScript can see it.
 *
 * @param value - The given value.
 * @param wanted - The import.
 * @returns For example `"a memory of 1 page"`, `"an immutable global that holds 5"`, `"an object (Object)"`.
 */
export function describeSeen(value: unknown, { kind, type }: ImportShape): string {
  if (!isOf(kind, value)) return describe(value);
  const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? "" : "s"}`;
  if (kind === "table") return `a table of ${count(Number(value.length), "element")}`;
  if (kind === "memory") {
    const pages = Math.floor(value.buffer.byteLength / (type?.pageSize ?? 65536));
    return `a ${isShared(value) ? "shared " : ""}memory of ${count(pages, "page")}`;
  }
  if (kind !== "global") return `a ${kind}`;
  const { isSeen, held, mutable } = look(value);
  if (!isSeen) return "a global that JavaScript cannot read";
  return `a${mutable === undefined ? "" : mutable ? " mutable" : "n immutable"} global that holds ${describe(held)}`;
}

/** Whether a value is of a kind, in any realm. */
export function isOf(kind: ExternKind, value: unknown): value is Seen {
  if (kind === "function") return typeof value === "function";
  if (tagOf(value) !== `WebAssembly.${tags[kind]}`) return false;
  try {
    // A proxy, or another object with the same tag, lacks the engine's internal state.
    return sizeOf(kind, value as Seen) >= 0;
  } catch {
    return false;
  }
}

function sizeOf(kind: ExternKind, { buffer, length }: Seen): number {
  return kind === "memory" ? buffer.byteLength : kind === "table" ? Number(length) : 0;
}

/** Whether a memory is shared. */
export function isShared({ buffer }: { readonly buffer: unknown }): boolean {
  return tagOf(buffer) === "SharedArrayBuffer";
}

function fits(value: unknown, { kind, type }: ImportShape): boolean {
  // An immutable global also accepts any other value as its content.
  if (!isOf(kind, value)) return kind === "global" && (!type || (!type.mutable && holds(value, type.value)));
  if (!type) return true;
  if (kind === "global") return globalFits(value, type);
  if (kind === "table") return Number(value.length) >= type.initial;
  if (kind !== "memory") return true;
  return isShared(value) === type.shared && value.buffer.byteLength / type.pageSize >= type.initial;
}

function globalFits(global: { value: unknown }, type: GlobalType): boolean {
  const { isSeen, held, mutable = type.mutable } = look(global);
  return isSeen ? holds(held, type.value) && mutable === type.mutable : !Object.hasOwn(numberTypes, type.value);
}

/** Reads a global's value and tries whether it can be assigned, as far as JavaScript can. */
function look(global: { value: unknown }): { isSeen: boolean; held?: unknown; mutable?: boolean } {
  let held: unknown;
  try {
    held = global.value;
  } catch {
    // This happens for vectors and exceptions.
    return { isSeen: false };
  }
  // Assigning a NaN could change its bits.
  if (Number.isNaN(held)) return { isSeen: true, held };
  try {
    global.value = held;
    return { isSeen: true, held, mutable: true };
  } catch {
    return { isSeen: true, held, mutable: false };
  }
}

function holds(value: unknown, type: ValueType): boolean {
  return Object.hasOwn(numberTypes, type) ? typeof value === numberTypes[type] : type !== "v128";
}
