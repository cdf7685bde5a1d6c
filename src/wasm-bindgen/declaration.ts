/** What an import does: one declaration of a crate, as its source has it. */
export interface Declaration {
  /** The crate, as in `"js-sys"`. */
  readonly crate: string;
  /** What kind of thing is done. */
  readonly kind:
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
  /** Where it lives on `globalThis`, as in `["Array"]` or `["console"]`. */
  readonly path: readonly string[];
  /** The property or function, as in `"push"`. */
  readonly name: string;
  /** The type codes of the parameters, without the receiver. */
  readonly params: readonly string[];
  /** Whether the first parameter is the receiver. */
  readonly receiver: boolean;
  /** The type code of the result; empty for none. */
  readonly result: string;
  /** Whether an exception is handed to the module. */
  readonly catch: boolean;
  /** Whether the last parameter is a list of arguments. */
  readonly variadic: boolean;
}
