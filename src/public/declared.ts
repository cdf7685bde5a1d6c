/**
 * The names of the plain types, which have no parameters.
 *
 * @category Details of declarations
 */
export type PlainName = keyof PlainValues;

/**
 * The JavaScript type of each plain type.
 *
 * @category Details of declarations
 */
export interface PlainValues {
  /** −128 to 127. */
  i8: number;
  /** 0 to 255. */
  u8: number;
  /** Signed 16-bit integer. */
  i16: number;
  /** Unsigned 16-bit integer. */
  u16: number;
  /** Signed 32-bit integer. */
  i32: number;
  /** Unsigned 32-bit integer. */
  u32: number;
  /** Signed 64-bit integer. */
  i64: bigint;
  /** Unsigned 64-bit integer. */
  u64: bigint;
  /** Signed 128-bit integer. */
  i128: bigint;
  /** Unsigned 128-bit integer. */
  u128: bigint;
  /** A single-precision number. */
  f32: number;
  /** A number. */
  f64: number;
  /** A size or an address. */
  size: number;
  /** A boolean. */
  bool: boolean;
  /** One Unicode character. */
  char: string;
  /** Text. */
  string: string;
  /** Zero-terminated text. */
  cstring: string;
  /** Bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Nothing. */
  void: undefined;
}

/**
 * The typed array of each element type.
 *
 * @category Details of declarations
 */
export interface ElementArrays {
  /** Signed bytes. */
  i8: Int8Array<ArrayBuffer>;
  /** Bytes. */
  u8: Uint8Array<ArrayBuffer>;
  /** Signed 16-bit integers. */
  i16: Int16Array<ArrayBuffer>;
  /** 16-bit integers. */
  u16: Uint16Array<ArrayBuffer>;
  /** Signed 32-bit integers. */
  i32: Int32Array<ArrayBuffer>;
  /** 32-bit integers. */
  u32: Uint32Array<ArrayBuffer>;
  /** Signed 64-bit integers. */
  i64: BigInt64Array<ArrayBuffer>;
  /** 64-bit integers. */
  u64: BigUint64Array<ArrayBuffer>;
  /** 32-bit floats. */
  f32: Float32Array<ArrayBuffer>;
  /** 64-bit floats. */
  f64: Float64Array<ArrayBuffer>;
}

/**
 * The typed array that is accepted for each element type, over any buffer.
 *
 * @category Details of declarations
 */
export interface ElementViews {
  /** Signed bytes. */
  i8: Int8Array;
  /** Bytes. */
  u8: Uint8Array;
  /** Signed 16-bit integers. */
  i16: Int16Array;
  /** 16-bit integers. */
  u16: Uint16Array;
  /** Signed 32-bit integers. */
  i32: Int32Array;
  /** 32-bit integers. */
  u32: Uint32Array;
  /** Signed 64-bit integers. */
  i64: BigInt64Array;
  /** 64-bit integers. */
  u64: BigUint64Array;
  /** 32-bit floats. */
  f32: Float32Array;
  /** 64-bit floats. */
  f64: Float64Array;
}

/**
 * The types that an array of numbers can have as elements.
 *
 * @category Details of declarations
 */
export type ElementName = keyof ElementArrays;

/**
 * A declared type without parameters, such as `t.u32`.
 *
 * @category Details of declarations
 */
export interface PlainType<Name extends PlainName = PlainName> {
  /** The kind of type. */
  readonly type: Name;
}

/**
 * Any JavaScript value, as `t.js`. `Value` is its declared TypeScript type, which nothing checks.
 *
 * @category Details of declarations
 */
export interface JsType<Value = unknown> {
  /** The kind of type. */
  readonly type: "js";
  /** Whether the module only borrows it during a call; otherwise its ownership moves. */
  readonly borrowed?: boolean;
  /** Never set. It only carries the type. */
  readonly value?: Value;
}

/**
 * A JavaScript value stated to be of a declared type by `t.js.as(...types)`.
 *
 * @category Details of declarations
 */
export interface Stated<Type = unknown> {
  /** The declared type. */
  readonly declared: Type;
}

/**
 * The declaration of a JavaScript value whose TypeScript type can be stated.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   title: t.fn([t.js.lent.as<{ title: string }>()], t.string),
 * });
 * ```
 * @category Declared interfaces
 */
export interface StatedJsType extends JsType {
  /** The same, with a type for TypeScript that nothing checks. Trailing parameters that may be `undefined` can be left out. */
  as<Value>(): JsType<Value>;
  /**
   * The same, as one of several declared types; nothing checks it.
   *
   * @param types - The types, usually classes of the interface.
   * @example `t.js.as(t.optional(t.object("Transaction")))`, `t.js.as(t.owned("Circle"), t.owned("Square"))`
   */
  as<Types extends readonly [DeclaredType, ...DeclaredType[]]>(...types: Types): JsType<Stated<Types[number]>>;
}

/**
 * The type of `t.js`.
 *
 * @example `t.fn([t.js.lent], t.js)`
 * @category Declared interfaces
 */
export interface JsTypes extends StatedJsType {
  /** The same, only borrowed by the module during the call. */
  readonly lent: StatedJsType;
}

/**
 * Contiguous numbers: a typed array.
 *
 * @category Details of declarations
 */
export interface ArrayType<Element extends ElementName = ElementName> {
  /** The kind of type. */
  readonly type: "array";
  /** The type of its elements. */
  readonly element: Element;
  /** Whether the module's writes during a call are copied back to the array that was passed. */
  readonly mutable?: boolean;
}

/**
 * A JavaScript array.
 *
 * @category Details of declarations
 */
export interface ListType<Item = unknown> {
  /** The kind of type. */
  readonly type: "list";
  /** The type of its contents. */
  readonly item: Item;
}

/**
 * A value, or `undefined`.
 *
 * @category Details of declarations
 */
export interface OptionalType<Item = unknown> {
  /** The kind of type. */
  readonly type: "optional";
  /** The type of its contents. */
  readonly item: Item;
}

/**
 * One of a set of strings, or one of a set of numbers.
 *
 * @category Details of declarations
 */
export interface EnumerationType<Value extends string | number = string | number> {
  /** The kind of type. */
  readonly type: "enumeration";
  /** Its possible values, in the order of the declaration. */
  readonly values: readonly Value[];
  /** Whether these are all the values that the module has. */
  readonly complete?: boolean;
}

/**
 * Options of an enumeration.
 *
 * @example
 * ```ts
 * const level = t.enumeration({ Low: 0, High: 4 }, { complete: true });
 * const api = t.api({ level: t.fn([], t.optional(level)) });
 * ```
 * @category Declared interfaces
 */
export interface EnumerationOptions {
  /**
   * Whether these are all the values that the module has. `t.optional` of it needs this in wasm-bindgen's convention, where
   * "none" is a number that no value has and depends on all of them.
   */
  readonly complete?: boolean;
}

/**
 * The values of an enumeration that is declared by an object: its numbers, or its strings if it has no numbers.
 *
 * @category Details of declarations
 */
export type EnumerationValue<Values> = [Extract<Values[keyof Values], number>] extends [never]
  ? Values[keyof Values]
  : Extract<Values[keyof Values], number>;

/**
 * An object of a class of the interface, borrowed by the receiver.
 *
 * @category Details of declarations
 */
export interface ObjectType<Name extends string = string> {
  /** The kind of type. */
  readonly type: "object";
  /** The class's name in the interface. */
  readonly class: Name;
}

/**
 * An object of a class of the interface, moved to the receiver.
 *
 * @category Details of declarations
 */
export interface OwnedType<Name extends string = string> {
  /** The kind of type. */
  readonly type: "owned";
  /** The class's name in the interface. */
  readonly class: Name;
}

/**
 * A function.
 *
 * @category Details of declarations
 */
export interface ClosureType<Params = readonly unknown[], Result = unknown> {
  /** The kind of type. */
  readonly type: "closure";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
  /** Whether the module uses it only during the call. In C its function pointer is then reused. */
  readonly lent?: boolean;
}

/**
 * A promise of a value.
 *
 * @category Details of declarations
 */
export interface PromiseType<Value = unknown> {
  /** The kind of type. */
  readonly type: "promise";
  /** The type of the value. */
  readonly value: Value;
}

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

/**
 * A declared type: plain data, made by the functions of `t`.
 *
 * @category Details of declarations
 */
export type DeclaredType =
  | PlainType
  | JsType
  | ArrayType
  | ListType
  | OptionalType
  | EnumerationType
  | ObjectType
  | OwnedType
  | ClosureType
  | PromiseType
  | RecordType
  | UnionType
  | FixedType
  | CharsType
  | OutType
  | InOutType
  | BufferType
  | LengthType;
