import { explain } from "./errors/explain.ts";
import { reader } from "./errors/messages/reader.ts";
import { inspectOptions, readOptions } from "./options.ts";
import { inspect as inspectBytes } from "./reflect/index.ts";
import { advise } from "./toolchains/advice.ts";
import { describeShape } from "./toolchains/describe.ts";
import { identify } from "./toolchains/identify.ts";
import { isDescribed } from "./toolchains/registry.ts";
import type { Inspect } from "./public/index.ts";

/**
 * Reads a module's own description from its bytes. See {@link Inspect}.
 *
 * @function
 * @category Loading
 */
export const inspect: Inspect = (bytes, given) => {
  try {
    const shape = inspectBytes(bytes, readOptions("inspect", given, inspectOptions), isDescribed);
    return describeShape(advise(identify(shape)));
  } catch (error) {
    explain(error, reader);
    throw error;
  }
};
