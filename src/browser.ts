/**
 * unglue: load any WebAssembly module, from any toolchain, without the JavaScript that its toolchain generated.
 *
 * This is the entry point for browsers, workers and edge hosts. The one for Node has the same names with the same types.
 *
 * @module unglue
 */
export type * from "./errors/details.ts";
export { type ErrorData, UnglueError } from "./errors/unglue-error.ts";
export { inspect } from "./inspect.ts";
export { load } from "./entries/browser-load.ts";
export { compile, compileSync, loadSync } from "./entries/browser-compile.ts";
export { t } from "./bind/t.ts";
export { trampolineBytes } from "./binary/trampoline-bytes.ts";
export type * from "./public/index.ts";
