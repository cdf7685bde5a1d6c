import type {
  ArrayType,
  ClosureType,
  EnumerationType,
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
  SetterMember,
  StaticMember,
} from "./members.ts";
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
                ? ObjectOf<Members, Name>
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
              ? Members extends Posted
                ? never
                : (
                    ...args: LiftedList<Params, Members>
                  ) => Type["result"] extends PlainType<"void"> ? unknown : Lowered<Result, Members>
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
 * The arguments for declared parameters. Trailing ones may be omitted if they are optional, or are JavaScript values whose
 * stated type includes `undefined`.
 *
 * @category Details of inferred types
 */
export type Arguments<Params, Members> = Params extends readonly [...infer Head, infer Last]
  ? true extends MayBeLeftOut<Last>
    ? [...Arguments<Head, Members>, Lowered<Last, Members>?]
    : LoweredList<Params, Members>
  : LoweredList<Params, Members>;

/**
 * The functions and classes that a declared interface becomes.
 *
 * @category Details of inferred types
 */
export type Bound<Members> = Shown<{
  readonly [Name in keyof Members]: Members[Name] extends FunctionMember<infer Params, infer Result>
    ? BoundCall<Params, Result, Members>
    : Members[Name] extends DeclaredClass<infer Of>
      ? BoundClass<Of, Members, Name>
      : never;
}>;

/**
 * The objects of a class of an interface.
 *
 * @example
 * ```ts
 * const api = t.api({
 *   Counter: t.class({ new: t.ctor([t.u32]), value: t.getter(t.u32) }),
 * });
 * type Counter = ObjectOf<typeof api.members, "Counter">;
 * const read = (counter: Counter) => counter.value; // number
 * ```
 * @category Declared interfaces
 */
export type ObjectOf<Members, Name> = Name extends keyof Members
  ? Members[Name] extends DeclaredClass<infer Of>
    ? BoundObject<Of, Members, Name>
    : Members[Name] extends Elsewhere<infer Object>
      ? Object
      : never
  : never;

/**
 * Marks members whose values are posted between threads, which excludes functions.
 *
 * @category Details of inferred types
 */
export interface Posted {
  /** Never set. It only marks the type. */
  readonly [posted]: true;
}

declare const posted: unique symbol;

/**
 * A declared class. It can be called with `new` if it has a constructor `new`.
 *
 * @category Details of inferred types
 */
export type BoundClass<Of, Members, ClassName> = Unnamed<
  ClassConstructor<Of, Members, ClassName> &
    Shown<
      StaticMethods<Of, Members> &
        StaticConstructors<Of, Members, ClassName> & { readonly prototype: BoundObject<Of, Members, ClassName> }
    >
>;

/**
 * An object of a declared class: its declared members, and those that free it, except where the class declares a member of
 * that name.
 *
 * @category Details of inferred types
 */
export type BoundObject<Of, Members, ClassName> = Unnamed<
  Shown<
    ObjectMethods<Of, Members> &
      ReadableProperties<Of, Members> &
      WrittenProperties<Of, Members> &
      PublicFields<Of, Members>
  > &
    FreeingMembers<Of, ClassName>
>;

/**
 * A call of a declared function or method.
 *
 * @category Details of inferred types
 */
export type BoundCall<Params, Result, Members> = (
  ...args: Arguments<Passed<Params>, Members>
) => Answer<Params, Result, Members>;

/**
 * The part of a class that `new` uses. A class without a constructor `new` is abstract.
 *
 * @category Details of inferred types
 */
export type ClassConstructor<Of, Members, ClassName> = Of extends {
  readonly new: ConstructorMember<infer Params>;
}
  ? new (...args: Arguments<Params, Members>) => BoundObject<Of, Members, ClassName>
  : abstract new () => BoundObject<Of, Members, ClassName>;

/**
 * The static methods of a class.
 *
 * @category Details of inferred types
 */
export type StaticMethods<Of, Members> = {
  readonly [Name in keyof Of as Of[Name] extends StaticMember ? Name : never]: Of[Name] extends StaticMember<
    infer Params,
    infer Result
  >
    ? BoundCall<Params, Result, Members>
    : never;
};

/**
 * The constructors of a class under another name than `new`: static methods that make an object.
 *
 * @category Details of inferred types
 */
export type StaticConstructors<Of, Members, ClassName> = {
  readonly [
    Name in keyof Of as Of[Name] extends ConstructorMember ? Exclude<Name, "new"> : never
  ]: Of[Name] extends ConstructorMember<infer Params>
    ? (...args: Arguments<Params, Members>) => BoundObject<Of, Members, ClassName>
    : never;
};

/**
 * The methods of an object.
 *
 * @category Details of inferred types
 */
export type ObjectMethods<Of, Members> = {
  readonly [Name in keyof Of as Of[Name] extends MethodMember ? Name : never]: Of[Name] extends MethodMember<
    infer Params,
    infer Result
  >
    ? BoundCall<Params, Result, Members>
    : never;
};

/**
 * The properties of an object that can only be read: getters, and fields that are declared so.
 *
 * @category Details of inferred types
 */
export type ReadableProperties<Of, Members> = {
  readonly [
    Name in keyof Of as Of[Name] extends GetterMember | FieldMember<unknown, { readonly readonly: true }> ? Name : never
  ]: Of[Name] extends { readonly value: infer Value } ? Lifted<Value, Members> : never;
};

/**
 * The properties of an object that can only be written.
 *
 * @category Details of inferred types
 */
export type WrittenProperties<Of, Members> = {
  -readonly [Name in keyof Of as Of[Name] extends SetterMember ? Name : never]: Of[Name] extends SetterMember<
    infer Value
  >
    ? Lowered<Value, Members>
    : never;
};

/**
 * The fields of an object that can be read and written.
 *
 * @category Details of inferred types
 */
export type PublicFields<Of, Members> = {
  -readonly [
    Name in keyof Of as Of[Name] extends FieldMember<unknown, { readonly readonly: true }>
      ? never
      : Of[Name] extends FieldMember
        ? Name
        : never
  ]: Of[Name] extends FieldMember<infer Value> ? Lifted<Value, Members> : never;
};

/**
 * The members that free an object, without those that its class declares itself.
 *
 * @category Details of inferred types
 */
export type FreeingMembers<Of, ClassName> =
  Extract<keyof Of, keyof WasmObject> extends never ? WasmObject<ClassName> : Omit<WasmObject<ClassName>, keyof Of>;

/** The same type, expanded, so that editors show the members instead of the derivation. */
type Shown<Type> = { [Name in keyof Type]: Type[Name] } & {};

/** The same type, without its alias. */
type Unnamed<Type> = Type extends infer Same ? Same : never;

/**
 * The parameters that the caller passes: all except out parameters and lengths.
 *
 * @category Details of inferred types
 */
export type Passed<Params> = Params extends readonly [infer First, ...infer Rest]
  ? First extends OutType | LengthType | InOutType<LengthType>
    ? Passed<Rest>
    : readonly [First, ...Passed<Rest>]
  : Params extends readonly []
    ? readonly []
    : Params;

/** The values of the parameters that the module writes to: out and in-out parameters, and buffers. */
type OutValues<Params, Members> = Params extends readonly [infer First, ...infer Rest]
  ? First extends OutType<LengthType> | InOutType<LengthType>
    ? OutValues<Rest, Members>
    : First extends OutType<infer Item> | InOutType<infer Item>
      ? [Lifted<Item, Members>, ...OutValues<Rest, Members>]
      : First extends BufferType | OptionalType<BufferType>
        ? [Lifted<First, Members>, ...OutValues<Rest, Members>]
        : OutValues<Rest, Members>
  : [];

/**
 * The return type of a call: its result, the values that the module wrote to parameters, or both in a list.
 *
 * @category Details of inferred types
 */
export type Answer<Params, Result, Members> =
  OutValues<Params, Members> extends infer Outs extends readonly unknown[]
    ? Outs extends []
      ? Returned<Result, Members>
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
