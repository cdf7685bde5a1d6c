/**
 * A declaration with an option that is set.
 *
 * @category Details of inferred types
 */
export type Having<Flag extends "optional" | "static"> = { readonly [Name in Flag]: true };

/**
 * A member with an option that is set.
 *
 * @category Details of inferred types
 */
export type Flagged<Flag extends "optional" | "static"> =
  Having<Flag> | { readonly options: Having<Flag> } | { readonly get: Having<Flag> };

/**
 * The same members, expanded. Those that were declared as optional may be `undefined`.
 *
 * @category Details of inferred types
 */
export type WithAbsent<Type, Declared> = [FlaggedIn<Declared, "optional">] extends [never]
  ? Shown<Type>
  : Shown<
      Omit<Type, FlaggedIn<Declared, "optional">> &
        Partial<Pick<Type, Extract<keyof Type, FlaggedIn<Declared, "optional">>>>
    >;

/**
 * The names of the members with an option that is set.
 *
 * @category Details of inferred types
 */
export type FlaggedIn<Declared, Flag extends "optional" | "static"> = {
  [Name in keyof Declared]: Declared[Name] extends Flagged<Flag> ? Name : never;
}[keyof Declared];

/**
 * The same type, expanded, so that editors show the members instead of the derivation.
 *
 * @category Details of inferred types
 */
export type Shown<Type> = { [Name in keyof Type]: Type[Name] } & {};
