/** The names of the plain types, which have no parameters. */
export type PlainName = keyof PlainValues;

/** The JavaScript type of each plain type. */
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

/** The typed array of each element type. */
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

/** The types that an array of numbers can have as elements. */
export type ElementName = keyof ElementArrays;

/** A declared type without parameters, such as `t.u32`. */
export interface PlainType<Name extends PlainName = PlainName> {
  /** The kind of type. */
  readonly type: Name;
}

/** Any JavaScript value, as `t.js`. `Value` is its declared TypeScript type, which nothing checks. */
export interface JsType<Value = unknown> {
  /** The kind of type. */
  readonly type: "js";
  /** Whether the module only borrows it during a call; otherwise its ownership moves. */
  readonly borrowed?: boolean;
  /** Never set. It only carries the type. */
  readonly value?: Value;
}

/** A JavaScript value stated to be of a declared type by `t.js.as(...types)`. */
export interface Stated<Type = unknown> {
  /** The declared type. */
  readonly declared: Type;
}

/** Contiguous numbers: a typed array. */
export interface ArrayType<Element extends ElementName = ElementName> {
  /** The kind of type. */
  readonly type: "array";
  /** The type of its elements. */
  readonly element: Element;
  /** Whether the module's writes during a call are copied back to the array that was passed. */
  readonly mutable?: boolean;
}

/** A JavaScript array. */
export interface ListType<Item = unknown> {
  /** The kind of type. */
  readonly type: "list";
  /** The type of its contents. */
  readonly item: Item;
}

/** A value, or `undefined`. */
export interface OptionalType<Item = unknown> {
  /** The kind of type. */
  readonly type: "optional";
  /** The type of its contents. */
  readonly item: Item;
}

/** One of a set of strings, or one of a set of numbers. */
export interface EnumerationType<Value extends string | number = string | number> {
  /** The kind of type. */
  readonly type: "enumeration";
  /** Its possible values, in the order of the declaration. */
  readonly values: readonly Value[];
  /** Whether these are all the values that the module has. */
  readonly complete?: boolean;
}

/** Options of an enumeration. */
export interface EnumerationOptions {
  /**
   * Whether these are all the values that the module has. `t.optional` of it needs this in wasm-bindgen's convention, where
   * "none" is a number that no value has and depends on all of them.
   */
  readonly complete?: boolean;
}

/** The values of an enumeration that is declared by an object: its numbers, or its strings if it has no numbers. */
export type EnumerationValue<Values> = [Extract<Values[keyof Values], number>] extends [never]
  ? Values[keyof Values]
  : Extract<Values[keyof Values], number>;

/** An object of a class of the interface, borrowed by the receiver. */
export interface ObjectType<Name extends string = string> {
  /** The kind of type. */
  readonly type: "object";
  /** The class's name in the interface. */
  readonly class: Name;
}

/** An object of a class of the interface, moved to the receiver. */
export interface OwnedType<Name extends string = string> {
  /** The kind of type. */
  readonly type: "owned";
  /** The class's name in the interface. */
  readonly class: Name;
}

/** A function. */
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

/** A promise of a value. */
export interface PromiseType<Value = unknown> {
  /** The kind of type. */
  readonly type: "promise";
  /** The type of the value. */
  readonly value: Value;
}

/** A struct passed by its fields: a plain object. */
export interface RecordType<Fields = { readonly [name: string]: unknown }> {
  /** The kind of type. */
  readonly type: "record";
  /** The types of its fields, by name. */
  readonly fields: Fields;
}

/** An out parameter: the module writes its value, and the caller receives it instead of passing it. */
export interface OutType<Item = unknown> {
  /** The kind of type. */
  readonly type: "out";
  /** The type of the written value. */
  readonly item: Item;
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
  | RecordType
  | OutType;

/** Options of a function besides its types. */
export interface FunctionOptions {
  /** The export's name, if it does not follow from the declared name by the toolchain's rule. */
  readonly export?: string;
  /** Whether it may throw. This is documentation: an error result is thrown either way. */
  readonly throws?: boolean;
  /**
   * Whether the caller owns the text or bytes that it returns. For C only: wasm-bindgen always gives them away, and refuses
   * `false`.
   */
  readonly owned?: boolean;
  /**
   * The export that frees an `owned` result, if that is not the module's allocator. It takes the address, or the address and
   * the length. For C only; wasm-bindgen refuses it.
   */
  readonly free?: string;
}

/** Options of a method. */
export interface MethodOptions extends FunctionOptions {
  /** Whether it takes ownership of its object, which cannot be used afterwards. */
  readonly consumes?: boolean;
}

/** Options of a field. */
export interface FieldOptions {
  /** The export that reads it. */
  readonly get?: string;
  /** The export that writes it. */
  readonly set?: string;
  /** Whether it cannot be written. */
  readonly readonly?: boolean;
  /** Its offset in the object, in bytes, for a module without exports that read and write it. */
  readonly offset?: number;
}

/** Options of a class. */
export interface ClassOptions {
  /** The size of an object in bytes, for constructors that write into the caller's storage. */
  readonly size?: number;
  /** Its alignment: a power of two. Default 8. */
  readonly align?: number;
  /**
   * The prefix of its export names; a trailing underscore may be omitted. By default it follows from the class's name by the
   * toolchain's rule.
   */
  readonly prefix?: string;
  /** The export that frees an object; `false` for objects that are never freed. */
  readonly free?: string | false;
}

/** A declared function. */
export interface FunctionMember<Params = readonly DeclaredType[], Result = DeclaredType> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "function";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/**
 * A declared constructor. Under the key `new` it is the class's constructor; under any other key it is a static method that
 * makes an object.
 */
export interface ConstructorMember<Params = readonly DeclaredType[]> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "constructor";
  /** The types of the parameters. */
  readonly params: Params;
}

/** A declared method. */
export interface MethodMember<Params = readonly DeclaredType[], Result = DeclaredType> extends MethodOptions {
  /** The kind of member. */
  readonly member: "method";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/** A declared static method. */
export interface StaticMember<Params = readonly DeclaredType[], Result = DeclaredType> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "static";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/** A declared property that is read by a function. */
export interface GetterMember<Value = DeclaredType> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "getter";
  /** The type of the value. */
  readonly value: Value;
}

/** A declared property that is written by a function. */
export interface SetterMember<Value = DeclaredType> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "setter";
  /** The type of the value. */
  readonly value: Value;
}

/** A declared property that is read and written. */
export interface FieldMember<Value = DeclaredType, Options extends FieldOptions = FieldOptions> {
  /** The kind of member. */
  readonly member: "field";
  /** The type of the value. */
  readonly value: Value;
  /** The options that its type does not express. */
  readonly options: Options;
}

/** The members that a class can have. */
export type ClassMember = ConstructorMember | MethodMember | StaticMember | GetterMember | SetterMember | FieldMember;

/** The members of a class, by name. */
export interface ClassMembers {
  readonly [name: string]: ClassMember;
}

/** A declared class. */
export interface DeclaredClass<Members = ClassMembers> extends ClassOptions {
  /** The kind of member. */
  readonly member: "class";
  /** Its members, by name. */
  readonly members: Members;
}

/** The members that an interface can have. */
export type InterfaceMember = FunctionMember | DeclaredClass;

/** The functions and classes of an interface, by name. */
export interface InterfaceMembers {
  readonly [name: string]: InterfaceMember;
}

/** An interface without members, for an instance without a declared interface. */
export type NoMembers = Record<never, never>;

/** The names of the classes that types mention. */
type Mentioned<Type> = Type extends ObjectType<infer Name> | OwnedType<infer Name>
  ? Name
  : Type extends ClosureType<infer Params, infer Result>
    ? MentionedAmong<Params> | Mentioned<Result>
    : Type extends ListType<infer Inner> | OptionalType<infer Inner> | PromiseType<infer Inner>
      ? Mentioned<Inner>
      : Type extends RecordType<infer Fields>
        ? MentionedAmong<Fields>
        : Type extends JsType<Stated<infer Of>>
          ? Mentioned<Of>
          : never;

type MentionedAmong<Types> = Types extends readonly (infer Each)[]
  ? Mentioned<Each>
  : { [Key in keyof Types]: Mentioned<Types[Key]> }[keyof Types];

/** The names of the classes that a member mentions. */
type MentionedBy<Member> =
  Member extends DeclaredClass<infer Of>
    ? { [Key in keyof Of]: MentionedBy<Of[Key]> }[keyof Of]
    : | (Member extends { readonly params: infer Params } ? MentionedAmong<Params> : never)
      | (Member extends { readonly result: infer Result } ? Mentioned<Result> : never)
      | (Member extends { readonly value: infer Value } ? Mentioned<Value> : never);

type ClassesOf<Members> = {
  [Name in keyof Members]: Members[Name] extends { readonly member: "class" } ? Name : never;
}[keyof Members];

/** The class names that a member mentions but the interface lacks; `never` if the types are not specific enough. */
type UnknownTo<Members, Member> =
  string extends MentionedBy<Member> ? never : Exclude<MentionedBy<Member>, ClassesOf<Members>>;

/**
 * The required type of an interface's members. A member that mentions an undeclared class is required to be an error text,
 * which it cannot be.
 */
export type Consistent<Members> = {
  readonly [Name in keyof Members]: [UnknownTo<Members, Members[Name]>] extends [never]
    ? unknown
    : `The interface declares no class ${UnknownTo<Members, Members[Name]> & string}`;
};

/**
 * A declared interface, made by `t.api` and given as the option `api`. Its `members` are plain data: they can be stored, and
 * posted to a worker.
 */
export interface Api<Members = NoMembers> {
  /** The members that it declares. */
  readonly members: Members;
}
