/**
 * The words of the advice. A chunk of its own: few modules need any, and a load can wait for it.
 */
import type { Shape } from "../types/index.ts";

/** What a user should know of a module, in a word. */
export type AdviceCode = "unprocessed" | "minified-names" | "side-module";

/** A shape as it is read, before its advice is put into words. */
export interface UnadvisedShape extends Omit<Shape, "advice"> {
  readonly advice: readonly AdviceCode[];
}

const messages: { readonly [code in AdviceCode]: string } = {
  unprocessed:
    "This is what cargo built, before wasm-bindgen: it cannot be used as it is. Run `wasm-bindgen --target web --out-dir pkg` " +
    "on it, in the version of the crate (`wasm-pack build` does), and load the `_bg.wasm` file that comes out.",
  "minified-names":
    "Emscripten minified the names of the imports and exports, and only the JavaScript that it wrote beside this module " +
    "knows which is which. To keep the names, link with `-lexports.js`, `-o name.wasm`, `-sSTANDALONE_WASM` or `-O1`.",
  "side-module":
    "This is a dynamic library: it works only on a main module's memory, table and stack, with its place in them given by " +
    "`__memory_base` and `__table_base`.",
};

/** Puts a shape's advice into words. */
export function advise(shape: UnadvisedShape): Shape {
  return { ...shape, advice: shape.advice.map((code) => ({ code, message: messages[code] })) };
}
