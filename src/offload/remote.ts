import type {
  Answer,
  Arguments,
  ConstructorMember,
  DeclaredClass,
  Elsewhere,
  EnumerationType,
  FieldMember,
  Flagged,
  FunctionMember,
  GetterMember,
  Lifted,
  Lowered,
  MethodMember,
  Passed,
  Posted,
  PropertyMember,
  SetterMember,
  StatedClass,
  StatedFunction,
  StaticMember,
} from "../public/index.ts";
import type { RemoteHandle } from "./remote-handle.ts";
import type { RemoteStated, RemoteStatedClass } from "./remote-stated.ts";

/**
 * The functions and classes of a declared interface in a worker: the members of `Bound`, each returning a promise.
 *
 * @category Details of inferred types
 */
export type Remote<Members> = {
  readonly [Name in keyof Members]: Members[Name] extends StatedFunction<infer Call>
    ? RemoteStated<Call, Members>
    : Members[Name] extends StatedClass<infer Class, infer Object>
      ? RemoteStatedClass<Class, Object, Members, Name>
      : Members[Name] extends FunctionMember<infer Params, infer Result>
        ? (...args: RemoteArguments<Params, Members>) => Promise<Awaited<Answer<Params, Result, Scope<Members>>>>
        : Members[Name] extends DeclaredClass<infer Of>
          ? RemoteClass<Of, Members, Name>
          : Members[Name] extends EnumerationType<string | number, infer Named>
            ? Named
            : never;
};

/**
 * A class whose objects live in workers. It has the constructors, `new` included, and the static methods.
 *
 * @category Details of inferred types
 */
export type RemoteClass<Of, Members, ClassName extends keyof Members> = {
  readonly [
    Name in keyof Of as Of[Name] extends ConstructorMember | StaticMember | Flagged<"static"> ? Name : never
  ]: Of[Name] extends ConstructorMember<infer Params>
    ? (...args: RemoteArguments<Params, Members>) => Promise<RemoteObject<Of, Members, ClassName>>
    : Of[Name] extends StaticMember<infer Params, infer Result>
      ? (...args: RemoteArguments<Params, Members>) => Promise<Awaited<Answer<Params, Result, Scope<Members>>>>
      : RemoteMember<Of[Name], Members>;
} & {
  /**
   * Whether a value is an object of this class, for `instanceof`.
   *
   * @param value - Anything.
   */
  [Symbol.hasInstance](value: unknown): value is RemoteObject<Of, Members, ClassName>;
};

/**
 * The objects of a class of an interface, in a worker.
 *
 * @category Details of inferred types
 */
export type RemoteObjectOf<Members, Name extends keyof Members> =
  Members[Name] extends DeclaredClass<infer Of> ? RemoteObject<Of, Members, Name> : never;

/**
 * An object that lives in a worker. A property is a method that reads without an argument and writes with one. A member
 * `then` is left out, since a promise could not resolve to an object that has one.
 *
 * @category Details of inferred types
 */
export type RemoteObject<Of, Members, ClassName extends keyof Members> = Omit<RemoteHandle<ClassName>, keyof Of> & {
  readonly [
    Name in Exclude<keyof Of, "then"> as Of[Name] extends ConstructorMember | StaticMember | Flagged<"static">
      ? never
      : Name
  ]: RemoteMember<Of[Name], Members>;
} & (Members[ClassName] extends { readonly extends: infer Parent extends keyof Members }
    ? RemoteObjectOf<Members, Parent>
    : unknown);

/** The type of a class member on the objects in a worker. */
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
            ? RemoteField<Value, Value, Members>
            : Member extends PropertyMember<GetterMember<infer Read>, SetterMember<infer Written>>
              ? RemoteField<Read, Written, Members>
              : never;

/** A property that can be read and written. */
interface RemoteField<Read, Written, Members> {
  /** Reads it. */
  (): Promise<Awaited<Lifted<Read, Scope<Members>>>>;
  /**
   * Writes it.
   *
   * @param value - Its new value.
   */
  (value: Lowered<Written, Scope<Members>>): Promise<void>;
}

/** The classes of an interface, as types of objects that live in workers. */
type Scope<Members> = {
  readonly [Name in keyof Members]: Members[Name] extends DeclaredClass<infer Of>
    ? Elsewhere<RemoteObject<Of, Members, Name>>
    : never;
} & Posted;

type RemoteArguments<Params, Members> = Arguments<Passed<Params>, Scope<Members>>;
