import { describe, tagOf } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { Convention, ExportedFunction, InstanceState } from "../types/index.ts";
import { type Calls, wrapExport } from "./wrap.ts";

/** The trap policy of one life of an instance. */
export interface Guard {
  readonly state: InstanceState;
  /** Takes in the convention that calls follow. */
  follow(convention: Convention): void;
  /** The initializers have ended: what a call leaves when it throws is set right by the state of things now. */
  begin(): void;
  /** From now on something besides `guarded` can enter the module or move its stack pointer, so that each call has to look. */
  lookAtEachCall(): void;
  /** Wraps an exported function: refuses calls that the state forbids, sets right what an exception leaves, and decodes traps. */
  wrap(name: string, exported: ExportedFunction): ExportedFunction;
  /** Ends the instance. */
  dispose(): void;
}

/** Added to the depth for good, every call counts as a nested one. */
const always = 2 ** 20;

/**
 * Makes the trap policy of one life.
 *
 * Where an exception has crossed the module, its stack pointer is put back to where it was when the call began. To ask
 * the module before each call would double the cost of a short one. So it is asked once, when the life begins: a call
 * that nothing surrounds begins where the life began. Each other call asks: one inside another (or inside an initializer),
 * and every one as soon as the caller holds a function that is not guarded.
 *
 * @param onTrap - `"poison"`: a trap ends the instance. `"throw"`: it does not.
 */
export function createGuard(onTrap: "poison" | "throw"): Guard {
  let state: InstanceState = "live";
  let firstTrap: UnglueError | undefined;
  let convention: Convention | undefined;
  let looks = false;

  const enter = (name: string): unknown => {
    if (state === "live") return convention?.mark?.();
    if (state === "disposed") throw disposed(`call the export ${describe(name)}`);
    throw new UnglueError(
      "poisoned",
      `The export ${describe(name)} was not called: the instance trapped before (see the cause), and its memory may be inconsistent. ` +
        'Make a new instance with module.instantiate(), or load with onTrap: "throw" to go on at your own risk.',
      { export: name },
      { cause: firstTrap },
    );
  };

  const failed = (name: string, error: unknown, mark: unknown): unknown => {
    if (!isTrap(error)) {
      convention?.unwind?.(mark);
      return error;
    }
    const trap = trapError(name, error, convention?.takePanic?.());
    if (onTrap === "poison" && state === "live") {
      end("poisoned");
      firstTrap = trap;
    }
    return trap;
  };

  // Until the life begins, the initializers count as a call.
  const calls: Calls = { depth: 1, resting: undefined, enter, failed };

  const end = (how: InstanceState): void => {
    state = how;
    calls.depth += always;
  };

  const lookAtEachCall = (): void => {
    if (!looks && convention?.mark) calls.depth += always;
    looks = true;
  };

  return {
    get state() {
      return state;
    },
    follow: (known) => {
      convention = known;
      if (looks && known.mark) calls.depth += always;
    },
    begin: () => {
      calls.resting = convention?.mark?.();
      calls.depth--;
    },
    lookAtEachCall,
    wrap(name, exported) {
      const wrapped = wrapExport(name, exported, calls);
      if (!convention?.stackExports?.includes(name)) return wrapped;
      return (...args) => {
        lookAtEachCall();
        return wrapped(...args);
      };
    },
    dispose: () => {
      end("disposed");
    },
  };
}

/**
 * Whether an error is a trap: the engine's `RuntimeError`, or the exhaustion of the stack, which unwinds the module's
 * frames in the same way. Nothing else that an import throws is one.
 *
 * @param error - What was caught.
 */
export function isTrap(error: unknown): error is Error {
  return (
    isBuiltIn(error, "RuntimeError") ||
    isBuiltIn(error, "InternalError") ||
    // Not a regular expression: with the stack exhausted, compiling one fails in its own way.
    (isBuiltIn(error, "RangeError") && error.message.includes("call stack"))
  );
}

/**
 * Whether an error is of a built-in class, of any realm: the engine makes some of the realm that a module was compiled in.
 *
 * @param error - What was caught.
 * @param name - The name of the class.
 */
export function isBuiltIn(error: unknown, name: string): error is Error {
  if (tagOf(error) !== "Error") return false;
  try {
    const { name: found, message } = error as { readonly name: unknown; readonly message: unknown };
    // Errors of a user's own class by the same name mostly have their name themselves.
    return found === name && !Object.hasOwn(error as Error, "name") && typeof message === "string";
  } catch {
    // The engine's own have no getter that throws.
    return false;
  }
}

/**
 * The error `trap`.
 *
 * @param name - The export that was called; `"(start)"` for the start function.
 * @param cause - The engine's error.
 * @param panic - What the module said before.
 */
export function trapError(name: string, cause: Error, panic?: string): UnglueError<"trap"> {
  const where = name === "(start)" ? "The module's start function" : `The export ${describe(name)}`;
  // The panic hook appends the stack, which the cause has too.
  const [message] = panic?.split("\n\nStack:") ?? [];
  return new UnglueError(
    "trap",
    `${where} ${message === undefined ? `trapped: ${cause.message}` : `panicked: ${message.trim()}`}. The cause has the stack inside the module.`,
    { export: name, ...(message !== undefined && { panic: message }) },
    { cause },
  );
}

/**
 * The error `disposed`.
 *
 * @param intent - What was asked for, as in "use the memory".
 */
export function disposed(intent: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `Cannot ${intent}: the instance has been disposed. Make a new one with module.instantiate().`,
    {},
  );
}
