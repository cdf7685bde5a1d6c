import { abortedError } from "../errors/aborted.ts";
import { type UnglueError } from "../errors/unglue-error.ts";
import type { AbortSignalLike } from "../public/index.ts";

/** Work in progress that can be made to fail from outside. */
export interface Task {
  /**
   * Aborted once the work has failed, for platform APIs that take a signal. Created when it is first read; `undefined` if
   * the platform has no `AbortController`, as in audio worklets.
   */
  readonly signal: AbortSignal | undefined;
  /**
   * Registers a function that closes something once the work has failed for any reason. It runs immediately if the work
   * already has.
   */
  readonly onFailure: (close: (reason: unknown) => void) => void;
  /** Throws the error of the work if it has failed. */
  readonly refuseFailed: () => void;
  /** Fails the whole work. Only the first failure counts. */
  readonly fail: (error: unknown) => void;
}

/**
 * Does work that a signal can abort at any time. If it rejects, it leaves nothing open; in any case it stops listening to
 * the signal. Errors: `aborted`, and those of the work.
 *
 * @param signal - The signal.
 * @param work - The work. It need not look at the signal, but must close what it opened once it has failed.
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
    // The signal may be the user's own object, and its errors must not undo finished work.
    settle(() => signal?.removeEventListener("abort", abort));
  }
}

/** Runs code that must not stop the rest from running: a caller's stream may throw when it is cancelled. */
function settle(close: () => void): void {
  try {
    close();
  } catch {
    // The work already has an error, which takes precedence.
  }
}

/**
 * Throws the error `aborted` if a signal has been aborted.
 *
 * @param signal - The signal, if there is one.
 */
export function refuseAborted(signal: AbortSignalLike | null | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** Calls a function with the reason once a signal is aborted. Returns a function that stops listening, which never throws. */
export type OnAbort = (signal: AbortSignalLike | undefined, act: (reason: unknown) => void) => () => void;

/**
 * Makes a function that listens to signals which many callers may share. Each signal gets one listener: platforms warn of
 * more than ten, and search all of them when one is removed.
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
      // The signal may be the user's own object.
      settle(() => signal.removeEventListener("abort", abort));
    };
    const group = { acts, leave };
    groups.set(signal, group);
    return group;
  };

  return (signal, given) => {
    if (!signal) return () => undefined;
    const { acts, leave } = groups.get(signal) ?? join(signal);
    // A new function each time, since the same one may be passed twice.
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

/** Makes the error `aborted`. */
export function aborted(signal: AbortSignalLike): UnglueError<"aborted"> {
  let cause: unknown;
  try {
    cause = signal.reason;
  } catch (error) {
    cause = error;
  }
  return abortedError("The load", cause);
}
