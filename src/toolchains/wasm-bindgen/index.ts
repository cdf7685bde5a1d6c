/**
 * What is known of wasm-bindgen: its conventions by version, and its own imports. What identifies those of the crates that
 * are built on it is apart, in `known/`, so that both can be fetched at once.
 */
export { createAdapter } from "./adapter.ts";
export type { StatedClosure, WasmBindgenOptions } from "./options.ts";
