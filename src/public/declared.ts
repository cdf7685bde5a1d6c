import type { ElementName, PlainName } from "./elements.ts";
import type { EnumerationType } from "./enumeration.ts";
import type {
  BufferType,
  CharsType,
  FixedType,
  InOutType,
  LengthType,
  OutType,
  RecordType,
  UnionType,
} from "./memory-types.ts";

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
  /** The class of the module that a value is made with, if the module has several that fit. */
  readonly classId?: number;
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
  /** The class of the module that a value is made with, if the module has several that fit. */
  readonly classId?: number;
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
  /** The number that stands for `undefined`, if the type of its contents does not tell it. */
  readonly none?: number;
}

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
