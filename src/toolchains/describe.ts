/** Completes the result of `inspect` with the knowledge of a module's toolchain. */
import type { Advice, ClassShape, FunctionType, Shape } from "../public/index.ts";
import { cClasses } from "./c/classes.ts";
import { cppClasses } from "./c/cpp-classes.ts";
import { closureAdvice } from "./wasm-bindgen/advice.ts";
import { wasmBindgenClasses } from "./wasm-bindgen/classes.ts";

/** The functions that describe the modules of a toolchain. */
interface Description {
  /** Finds the classes by the names of the exports. */
  readonly classes: (functions: ReadonlyMap<string, FunctionType>) => readonly ClassShape[];
  /** Returns advice on using the module. */
  readonly advice: (shape: Shape) => readonly Advice[];
}

const byName: ReadonlyMap<string, Description> = /* @__PURE__ */ new Map([
  ["wasm-bindgen", { classes: wasmBindgenClasses, advice: (shape: Shape) => closureAdvice(shape) }],
]);

const others: Description = {
  classes: (functions) => [...cppClasses(functions), ...cClasses(functions)],
  advice: () => [],
};

/**
 * Completes a shape with the module's classes and its toolchain's advice.
 *
 * @param shape - The module's shape.
 */
export function describeShape(shape: Shape): Shape & { readonly classes: readonly ClassShape[] } {
  const { classes, advice } = byName.get(shape.toolchain.name) ?? others;
  const functions = new Map<string, FunctionType>();
  for (const one of shape.exports) if (one.kind === "function" && one.type) functions.set(one.name, one.type);
  return { ...shape, advice: [...shape.advice, ...advice(shape)], classes: classes(functions) };
}
