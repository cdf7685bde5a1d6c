import type { Calls } from "../base/callee.ts";
import { promising } from "../base/suspending.ts";
import type { AllocationLog, LifeContext } from "../public/index.ts";
import { Lock } from "./locks.ts";
import type { PendingCall, PendingCalls } from "./pending.ts";

/**
 * The calls of one life that the engine suspends while the module waits for a promise. They share the module's stack in memory,
 * so there is one at a time, and it begins on a stack without frames of others.
 */
export interface Suspension {
  /** Held by the call that has begun; others wait for it. */
  readonly lock: Lock;
  /** Whether a call can begin: none is running. */
  readonly isIdle: () => boolean;
  /**
   * Calls an export.
   *
   * @param name - The export.
   * @param words - Its arguments.
   * @returns A promise of its result, which rejects with the errors of a guarded call.
   */
  readonly call: (name: string, words: readonly unknown[]) => Promise<unknown>;
  /**
   * Called when a host function is about to suspend the module.
   *
   * @returns A function to call when the module is about to go on.
   */
  readonly pause: () => () => void;
  /** Sets the call that begins, which rejects with its own error if that ends the life. */
  follow(call: PendingCall, pending: PendingCalls): void;
}

/**
 * Makes the state of one life.
 *
 * @param calls - The state that its guarded calls share.
 * @param exports - The engine's exports.
 * @param log - The ledger's log, if there is a ledger.
 */
export function createSuspension(
  calls: Calls,
  exports: LifeContext["exports"],
  log: AllocationLog | undefined,
): Suspension {
  /** Whether the call is counted as running. */
  let isRunning = false;
  let current: (() => void) | undefined;

  const resume = (): void => {
    if (isRunning) return;
    isRunning = true;
    calls.depth++;
  };
  const pause = (): void => {
    if (!isRunning) return;
    isRunning = false;
    calls.depth--;
    calls.left();
  };
  const ended = (): void => {
    calls.suspend(-1);
    log?.called?.();
  };

  return {
    // No object: the address stands for the stack.
    lock: new Lock({ address: 1, leaving: 0 }, () => undefined),
    isIdle: calls.isIdle,
    follow: (call, pending) => {
      current = () => {
        pending.delete(call);
      };
    },
    pause: () => {
      if (!isRunning) return () => undefined;
      pause();
      return resume;
    },
    call: (name, words) => {
      const mark = calls.enter(name);
      const fail = (error: unknown): never => {
        resume();
        try {
          current?.();
          throw calls.failed(name, error, mark);
        } finally {
          ended();
          pause();
        }
      };
      calls.suspend(1);
      resume();
      let promise: Promise<unknown>;
      try {
        promise = promising(exports[name] as object)(...words);
      } catch (error) {
        return fail(error);
      }
      pause();
      return promise.then((value) => {
        ended();
        return value;
      }, fail);
    },
  };
}
