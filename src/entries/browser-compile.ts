import { createCompile, createCompileSync, createLoadSync } from "../compile.ts";
import { browserPlatform } from "../platform/browser.ts";
import type { Compile, CompileSync, LoadSync } from "../public/index.ts";

/**
 * Loads a WebAssembly module from bytes or a compiled module, synchronously. See {@link LoadSync}.
 *
 * @function
 * @category Loading
 */
export const loadSync: LoadSync = /* @__PURE__ */ createLoadSync(browserPlatform);

/**
 * Compiles a module without making an instance. See {@link Compile}.
 *
 * @function
 * @category Loading
 */
export const compile: Compile = /* @__PURE__ */ createCompile(browserPlatform);

/**
 * Compiles a module from bytes, synchronously. See {@link CompileSync}.
 *
 * @function
 * @category Loading
 */
export const compileSync: CompileSync = /* @__PURE__ */ createCompileSync(browserPlatform);
