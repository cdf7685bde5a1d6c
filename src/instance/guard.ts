import { describe, tagOf } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { Convention, ExportedFunction, InstanceState } from "../types/index.ts";

/** The trap policy of one instance. */
export interface Guard {
  readonly state: InstanceState;
  /** Takes in the convention that calls follow. */
  follow(convention: Convention): void;
  /** Wraps an exported function: refuses calls that the state forbids, sets right what an exception leaves, and decodes traps. */
  wrap(name: string, exported: ExportedFunction): ExportedFunction;
  /** Ends the instance. */
  dispose(): void;
}

/**
 * Makes the trap policy of one instance.
 *
 * @param onTrap - `"poison"`: a trap ends the instance. `"throw"`: it does not.
 */
export function createGuard(onTrap: "poison" | "throw"): Guard {
  let state: InstanceState = "live";
  let firstTrap: UnglueError | undefined;
  let convention: Convention | undefined;

  const refuse = (name: string): never => {
    if (state === "disposed") throw disposed(`call the export ${describe(name)}`);
    throw new UnglueError(
      "poisoned",
      `The export ${describe(name)} was not called: the instance trapped before (see the cause), and its memory may be inconsistent. ` +
        'Make a new instance with module.instantiate(), or load with onTrap: "throw" to go on at your own risk.',
      { export: name },
      { cause: firstTrap },
    );
  };

  return {
    get state() {
      return state;
    },
    follow: (known) => {
      convention = known;
    },
    wrap: (name, exported) => {
      const guarded = (...args: unknown[]): unknown => {
        if (state !== "live") refuse(name);
        const mark = convention?.mark?.();
        try {
          return exported(...args);
        } catch (error) {
          if (!isTrap(error)) {
            convention?.unwind?.(mark);
            throw error;
          }
          const trap = trapError(name, error, convention?.takePanic?.());
          if (onTrap === "poison" && state === "live") {
            state = "poisoned";
            firstTrap = trap;
          }
          throw trap;
        }
      };
      return guarded;
    },
    dispose: () => {
      state = "disposed";
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
