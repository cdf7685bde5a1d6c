import type { EnumerationType } from "./enumeration.ts";
import type { DeclaredClass, FunctionMember } from "./members.ts";

/**
 * The members of an interface whose TypeScript types are given by name, not inferred: those of a declaration file.
 *
 * @example
 * ```ts
 * interface Functions {
 *   greet(name: string): string;
 * }
 * declare const api: Api<StatedMembers<Functions>>;
 * ```
 * @category Declared interfaces
 */
export type StatedMembers<Values> = { readonly [Name in keyof Values]: StatedMember<Values[Name]> };

/** The member that becomes a value of that type. */
type StatedMember<Value> = Value extends abstract new (...args: never) => infer Object
  ? StatedClass<Value, Object>
  : Value extends (...args: never) => unknown
    ? StatedFunction<Value>
    : EnumerationType<Value[keyof Value] & (string | number), Value>;

/**
 * A declared function whose TypeScript type is given.
 *
 * @category Details of declarations
 */
export interface StatedFunction<Call> extends FunctionMember {
  /** Never set. It only carries the type. */
  readonly stated: Call;
}

/**
 * A declared class whose TypeScript type is given.
 *
 * @category Details of declarations
 */
export interface StatedClass<Class, Object> extends DeclaredClass {
  /** Never set. It only carries the type. */
  readonly stated: Class;
  /** Never set. It only carries the type of the objects. */
  readonly object: Object;
}
