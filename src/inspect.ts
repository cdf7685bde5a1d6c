import { withoutBuiltins } from "./builtins/named.ts";
import { explain } from "./errors/explain.ts";
import { importMismatch } from "./errors/messages/imports.ts";
import { reader } from "./errors/messages/reader.ts";
import { inspectOptions, readOptions } from "./options.ts";
import { inspect as inspectBytes } from "./reflect/inspect.ts";
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
    const options = readOptions("inspect", given, inspectOptions);
    const shape = advise(identify(inspectBytes(bytes, options, isDescribed)));
    // The toolchain is known by all imports.
    return describeShape(withoutBuiltins(shape, options));
  } catch (error) {
    explain(error, { ...reader, "import-mismatch": importMismatch });
    throw error;
  }
};
