import { UnglueError } from "../errors/unglue-error.ts";
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
    signal?.removeEventListener("abort", abort);
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

/**
 * Acts once a signal is aborted. The signal may be one of the user's making, so letting go of it never throws.
 *
 * @param signal - The signal, where there is one.
 * @param act - What to do, given the reason.
 * @returns Lets go of the signal.
 */
export function onAbort(signal: AbortSignalLike | undefined, act: (reason: unknown) => void): () => void {
  if (!signal) return () => undefined;
  const abort = (): void => act(reasonOf(signal));
  signal.addEventListener("abort", abort);
  return () => settle(() => signal.removeEventListener("abort", abort));
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
  return new UnglueError("aborted", "The load was aborted by its signal.", {}, { cause });
}
