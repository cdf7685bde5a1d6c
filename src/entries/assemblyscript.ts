/** The adapter for AssemblyScript modules, for synchronous calls. */
import { invalidOption } from "../errors/invalid.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { hasMembers } from "../base/own.ts";
import type { Adapter } from "../public/index.ts";
import { createAdapter } from "../toolchains/assemblyscript/index.ts";
import { refuseUncalled } from "../toolchains/uncalled.ts";

/**
 * Makes the adapter for AssemblyScript modules. Asynchronous calls load it automatically; pass it to synchronous calls. It
 * has no options. Errors: `invalid-option`, `unknown-option`.
 *
 * @example
 * ```ts
 * const wasm = loadSync(bytes, { adapters: [assemblyscript()] });
 * ```
 * @category AssemblyScript
 */
export function assemblyscript(): Adapter;
export function assemblyscript(options?: unknown): Adapter {
  refuseOptions(options);
  return createAdapter();
}

function refuseOptions(given: unknown = {}): void {
  if (!hasMembers(given)) throw invalidOption("assemblyscript", "options", "left out", given);
  refuseUncalled(given, "adapters: [assemblyscript()]");
  const [option] = Object.keys(given);
  if (option === undefined) return;
  const text = `assemblyscript: there is no option ${describe(option)}. It takes none.`;
  throw new UnglueError("unknown-option", text, { call: "assemblyscript", option });
}
