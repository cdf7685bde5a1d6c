import type { BuiltinOptions } from "./builtins.ts";
import type { Api, NoMembers } from "./members.ts";

/**
 * The contents of a declaration file, which `unglue declare` writes: everything about a module that is not in its bytes, as
 * plain data. All its members are options, so the file itself can be the options of a call.
 *
 * @example
 * ```ts
 * const api = t.api({ add: t.fn([t.u32, t.u32], t.u32) });
 * const math: DeclarationFile<typeof api.members> = {
 *   format: 1,
 *   fingerprint: "9b0c1d2e3f405162",
 *   api,
 * };
 * const wasm = await load("./math.wasm", math);
 * ```
 * @category Declaration files
 */
export interface DeclarationFile<Members = NoMembers> extends BuiltinOptions {
  /** The version of this format. */
  readonly format: 1;
  /** A hash of the module's imports and exports, with their types. */
  readonly fingerprint: string;
  /** The interface of the module, as `t.api` returns it. */
  readonly api?: Api<Members>;
  /** Facts for the adapter of the module's toolchain, such as the meanings of imports. */
  readonly known?: Known;
  /** The types of imports and exports, for hosts that have only a compiled module. */
  readonly shape?: CompactShape;
}

/**
 * Facts about a module for the adapter of its toolchain. The adapter defines the members besides `toolchain`:
 * `WasmBindgenKnown` of `unglue/wasm-bindgen` has those of wasm-bindgen.
 *
 * @example
 * ```ts
 * const known: Known = {
 *   toolchain: "wasm-bindgen",
 *   meanings: { __wbg_log_1d990106d99dacb7: "console.log: (h)" },
 * };
 * const wasm = await load("./app_bg.wasm", { known });
 * ```
 * @category Declaration files
 */
export interface Known {
  /** The name of the toolchain whose adapter reads this. */
  readonly toolchain: string;
  /** A fact, as the adapter defines it. */
  readonly [fact: string]: unknown;
}

/**
 * The types of a module's imports and exports in short form, as JSON. `unglue shape --compact` writes it. It adds to a
 * compiled module what that does not reveal, and stands wherever a {@link Shape} can be given.
 *
 * The letters of value types are `i` i32, `j` i64, `f` f32, `d` f64, `v` v128, `x` externref and `a` funcref; others stand in
 * braces.
 *
 * @example
 * ```ts
 * const shape: CompactShape = {
 *   imports: [["env", "ii>:log"]],
 *   exports: ["0m:memory", "ii>i:add"],
 *   memories: ["17"],
 * };
 * ```
 * @category Declaration files
 */
export interface CompactShape {
  /**
   * The imports in the module's order, in groups that begin with the name of the module they are imported from. The rest of
   * a group are imports: the type in short form, a colon, and the name. A function is `params>results`, a memory `m`, a table `t`, a
   * constant global `=` and its type, a variable one `~` and its type, a tag `!` and its parameters.
   */
  readonly imports: readonly (readonly string[])[];
  /** The exports in the module's order, in the same form. An index begins the form of everything except functions. */
  readonly exports: readonly string[];
  /** The memories, imported ones first: initial size, maximum, the words `i64` and `shared`, `page` and its size. */
  readonly memories?: readonly string[];
  /** The tables, imported ones first: initial size, maximum, the words `i64` and `shared`, and the type of the elements. */
  readonly tables?: readonly string[];
  /** The index of the start function. */
  readonly start?: number;
  /** The type section as hexadecimal digits, if an import's type refers to it by index. */
  readonly types?: string;
}
