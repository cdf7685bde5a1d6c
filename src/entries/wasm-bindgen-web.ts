/**
 * The large table of declarations for wasm-bindgen modules, for synchronous calls.
 *
 * @module unglue/wasm-bindgen/web
 */
export { webTable } from "../toolchains/wasm-bindgen/known/web-table.ts";
