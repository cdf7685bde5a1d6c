/**
 * One of a set of strings, or one of a set of numbers. As a member of an interface it gives `wasm.api` its named values.
 *
 * @category Details of declarations
 */
export interface EnumerationType<Value extends string | number = string | number, Named = unknown> {
  /** The kind of type. */
  readonly type: "enumeration";
  /** Its possible values, in the order of the declaration. */
  readonly values: readonly Value[];
  /** The name of each value, in the same order; absent if the values are their own names. */
  readonly names?: readonly string[];
  /** Never set. It only carries the values by name. */
  readonly named?: Named;
  /** Whether these are all the values that the module has. */
  readonly complete?: boolean;
}

/**
 * Options of an enumeration.
 *
 * @example
 * ```ts
 * const level = t.enumeration({ Low: 0, High: 4 }, { complete: true });
 * const api = t.api({ level: t.fn([], t.optional(level)) });
 * ```
 * @category Declared interfaces
 */
export interface EnumerationOptions {
  /**
   * Whether these are all the values that the module has. `t.optional` of it needs this in wasm-bindgen's convention, where
   * "none" is a number that no value has and depends on all of them.
   */
  readonly complete?: boolean;
}

/**
 * The values of an enumeration that is declared by an object: its numbers, or its strings if it has no numbers.
 *
 * @category Details of declarations
 */
export type EnumerationValue<Values> = [Extract<Values[keyof Values], number>] extends [never]
  ? Values[keyof Values]
  : Extract<Values[keyof Values], number>;

/**
 * The named values of an enumeration that is declared by an object.
 *
 * @category Details of declarations
 */
export type EnumerationNames<Values> = {
  readonly [
    Name in keyof Values as Values[Name] extends EnumerationValue<Values> ? Name & string : never
  ]: Values[Name];
};
