import { UnglueError } from "../../errors/unglue-error.ts";
import type { ImportValue } from "../../public/index.ts";

/** Returns the engine's tag of what JavaScript throws. Another tag would catch nothing. Fails with `unsupported-module`. */
export function exceptionTag(): ImportValue {
  const { JSTag } = WebAssembly as { readonly JSTag?: ImportValue };
  if (JSTag !== undefined) return JSTag;
  throw new UnglueError(
    "unsupported-module",
    "This wasm-bindgen module catches exceptions of JavaScript by WebAssembly.JSTag, which this engine does not have. Use " +
      "Chrome 134 or Node 24 or later, or build the module with panic=abort and without the exception-handling target feature.",
    { toolchain: "wasm-bindgen", feature: "JSTag" },
  );
}
