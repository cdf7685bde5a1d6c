import type { ImportFunction } from "../../public/index.ts";
import type { Declaration } from "./known/index.ts";
import type { Action } from "./lowered.ts";

/** The functions by which JavaScript calls another one later. */
const schedulers: ReadonlySet<string> = new Set([
  "queueMicrotask",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "requestAnimationFrame",
  "requestIdleCallback",
]);
const continuations: ReadonlySet<string> = new Set(["then", "catch", "finally"]);

/**
 * Wraps the action of an import that has the engine call a closure of the module later, as a microtask, a timer, or the
 * continuation of a promise. Nobody could catch what it throws, and it would end the process.
 *
 * @param declaration - The declaration of the import.
 * @param action - Its action.
 * @returns The action itself for any other import.
 */
export function deferring({ kind, path, name, receiver }: Declaration, action: Action): Action {
  // A meaning that was read from generated JavaScript has no class.
  const mayBePromise = path.length === 0 || path.join() === "Promise";
  const isContinuation = kind === "method" && mayBePromise && continuations.has(name);
  const isScheduler = (kind === "function" || kind === "static" || kind === "method") && schedulers.has(name);
  if (!isContinuation && !isScheduler) return action;
  return (runtime, args) =>
    action(
      runtime,
      args.map((one, at) =>
        typeof one === "function" && !(receiver && at === 0) ? runtime.continuation(one as ImportFunction) : one,
      ),
    );
}
