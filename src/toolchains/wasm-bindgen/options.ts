import type { Known } from "../../public/index.ts";

/**
 * How to run and destroy a closure that a module passes to JavaScript.
 *
 * @example
 * ```ts
 * const closure: StatedClosure = {
 *   call: "__wasm_bindgen_func_elem_42",
 *   signature: "(h,s)->H",
 *   destroy: 17,
 * };
 * const adapter = wasmBindgen({
 *   closures: { __wbindgen_closure_wrapper7: closure },
 * });
 * ```
 * @category wasm-bindgen
 */
export interface StatedClosure {
  /** The export that runs it. */
  readonly call: string;
  /**
   * Its parameters and result, in type letters, as in `"(h,s)->H"`: `h` a value that is borrowed, `H` one that is moved, `s`
   * and `S` text, `b` bool, `i` and `u` integers, `I` and `U` 64-bit ones, `f` and `d` floats. With `mut` and a space in
   * front, the closure must not be called while it runs. With `!` before the result, the result is a `Result`, as in
   * `"mut (H)->!"`, and an error that Rust returns is thrown.
   */
  readonly signature: string;
  /**
   * The function that destroys it: an export, or an index in the function table. Without it, closures that JavaScript owns
   * leak.
   */
  readonly destroy?: string | number;
}

/**
 * Statements about facts that a module's bytes do not contain.
 *
 * @example
 * ```ts
 * const adapter = wasmBindgen({
 *   meanings: { __wbg_set_0011223344556677: "Map.prototype.set" },
 * });
 * const wasm = await load("./app_bg.wasm", { adapters: [adapter] });
 * ```
 * @category wasm-bindgen
 */
export interface WasmBindgenOptions {
  /**
   * The meaning of an import, by the import's name: one of the meanings that its stub lists, as in
   * `{ __wbg_set_0011223344556677: "Map.prototype.set" }`, or any other meaning with its types, as in
   * `"Game.prototype.move: (u,s)->b"`, in the type letters of `signature` in {@link StatedClosure}. The receiver is not
   * among the parameters. `docs/wasm-bindgen.md` lists the forms.
   */
  readonly meanings?: { readonly [importName: string]: string };
  /** The closures that an import makes, by the import's name. */
  readonly closures?: { readonly [importName: string]: StatedClosure };
  /**
   * The type that an import casts to a JavaScript value, by the import's name: `"s"` text, `"&[u8]"` bytes, `"U"` an
   * unsigned bigint.
   */
  readonly casts?: { readonly [importName: string]: string };
  /**
   * Additional tables of declarations, in search order: `webTable` of `unglue/wasm-bindgen/web`, or your own. Without this
   * option, asynchronous calls fetch `webTable` for modules that need it. With it, nothing is fetched.
   */
  readonly tables?: readonly string[];
}

/**
 * The option `known` for a wasm-bindgen module, as a declaration file has it. An import that nothing here is about is
 * identified by its name and hash, for which tables are fetched. They are not fetched if there is no such import.
 *
 * @example
 * ```ts
 * const known: WasmBindgenKnown = {
 *   toolchain: "wasm-bindgen",
 *   version: "0.2.92",
 *   meanings: {
 *     __wbg_log_1d990106d99dacb7: "console.log: (h)",
 *     __wbg_now_0cfdc90c97d0c24b: "Date.now: ()->d",
 *   },
 * };
 * ```
 * @category wasm-bindgen
 */
export interface WasmBindgenKnown extends Known {
  readonly toolchain: "wasm-bindgen";
  /** The version of wasm-bindgen that made the module, as in `"0.2.92"`. */
  readonly version?: string;
  /** The meanings of imports, by their names. Each has its types. A meaning that would run text as code is refused. */
  readonly meanings?: { readonly [importName: string]: string };
  /** The types of casts, as in {@link WasmBindgenOptions}. */
  readonly casts?: { readonly [importName: string]: string };
  /** The closures that imports make or take, as in {@link WasmBindgenOptions}. */
  readonly closures?: { readonly [importName: string]: StatedClosure };
  /** The names of imports whose meaning is unknown. They are stubs, and no table is fetched for them. */
  readonly holes?: readonly string[];
  /**
   * Whether all of this was compared with the module when it was written, as `unglue declare` does. With the module's
   * fingerprint, `load` then reads a meaning when its import is first called or reported, not all of them before. One that does
   * not fit is refused there: `invalid-option`.
   */
  readonly checked?: boolean;
}

/** The description of a valid meaning, to follow "must be". */
export const readableMeaning =
  'a meaning such as "Map.prototype.set", "new Map()", "get Element.prototype.id" or, with types, "Game.prototype.move: (u,s)->b"';

/** The description of a meaning that data can state, to follow "must be". */
export const harmlessMeaning =
  "a meaning that does not turn text into code: not Function, eval, a constructor or __proto__ of something, nor a timer with a text";

/** The description of a valid cast, to follow "must be". */
export const readableCast = 'the code of a type, such as "s" for text, "&[u8]" for bytes, "I" or "U" for integers';

/** The description of a valid table, to follow "must be". */
export const readableTable =
  "a table in the format of this version, which begins with a crate, its versions and a number (generate an older table again)";

/** The description of a valid closure signature, to follow "must be". */
export const closureGrammar = 'a signature such as "(h,s)->H" or "mut (H)->!"';
