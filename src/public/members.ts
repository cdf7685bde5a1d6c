import type {
  ClosureType,
  DeclaredType,
  JsType,
  ListType,
  ObjectType,
  OptionalType,
  OwnedType,
  PromiseType,
  Stated,
} from "./declared.ts";
import type { RecordType } from "./memory-types.ts";

/**
 * The name of a calling convention: `"c"` for C's, or the name of the adapter that serves the module, for that adapter's
 * convention.
 *
 * @example
 * ```ts
 * const convention: ConventionName = "c";
 * ```
 * @category Declared interfaces
 */
export type ConventionName = "c" | (string & Record<never, never>);

/**
 * An option of members, classes and interfaces.
 *
 * @example
 * ```ts
 * const api = t.api({ text_length: t.fn([t.cstring], t.u32, { convention: "c" }) });
 * ```
 * @category Declared interfaces
 */
export interface ConventionOption {
  /**
   * The calling convention, if it is not that of what surrounds the declaration: the class, the interface, or the module. It
   * decides how values are passed and which export names are tried; imports stay those of the module's adapter.
   */
  readonly convention?: ConventionName;
}

/**
 * Options of a function besides its types.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   greet: t.fn([t.string], t.string, {
 *     export: "greet_utf8",
 *     owned: true,
 *     free: "free_text",
 *   }),
 * });
 * ```
 * @category Declared interfaces
 */
export interface FunctionOptions extends ConventionOption {
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

/**
 * Options of a method.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   Encoder: t.class({
 *     new: t.ctor([]),
 *     finish: t.method([], t.bytes, { consumes: true }),
 *   }),
 * });
 * ```
 * @category Declared interfaces
 */
export interface MethodOptions extends FunctionOptions {
  /** Whether it takes ownership of its object, which cannot be used afterwards. */
  readonly consumes?: boolean;
}

/**
 * Options of a field.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   Point: t.class({
 *     x: t.field(t.f64, { offset: 0 }),
 *     y: t.field(t.f64, { offset: 8 }),
 *   }),
 * });
 * ```
 * @category Declared interfaces
 */
export interface FieldOptions extends ConventionOption {
  /** The export that reads it. */
  readonly get?: string;
  /** The export that writes it. */
  readonly set?: string;
  /** Whether it cannot be written. */
  readonly readonly?: boolean;
  /** Its offset in the object, in bytes, for a module without exports that read and write it. */
  readonly offset?: number;
  /**
   * The field with the number of elements that a `t.bytes`, `t.array` or `t.buffer` with an `offset` points to. What is
   * written is copied to memory that belongs to the object: it is freed when the field is written again, and after the object.
   */
  readonly length?: string;
}

/**
 * Options of a class. Its `convention` is that of its members and of the function that frees its objects.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   Counter: t.class(
 *     { new: t.ctor([t.u32]) },
 *     { prefix: "my_counter", free: "my_counter_delete" },
 *   ),
 * });
 * ```
 * @category Declared interfaces
 */
export interface ClassOptions extends ConventionOption {
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

/**
 * A declared function.
 *
 * @category Details of declarations
 */
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
 *
 * @category Details of declarations
 */
export interface ConstructorMember<Params = readonly DeclaredType[]> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "constructor";
  /** The types of the parameters. */
  readonly params: Params;
}

/**
 * A declared method.
 *
 * @category Details of declarations
 */
export interface MethodMember<Params = readonly DeclaredType[], Result = DeclaredType> extends MethodOptions {
  /** The kind of member. */
  readonly member: "method";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/**
 * A declared static method.
 *
 * @category Details of declarations
 */
export interface StaticMember<Params = readonly DeclaredType[], Result = DeclaredType> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "static";
  /** The types of the parameters. */
  readonly params: Params;
  /** The type of the result. */
  readonly result: Result;
}

/**
 * A declared property that is read by a function.
 *
 * @category Details of declarations
 */
export interface GetterMember<Value = DeclaredType> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "getter";
  /** The type of the value. */
  readonly value: Value;
}

/**
 * A declared property that is written by a function.
 *
 * @category Details of declarations
 */
export interface SetterMember<Value = DeclaredType> extends FunctionOptions {
  /** The kind of member. */
  readonly member: "setter";
  /** The type of the value. */
  readonly value: Value;
}

/**
 * A declared property that is read and written.
 *
 * @category Details of declarations
 */
export interface FieldMember<Value = DeclaredType, Options extends FieldOptions = FieldOptions> {
  /** The kind of member. */
  readonly member: "field";
  /** The type of the value. */
  readonly value: Value;
  /** The options that its type does not express. */
  readonly options: Options;
}

/**
 * The members that a class can have.
 *
 * @category Details of declarations
 */
export type ClassMember = ConstructorMember | MethodMember | StaticMember | GetterMember | SetterMember | FieldMember;

/**
 * The members of a class, by name.
 *
 * @category Details of declarations
 */
export interface ClassMembers {
  readonly [name: string]: ClassMember;
}

/**
 * A declared class.
 *
 * @category Details of declarations
 */
export interface DeclaredClass<Members = ClassMembers> extends ClassOptions {
  /** The kind of member. */
  readonly member: "class";
  /** Its members, by name. */
  readonly members: Members;
}

/**
 * The members that an interface can have.
 *
 * @category Details of declarations
 */
export type InterfaceMember = FunctionMember | DeclaredClass;

/**
 * The functions and classes of an interface, by name.
 *
 * @category Details of declarations
 */
export interface InterfaceMembers {
  readonly [name: string]: InterfaceMember;
}

/**
 * An interface without members, for an instance without a declared interface.
 *
 * @category Details of declarations
 */
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
 *
 * @category Details of declarations
 */
export type Consistent<Members> = {
  readonly [Name in keyof Members]: [UnknownTo<Members, Members[Name]>] extends [never]
    ? unknown
    : `The interface declares no class ${UnknownTo<Members, Members[Name]> & string}`;
};

/**
 * Options of an interface. Its `convention` is that of all its members.
 *
 * @example
 * ```ts
 * const api = t.api({ text_length: t.fn([t.cstring], t.u32) }, { convention: "c" });
 * ```
 * @category Declared interfaces
 */
export type ApiOptions = ConventionOption;

/**
 * A declared interface, made by `t.api` and given as the option `api`. It is plain data: it can be stored, and posted to a
 * worker.
 *
 * @example
 * ```ts
 * const api = t.api({ greet: t.fn([t.string], t.string) });
 * const wasm = await load("./app.wasm", { api });
 * const text = wasm.api.greet("world");
 * ```
 * @category Declared interfaces
 */
export interface Api<Members = NoMembers> extends ApiOptions {
  /** The members that it declares. */
  readonly members: Members;
}
