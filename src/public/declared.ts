/** The names of the types that stand for themselves. */
export type PlainName = keyof PlainValues;

/** What each plain type is in JavaScript. */
export interface PlainValues {
  /** −128 to 127. */
  i8: number;
  /** 0 to 255. */
  u8: number;
  /** 16 bits, with a sign. */
  i16: number;
  /** 16 bits. */
  u16: number;
  /** 32 bits, with a sign. */
  i32: number;
  /** 32 bits. */
  u32: number;
  /** 64 bits, with a sign. */
  i64: bigint;
  /** 64 bits. */
  u64: bigint;
  /** 128 bits, with a sign. */
  i128: bigint;
  /** 128 bits. */
  u128: bigint;
  /** A number of single precision. */
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
  /** Text that a zero ends. */
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

/** A declared type that stands for itself, as `t.u32`. */
export interface PlainType<Name extends PlainName = PlainName> {
  /** What kind of type it is. */
  readonly type: Name;
}

/** Any JavaScript value, as `t.js`; `Value` is what the declaration says of it, and nothing checks that. */
export interface JsType<Value = unknown> {
  /** What kind of type it is. */
  readonly type: "js";
  /** Whether the module only borrows it during a call; otherwise it is given away. */
  readonly borrowed?: boolean;
  /** Never set: it carries the type. */
  readonly value?: Value;
}

/** What `t.js.as(...types)` says of a JavaScript value: that it is of a declared type. */
export interface Stated<Type = unknown> {
  /** The declared type. */
  readonly declared: Type;
}

/** Numbers side by side: a typed array. */
export interface ArrayType<Element extends ElementName = ElementName> {
  /** What kind of type it is. */
  readonly type: "array";
  /** The type of its elements. */
  readonly element: Element;
  /** Whether what the module writes to it during a call shows in the array that was passed. */
  readonly mutable?: boolean;
}

/** A JavaScript array. */
export interface ListType<Item = unknown> {
  /** What kind of type it is. */
  readonly type: "list";
  /** The type of what is in it. */
  readonly item: Item;
}

/** A value, or `undefined`. */
export interface OptionalType<Item = unknown> {
  /** What kind of type it is. */
  readonly type: "optional";
  /** The type of what is in it. */
  readonly item: Item;
}

/** One of some texts, or one of some numbers. */
export interface EnumerationType<Value extends string | number = string | number> {
  /** What kind of type it is. */
  readonly type: "enumeration";
  /** What it can be, in the order of the declaration. */
  readonly values: readonly Value[];
  /** Whether the module has no other values of it. */
  readonly complete?: boolean;
}

/** What can be stated of an enumeration. */
export interface EnumerationOptions {
  /**
   * Whether the module has no other values of it. It has to be said for `t.optional` of it in wasm-bindgen's convention, where
   * "none" is a number that no value has: which one it is follows from all of them.
   */
  readonly complete?: boolean;
}

/** The values of an enumeration that was declared by an object: its numbers, or its texts where it has no numbers. */
export type EnumerationValue<Values> = [Extract<Values[keyof Values], number>] extends [never]
  ? Values[keyof Values]
  : Extract<Values[keyof Values], number>;

/** An object of a class of the interface: lent to whoever receives it. */
export interface ObjectType<Name extends string = string> {
  /** What kind of type it is. */
  readonly type: "object";
  /** The class's name in the interface. */
  readonly class: Name;
}

/** An object of a class of the interface: given away to whoever receives it. */
export interface OwnedType<Name extends string = string> {
  /** What kind of type it is. */
  readonly type: "owned";
  /** The class's name in the interface. */
  readonly class: Name;
}

/** A function. */
export interface ClosureType<Params = readonly unknown[], Result = unknown> {
  /** What kind of type it is. */
  readonly type: "closure";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
  /** Whether the module uses it during the call alone. For C: its function pointer is then free for others. */
  readonly lent?: boolean;
}

/** A promise of a value. */
export interface PromiseType<Value = unknown> {
  /** What kind of type it is. */
  readonly type: "promise";
  /** The type of the value. */
  readonly value: Value;
}

/** A struct that is passed by its fields: a plain object. */
export interface RecordType<Fields = { readonly [name: string]: unknown }> {
  /** What kind of type it is. */
  readonly type: "record";
  /** The types of its fields, by name. */
  readonly fields: Fields;
}

/** Where the module writes a value: a parameter that the caller does not pass, and receives. */
export interface OutType<Item = unknown> {
  /** What kind of type it is. */
  readonly type: "out";
  /** The type of what is written. */
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

/** What can be stated of a function beside its types. */
export interface FunctionOptions {
  /** The export's name, where it does not follow from the declared one by the toolchain's rule. */
  readonly export?: string;
  /** Whether it may throw. It is said to the reader: an error result is thrown in any case. */
  readonly throws?: boolean;
  /**
   * Whether a text or bytes that it returns are the caller's to free. For C: wasm-bindgen always gives them away, and `false`
   * is refused there.
   */
  readonly owned?: boolean;
  /**
   * The export that frees what is `owned`, where that is not the module's allocator: a function of its address, or of its
   * address and its length. For C: refused for wasm-bindgen.
   */
  readonly free?: string;
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
  /** The beginning of the names of its exports; a last underscore may be left out. Default by the toolchain's rule, from the class's name. */
  readonly prefix?: string;
  /** The export that frees an object; `false` for objects that are never freed. */
  readonly free?: string | false;
}

/** A declared function. */
export interface FunctionMember<Params = readonly DeclaredType[], Result = DeclaredType> extends FunctionOptions {
  /** What kind of member it is. */
  readonly member: "function";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/** A declared constructor. Under the key `new` it is the class's own; under another it is a static method that makes an object. */
export interface ConstructorMember<Params = readonly DeclaredType[]> extends FunctionOptions {
  /** What kind of member it is. */
  readonly member: "constructor";
  /** The types of the parameters. */
  readonly params: Params;
}

/** A declared method. */
export interface MethodMember<Params = readonly DeclaredType[], Result = DeclaredType> extends MethodOptions {
  /** What kind of member it is. */
  readonly member: "method";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/** A declared static method. */
export interface StaticMember<Params = readonly DeclaredType[], Result = DeclaredType> extends FunctionOptions {
  /** What kind of member it is. */
  readonly member: "static";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/** A declared property that is read by a function. */
export interface GetterMember<Value = DeclaredType> extends FunctionOptions {
  /** What kind of member it is. */
  readonly member: "getter";
  /** The type of the value. */
  readonly value: Value;
}

/** A declared property that is written by a function. */
export interface SetterMember<Value = DeclaredType> extends FunctionOptions {
  /** What kind of member it is. */
  readonly member: "setter";
  /** The type of the value. */
  readonly value: Value;
}

/** A declared property that is read and written. */
export interface FieldMember<Value = DeclaredType, Options extends FieldOptions = FieldOptions> {
  /** What kind of member it is. */
  readonly member: "field";
  /** The type of the value. */
  readonly value: Value;
  /** What its type does not say. */
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
  /** What kind of member it is. */
  readonly member: "class";
  /** Its members, by name. */
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

/** The names that a member mentions as classes, and that are none of the interface; none where types do not tell. */
type UnknownTo<Members, Member> =
  string extends MentionedBy<Member> ? never : Exclude<MentionedBy<Member>, ClassesOf<Members>>;

/** What the members of an interface must be: where one mentions a class that is not declared, this text, which it is not. */
export type Consistent<Members> = {
  readonly [Name in keyof Members]: [UnknownTo<Members, Members[Name]>] extends [never]
    ? unknown
    : `The interface declares no class ${UnknownTo<Members, Members[Name]> & string}`;
};

/**
 * A declared interface, made by `t.api` and given as the option `api`. What it declares is plain data: `members` can be
 * stored, and posted to a worker.
 */
export interface Api<Members = NoMembers> {
  /** What it declares. */
  readonly members: Members;
}
