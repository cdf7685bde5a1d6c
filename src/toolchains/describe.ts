/** Completes the result of `inspect` with the knowledge of a module's toolchain. */
import type { Advice, AllocatorNames, ClassShape, FunctionType, Shape } from "../public/index.ts";
import { builtinAdvice } from "../builtins/advice.ts";
import { cClasses } from "./c/classes.ts";
import { cppClasses } from "./c/cpp-classes.ts";
import { closureAdvice } from "./wasm-bindgen/advice.ts";
import { allocators } from "./registry.ts";
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
 * Completes a shape with the module's classes and allocator, and its toolchain's advice.
 *
 * @param shape - The module's shape.
 */
export function describeShape(shape: Shape): Shape & { readonly classes: readonly ClassShape[] } {
  const { classes, advice } = byName.get(shape.toolchain.name) ?? others;
  const functions = new Map<string, FunctionType>();
  for (const one of shape.exports) if (one.kind === "function" && one.type) functions.set(one.name, one.type);
  const allocator = allocatorAmong(functions);
  return {
    ...shape,
    advice: [...shape.advice, ...builtinAdvice(shape), ...advice(shape)],
    classes: classes(functions),
    ...(allocator && { allocator }),
  };
}

/** Finds the exports that allocate and free by a known convention. */
function allocatorAmong(functions: ReadonlyMap<string, FunctionType>): AllocatorNames | undefined {
  const has = (name: string | undefined): name is string => name !== undefined && functions.has(name);
  const found = allocators.find(({ alloc, pin = alloc }) => has(alloc) && has(pin));
  return found && { alloc: found.alloc, ...(has(found.free) && { free: found.free }) };
}
