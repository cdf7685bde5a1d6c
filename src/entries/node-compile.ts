import { createCompile, createCompileSync, createLoadSync } from "../compile.ts";
import { nodePlatform } from "../platform/node.ts";
import type { Compile, CompileSync, LoadSync } from "../public/index.ts";

/**
 * Loads a WebAssembly module from a path, bytes or a compiled module, synchronously. See {@link LoadSync}.
 *
 * @function
 * @category Loading
 */
export const loadSync: LoadSync = /* @__PURE__ */ createLoadSync(nodePlatform);

/**
 * Compiles a module without making an instance. See {@link Compile}.
 *
 * @function
 * @category Loading
 */
export const compile: Compile = /* @__PURE__ */ createCompile(nodePlatform);

/**
 * Compiles a module from a path or bytes, synchronously. See {@link CompileSync}.
 *
 * @function
 * @category Loading
 */
export const compileSync: CompileSync = /* @__PURE__ */ createCompileSync(nodePlatform);
