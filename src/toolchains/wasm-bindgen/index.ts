/**
 * The knowledge of wasm-bindgen: its conventions by version, and its own imports. The tables for imports of crates that are
 * built on it are separate, in `known/`, so that both can be fetched concurrently.
 */
export { createAdapter } from "./adapter.ts";
export type { StatedClosure, WasmBindgenKnown, WasmBindgenOptions } from "./options.ts";
