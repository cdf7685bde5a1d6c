import { hasMembers } from "../base/own.ts";
import { invalidOption } from "../errors/invalid.ts";

/**
 * Refuses an instance in place of options: then a function that makes an adapter or imports stands in `imports` uncalled, and
 * the load has called it. Errors: `invalid-option`.
 *
 * @param given - The options.
 * @param use - How the call is written in the options of a load.
 */
export function refuseUncalled(given: unknown, use: string): void {
  if (isInstance(given))
    throw invalidOption(
      "load",
      "imports",
      `an object of modules, or a function that returns one: call this one, ${use}`,
      refuseUncalled,
    );
}

/** Whether a value is an instance in the making, whose members throw when they are read. */
function isInstance(given: unknown): boolean {
  try {
    return hasMembers(given) && "guarded" in given && "hostError" in given;
  } catch {
    // A proxy may throw anything, and is refused where its members are read.
    return false;
  }
}
