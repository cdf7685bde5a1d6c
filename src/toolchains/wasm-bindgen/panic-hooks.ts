import type { ImportShape } from "../../public/index.ts";
import type { Declaration } from "./known/index.ts";
import type { Action } from "./lowered.ts";

/** A function of console_error_panic_hook. */
export interface PanicHook {
  readonly declaration: Declaration;
  readonly action: Action;
}

const crate = "console_error_panic_hook";

const plain = {
  crate,
  path: ["Error"],
  name: "",
  params: [],
  receiver: false,
  result: "",
  catch: false,
  variadic: false,
  closure: undefined,
} as const;

/** The functions that a hook imports in a row, by the name of the import. */
const parts: readonly (readonly [name: string, hook: PanicHook])[] = [
  ["new", { declaration: { ...plain, kind: "constructor", result: "H" }, action: () => new Error() }],
  [
    "stack",
    {
      declaration: { ...plain, kind: "getter", name: "stack", receiver: true, result: "S" },
      // A program can switch stacks off.
      action: (_, [error]) => (error as Error).stack ?? "",
    },
  ],
  [
    "error",
    {
      declaration: { ...plain, kind: "function", path: ["console"], name: "error", params: ["S"] },
      action: (_, [message]) => {
        if (typeof console === "object") console.error(message);
      },
    },
  ],
];

/**
 * Finds the panic hooks of console_error_panic_hook. A hook imports three functions in a row: the constructor of Error, its
 * stack, and console.error.
 *
 * @param functions - The imported functions.
 */
export function findPanicHooks(functions: readonly ImportShape[]): ReadonlyMap<ImportShape, PanicHook> {
  const names = functions.map(({ name }) => /^__wbg_(new|stack|error)_[0-9a-f]{16}$/.exec(name)?.[1]);
  const found = new Map<ImportShape, PanicHook>();
  for (let at = 0; at + parts.length <= names.length; at++) {
    if (!parts.every(([name], index) => names[at + index] === name)) continue;
    for (const [index, [, hook]] of parts.entries()) found.set(functions[at + index] as ImportShape, hook);
  }
  return found;
}

/**
 * Adds to the action of a declared import that the runtime hears of a panic: before its trap, a panic passes its message to
 * the last function of the hook.
 *
 * @param declaration - The declaration.
 * @param action - The action.
 */
export function hearing(declaration: Declaration, action: Action): Action {
  if (declaration.crate !== crate || declaration.name !== "error") return action;
  return (runtime, args) => {
    runtime.panicked(args[0] as string);
    return action(runtime, args);
  };
}
