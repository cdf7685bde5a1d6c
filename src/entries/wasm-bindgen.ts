/**
 * The adapter for wasm-bindgen modules, with its table of declarations, for calls that cannot wait and for options.
 */
import { fetchWebTable } from "../toolchains/wasm-bindgen/known/fetch-web-table.ts";
import { createTables, knownTable } from "../toolchains/wasm-bindgen/known/index.ts";
import { ownTree } from "../base/own.ts";
import type { Adapter } from "../public/index.ts";
import { checkOptions } from "../toolchains/wasm-bindgen/check.ts";
import { createAdapter, type WasmBindgenOptions } from "../toolchains/wasm-bindgen/index.ts";

export type { StatedClosure, WasmBindgenOptions } from "../toolchains/wasm-bindgen/index.ts";

/**
 * Makes the adapter for wasm-bindgen modules. Asynchronous calls use it by themselves; a synchronous call needs it given,
 * and options need it given everywhere.
 *
 * Errors: `invalid-option`, `unknown-option`; what fits nothing in a module is `invalid-option` where that is loaded.
 *
 * @param options - What to state where a module's bytes do not tell, and further tables of declarations.
 * @example
 * ```ts
 * const wasm = loadSync(bytes, { adapters: [wasmBindgen()] });
 * ```
 */
export function wasmBindgen(options: WasmBindgenOptions = {}): Adapter {
  const stated = ownTree(options);
  checkOptions(stated);
  // Without tables of the user's own it knows as much as the adapter that asynchronous calls fetch.
  const tables =
    stated.tables === undefined
      ? createTables([knownTable], fetchWebTable)
      : createTables([knownTable, ...stated.tables]);
  return createAdapter(tables, stated);
}
