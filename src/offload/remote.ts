import type {
  Arguments,
  ConstructorMember,
  DeclaredClass,
  Elsewhere,
  FieldMember,
  FunctionMember,
  GetterMember,
  Lifted,
  Lowered,
  MethodMember,
  PlainType,
  Posted,
  SetterMember,
  StaticMember,
} from "../types/index.ts";

/** What every object in a worker has beside its members. */
export interface RemoteHandle {
  /**
   * Frees the object in its worker, after the calls on it that wait. Later use is the error `object-unusable`; a second call
   * does nothing.
   */
  free(): Promise<void>;
  /** The same as `free`. */
  dispose(): Promise<void>;
  /** The same as `free`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The functions and classes of a declared interface, in a worker: what `Bound` has, each returning a promise. */
export type Remote<Members> = {
  readonly [Name in keyof Members]: Members[Name] extends FunctionMember<infer Params, infer Result>
    ? (...args: RemoteArguments<Params, Members>) => Answered<Result, Members>
    : Members[Name] extends DeclaredClass<infer Of>
      ? RemoteClass<Of, Members>
      : never;
};

/** A class whose objects live in workers: its constructors, that named `new` included, and its static methods. */
export type RemoteClass<Of, Members> = {
  readonly [
    Name in keyof Of as Of[Name] extends ConstructorMember | StaticMember ? Name : never
  ]: Of[Name] extends ConstructorMember<infer Params>
    ? (...args: RemoteArguments<Params, Members>) => Promise<RemoteObject<Of, Members>>
    : Of[Name] extends StaticMember<infer Params, infer Result>
      ? (...args: RemoteArguments<Params, Members>) => Answered<Result, Members>
      : never;
} & {
  /**
   * Whether a value is an object of this class, for `instanceof`.
   *
   * @param value - Anything.
   */
  [Symbol.hasInstance](value: unknown): value is RemoteObject<Of, Members>;
};

/** The objects of a class of an interface, in a worker. */
export type RemoteObjectOf<Members, Name extends keyof Members> =
  Members[Name] extends DeclaredClass<infer Of> ? RemoteObject<Of, Members> : never;

/**
 * An object that lives in a worker. A property is a method: without an argument it reads, with one it writes. A member
 * `then` is left out, since an object with one cannot be what a promise resolves to.
 */
export type RemoteObject<Of, Members> = Omit<RemoteHandle, keyof Of> & {
  readonly [
    Name in Exclude<keyof Of, "then"> as Of[Name] extends ConstructorMember | StaticMember ? never : Name
  ]: RemoteMember<Of[Name], Members>;
};

/** What is reachable of a member of a class on its objects. */
type RemoteMember<Member, Members> =
  Member extends MethodMember<infer Params, infer Result>
    ? (...args: RemoteArguments<Params, Members>) => Answered<Result, Members>
    : Member extends GetterMember<infer Value>
      ? () => Answered<Value, Members>
      : Member extends SetterMember<infer Value>
        ? (value: Lowered<Value, Scope<Members>>) => Promise<void>
        : Member extends FieldMember<infer Value, { readonly readonly: true }>
          ? () => Answered<Value, Members>
          : Member extends FieldMember<infer Value>
            ? RemoteField<Value, Members>
            : never;

/** A property that is read and written. */
interface RemoteField<Value, Members> {
  /** Reads it. */
  (): Answered<Value, Members>;
  /**
   * Writes it.
   *
   * @param value - Its new value.
   */
  (value: Lowered<Value, Scope<Members>>): Promise<void>;
}

/** In the place of an interface: its classes, whose objects live in workers. */
type Scope<Members> = {
  readonly [Name in keyof Members]: Members[Name] extends DeclaredClass<infer Of>
    ? Elsewhere<RemoteObject<Of, Members>>
    : never;
} & Posted;

type RemoteArguments<Params, Members> = Arguments<Params, Scope<Members>>;

/** What a call is answered with. A promise of the module's is awaited in its worker. */
type Answered<Type, Members> =
  Type extends PlainType<"void"> ? Promise<void> : Promise<Awaited<Lifted<Type, Scope<Members>>>>;
