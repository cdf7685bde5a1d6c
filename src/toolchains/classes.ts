/**
 * The classes of a module, as the names of its exports show them.
 */
import type { ClassShape, FunctionType, Shape } from "../public/index.ts";
import { cClasses } from "./c/classes.ts";
import { cppClasses } from "./c/cpp-classes.ts";
import { wasmBindgenClasses } from "./wasm-bindgen/classes.ts";

/**
 * Lists the classes of a module.
 *
 * @param shape - The module's shape.
 */
export function classesOf({ exports, toolchain }: Shape): readonly ClassShape[] {
  const functions = new Map<string, FunctionType>();
  for (const one of exports) if (one.kind === "function" && one.type) functions.set(one.name, one.type);
  if (toolchain.name === "wasm-bindgen") return wasmBindgenClasses(functions);
  return [...cppClasses(functions), ...cClasses(functions)];
}
