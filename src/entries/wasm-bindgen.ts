/** The adapter for wasm-bindgen modules, with its table of declarations, for synchronous calls and for options. */
import { createTables, fetchPart, knownTable } from "../toolchains/wasm-bindgen/known/index.ts";
import { copyGiven } from "../errors/given.ts";
import type { Adapter } from "../public/index.ts";
import { checkOptions } from "../toolchains/wasm-bindgen/check-options.ts";
import { createHosting } from "../toolchains/wasm-bindgen/hosting.ts";
import { createAdapter, type WasmBindgenOptions } from "../toolchains/wasm-bindgen/index.ts";
import { refuseUncalled } from "../toolchains/uncalled.ts";
import { readings } from "../toolchains/wasm-bindgen/readings.ts";

export type { StatedClosure, WasmBindgenKnown, WasmBindgenOptions } from "../toolchains/wasm-bindgen/index.ts";

/**
 * Makes the adapter for wasm-bindgen modules. Asynchronous calls load it automatically; pass it to synchronous calls, and
 * wherever you need its options.
 *
 * Errors: `invalid-option`, `unknown-option`; an option that matches nothing in a module is `invalid-option` when that is
 * loaded.
 *
 * @param options - Facts that a module's bytes do not tell, and further tables of declarations.
 * @example
 * ```ts
 * const wasm = loadSync(bytes, { adapters: [wasmBindgen()] });
 * ```
 * @category wasm-bindgen
 */
export function wasmBindgen(options: WasmBindgenOptions = {}): Adapter {
  refuseUncalled(options, "adapters: [wasmBindgen()]");
  const stated = copyGiven("wasmBindgen", "options", options);
  checkOptions(stated);
  // Without the user's own tables, it knows as much as the adapter that asynchronous calls fetch.
  const tables =
    stated.tables === undefined ? createTables([knownTable], fetchPart) : createTables([knownTable, ...stated.tables]);
  const fetch = () => Promise.resolve(tables);
  return createAdapter(
    { tables, fetch, readings, fetchReadings: () => Promise.resolve(readings), createHosting },
    stated,
  );
}
