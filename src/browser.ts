/**
 * unglue: load any WebAssembly module, from any toolchain, without the JavaScript that its toolchain generated.
 *
 * This is the door for browsers, workers and edge hosts. The one for Node has the same names with the same types.
 *
 * @module unglue
 */
export {
  type ErrorCode,
  type ErrorDetails,
  type FoundInstead,
  type TrapFrame,
  UnglueError,
  type UnresolvedImport,
} from "./errors.ts";
export { inspect } from "./inspect.ts";
export { load } from "./browser-load.ts";
export { compile, compileSync, loadSync } from "./browser-module.ts";
export { t } from "./interface/index.ts";
export { trampolineBytes } from "./trampoline-bytes.ts";
export type * from "./types/index.ts";
