import { promising } from "../base/suspending.ts";
import { isTrap } from "../errors/caught.ts";
import { trapError } from "../instance/index.ts";
import type { Instance } from "../public/index.ts";

/**
 * Calls an export that may be suspended until a function of the caller's thread has answered. The engine suspends no
 * JavaScript, so no guarded function is between. Errors: `trap`, and what the module lets through.
 *
 * @param instance - The instance.
 * @param name - The export.
 * @param args - Its arguments.
 */
export async function callSuspended(instance: Instance, name: string, args: readonly unknown[]): Promise<unknown> {
  const exported = instance.exports[name] as (...args: never[]) => unknown;
  try {
    return await promising(exported)(...args);
  } catch (error) {
    throw isTrap(error) ? trapError(name, error) : error;
  }
}
