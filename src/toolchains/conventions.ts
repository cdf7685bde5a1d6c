import type { ToolchainName } from "./detect.ts";

/**
 * How the exports of a toolchain's modules are called: `"c"` by C's convention, `"adapter"` by that of the adapter which
 * this library has, `"unknown"` by one that it does not have.
 */
export type ToolchainConvention = "c" | "adapter" | "unknown";

/** Each toolchain that `toolchain.ts` recognises. C's convention is wrong, and corrupts memory, where it is not named here. */
const conventions: { readonly [name in ToolchainName]: ToolchainConvention } = {
  "wasm-bindgen": "adapter",
  // Text, arrays and objects are references to what a garbage collector owns, with headers of the compiler's own.
  assemblyscript: "unknown",
  dart: "unknown",
  kotlin: "unknown",
  "scala-js": "unknown",
  moonbit: "unknown",
  // The canonical ABI hands arguments over, and has results freed by exports of their own.
  component: "unknown",
  ruby: "unknown",
  // Its functions are registered with a runtime, as JavaScript's; none is an export.
  napi: "unknown",
  // `wasmexport` and TinyGo's `export` allow pointers, structs of C's layout, and text as a pointer and a length.
  go: "c",
  tinygo: "c",
  // `extern "C"`, or the C compiler itself.
  emscripten: "c",
  zig: "c",
  rust: "c",
  clang: "c",
  wasi: "c",
  llvm: "c",
};

/**
 * Tells how the exports of a toolchain's modules are called.
 *
 * @param toolchain - The toolchain that a module's bytes show; for any that is not recognised, C's convention is the one.
 */
export function conventionOf(toolchain: string): ToolchainConvention {
  return Object.hasOwn(conventions, toolchain) ? conventions[toolchain as ToolchainName] : "c";
}
