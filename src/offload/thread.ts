import type { Platform } from "../platform/platform.ts";
import type { Answer } from "./packed.ts";
import type { Setup } from "./desk.ts";
import type { Task } from "./tasks.ts";
import type { OffloadOptions } from "./types.ts";

/** What the library knows of workers where it runs. */
export interface Host {
  readonly platform: Platform;
  /**
   * Starts a worker. Errors: `unavailable-here`, and the platform's own.
   *
   * @param script - The worker's script, where it is not the library's own.
   */
  start(script: OffloadOptions["worker"]): Promise<Thread>;
}

/**
 * One worker, which does one thing at a time. What it is told rejects with a `DataCloneError` where it cannot be posted,
 * and with any other error where the worker has ended.
 */
export interface Thread {
  /** Makes its instance. */
  open(setup: Setup): Promise<Answer>;
  /** Does something with it. */
  call(task: Task, transfer: readonly object[]): Promise<Answer>;
  /** Ends it at once. Resolves once it has ended. */
  end(): Promise<void>;
}

/** Waits for a worker that may end before it answers, which neither platform's library tells everywhere. */
export interface Fuse {
  /** Waits for the one thing that the worker does. */
  guard(work: Promise<Answer>): Promise<Answer>;
  /** Fails what is waited for, and all that follows. The first reason counts. */
  blow(reason: unknown): void;
}

/** Makes a fuse. It keeps hold of no answer: a promise that every call is raced against would collect them all. */
export function createFuse(): Fuse {
  let blown: { readonly reason: unknown } | undefined;
  let fail: ((reason: unknown) => void) | undefined;
  return {
    guard: (work) =>
      new Promise((resolve, reject) => {
        work.then(resolve, reject);
        fail = reject;
        if (blown) fail(blown.reason);
      }),
    blow(reason) {
      blown ??= { reason };
      fail?.(blown.reason);
    },
  };
}
