import type {
  Answer,
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
  Passed,
  Posted,
  SetterMember,
  StaticMember,
} from "../public/index.ts";

/** Under this key the type of an object carries the name of its class; there is no such property. */
declare const className: unique symbol;

/** What every object in a worker has beside its members. */
export interface RemoteHandle<ClassName = unknown> {
  /** Never set: it keeps classes apart that have the same members. */
  readonly [className]: ClassName | undefined;
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
    ? (...args: RemoteArguments<Params, Members>) => Promise<Awaited<Answer<Params, Result, Scope<Members>>>>
    : Members[Name] extends DeclaredClass<infer Of>
      ? RemoteClass<Of, Members, Name>
      : never;
};

/** A class whose objects live in workers: its constructors, that named `new` included, and its static methods. */
export type RemoteClass<Of, Members, ClassName> = {
  readonly [
    Name in keyof Of as Of[Name] extends ConstructorMember | StaticMember ? Name : never
  ]: Of[Name] extends ConstructorMember<infer Params>
    ? (...args: RemoteArguments<Params, Members>) => Promise<RemoteObject<Of, Members, ClassName>>
    : Of[Name] extends StaticMember<infer Params, infer Result>
      ? (...args: RemoteArguments<Params, Members>) => Promise<Awaited<Answer<Params, Result, Scope<Members>>>>
      : never;
} & {
  /**
   * Whether a value is an object of this class, for `instanceof`.
   *
   * @param value - Anything.
   */
  [Symbol.hasInstance](value: unknown): value is RemoteObject<Of, Members, ClassName>;
};

/** The objects of a class of an interface, in a worker. */
export type RemoteObjectOf<Members, Name extends keyof Members> =
  Members[Name] extends DeclaredClass<infer Of> ? RemoteObject<Of, Members, Name> : never;

/**
 * An object that lives in a worker. A property is a method: without an argument it reads, with one it writes. A member
 * `then` is left out, since an object with one cannot be what a promise resolves to.
 */
export type RemoteObject<Of, Members, ClassName> = Omit<RemoteHandle<ClassName>, keyof Of> & {
  readonly [
    Name in Exclude<keyof Of, "then"> as Of[Name] extends ConstructorMember | StaticMember ? never : Name
  ]: RemoteMember<Of[Name], Members>;
};

/** What is reachable of a member of a class on its objects. */
type RemoteMember<Member, Members> =
  Member extends MethodMember<infer Params, infer Result>
    ? (...args: RemoteArguments<Params, Members>) => Promise<Awaited<Answer<Params, Result, Scope<Members>>>>
    : Member extends GetterMember<infer Value>
      ? () => Promise<Awaited<Lifted<Value, Scope<Members>>>>
      : Member extends SetterMember<infer Value>
        ? (value: Lowered<Value, Scope<Members>>) => Promise<void>
        : Member extends FieldMember<infer Value, { readonly readonly: true }>
          ? () => Promise<Awaited<Lifted<Value, Scope<Members>>>>
          : Member extends FieldMember<infer Value>
            ? RemoteField<Value, Members>
            : never;

/** A property that is read and written. */
interface RemoteField<Value, Members> {
  /** Reads it. */
  (): Promise<Awaited<Lifted<Value, Scope<Members>>>>;
  /**
   * Writes it.
   *
   * @param value - Its new value.
   */
  (value: Lowered<Value, Scope<Members>>): Promise<void>;
}

/** In the incarnation of an interface: its classes, whose objects live in workers. */
type Scope<Members> = {
  readonly [Name in keyof Members]: Members[Name] extends DeclaredClass<infer Of>
    ? Elsewhere<RemoteObject<Of, Members, Name>>
    : never;
} & Posted;

type RemoteArguments<Params, Members> = Arguments<Passed<Params>, Scope<Members>>;
