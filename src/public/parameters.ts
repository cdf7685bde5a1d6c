import type { ArrayType, DeclaredType, ListType, PlainType } from "./declared.ts";

/**
 * A parameter with a name, which messages use.
 *
 * @category Details of declarations
 */
export interface ParamType<Type = unknown> {
  /** The kind of parameter. */
  readonly type: "param";
  /** The parameter's name. */
  readonly name: string;
  /** The type of the parameter. */
  readonly of: Type;
}

/**
 * The type of a parameter without its name.
 *
 * @category Details of inferred types
 */
export type Unnamed<Param> = Param extends ParamType<infer Of> ? Of : Param;

/**
 * A last parameter that collects all remaining arguments.
 *
 * @category Details of declarations
 */
export interface RestType<Type = unknown> {
  /** The kind of parameter. */
  readonly type: "rest";
  /** The type of the collected arguments: a list, an array of numbers, or bytes. */
  readonly of: Type;
}

/**
 * A type that can collect the remaining arguments of a call.
 *
 * @category Details of declarations
 */
export type CollectedType = ListType | ArrayType | PlainType<"bytes">;

/**
 * A declared parameter: a type, a type with a name, or the remaining arguments.
 *
 * @category Details of declarations
 */
export type DeclaredParameter = DeclaredType | ParamType | RestType;

/**
 * A declared parameter of a host function: a type, or a type with a name.
 *
 * @category Details of declarations
 */
export type HostParameter = DeclaredType | ParamType<DeclaredType>;
