import { explainInspection } from "./explain/index.ts";
import { inspectOptions, readOptions } from "./options.ts";
import { inspect as inspectBytes } from "./reflect/index.ts";
import type { Inspect } from "./types/index.ts";

/**
 * Reads what a module says of itself, from its bytes. See {@link Inspect}.
 *
 * @function
 */
export const inspect: Inspect = (bytes, given) => {
  try {
    return inspectBytes(bytes, readOptions("inspect", given, inspectOptions));
  } catch (failure) {
    throw explainInspection(failure);
  }
};
