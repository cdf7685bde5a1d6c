import type { ElementName } from "./elements.ts";

/**
 * A struct passed by its fields: a plain object.
 *
 * @category Details of declarations
 */
export interface RecordType<Fields = { readonly [name: string]: unknown }> extends RecordOptions<Fields> {
  /** The kind of type. */
  readonly type: "record";
  /** The types of its fields, by name. */
  readonly fields: Fields;
}

/**
 * The layout of a struct, if it is not the compiler's default.
 *
 * @example
 * ```ts
 * const header = t.record({ magic: t.u32, size: t.u16 }, { packed: true, size: 16 });
 * ```
 * @category Details of declarations
 */
export interface RecordOptions<Fields = { readonly [name: string]: unknown }> {
  /** Whether its fields follow each other without padding. */
  readonly packed?: boolean;
  /** The offset of each field in bytes. Fields that are not declared may lie between, and are zero where it is passed. */
  readonly offsets?: { readonly [Name in keyof Fields]: number };
  /** Its size in bytes, if fields follow the last one that is declared. */
  readonly size?: number;
  /** Its alignment: a power of two. Default: the largest one of its fields that its offsets allow. */
  readonly align?: number;
  /** The class of the module that an object is made with, if the module has several that fit. */
  readonly classId?: number;
}

/**
 * A C union: members that share their bytes. One is passed, and all are received.
 *
 * @category Details of declarations
 */
export interface UnionType<Fields = { readonly [name: string]: unknown }> {
  /** The kind of type. */
  readonly type: "union";
  /** The types of its members, by name. */
  readonly fields: Fields;
}

/**
 * A fixed number of values, one after the other.
 *
 * @category Details of declarations
 */
export interface FixedType<Item = unknown> {
  /** The kind of type. */
  readonly type: "fixed";
  /** The type of the values. */
  readonly item: Item;
  /** Their number. */
  readonly length: number;
}

/**
 * Text in a fixed number of bytes, which ends at the first zero.
 *
 * @category Details of declarations
 */
export interface CharsType {
  /** The kind of type. */
  readonly type: "chars";
  /** The number of bytes. */
  readonly length: number;
}

/**
 * An out parameter: the module writes its value, and the caller receives it instead of passing it.
 *
 * @category Details of declarations
 */
export interface OutType<Item = unknown> {
  /** The kind of type. */
  readonly type: "out";
  /** The type of the written value. */
  readonly item: Item;
}

/**
 * An in-out parameter: the caller passes a value, the module may change it, and the caller receives the new one.
 *
 * @category Details of declarations
 */
export interface InOutType<Item = unknown> {
  /** The kind of type. */
  readonly type: "inout";
  /** The type of the value. */
  readonly item: Item;
}

/**
 * The elements that a buffer can have: numbers, or the bytes of zero-terminated text.
 *
 * @category Details of declarations
 */
export type BufferElement = ElementName | "cstring";

/**
 * Memory that the module fills: the caller passes its capacity, and receives what was written.
 *
 * @category Details of declarations
 */
export interface BufferType<Element extends BufferElement = BufferElement> {
  /** The kind of type. */
  readonly type: "buffer";
  /** The type of its elements. */
  readonly element: Element;
}

/**
 * The integers that can tell a length.
 *
 * @category Details of declarations
 */
export type LengthName = "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "size";

/**
 * The length of another parameter, which the caller does not pass.
 *
 * @category Details of declarations
 */
export interface LengthType<Name extends LengthName = LengthName> {
  /** The kind of type. */
  readonly type: "length";
  /** The index of that parameter, from 0. */
  readonly of: number;
  /** The integer type of the length. */
  readonly as: Name;
}
