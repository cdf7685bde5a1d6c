import type { ExportedFunction } from "./exports.ts";

/**
 * A table, by index. Errors of `get` and `set`: `table-out-of-bounds`, and `invalid-argument` for an index that is no number.
 *
 * @example
 * ```ts
 * const compare = wasm.table.get(3);
 * ```
 * @category Instances
 */
export interface Table<Element = ExportedFunction> {
  /** The engine's own object. */
  readonly raw: WebAssembly.Table;
  /** How many elements it has. */
  readonly length: number;
  /**
   * Returns the element at an index; `null` if it is empty.
   *
   * @param index - The index.
   */
  get(index: number | bigint): Element | null;
  /**
   * Assigns an element. Errors: also `invalid-argument` for a value that the table cannot hold; a table of functions
   * holds only functions that came from WebAssembly (see {@link Instance.callback} for others).
   *
   * @param index - The index.
   * @param value - The new element.
   */
  set(index: number | bigint, value: Element | null): void;
  /**
   * Adds empty elements. Errors: `table-full`.
   *
   * @param count - How many.
   * @returns The previous number of elements.
   */
  grow(count: number | bigint): number;
}

/**
 * The JavaScript types for the letters of a callback's signature.
 *
 * @category Details of inferred types
 */
export interface SignatureLetters {
  /** i32 */
  i: number;
  /** i64 */
  j: bigint;
  /** f32 */
  f: number;
  /** f64 */
  d: number;
  /** externref */
  e: unknown;
}

/**
 * The tuple of JavaScript types for a run of letters; `null` if one of them is not a signature letter.
 *
 * @category Details of inferred types
 */
export type LetterTypes<
  Letters extends string,
  Types extends unknown[] = [],
> = Letters extends `${infer Letter}${infer Rest}`
  ? Letter extends keyof SignatureLetters
    ? LetterTypes<Rest, [...Types, SignatureLetters[Letter]]>
    : null
  : Types;

/**
 * The return type for the result letters: nothing, one value, or an array of several.
 *
 * @category Details of inferred types
 */
export type LetterResult<Letters extends string> =
  LetterTypes<Letters> extends infer Types extends unknown[]
    ? Types extends []
      ? void // eslint-disable-line @typescript-eslint/no-invalid-void-type -- becomes a return type
      : Types extends [infer Single]
        ? Single
        : Types
    : never;

/**
 * The function type of a callback signature: letters of the parameters, `->`, letters of the results.
 *
 * @example
 * ```ts
 * type Compare = CallbackFunction<"ii->i">; // (a: number, b: number) => number
 * ```
 * @category Instances
 */
export type CallbackFunction<Signature extends string> = string extends Signature
  ? (...args: never[]) => unknown
  : Signature extends `${infer Params}->${infer Results}`
    ? LetterTypes<Params> extends infer Args extends unknown[]
      ? (...args: Args) => LetterResult<Results>
      : never
    : never;
