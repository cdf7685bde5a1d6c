import { memberOf } from "../base/own.ts";
import { isTrap } from "../errors/caught.ts";
import { describe } from "../errors/describe.ts";
import { withoutAddress } from "../errors/docs-address.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Convention, Instance, InstantiateOptions } from "../public/index.ts";
import { trapError } from "./guard.ts";
import type { KnownExport } from "../toolchains/known-exports.ts";

/** The context in which initializers run. */
export interface InitializeContext {
  /** The exports that linkers and C libraries add to the module. */
  readonly knownExports: ReadonlySet<KnownExport>;
  readonly exports: WebAssembly.Exports;
  /** The instance of this life. */
  readonly instance: Instance;
  /** The option `initialize`, which may run them. */
  readonly option: InstantiateOptions["initialize"];
  /** One more initializer to run, if an adapter knows one. */
  readonly last: string | undefined;
}

/** The export that writes addresses into the data of a relocatable module. Until it has run, the constructors see none. */
const relocation = "__wasm_apply_data_relocs";

/**
 * Runs a module's initializers: the relocation of its data, then `_initialize` or else `__wasm_call_ctors`, never both. A
 * module with `_start` is a command: its start is its whole run, so other initializers run only on request.
 *
 * Errors: `trap` with the initializer's name; errors of an import or of the user's function pass through.
 *
 * @param context - The module's exports, and the option `initialize`.
 * @returns A promise if the user's function returned one.
 */
export function initialize({
  knownExports,
  exports,
  instance,
  option,
  last,
}: InitializeContext): Promise<void> | undefined {
  // Without types, the engine's function tells its number of parameters.
  const isCallable = (name: KnownExport): boolean =>
    knownExports.has(name) && (exports[name] as () => void).length === 0;
  const run = (name: string | undefined): void => {
    if (name === undefined) return;
    try {
      (exports[name] as () => void)();
    } catch (error) {
      throw named(name, error);
    }
  };

  if (isCallable(relocation)) run(relocation);
  if (typeof option === "function") {
    let pending: unknown;
    try {
      pending = option(instance);
      if (isPromise(pending)) return settle(pending, () => run(last));
    } catch (error) {
      throw named("(initialize)", error);
    }
  } else if (option !== false && !isCallable("_start")) {
    run((["_initialize", "__wasm_call_ctors"] as const).find(isCallable));
  }
  run(last);
  return undefined;
}

/**
 * Lets a module register its functions, if its adapter's convention has that. Errors: `trap`, and those of an import.
 *
 * @param convention - The convention, if there is one.
 * @returns What it registered.
 */
export function registerBy(convention: Convention | undefined): unknown {
  try {
    return (convention && memberOf(convention, "register"))?.call(convention);
  } catch (error) {
    throw named("(register)", error);
  }
}

async function settle(pending: PromiseLike<unknown>, then: () => void): Promise<void> {
  try {
    await pending;
  } catch (error) {
    throw named("(initialize)", error);
  }
  then();
}

/** Adds the initializer's name to an error that an unguarded function of the module threw. */
function named(name: string, error: unknown): unknown {
  if (isTrap(error)) return trapError(name, error);
  if (!UnglueError.is(error, "missing-import-called")) return error;
  const { code, details, message } = error;
  const text = `The initializer ${describe(name)} did not end: ${withoutAddress(message, code)}`;
  return new UnglueError(code, text, { ...details, during: name }, { cause: error });
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}
