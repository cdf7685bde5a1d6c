/** The names of the types that stand for themselves. */
export type PlainName = keyof PlainValues;

/** What each plain type is in JavaScript. */
export interface PlainValues {
  i8: number;
  u8: number;
  i16: number;
  u16: number;
  i32: number;
  u32: number;
  i64: bigint;
  u64: bigint;
  i128: bigint;
  u128: bigint;
  f32: number;
  f64: number;
  size: number;
  bool: boolean;
  char: string;
  string: string;
  cstring: string;
  bytes: Uint8Array<ArrayBuffer>;
  void: undefined;
}

/** The typed array of each element type. */
export interface ElementArrays {
  i8: Int8Array<ArrayBuffer>;
  u8: Uint8Array<ArrayBuffer>;
  i16: Int16Array<ArrayBuffer>;
  u16: Uint16Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  u32: Uint32Array<ArrayBuffer>;
  i64: BigInt64Array<ArrayBuffer>;
  u64: BigUint64Array<ArrayBuffer>;
  f32: Float32Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
}

/** The types that an array of numbers can have as elements. */
export type ElementName = keyof ElementArrays;

/** A declared type that stands for itself, as `t.u32`. */
export interface PlainType<Name extends PlainName = PlainName> {
  readonly type: Name;
}

/** Any JavaScript value, as `t.js`; `Value` is what the declaration says of it, and nothing checks that. */
export interface JsType<Value = unknown> {
  readonly type: "js";
  /** Whether the module only borrows it during a call; otherwise it is given away. */
  readonly borrowed?: boolean;
  /** Never set: it carries the type. */
  readonly value?: Value;
}

/** Numbers side by side: a typed array. */
export interface ArrayType<Element extends ElementName = ElementName> {
  readonly type: "array";
  readonly element: Element;
  /** Whether what the module writes to it during a call shows in the array that was passed. */
  readonly mutable?: boolean;
}

/** A JavaScript array. */
export interface ListType<Item = unknown> {
  readonly type: "list";
  readonly item: Item;
}

/** A value, or `undefined`. */
export interface OptionalType<Item = unknown> {
  readonly type: "optional";
  readonly item: Item;
}

/** One of some texts, or one of some numbers. */
export interface EnumerationType<Value extends string | number = string | number> {
  readonly type: "enumeration";
  readonly values: readonly Value[];
}

/** An object of a class of the interface: lent to whoever receives it. */
export interface ObjectType<Name extends string = string> {
  readonly type: "object";
  readonly class: Name;
}

/** An object of a class of the interface: given away to whoever receives it. */
export interface OwnedType<Name extends string = string> {
  readonly type: "owned";
  readonly class: Name;
}

/** A function. */
export interface ClosureType<Params = readonly unknown[], Result = unknown> {
  readonly type: "closure";
  readonly params: Params;
  readonly result: Result;
}

/** A promise of a value. */
export interface PromiseType<Value = unknown> {
  readonly type: "promise";
  readonly value: Value;
}

/** A struct that is passed by its fields: a plain object. */
export interface RecordType<Fields = { readonly [name: string]: unknown }> {
  readonly type: "record";
  readonly fields: Fields;
}

/** A declared type: plain data, made by the functions of `t`. */
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
  | RecordType;

/** What can be stated of a function beside its types. */
export interface FunctionOptions {
  /** The export's name, where it does not follow from the declared one by the toolchain's rule. */
  readonly export?: string;
  /** Whether it may throw. It is said to the reader: an error result is thrown in any case. */
  readonly throws?: boolean;
  /** Whether a text or bytes that it returns are the caller's to free. For C: wasm-bindgen always gives them away. */
  readonly owned?: boolean;
}

/** What can be stated of a method. */
export interface MethodOptions extends FunctionOptions {
  /** Whether it takes its object over: the object cannot be used afterwards. */
  readonly consumes?: boolean;
}

/** What can be stated of a field. */
export interface FieldOptions {
  /** The export that reads it. */
  readonly get?: string;
  /** The export that writes it. */
  readonly set?: string;
  /** Whether it cannot be written. */
  readonly readonly?: boolean;
  /** Where it lies in the object, in bytes, for a module that has no exports to read and write it. */
  readonly offset?: number;
}

/** What can be stated of a class. */
export interface ClassOptions {
  /** Bytes that an object takes, for constructors that write into the caller's storage. */
  readonly size?: number;
  /** Its alignment: a power of two. Default 8. */
  readonly align?: number;
  /** What the names of its exports begin with. Default by the toolchain's rule, from the class's name. */
  readonly prefix?: string;
  /** The export that frees an object; `false` for objects that are never freed. */
  readonly free?: string | false;
}

/** A declared function. */
export interface FunctionMember<Params = readonly DeclaredType[], Result = DeclaredType> extends FunctionOptions {
  readonly member: "function";
  readonly params: Params;
  readonly result: Result;
}

/** A declared constructor. Under the key `new` it is the class's own; under another it is a static method that makes an object. */
export interface ConstructorMember<Params = readonly DeclaredType[]> extends FunctionOptions {
  readonly member: "constructor";
  readonly params: Params;
}

/** A declared method. */
export interface MethodMember<Params = readonly DeclaredType[], Result = DeclaredType> extends MethodOptions {
  readonly member: "method";
  readonly params: Params;
  readonly result: Result;
}

/** A declared static method. */
export interface StaticMember<Params = readonly DeclaredType[], Result = DeclaredType> extends FunctionOptions {
  readonly member: "static";
  readonly params: Params;
  readonly result: Result;
}

/** A declared property that is read by a function. */
export interface GetterMember<Value = DeclaredType> extends FunctionOptions {
  readonly member: "getter";
  readonly value: Value;
}

/** A declared property that is written by a function. */
export interface SetterMember<Value = DeclaredType> extends FunctionOptions {
  readonly member: "setter";
  readonly value: Value;
}

/** A declared property that is read and written. */
export interface FieldMember<Value = DeclaredType, Options extends FieldOptions = FieldOptions> {
  readonly member: "field";
  readonly value: Value;
  readonly options: Options;
}

/** What a class can have. */
export type ClassMember = ConstructorMember | MethodMember | StaticMember | GetterMember | SetterMember | FieldMember;

/** The members of a class, by name. */
export interface ClassMembers {
  readonly [name: string]: ClassMember;
}

/** A declared class. */
export interface DeclaredClass<Members = ClassMembers> extends ClassOptions {
  readonly member: "class";
  readonly members: Members;
}

/** What an interface can have. */
export type InterfaceMember = FunctionMember | DeclaredClass;

/** The functions and classes of an interface, by name. */
export interface InterfaceMembers {
  readonly [name: string]: InterfaceMember;
}

/** An interface without members: that of an instance for which none was declared. */
export type NoMembers = Record<never, never>;

/**
 * A declared interface, made by `t.api` and given as the option `api`. What it declares is plain data: `members` can be
 * stored, and posted to a worker.
 */
export interface Api<Members = NoMembers> {
  /** What it declares. */
  readonly members: Members;
}
