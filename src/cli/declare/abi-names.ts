import type { Shape } from "../../public/index.ts";
import { isShimName } from "../../toolchains/wasm-bindgen/abi.ts";

/** Exports of the runtimes that toolchains link: allocation, stacks, start-up, exceptions. */
const runtime =
  /^__(wbg|wbindgen|externref|wasm|indirect|cxa|rust|rdl|rg|original_main|main_argc|errno|trap|stdio|funcs_on_exit|get_temp|set_temp|heap_base|data_end|set_stack|get_exception|thrown_object|emscripten)|^_(initialize|start|emscripten_\w+)$|^(emscripten_|asyncify_|dynCall_)\w+$|^(malloc|calloc|realloc|free|memalign|aligned_alloc|posix_memalign|fflush|setThrew|stack(Save|Restore|Alloc)|[gs]etTempRet0)$/;

/**
 * Returns a check for exports that serve the toolchain's JavaScript: nobody else calls them.
 *
 * @param shape - The module's shape.
 */
export function abiExports({ allocator, toolchain }: Shape): (name: string) => boolean {
  const { alloc, free, realloc } = { free: undefined, realloc: undefined, ...allocator };
  const own = new Set([alloc, free, realloc]);
  const isBindgen = toolchain.name === "wasm-bindgen";
  return (name) => own.has(name) || runtime.test(name) || (isBindgen && (name === "main" || isShimName(name)));
}
