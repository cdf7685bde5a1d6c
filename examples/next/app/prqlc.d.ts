/*
 * The interface of prqlc 0.13.14, Apache-2.0, for unglue.
 * Read from dist/bundler/prqlc_js_bg.wasm by unglue 0.1.0. Write it again with: npx unglue declare prqlc -o app/prqlc.js
 */

import type * as unglue from "unglue";

/** Compilation options for SQL backend of the compiler. */
export interface CompileOptions extends unglue.WasmObject<"CompileOptions"> {
  /**
   * Target to compile to (e.g. sql.postgres)
   *
   * Defaults to `sql.any`, which uses `target` argument from the query header to determine
   * the SQL dialect.
   */
  target: string;
  /**
   * Pass generated SQL string through a formatter that splits it
   * into multiple lines and prettifies indentation and spacing.
   *
   * Defaults to true.
   */
  format: boolean;
  /**
   * Emits the compiler signature as a comment after generated SQL
   *
   * Defaults to true.
   */
  signature_comment: boolean;
}

/** The members of `wasm.api`. */
export interface Api {
  /** Compilation options for SQL backend of the compiler. */
  readonly CompileOptions: {
    new (): CompileOptions;
    readonly prototype: CompileOptions;
  };
  compile(prql_query: string, options?: CompileOptions | null): string | undefined;
  get_targets(): unknown[];
  pl_to_prql(pl_json: string): string | undefined;
  pl_to_rq(pl_json: string): string | undefined;
  prql_to_pl(prql_query: string): string | undefined;
  rq_to_sql(rq_json: string): string | undefined;
}

declare const declaration: unglue.DeclarationFile<unglue.StatedMembers<Api>>;
export default declaration;
