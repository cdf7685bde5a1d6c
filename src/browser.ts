/**
 * unglue: load any WebAssembly module, from any toolchain, without the JavaScript that its toolchain generated.
 *
 * This is the door for browsers, workers and edge hosts. The one for Node has the same names with the same types.
 *
 * @module unglue
 */
import { createLoad } from "./load.ts";
import { createCompile, createCompileSync, createLoadSync } from "./module.ts";
import { browserPlatform } from "./platform/browser.ts";
import type { Compile, CompileSync, Load, LoadSync } from "./types/index.ts";

export { type ErrorCode, type ErrorDetails, type FoundInstead, UnglueError, type UnresolvedImport } from "./errors.ts";
export { inspect } from "./inspect.ts";
export { trampolineBytes } from "./table/index.ts";
export type * from "./types/index.ts";

/**
 * Loads a WebAssembly module and makes an instance of it. See {@link Load}.
 *
 * @function
 */
export const load: Load = /* @__PURE__ */ createLoad(browserPlatform);

/**
 * Loads a WebAssembly module from bytes or a compiled module, at once. See {@link LoadSync}.
 *
 * @function
 */
export const loadSync: LoadSync = /* @__PURE__ */ createLoadSync(browserPlatform);

/**
 * Compiles a module without making an instance. See {@link Compile}.
 *
 * @function
 */
export const compile: Compile = /* @__PURE__ */ createCompile(browserPlatform);

/**
 * Compiles a module from bytes, at once. See {@link CompileSync}.
 *
 * @function
 */
export const compileSync: CompileSync = /* @__PURE__ */ createCompileSync(browserPlatform);
