import type {
  ArrayType,
  ClosureType,
  JsType,
  ListType,
  ObjectType,
  OptionalType,
  OwnedType,
  PlainType,
  PromiseType,
  Stated,
} from "./declared.ts";
import type { ElementArrays, ElementName, ElementViews, PlainValues } from "./elements.ts";
import type { EnumerationType } from "./enumeration.ts";
import type { Flagged, FlaggedIn, Having, WithAbsent } from "./flags.ts";
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
import type {
  ConstructorMember,
  DeclaredClass,
  FieldMember,
  FunctionMember,
  GetterMember,
  MethodMember,
  PropertyMember,
  SetterMember,
  StaticMember,
} from "./members.ts";
import type { RestType, Unnamed } from "./parameters.ts";
import type { StatedClass } from "./stated.ts";
import type { Elsewhere, WasmObject } from "./wasm-object.ts";

/**
 * The JavaScript type of a declared type when the module returns it. `Members` are the members of its interface.
 *
 * @category Details of inferred types
 */
export type Lifted<Type, Members> =
  Type extends PlainType<infer Name>
    ? PlainValues[Name]
    : Type extends JsType<infer Value>
      ? Value extends Stated<infer Of>
        ? Lifted<Of, Members>
        : Value
      : Type extends ArrayType<infer Element>
        ? ElementArrays[Element]
        : Type extends ListType<infer Item>
          ? Lifted<Item, Members>[]
          : Type extends OptionalType<infer Item>
            ? Lifted<Item, Members> | undefined
            : Type extends EnumerationType<infer Value>
              ? Value
              : Type extends ObjectType<infer Name> | OwnedType<infer Name>
                ? ObjectIn<Members, Name>
                : Type extends ClosureType<infer Params, infer Result>
                  ? (...args: Arguments<Params, Members>) => Lifted<Result, Members>
                  : Type extends PromiseType<infer Value>
                    ? Promise<Lifted<Value, Members>>
                    : Type extends RecordType<infer Fields> | UnionType<infer Fields>
                      ? { -readonly [Name in keyof Fields]: Lifted<Fields[Name], Members> }
                      : Type extends LengthType<infer Name>
                        ? PlainValues[Name]
                        : Type extends BufferType<infer Element>
                          ? Element extends ElementName
                            ? ElementArrays[Element]
                            : string
                          : Type extends FixedType<infer Item>
                            ? Item extends PlainType<infer Element extends ElementName>
                              ? ElementArrays[Element]
                              : Lifted<Item, Members>[]
                            : Type extends CharsType
                              ? string
                              : never;

/**
 * The JavaScript type that is accepted for a declared type when it is passed to the module.
 *
 * @category Details of inferred types
 */
export type Lowered<Type, Members> =
  Type extends PlainType<"bytes">
    ? Uint8Array
    : Type extends PlainType<infer Name>
      ? PlainValues[Name]
      : Type extends ArrayType<infer Element>
        ? ElementViews[Element]
        : Type extends ListType<infer Item>
          ? readonly Lowered<Item, Members>[]
          : Type extends OptionalType<infer Item>
            ? Lowered<Item, Members> | undefined | null
            : Type extends ClosureType<infer Params, infer Result>
              ? (
                  ...args: LiftedList<Params, Members>
                ) => Type["result"] extends PlainType<"void">
                  ? unknown
                  : Lowered<Result, Members> | (Members extends Posted ? Promise<Lowered<Result, Members>> : never)
              : Type extends PromiseType<infer Value>
                ? Promise<Lowered<Value, Members>>
                : Type extends RecordType<infer Fields>
                  ? { readonly [Name in keyof Fields]: Lowered<Fields[Name], Members> }
                  : Type extends JsType<Stated<infer Of>>
                    ? Lowered<Of, Members>
                    : Type extends BufferType
                      ? number
                      : Type extends InOutType<infer Item>
                        ? Lowered<Item, Members>
                        : Type extends UnionType<infer Fields>
                          ? OneOf<Fields, Members>
                          : Type extends FixedType<infer Item>
                            ? Item extends PlainType<infer Element extends ElementName>
                              ? ElementViews[Element]
                              : readonly Lowered<Item, Members>[]
                            : Lifted<Type, Members>;

/** An object with one of several members. */
type OneOf<Fields, Members> = {
  [Name in keyof Fields]: { readonly [One in Name]: Lowered<Fields[One], Members> } & {
    readonly [Other in Exclude<keyof Fields, Name>]?: undefined;
  };
}[keyof Fields];

/**
 * The arguments for declared parameters, without out parameters. Trailing ones may be omitted if they are optional, or are
 * JavaScript values whose stated type includes `undefined`.
 *
 * @category Details of inferred types
 */
export type Arguments<Params, Members> = Params extends readonly [...infer Head, infer Last]
  ? Last extends RestType<infer Of>
    ? [...LoweredList<Head, Members>, ...Collected<Of, Members>[]]
    : true extends MayBeLeftOut<Last>
      ? [...Arguments<Head, Members>, Lowered<Last, Members>?]
      : LoweredList<Params, Members>
  : LoweredList<Params, Members>;

/** The type of each remaining argument that a last parameter collects. */
type Collected<Type, Members> =
  Type extends ListType<infer Item>
    ? Lowered<Item, Members>
    : Type extends ArrayType<infer Element>
      ? ElementArrays[Element][number]
      : number;

/**
 * The functions, classes and named values that a declared interface becomes.
 *
 * @category Details of inferred types
 */
export type Bound<Members> = WithAbsent<
  { readonly [Name in keyof Members]: BoundMember<Members[Name], Members, Name> },
  Members
>;

/** A member of an interface. */
type BoundMember<Member, Members, Name extends keyof Members> = Member extends { readonly stated: infer Value }
  ? Value
  : Member extends FunctionMember<infer Params, infer Result>
    ? (...args: Arguments<Passed<Params>, Members>) => Answer<Params, Result, Members>
    : Member extends DeclaredClass
      ? ClassNamed<Name, Members>
      : Member extends EnumerationType<string | number, infer Named>
        ? Named
        : never;

/**
 * Marks members whose values are posted between threads. Functions among them may be asynchronous.
 *
 * @category Details of inferred types
 */
export interface Posted {
  /** Never set. It only marks the type. */
  readonly [posted]: true;
}

declare const posted: unique symbol;

/**
 * The objects of a class in an interface with these members.
 *
 * @category Details of inferred types
 */
export type ObjectIn<Members, Name> = Name extends keyof Members
  ? Members[Name] extends DeclaredClass
    ? ObjectNamed<Name, Members>
    : Members[Name] extends Elsewhere<infer Object>
      ? Object
      : never
  : never;

/**
 * An object of a class of an interface. Its class comes first, so that editors show it before the members.
 *
 * @category Details of inferred types
 */
export type ObjectNamed<Name extends keyof Members, Members> =
  Members[Name] extends StatedClass<unknown, infer Object>
    ? Object
    : // The conditional type removes the alias, which would show the whole interface.
      Freed<MembersOf<Members[Name]>, Name> &
          WithAbsent<ObjectMembers<MembersOf<Members[Name]>, Members>, MembersOf<Members[Name]>> &
          Inherited<Members[Name], Members> extends infer Same
      ? Same
      : never;

/**
 * A class of an interface. It can be called with `new` if it has a constructor `new` that is not static.
 *
 * @category Details of inferred types
 */
export type ClassNamed<Name extends keyof Members, Members> = Constructed<MembersOf<Members[Name]>, Name, Members> &
  Statics<Name, Members> extends infer Same
  ? Same
  : never;

/** The members of a declared class. */
type MembersOf<Class> = Class extends DeclaredClass<infer Of> ? Of : never;

/** The objects of the class that a class extends; for one that extends none, everything. */
type Inherited<Class, Members> = Class extends { readonly extends: infer Parent extends keyof Members }
  ? ObjectNamed<Parent, Members>
  : unknown;

/** Adds what every object has, except what the class declares itself. */
type Freed<Of, Name> =
  Extract<keyof Of, keyof WasmObject> extends never ? WasmObject<Name> : Omit<WasmObject<Name>, keyof Of>;

type Constructed<Of, Name extends keyof Members, Members> = Of extends { readonly new: Having<"static"> }
  ? AbstractClass<ObjectNamed<Name, Members>>
  : Of extends { readonly new: ConstructorMember<infer Params> }
    ? WasmClass<Arguments<Passed<Params>, Members>, ObjectNamed<Name, Members>>
    : AbstractClass<ObjectNamed<Name, Members>>;

/**
 * A class that is called with `new`.
 *
 * @category Details of inferred types
 */
export interface WasmClass<Args extends readonly unknown[], Object> {
  // Without a comment of its own: editors then show that of the class.
  new (...args: Args): Object;
  /** The prototype of its objects. */
  readonly prototype: Object;
}

/** A class that cannot be called with `new`. */
type AbstractClass<Object> = (abstract new () => Object) & { readonly prototype: Object };

/** The static members of a class, with those of the class that it extends. */
type Statics<Name extends keyof Members, Members> = OwnStatics<Name, Members> &
  (Members[Name] extends { readonly extends: infer Parent extends keyof Members } ? Statics<Parent, Members> : unknown);

type OwnStatics<Name extends keyof Members, Members> = WithAbsent<
  StaticMembers<MembersOf<Members[Name]>, Members, Name>,
  MembersOf<Members[Name]>
>;

type StaticMembers<Of, Members, Name extends keyof Members> = {
  readonly [
    Key in keyof Of as Of[Key] extends StaticMember
      ? Key
      : Of[Key] extends ConstructorMember
        ? Of[Key] extends Having<"static">
          ? Key
          : Exclude<Key, "new">
        : never
  ]: Of[Key] extends StaticMember<infer Params, infer Result>
    ? (...args: Arguments<Passed<Params>, Members>) => Answer<Params, Result, Members>
    : Of[Key] extends ConstructorMember<infer Params>
      ? (...args: Arguments<Passed<Params>, Members>) => ObjectNamed<Name, Members>
      : never;
} & ([FlaggedIn<Of, "static">] extends [never] ? unknown : Properties<Of, Members, true>);

type ObjectMembers<Of, Members> = {
  readonly [Key in keyof Of as Of[Key] extends MethodMember ? Key : never]: Of[Key] extends MethodMember<
    infer Params,
    infer Result
  >
    ? (...args: Arguments<Passed<Params>, Members>) => Answer<Params, Result, Members>
    : never;
} & Properties<Of, Members, false>;

/** The properties of a class, or of its objects. */
type Properties<Of, Members, IsStatic> = {
  readonly [Key in keyof Of as Access<Of[Key], Members, IsStatic> extends "read" ? Key : never]: PropertyValue<
    Of[Key],
    Members
  >;
} & {
  -readonly [Key in keyof Of as Access<Of[Key], Members, IsStatic> extends "write" ? Key : never]: PropertyValue<
    Of[Key],
    Members
  >;
};

/** Whether a property can be written; `undefined` for other members. */
type Access<Member, Members, IsStatic> = (Member extends Flagged<"static"> ? true : false) extends IsStatic
  ? Member extends GetterMember | FieldMember<unknown, { readonly readonly: true }>
    ? "read"
    : Member extends FieldMember | SetterMember
      ? "write"
      : Member extends PropertyMember<GetterMember<infer Read>, SetterMember<infer Written>>
        ? // TypeScript has one type for both in a derived type. It is the type that is read, if that can be written, too.
          Lifted<Read, Members> extends Lowered<Written, Members>
          ? "write"
          : "read"
        : undefined
  : undefined;

type PropertyValue<Member, Members> =
  Member extends SetterMember<infer Value>
    ? Lowered<Value, Members>
    : Member extends { readonly value: infer Value } | { readonly get: GetterMember<infer Value> }
      ? Lifted<Value, Members>
      : never;

/**
 * The types of the parameters that the caller passes: all except out parameters.
 *
 * @category Details of inferred types
 */
export type Passed<Params> = Params extends readonly [infer First, ...infer Rest]
  ? Unnamed<First> extends OutType | LengthType | InOutType<LengthType>
    ? Passed<Rest>
    : readonly [Unnamed<First>, ...Passed<Rest>]
  : Params extends readonly []
    ? readonly []
    : Params;

/** The values of the parameters that the module writes to: out and in-out parameters, and buffers. */
type OutValues<Params, Members> = Params extends readonly [infer Param, ...infer Rest]
  ? OutValue<Unnamed<Param>, Rest, Members>
  : [];

type OutValue<First, Rest, Members> = First extends OutType<LengthType> | InOutType<LengthType>
  ? OutValues<Rest, Members>
  : First extends OutType<infer Item> | InOutType<infer Item>
    ? [Lifted<Item, Members>, ...OutValues<Rest, Members>]
    : First extends BufferType | OptionalType<BufferType>
      ? [Lifted<First, Members>, ...OutValues<Rest, Members>]
      : OutValues<Rest, Members>;

/**
 * The return type of a call: its result, the values that the module wrote to parameters, or both in a list.
 *
 * @category Details of inferred types
 */
export type Answer<Params, Result, Members> =
  OutValues<Params, Members> extends infer Outs extends readonly unknown[]
    ? Outs extends []
      ? Returned<Result, Members>
      : Result extends PromiseType<infer Value>
        ? Promise<Answer<Params, Value, Members>>
        : Result extends PlainType<"void">
          ? Outs extends [infer Only]
            ? Only
            : Outs
          : [Lifted<Result, Members>, ...Outs]
    : never;

/** A function that returns nothing returns `void`, not a value that could be used. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- it stands as a function's result alone
type Returned<Type, Members> = Type extends PlainType<"void"> ? void : Lifted<Type, Members>;

type MayBeLeftOut<Type> = Type extends OptionalType
  ? true
  : Type extends JsType<infer Value>
    ? [Value] extends [Stated<infer Of>]
      ? MayBeLeftOut<Of>
      : unknown extends Value
        ? false
        : undefined extends Value
          ? true
          : false
    : false;

type LoweredList<Params, Members> = {
  -readonly [At in keyof Params]: Lowered<Params[At], Members>;
} extends infer List extends readonly unknown[]
  ? List
  : never;

type LiftedList<Params, Members> = {
  -readonly [At in keyof Params]: Lifted<Params[At], Members>;
} extends infer List extends readonly unknown[]
  ? List
  : never;
