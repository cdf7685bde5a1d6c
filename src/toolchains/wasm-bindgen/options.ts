/** What runs and destroys a closure that a module passes to JavaScript. */
export interface StatedClosure {
  /** The export that runs it. */
  readonly call: string;
  /**
   * What it takes and returns, in the letters of the types, as in `"(h,s)->H"`: `h` a value that is lent, `H` one that is
   * given away, `s` and `S` text, `b` bool, `i` and `u` integers, `I` and `U` 64-bit ones, `f` and `d` floats.
   * With `mut` and a space before it, it may not be called while it runs. With `!` before the result it is a `Result`, as in
   * `"mut (H)->!"`, and throws what Rust returns as the error.
   */
  readonly signature: string;
  /** What destroys it: an export, or an index of the table of functions. Absent, what JavaScript still holds then leaks. */
  readonly destroy?: string | number;
}

/** What a user can state where a module's bytes do not tell. */
export interface WasmBindgenOptions {
  /**
   * What an import does, by the import's name: one of the meanings that its stub lists, as in
   * `{ __wbg_set_0011223344556677: "Map.prototype.set" }`, or any other with its types, as in
   * `"Game.prototype.move: (u,s)->b"`, in the letters of `signature` in {@link StatedClosure}. The receiver is not among the
   * parameters.
   */
  readonly meanings?: { readonly [importName: string]: string };
  /** What runs the closures that an import makes, by the import's name. */
  readonly closures?: { readonly [importName: string]: StatedClosure };
  /** What an import casts to a JavaScript value, by the import's name: `"s"` text, `"&[u8]"` bytes, `"U"` an unsigned bigint. */
  readonly casts?: { readonly [importName: string]: string };
  /**
   * Further tables of declarations, in the order in which to look: `webTable` of `unglue/wasm-bindgen/web`, or one of your
   * own. Without this option asynchronous calls fetch `webTable` for modules that need it; with it nothing is fetched.
   */
  readonly tables?: readonly string[];
}

/** What a meaning must be; the words follow "must be". */
export const readableMeaning =
  'a meaning such as "Map.prototype.set", "new Map()", "get Element.prototype.id" or, with types, "Game.prototype.move: (u,s)->b"';

/** What a cast must be. */
export const readableCast = 'the code of a type, such as "s" for text, "&[u8]" for bytes, "I" or "U" for integers';

/** What the signature of a closure must be. */
export const closureGrammar = 'a signature such as "(h,s)->H" or "mut (H)->!"';
