import { abortedError } from "../errors/aborted.ts";
import { type UnglueError } from "../errors/unglue-error.ts";
import type { AbortSignalLike } from "../public/index.ts";

/** Work in progress that can fail from outside of its own course. */
export interface Task {
  /**
   * Aborted once the work has failed, for APIs of the platform that take a signal. Made when it is read; `undefined`
   * where the platform has no `AbortController`, as in audio worklets.
   */
  readonly signal: AbortSignal | undefined;
  /** Closes something once the work has failed, for whatever reason, or immediately if it has. */
  readonly onFailure: (close: (reason: unknown) => void) => void;
  /** Throws what the work has failed with, if it has. */
  readonly refuseFailed: () => void;
  /** Fails the whole work. Only the first failure counts. */
  readonly fail: (error: unknown) => void;
}

/**
 * Does work that a signal can abort at any time. When it rejects, nothing of it is left open; however it ends, it no
 * longer listens. Errors: `aborted`, and those of the work.
 *
 * @param signal - What aborts it.
 * @param work - The work. It need not look at the signal, but must close what it opens once it has failed.
 */
export async function abortable<Result>(
  signal: AbortSignalLike | undefined,
  work: (task: Task) => Promise<Result>,
): Promise<Result> {
  refuseAborted(signal);
  const closers = new Set<(reason: unknown) => void>();
  let failure: { readonly reason: unknown } | undefined;
  const onFailure: Task["onFailure"] = (close) => {
    if (failure) close(failure.reason);
    else closers.add(close);
  };
  let stop: AbortController | undefined;
  let fail!: Task["fail"];
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const abort = () => fail(aborted(signal as AbortSignalLike));
  signal?.addEventListener("abort", abort);
  try {
    const task: Task = {
      get signal() {
        if (!stop && typeof AbortController === "function") {
          const controller = (stop = new AbortController());
          onFailure((reason) => controller.abort(reason));
        }
        return stop?.signal;
      },
      onFailure,
      refuseFailed: () => {
        if (failure) throw failure.reason;
      },
      fail,
    };
    return await Promise.race([failed, work(task)]);
  } catch (error) {
    failure = { reason: error };
    for (const close of closers) settle(() => close(error));
    throw error;
  } finally {
    // The signal may be one of the user's making, and what it throws must not undo what was done.
    settle(() => signal?.removeEventListener("abort", abort));
  }
}

/** Runs what must not stop the rest from running: a stream of the caller's may throw when it is cancelled. */
function settle(close: () => void): void {
  try {
    close();
  } catch {
    // The work has an error already, which counts.
  }
}

/**
 * Throws the error `aborted` if a signal has been aborted.
 *
 * @param signal - The signal, where there is one.
 */
export function refuseAborted(signal: AbortSignalLike | null | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** Acts once a signal is aborted, given the reason. Returns what lets go of the signal, which never throws. */
export type OnAbort = (signal: AbortSignalLike | undefined, act: (reason: unknown) => void) => () => void;

/**
 * Makes what listens to signals for many who may share one. Each signal gets one listener: platforms warn of more than ten, and
 * search them all when one is removed.
 */
export function createAborts(): OnAbort {
  const groups = new Map<
    AbortSignalLike,
    { readonly acts: Set<(reason: unknown) => void>; readonly leave: () => void }
  >();

  const join = (signal: AbortSignalLike) => {
    const acts = new Set<(reason: unknown) => void>();
    const abort = (): void => {
      const reason = reasonOf(signal);
      for (const act of [...acts]) settle(() => act(reason));
    };
    signal.addEventListener("abort", abort);
    const leave = (): void => {
      groups.delete(signal);
      // The signal may be one of the user's making.
      settle(() => signal.removeEventListener("abort", abort));
    };
    const group = { acts, leave };
    groups.set(signal, group);
    return group;
  };

  return (signal, given) => {
    if (!signal) return () => undefined;
    const { acts, leave } = groups.get(signal) ?? join(signal);
    // Of its own, since the same function may be given twice.
    const act = (reason: unknown): void => given(reason);
    acts.add(act);
    return () => {
      if (acts.delete(act) && acts.size === 0) leave();
    };
  };
}

function reasonOf(signal: AbortSignalLike): unknown {
  try {
    return signal.reason;
  } catch (error) {
    return error;
  }
}

/** The error `aborted`. */
export function aborted(signal: AbortSignalLike): UnglueError<"aborted"> {
  let cause: unknown;
  try {
    cause = signal.reason;
  } catch (error) {
    cause = error;
  }
  return abortedError("The load", cause);
}
