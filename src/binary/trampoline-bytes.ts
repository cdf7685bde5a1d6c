import { encodeTrampoline } from "./trampoline.ts";

/**
 * Returns the bytes of the module that turns a JavaScript function into a WebAssembly function of a signature. It imports
 * `"js"."callback"` and exports it as `"callback"`. Only hosts that forbid compiling at run time need this: compile the
 * bytes at build time, and pass the module as `trampolines`. Errors: `invalid-signature`.
 *
 * @param signature - Letters of the parameters, `->`, letters of the results: `i` i32, `j` i64, `f` f32, `d` f64, `e` externref.
 * @returns A whole module, of about 50 bytes.
 * @example
 * ```ts
 * // build.ts
 * import { writeFile } from "node:fs/promises";
 * await writeFile("compare.wasm", trampolineBytes("ii->i"));
 *
 * // worker.ts, on a host that turns a .wasm import into a WebAssembly.Module
 * import compare from "./compare.wasm";
 * const wasm = await load(module, { trampolines: { "ii->i": compare } });
 * const index = wasm.callback("ii->i", (a, b) => a - b);
 * ```
 * @category Instances
 */
export function trampolineBytes(signature: string): Uint8Array<ArrayBuffer> {
  return encodeTrampoline(signature);
}
