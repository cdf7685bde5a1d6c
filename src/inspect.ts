import { classesOf } from "./toolchains/classes.ts";
import { explainInspection } from "./errors/messages/index.ts";
import { inspectOptions, readOptions } from "./options.ts";
import { inspect as inspectBytes } from "./reflect/index.ts";
import { closureAdvice } from "./toolchains/wasm-bindgen/advice.ts";
import type { Inspect } from "./public/index.ts";

/**
 * Reads what a module says of itself, from its bytes. See {@link Inspect}.
 *
 * @function
 */
export const inspect: Inspect = (bytes, given) => {
  try {
    const shape = inspectBytes(bytes, readOptions("inspect", given, inspectOptions));
    const advice = shape.toolchain.name === "wasm-bindgen" ? closureAdvice(shape) : [];
    return { ...shape, advice: [...shape.advice, ...advice], classes: classesOf(shape) };
  } catch (failure) {
    throw explainInspection(failure);
  }
};
