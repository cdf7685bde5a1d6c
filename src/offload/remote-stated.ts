import type { ClassNamesOf, StatedClass, WasmObject } from "../public/index.ts";
import type { RemoteHandle } from "./remote-handle.ts";

/**
 * A function in a worker whose TypeScript type is given: it returns a promise, and its objects live in the worker.
 *
 * @category Details of inferred types
 */
export type RemoteStated<Call, Members> = Call extends (...args: infer Args) => infer Result
  ? (...args: RemoteValues<Args, Members>) => Promise<RemoteValue<Awaited<Result>, Members>>
  : never;

/**
 * A class whose TypeScript type is given and whose objects live in workers.
 *
 * @category Details of inferred types
 */
export type RemoteStatedClass<Class, Object, Members, Name> = {
  readonly [Key in Exclude<keyof Class, "prototype">]: RemoteStatedMember<Class, Key, Members>;
} & (Class extends new (...args: infer Args) => unknown
  ? {
      /** Makes an object. */
      readonly new: (...args: RemoteValues<Args, Members>) => Promise<RemoteStatedObject<Object, Members, Name>>;
    }
  : unknown) & {
    /**
     * Whether a value is an object of this class, for `instanceof`.
     *
     * @param value - Anything.
     */
    [Symbol.hasInstance](value: unknown): value is RemoteStatedObject<Object, Members, Name>;
  };

/**
 * An object in a worker of a class whose TypeScript type is given.
 *
 * @category Details of inferred types
 */
export type RemoteStatedObject<Object, Members, Name> = RemoteHandle<Name> & {
  readonly [Key in Exclude<keyof Object, keyof WasmObject | "then">]: RemoteStatedMember<Object, Key, Members>;
};

/** A method, or a property as a method that reads, and writes what it gets. */
type RemoteStatedMember<Of, Key extends keyof Of, Members> = Of[Key] extends (...args: never) => unknown
  ? RemoteStated<Of[Key], Members>
  : IsReadonly<Of, Key> extends true
    ? () => Promise<RemoteValue<Of[Key], Members>>
    : {
        (): Promise<RemoteValue<Of[Key], Members>>;
        (value: RemoteValue<Of[Key], Members>): Promise<void>;
      };

/** Whether a property cannot be written: types are identical only if their modifiers are. */
type IsReadonly<Of, Key extends keyof Of> =
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it makes the comparison one of identity
  (<Type>() => Type extends { -readonly [One in Key]: Of[One] } ? 1 : 2) extends <Type>() => Type extends Pick<Of, Key>
    ? 1
    : 2
    ? false
    : true;

type RemoteValues<Values extends readonly unknown[], Members> = {
  [At in keyof Values]: RemoteValue<Values[At], Members>;
};

/** A value with the objects of the interface replaced by those in the worker; also as items of arrays. */
type RemoteValue<Value, Members> = Value extends WasmObject
  ? RemoteNamed<Value, Members, ClassNamesOf<Value> & keyof Members>
  : Value extends readonly (infer Item extends WasmObject)[]
    ? RemoteValue<Item, Members>[]
    : Value;

/** Of an object's classes, the one with exactly its type. */
type RemoteNamed<Value, Members, Name extends keyof Members> = Name extends unknown
  ? Members[Name] extends StatedClass<unknown, infer Object>
    ? Object extends Value
      ? RemoteStatedObject<Object, Members, Name>
      : never
    : never
  : never;
