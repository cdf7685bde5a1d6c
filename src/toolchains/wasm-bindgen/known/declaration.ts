/**
 * The code of a type, which tells how a value is passed, in a few characters:
 *
 * | code                              | Rust                                                                  |
 * | --------------------------------- | --------------------------------------------------------------------- |
 * | `h`, `H`                          | `&JsValue`, `&Array`, `&Closure<…>`: borrowed handle; `JsValue`: owned |
 * | `s`, `S`                          | `&str`: borrowed text; `String`: owned, the receiver frees            |
 * | `b`, `c`                          | `bool`, `char`                                                        |
 * | `i8` `i16` `i`, `u8` `u16` `u`    | integers up to 32 bits; `i` and `u` are also `isize` and `usize`      |
 * | `I` `U` `i128` `u128`             | `i64`, `u64`, `i128`, `u128`                                          |
 * | `f`, `d`                          | `f32`, `f64`                                                          |
 * | `&[u8`, `&m[u8`                   | `&[u8]`, `&mut [u8]`; the element is any code of a number, `h`, `H`   |
 * | `[u8`, `[S`, `[H`                 | `Vec` or boxed slice: owned, the receiver frees                       |
 * | `&[c8`, `&m[c8`, `[c8`            | the same within `Clamped`                                             |
 * | `Fn(H,u)b`, `Mut(H)`              | `&dyn Fn(…)`, `&mut dyn FnMut(…)`: callable during the call only      |
 * | `"same-origin\|no-cors`           | a string enum: its texts in the order of their numbers                |
 * | `?` before any of these           | `Option`                                                              |
 * | `!` before a closure's result     | `Result`                                                              |
 */
export type TypeCode = string;

/** The operation on the thing at a declaration's path. */
export type DeclarationKind =
  | "function"
  | "constructor"
  | "method"
  | "static"
  | "getter"
  | "setter"
  | "static-getter"
  | "static-setter"
  | "index-getter"
  | "index-setter"
  | "index-deleter"
  | "instanceof"
  | "accessor"
  | "intrinsic";

/** A declaration of a crate, as in its source. It defines what an import does. */
export interface Declaration {
  /** The crate's name: `js-sys`. */
  readonly crate: string;
  /** The operation. `accessor` reads a global value; `intrinsic` is wasm-bindgen's own and has only its name. */
  readonly kind: DeclarationKind;
  /** Where it lives on `globalThis`: the namespace and, for a member of a class, the class. Empty for a global function. */
  readonly path: readonly string[];
  /** The property's or function's name in JavaScript; empty for index access, constructors and `instanceof`. */
  readonly name: string;
  /** The parameters after the receiver. */
  readonly params: readonly TypeCode[];
  /** Whether the first word is the receiver, a borrowed handle. */
  readonly receiver: boolean;
  /** The result; empty for none. */
  readonly result: TypeCode;
  /** Whether an exception is caught and stored for Rust. */
  readonly catch: boolean;
  /** Whether the last parameter is a list to be spread. */
  readonly variadic: boolean;
  /** The closure that a parameter holds, as a code: the module makes closures of that type. */
  readonly closure: TypeCode | undefined;
}
