/**
 * What is known of wasm-bindgen: its conventions by version, its own imports, and the imports of the crates that are
 * built on it.
 */
import type { Adapter } from "../types/index.ts";
import { createAdapter } from "./adapter.ts";
import { createIdentify } from "./identify.ts";
import { knownTable } from "./known/known-table.ts";
import type { WasmBindgenOptions } from "./options.ts";

export type { StatedClosure, WasmBindgenOptions } from "./options.ts";

/**
 * Makes the adapter for wasm-bindgen modules. Asynchronous calls use it by themselves; a synchronous call needs it given,
 * and options need it given everywhere.
 *
 * @param options - What to state where a module's bytes do not tell.
 * @example
 * ```ts
 * const wasm = loadSync(bytes, { adapters: [wasmBindgen()] });
 * ```
 */
export function wasmBindgen(options: WasmBindgenOptions = {}): Adapter {
  return createAdapter((shape) => createIdentify([knownTable], shape), options);
}
