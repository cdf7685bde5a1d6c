import type { ImportShape } from "../../public/index.ts";

const hookParts = ["new", "stack", "error"] as const;

/** One of the three functions that a hook imports. */
export type HookPart = (typeof hookParts)[number];

/**
 * Finds the panic hooks of console_error_panic_hook. A hook imports three functions in a row: the constructor of Error, its
 * stack, and console.error.
 *
 * @param functions - The imported functions, in the module's order.
 */
export function findPanicHooks(functions: readonly ImportShape[]): ReadonlyMap<ImportShape, HookPart> {
  const names = functions.map(({ name }) => /^__wbg_(new|stack|error)_[0-9a-f]{16}$/.exec(name)?.[1]);
  const found = new Map<ImportShape, HookPart>();
  for (let at = 0; at + hookParts.length <= names.length; at++) {
    if (!hookParts.every((part, index) => names[at + index] === part)) continue;
    for (const [index, part] of hookParts.entries()) found.set(functions[at + index] as ImportShape, part);
  }
  return found;
}
