/**
 * unglue: load any WebAssembly module, from any toolchain, without the JavaScript that its toolchain generated.
 *
 * This is the door for Node. The one for browsers, workers and edge hosts has the same names with the same types.
 *
 * @module unglue
 */
import { createLoad } from "./load.ts";
import { createCompile, createCompileSync, createLoadSync } from "./module.ts";
import { nodePlatform } from "./platform/node.ts";
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
export const load: Load = /* @__PURE__ */ createLoad(nodePlatform);

/**
 * Loads a WebAssembly module from a path, bytes or a compiled module, at once. See {@link LoadSync}.
 *
 * @function
 */
export const loadSync: LoadSync = /* @__PURE__ */ createLoadSync(nodePlatform);

/**
 * Compiles a module without making an instance. See {@link Compile}.
 *
 * @function
 */
export const compile: Compile = /* @__PURE__ */ createCompile(nodePlatform);

/**
 * Compiles a module from a path or bytes, at once. See {@link CompileSync}.
 *
 * @function
 */
export const compileSync: CompileSync = /* @__PURE__ */ createCompileSync(nodePlatform);
