/* eslint-disable @typescript-eslint/no-empty-object-type -- merged with the DOM library's interfaces where it is present */
declare global {
  // The DOM library declares these. Without it a consumer still gets named types and never a silent `any`.
  namespace WebAssembly {
    interface Module {}
    interface Instance {}
    interface Memory {}
    interface Table {}
    interface Global {}
  }
  // The same for type libraries older than explicit resource management.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
    readonly asyncDispose: unique symbol;
  }
}
/* eslint-enable @typescript-eslint/no-empty-object-type */

/**
 * A reference type in the text format's notation: a shorthand, or `(ref …)` with a heap type or type index.
 *
 * @category Details of shapes
 */
export type ReferenceType =
  | "funcref"
  | "externref"
  | "anyref"
  | "eqref"
  | "i31ref"
  | "structref"
  | "arrayref"
  | "exnref"
  | "contref"
  | "nullref"
  | "nullfuncref"
  | "nullexternref"
  | "nullexnref"
  | "nullcontref"
  | `(ref ${string})`;

/**
 * A value type in the text format's notation.
 *
 * @category Details of shapes
 */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | ReferenceType;

/**
 * The type of a function.
 *
 * @category Details of shapes
 */
export interface FunctionType {
  /** The parameters, in order. */
  readonly params: readonly ValueType[];
  /** The results, in order; empty if there are none. */
  readonly results: readonly ValueType[];
}

/**
 * The type of a linear memory. Limits are in pages of `pageSize` bytes; they are `bigint` only above 2^53 − 1.
 *
 * @category Details of shapes
 */
export interface MemoryType {
  /** The initial number of pages. */
  readonly initial: number | bigint;
  /** The maximum number of pages; absent if none is declared. */
  readonly maximum?: number | bigint;
  /** Whether threads can share it. */
  readonly shared: boolean;
  /** The type of its addresses: `"i64"` for a 64-bit memory. */
  readonly address: "i32" | "i64";
  /** Bytes in a page: 65536 unless the custom-page-sizes proposal is used. */
  readonly pageSize: number;
}

/**
 * The type of a table. Limits are in elements; they are `bigint` only above 2^53 − 1.
 *
 * @category Details of shapes
 */
export interface TableType {
  /** The type of its elements. */
  readonly element: ReferenceType;
  /** The initial number of elements. */
  readonly initial: number | bigint;
  /** The maximum number of elements; absent if none is declared. */
  readonly maximum?: number | bigint;
  /** Whether threads can share it. */
  readonly shared: boolean;
  /** The type of its indices: `"i64"` for a 64-bit table. */
  readonly address: "i32" | "i64";
}

/**
 * The type of a global.
 *
 * @category Details of shapes
 */
export interface GlobalType {
  /** The type of its value. */
  readonly value: ValueType;
  /** Whether it can be assigned. */
  readonly mutable: boolean;
}

/**
 * The type of an exception tag.
 *
 * @category Details of shapes
 */
export interface TagType {
  /** The values that an exception of this tag carries. */
  readonly params: readonly ValueType[];
}

/**
 * The kinds of imports and exports.
 *
 * @category Details of shapes
 */
export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

/**
 * The type of an import or export, of any kind.
 *
 * @category Details of shapes
 */
export type ExternType = FunctionType | TableType | MemoryType | GlobalType | TagType;

/**
 * A kind with the type that goes with it. The type is absent only in a shape that is not complete.
 *
 * @category Details of shapes
 */
export type Extern =
  | { readonly kind: "function"; readonly type?: FunctionType }
  | { readonly kind: "table"; readonly type?: TableType }
  | { readonly kind: "memory"; readonly type?: MemoryType }
  | { readonly kind: "global"; readonly type?: GlobalType }
  | { readonly kind: "tag"; readonly type?: TagType };

/**
 * An ABI word, in short a word: a value that a WebAssembly function takes or returns.
 *
 * @category Details of calling conventions
 */
export type Word = unknown;
