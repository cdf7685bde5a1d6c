import type { Callee, Calls } from "../base/callee.ts";
import { define, memberOf, ownValue } from "../base/own.ts";
import { isBuiltIn, isTrap, messageOf } from "../errors/caught.ts";
import type { MemoryUse, TrapFrame } from "../errors/details.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import type { Abort, Convention, ExportedFunction, InstanceState, InstantiateOptions } from "../public/index.ts";
import type { Succession } from "./restart/succession.ts";
import { framesOf } from "../errors/frames.ts";
import { outOfMemory } from "../errors/trap.ts";
import type { Stack } from "../toolchains/stack.ts";
import type { Thrown } from "./thrown.ts";
import { wrapCallee } from "./wrap.ts";

/** The trap policy of one life of an instance. */
export interface Guard {
  readonly state: InstanceState;
  /**
   * Sets how calls are handled.
   *
   * @param convention - The adapter's, if it has one.
   * @param stack - How to remove a call's remains from the stack, if that is known.
   */
  follow(convention: Convention | undefined, stack: Stack | undefined): void;
  /** Called when the initializers have ended. From now on, a call that throws is reset to the state of this moment. */
  readonly begin: () => void;
  /** Called when something besides `guarded` can enter the module or move its stack pointer, so that each call has to check. */
  lookAtEachCall(): void;
  /**
   * Wraps a function of the module: refuses calls that the state forbids, cleans up after an exception, and decodes traps.
   *
   * @param name - The export's name; for a function of the table, `(table 5)`.
   * @param exported - The function.
   */
  readonly wrap: (name: string, exported: ExportedFunction) => ExportedFunction;
  /**
   * Returns the function that a guarded function calls, for callers that inline the call; `undefined` for a function that
   * only {@link wrap} guards.
   *
   * @param name - The export's name.
   * @param exported - The function.
   */
  readonly calleeOf: (name: string, exported: ExportedFunction) => Callee | undefined;
  /** The state that its calls share. */
  readonly calls: Calls;
  /** Marks an error that a stub of this life throws: if it leaves the module, it counts as a trap. */
  readonly stubThrew: (error: UnglueError) => void;
  /**
   * Ends the life for its guarded calls.
   *
   * @param state - The final state.
   * @param refusal - Makes the error of later calls from the export's name, and of those that have begun and will not end.
   */
  end(state: InstanceState, refusal: (name?: string, hasBegun?: boolean) => UnglueError): void;
  /** Throws if calls are refused. */
  readonly refuse: () => void;
}

/** A bias on the depth that forces every call onto the slow path. */
const always = 2 ** 20;

/**
 * Makes the trap policy of one life.
 *
 * If the instance goes on after an exception or a trap, the stack pointer is set back to its value at the start of the call.
 * Asking the module before each call would double the cost of a short one. So it is asked once, when the life begins: an
 * outermost call starts from the same value. Only other calls ask again: nested ones, those inside an initializer, and all
 * calls once the caller holds an unguarded function.
 *
 * @param options - What follows from a trap, and from an exception of a host function.
 * @param thrown - The exceptions of the life's imports; `undefined` if nothing follows from them.
 * @param succession - The link to later lives, if any can follow.
 * @param life - The rest of the life.
 * @param life.memoryUse - Returns the size of the first memory.
 * @param life.ended - Called when no guarded call can follow, with what makes the error of those that are not over.
 */
export function createGuard(
  { onTrap = "poison", onHostThrow = "throw" }: Pick<InstantiateOptions, "onTrap" | "onHostThrow">,
  thrown: Thrown | undefined,
  succession: Succession | undefined,
  {
    memoryUse,
    ended,
  }: {
    readonly memoryUse: () => MemoryUse | undefined;
    readonly ended: (refusal: (name: string, hasBegun: boolean) => UnglueError) => void;
  },
): Guard {
  let state: InstanceState = "live";
  let refusal: ((name?: string) => UnglueError) | undefined;
  let convention: Convention | undefined;
  let stack: Stack | undefined;
  let stubErrors: WeakSet<object> | undefined;
  let looks = false;
  /** How many calls ended with an exception and left their part of the stack behind. */
  let lost = 0;
  /** The restart that waits for the last call to end. */
  let next: (() => void) | undefined;
  /** The depth when no call is running. */
  let floor = 0;
  /** How many calls are suspended. */
  let suspended = 0;

  const raise = (times = 1): void => {
    floor += always * times;
    calls.depth += always * times;
  };

  const end: Guard["end"] = (how, refuse) => {
    if (!refusal) raise();
    state = how;
    refusal = refuse;
    next = undefined;
    // Calls that wait for a restart get the error of the life's end, which has its cause.
    if (how !== "restarting") ended(refuse);
  };

  const left = (): void => {
    if (calls.depth === floor) next?.();
  };

  const lookAtEachCall = (): void => {
    if (!looks && stack) raise();
    looks = true;
  };

  const unwind = (mark: unknown, error: unknown): void => {
    if (!stack || (convention && memberOf(convention, "losesStack") === true)) lost++;
    try {
      if (!refusal) stack?.unwind(mark, error);
    } catch {
      // Nothing can be called while the engine's stack is exhausted. The surrounding call restores the pointer.
    }
  };

  /** Returns the error of a call that has left the module in an unknown state; `undefined` if it has not. */
  const fatal = (name: string, error: unknown): UnglueError | undefined => {
    if (isTrap(error)) {
      const panic = convention && memberOf(convention, "takePanic")?.call(convention, error);
      return trapError(name, error, panic, memoryUse, lost);
    }
    return stubErrors?.has(error as object) ? (error as UnglueError) : undefined;
  };

  /** Returns the policy for an exception that is no trap. */
  const hostPolicy = (error: unknown): "poison" | "restart" | "throw" =>
    // The engine itself throws when an import has to suspend a call that cannot be suspended.
    thrown?.isHosts(error) || (thrown && isBuiltIn(error, "SuspendError")) ? onHostThrow : "throw";

  const calls: Calls = {
    // Until the life begins, the initializers count as a call.
    depth: 1,
    resting: undefined,
    enter(name) {
      if (refusal) throw refusal(name);
      return stack?.mark();
    },
    failed(name, error, mark) {
      const trap = fatal(name, error);
      const policy = trap ? onTrap : hostPolicy(error);
      // The exception of a suspended call's host function may be under way between two tasks.
      if (calls.depth === floor + 1 && suspended === 0) thrown?.forget();
      if (policy === "throw") unwind(mark, error);
      if (policy === "throw" || refusal) return trap ?? error;
      const reason = trap ?? hostThrew(name, error);
      if (policy === "restart" && succession) {
        end("restarting", succession.ended(reason));
        next = () => {
          next = undefined;
          succession.next(reason);
        };
      } else {
        end("poisoned", (refused, hasBegun) => poisoned(reason, refused, hasBegun));
        succession?.poisoned(reason);
      }
      return trap ?? error;
    },
    left,
    isIdle: () => calls.depth === floor,
    suspend: (change) => {
      suspended += change;
      raise(change);
    },
  };

  /** Whether a caller moves the stack pointer with an export. */
  const moves = (name: string): boolean => stack?.movers.includes(name) ?? false;

  return {
    get state() {
      return state;
    },
    follow: (known, found) => {
      convention = known;
      stack = found;
      if (looks && found) raise();
    },
    begin: () => {
      calls.resting = stack?.mark();
      calls.depth--;
      left();
    },
    lookAtEachCall,
    wrap(name, exported) {
      const wrapped = wrapCallee({ name, call: exported, calls });
      if (!moves(name)) return wrapped;
      const looking: ExportedFunction = (...args) => {
        lookAtEachCall();
        return wrapped(...args);
      };
      return define(looking, "length", { value: exported.length, configurable: true });
    },
    calleeOf: (name, exported) => (moves(name) ? undefined : { name, call: exported, calls }),
    calls,
    stubThrew: (error) => {
      (stubErrors ??= new WeakSet()).add(error);
    },
    end,
    refuse: () => {
      if (refusal) throw refusal();
    },
  };
}

/** The number of functions on the stack that a message names. */
const shownFrames = 3;

/** The functions in which Rust, C++ and AssemblyScript end when an allocation fails. */
const endsForWantOfMemory =
  /handle_alloc_error|alloc_error_handler|rust_oom|rdl_oom|rg_oom|bad_alloc|out_of_memory|rt\/(tlsf\/g|stub\/maybeG)rowMemory/;

/** The innermost named functions, for a message. */
function running(frames: readonly TrapFrame[]): string {
  const names = frames.flatMap((frame) => ownValue(frame, "name") ?? []).slice(0, shownFrames);
  return names.length > 0 ? `, in ${names.map(describe).join(", called by ")}` : "";
}

/**
 * Makes the error `trap`.
 *
 * @param name - The export that was called; `"(start)"` for the start function, `"(initialize)"` for functions that this
 *   option calls, `"(table 5)"` for a function of the table.
 * @param cause - The engine's error.
 * @param panic - The module's panic message, if it gave one.
 * @param memoryUse - Returns the size of the first memory.
 * @param lost - How many calls before it ended with an exception and left their part of the stack behind.
 */
export function trapError(
  name: string,
  cause: Error,
  panic?: string | Abort,
  memoryUse?: () => MemoryUse | undefined,
  lost = 0,
): UnglueError<"trap"> {
  const where = placeOf(name);
  // The panic hook appends the stack, which the cause also has.
  const [message] = (typeof panic === "object" ? panic.message : panic)?.split("\n\nStack:") ?? [];
  const source = typeof panic === "object" ? panic : undefined;
  const frames = framesOf(cause);
  const memory = frames.some((frame) => endsForWantOfMemory.test(ownValue(frame, "name") ?? ""))
    ? memoryUse?.()
    : undefined;
  return new UnglueError(
    "trap",
    `${where} ${message === undefined ? `trapped: ${messageOf(cause)}` : `${source ? "aborted" : "panicked"}: ${message.trim()}${source ? placeIn(source) : ""}`}${running(frames)}. The cause has the stack inside the module.${memory ? ` ${outOfMemory(memory)}` : ""}${lost < manyLost ? "" : ` ${stackLost(lost)}`}`,
    {
      export: name,
      ...(lost > 0 && { lostFrames: lost }),
      ...(message !== undefined && { panic: message }),
      ...(source && { source: { file: source.file, line: source.line, column: source.column } }),
      ...(memory && { memory }),
      frames,
    },
    { cause },
  );
}

/** From this many on, a message says that the stack may be used up. It often holds some thousand calls, but frames may be large. */
const manyLost = 16;

function placeIn({ file, line, column }: Abort): string {
  return file === "" ? "" : ` (${file}:${line}:${column})`;
}

function stackLost(lost: number): string {
  return (
    `Before it ${lost} calls ended with an exception, and the module exports nothing that restores its stack pointer, so it may ` +
    'have run out of stack. Catch exceptions in the host functions, or load with onHostThrow: "restart".'
  );
}

function placeOf(name: string): string {
  if (name === "(start)") return "The module's start function";
  if (name === "(initialize)") return "The function that the option initialize calls";
  if (name === "(register)") return "The registration of the module's functions";
  if (/^(_initialize|__wasm_call_ctors|__wasm_apply_data_relocs)$/.test(name))
    return `The initializer ${describe(name)}`;
  const [, index] = /^\(table (\d+)\)$/.exec(name) ?? [];
  return index === undefined ? `The export ${describe(name)}` : `The function ${index} of the table`;
}

/**
 * Makes the error `host-threw`, the cause of later refusals.
 *
 * @param name - The export that the exception left, as in {@link trapError}.
 * @param cause - The value that the host function threw.
 */
function hostThrew(name: string, cause: unknown): UnglueError<"host-threw"> {
  return new UnglueError(
    "host-threw",
    `${placeOf(name)} did not end: a host function that it called threw ${messageOf(cause)}. Catch it in the host function, or ` +
      'load with onHostThrow: "restart".',
    { export: name },
    { cause },
  );
}

/**
 * Makes the error `poisoned`.
 *
 * @param cause - The first trap, call of a missing import or exception of a host function, or the reason why no life
 *   followed it.
 * @param name - The export that was called.
 * @param hasBegun - Whether it had been called before, and its promise will not settle.
 */
export function poisoned(cause: UnglueError, name?: string, hasBegun = false): UnglueError<"poisoned"> {
  const what =
    name === undefined
      ? "The instance will not be ready"
      : hasBegun
        ? `The call of the export ${describe(name)} will not end`
        : `The export ${describe(name)} was not called`;
  const option = cause.code === "host-threw" ? "onHostThrow" : "onTrap";
  return new UnglueError(
    "poisoned",
    `${what}: an earlier call ended inside the module (see the cause), and its memory may be inconsistent. ` +
      `Load again (or compile first, and call module.instantiate()), or load with ${option}: "restart", or with "throw" to go on at your own risk.`,
    name === undefined ? {} : { export: name },
    { cause },
  );
}

/**
 * Makes the error `disposed`.
 *
 * @param intent - The request, as in "use the memory".
 */
export function disposed(intent: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `Cannot ${intent}: the instance has been disposed. Load again, or compile first and call module.instantiate().`,
    {},
  );
}
