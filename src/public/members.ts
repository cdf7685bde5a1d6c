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
import type { OutType, RecordType } from "./memory-types.ts";
import type { EnumerationType } from "./enumeration.ts";

import type {
  ClassOptions,
  ConstructorOptions,
  ConventionOption,
  FieldOptions,
  FunctionOptions,
  GetterOptions,
  MethodOptions,
  SetterOptions,
} from "./member-options.ts";
import type { DeclaredParameter, ParamType, RestType } from "./parameters.ts";

/**
 * A declared function.
 *
 * @category Details of declarations
 */
export interface FunctionMember<Params = readonly DeclaredParameter[], Result = DeclaredType> extends FunctionOptions {
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
export interface ConstructorMember<Params = readonly DeclaredParameter[]> extends ConstructorOptions {
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
export interface MethodMember<Params = readonly DeclaredParameter[], Result = DeclaredType> extends MethodOptions {
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
export interface StaticMember<Params = readonly DeclaredParameter[], Result = DeclaredType> extends FunctionOptions {
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
export interface GetterMember<Value = DeclaredType> extends GetterOptions {
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
export interface SetterMember<Value = DeclaredType> extends SetterOptions {
  /** The kind of member. */
  readonly member: "setter";
  /** The type of the value. */
  readonly value: Value;
}

/**
 * A declared property that is read as one type and written as another.
 *
 * @category Details of declarations
 */
export interface PropertyMember<Get = GetterMember, Set = SetterMember> {
  /** The kind of member. */
  readonly member: "property";
  /** How it is read. */
  readonly get: Get;
  /** How it is written. */
  readonly set: Set;
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
export type ClassMember =
  ConstructorMember | MethodMember | StaticMember | GetterMember | SetterMember | PropertyMember | FieldMember;

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
export type InterfaceMember = FunctionMember | DeclaredClass | EnumerationType;

/**
 * The functions, classes and enumerations of an interface, by name.
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

/**
 * The members of an interface that is left to inference. With `load<Exports>(source, { api })` TypeScript infers nothing, and
 * the interface would have no members. It is refused instead: give both type arguments, as in
 * `load<Exports, typeof api.members>(source, { api })`.
 *
 * @category Details of declarations
 */
export interface InferredMembers {
  /** No member has this type, which TypeScript's error shows. */
  readonly [name: string]: "Give both type arguments, or none: load<Exports, typeof api.members>(source, { api })";
}

/**
 * The members of the interface that was given; none if it was left out.
 *
 * @category Details of declarations
 */
export type GivenMembers<Members> = Members extends InferredMembers ? NoMembers : Members;

/** The names of the classes that types mention. */
type Mentioned<Type> = Type extends ObjectType<infer Name> | OwnedType<infer Name>
  ? Name
  : Type extends ClosureType<infer Params, infer Result>
    ? MentionedAmong<Params> | Mentioned<Result>
    : Type extends
          | ListType<infer Inner>
          | OptionalType<infer Inner>
          | PromiseType<infer Inner>
          | OutType<infer Inner>
          | ParamType<infer Inner>
          | RestType<infer Inner>
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
    ? | { [Key in keyof Of]: MentionedBy<Of[Key]> }[keyof Of]
      | (Member extends { readonly extends: infer Name extends string } ? Name : never)
    : | (Member extends { readonly params: infer Params } ? MentionedAmong<Params> : never)
      | (Member extends { readonly result: infer Result } ? Mentioned<Result> : never)
      | (Member extends { readonly value: infer Value } ? Mentioned<Value> : never)
      | (Member extends PropertyMember<infer Get, infer Set> ? MentionedBy<Get> | MentionedBy<Set> : never);

/**
 * The names of the classes among the members of an interface.
 *
 * @category Details of declarations
 */
export type ClassesOf<Members> = {
  [Name in keyof Members]: Members[Name] extends { readonly member: "class" } ? Name : never;
}[keyof Members];

/** The class names that a member mentions but the interface lacks; `never` if the types are not specific enough. */
type UnknownTo<Members, Member> =
  string extends MentionedBy<Member> ? never : Exclude<MentionedBy<Member>, ClassesOf<Members>>;

/**
 * The required type of an interface's members: themselves, or an error text if one of them mentions a class that the
 * interface does not declare.
 *
 * @category Details of declarations
 */
export type Consistent<Members> = {
  [Name in keyof Members]: UnknownTo<Members, Members[Name]> extends infer Unknown extends string
    ? `${Name & string} names the class ${Unknown}, which the interface does not declare`
    : never;
}[keyof Members] extends infer Problem
  ? [Problem] extends [never]
    ? Members
    : Problem
  : never;

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
  /**
   * Whether the members were compared with the module whose fingerprint is given beside them, as `unglue declare` does. Such a
   * load compares each of them again when it is first used, instead of all: one that does not fit throws `interface-mismatch`
   * there.
   */
  readonly checked?: boolean;
}
