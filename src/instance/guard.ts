import { describe, tagOf } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { Convention, ExportedFunction, InstanceState } from "../types/index.ts";
import type { Succession } from "../restart/index.ts";
import { framesOf } from "./frames.ts";
import { type Calls, wrapExport } from "./wrap.ts";

/** The trap policy of one life of an instance. */
export interface Guard {
  readonly state: InstanceState;
  /** Takes in the convention that calls follow. */
  follow(convention: Convention): void;
  /** The initializers have ended: what a call leaves when it throws is set right by the state of things now. */
  readonly begin: () => void;
  /** From now on something besides `guarded` can enter the module or move its stack pointer, so that each call has to look. */
  lookAtEachCall(): void;
  /** Wraps an exported function: refuses calls that the state forbids, sets right what an exception leaves, and decodes traps. */
  wrap(name: string, exported: ExportedFunction): ExportedFunction;
  /**
   * Ends the life for its guarded calls.
   *
   * @param state - How.
   * @param refusal - Makes the error of later calls, which are told by the export's name.
   */
  end(state: InstanceState, refusal: (name?: string) => UnglueError): void;
  /** Throws if calls are refused. */
  readonly refuse: () => void;
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
 * @param onTrap - `"poison"`: a trap ends the life. `"throw"`: it does not.
 * @param succession - What follows, where something does.
 */
export function createGuard(onTrap: "poison" | "throw", succession?: Succession): Guard {
  let state: InstanceState = "live";
  let refusal: ((name?: string) => UnglueError) | undefined;
  let convention: Convention | undefined;
  let looks = false;
  /** What waits for the last call to end. */
  let next: (() => void) | undefined;
  /** The depth where nothing runs. */
  let floor = 0;

  const raise = (): void => {
    floor += always;
    calls.depth += always;
  };

  const end: Guard["end"] = (how, refuse) => {
    if (!refusal) raise();
    state = how;
    refusal = refuse;
    next = undefined;
  };

  const left = (): void => {
    if (calls.depth === floor) next?.();
  };

  const lookAtEachCall = (): void => {
    if (!looks && convention?.mark) raise();
    looks = true;
  };

  const calls: Calls = {
    // Until the life begins, the initializers count as a call.
    depth: 1,
    resting: undefined,
    enter(name) {
      if (refusal) throw refusal(name);
      return convention?.mark?.();
    },
    failed(name, error, mark) {
      if (!isTrap(error)) {
        if (!refusal) convention?.unwind?.(mark);
        return error;
      }
      const trap = trapError(name, error, convention?.takePanic?.());
      if (onTrap === "throw" || refusal) return trap;
      if (succession) {
        end("restarting", succession.trapped(trap));
        next = () => {
          next = undefined;
          succession.next(trap);
        };
      } else {
        end("poisoned", (refused) => poisoned(trap, refused));
      }
      return trap;
    },
    left,
  };

  return {
    get state() {
      return state;
    },
    follow: (known) => {
      convention = known;
      if (looks && known.mark) raise();
    },
    begin: () => {
      calls.resting = convention?.mark?.();
      calls.depth--;
      left();
    },
    lookAtEachCall,
    wrap(name, exported) {
      const wrapped = wrapExport(name, exported, calls);
      if (!convention?.stackExports?.includes(name)) return wrapped;
      const looking: ExportedFunction = (...args) => {
        lookAtEachCall();
        return wrapped(...args);
      };
      return Object.defineProperty(looking, "length", { value: exported.length, configurable: true });
    },
    end,
    refuse: () => {
      if (refusal) throw refusal();
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
    { export: name, ...(message !== undefined && { panic: message }), frames: framesOf(cause) },
    { cause },
  );
}

/**
 * The error `poisoned`.
 *
 * @param cause - The first trap, or why no life followed it.
 * @param name - The export that was called.
 */
export function poisoned(cause: UnglueError, name?: string): UnglueError<"poisoned"> {
  const what = name === undefined ? "The instance will not be ready" : `The export ${describe(name)} was not called`;
  return new UnglueError(
    "poisoned",
    `${what}: the instance trapped before (see the cause), and its memory may be inconsistent. ` +
      'Make a new instance with module.instantiate(), or load with onTrap: "restart", or with "throw" to go on at your own risk.',
    name === undefined ? {} : { export: name },
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
