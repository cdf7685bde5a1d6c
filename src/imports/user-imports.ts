import { hasMembers, memberOf } from "../base/own.ts";
import { tagOf } from "../errors/describe.ts";
import { invalidOption } from "../errors/invalid.ts";
import type { Imports, Instance, InstantiateOptions } from "../public/index.ts";

/**
 * Returns the imports that the caller gave; `undefined` if there are none. Errors: `invalid-option`, and whatever the caller's
 * function throws.
 *
 * @param call - The call that takes them, for messages.
 * @param imports - The option.
 * @param instance - The instance in the making.
 * @param ofAdapters - Where an adapter belongs, which is none of a module's imports.
 */
export function userImports(
  call: string,
  imports: InstantiateOptions["imports"],
  instance: Instance,
  ofAdapters = "an adapter belongs in adapters",
): Imports | undefined {
  const given: unknown = typeof imports === "function" ? imports(instance) : imports;
  if (given === undefined) return undefined;
  if (hasMembers(given) && !isAdapter(given) && !has(given, "then")) return given as Imports;
  const hint = isAdapter(given)
    ? `; ${ofAdapters}`
    : typeof given === "function"
      ? "; a function that makes imports is passed whole, imports: f, or called with the instance"
      : "";
  throw invalidOption(call, "the result of imports", `an object of modules${hint}${awaited(given)}`, given);
}

/** Whether a value is an adapter, and so none of a module's imports. */
export function isAdapter(value: unknown): boolean {
  return hasMembers(value) && has(value, "detect") && has(value, "provide");
}

function has(given: object, name: string): boolean {
  return typeof Reflect.get(given, name) === "function";
}

/** Says what to do with a promise, for which no instance can wait. */
function awaited(given: unknown): string {
  const isPromise = tagOf(given) === "Promise" || (hasMembers(given) && typeof memberOf(given, "then") === "function");
  return isPromise ? "; await it before the call, which cannot wait for imports" : "";
}
