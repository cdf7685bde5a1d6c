import { isTrap } from "../errors/caught.ts";
import { describe } from "../errors/describe.ts";
import { withoutAddress } from "../errors/docs-address.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Instance, InstantiateOptions } from "../public/index.ts";
import { trapError } from "./guard.ts";
import type { KnownExport } from "../toolchains/known-exports.ts";

/** What initializers are run for. */
export interface InitializeContext {
  /** The exports that linkers and C libraries give the module. */
  readonly knownExports: ReadonlySet<KnownExport>;
  readonly exports: WebAssembly.Exports;
  /** The instance of this life. */
  readonly instance: Instance;
  /** Who runs them. */
  readonly option: InstantiateOptions["initialize"];
  /** One more to run, which an adapter knows of. */
  readonly last: string | undefined;
}

/** Writes addresses into the data of a module that can be placed anywhere. Until then its constructors see none. */
const relocation = "__wasm_apply_data_relocs";

/**
 * Runs a module's initializers: the relocation of its data, then `_initialize`, else `__wasm_call_ctors`, and never both. A
 * module with `_start` is a command: its start is its whole run, so it gets no other unasked.
 *
 * Errors: `trap` naming the initializer; what an import or the user's function throws passes through.
 *
 * @param context - The module's exports, and who runs them.
 * @returns A promise if the user's function returned one.
 */
export function initialize({
  knownExports,
  exports,
  instance,
  option,
  last,
}: InitializeContext): Promise<void> | undefined {
  // Without types the engine tells the number of parameters.
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

async function settle(pending: PromiseLike<unknown>, then: () => void): Promise<void> {
  try {
    await pending;
  } catch (error) {
    throw named("(initialize)", error);
  }
  then();
}

/** What the functions of a module throw that are called without a guard. */
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
