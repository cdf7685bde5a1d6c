import { UnglueError } from "../errors.ts";
import type { AbortSignalLike } from "../types/index.ts";

/** Work in progress that can fail from outside of its own course. */
export interface Task {
  /** Aborted once the work has failed, for whatever reason: it closes what is open. */
  readonly signal: AbortSignal;
  /** Fails the whole work at once. Only the first failure counts. */
  readonly fail: (error: unknown) => void;
}

/**
 * Does work that a signal can abort at any time. When it rejects, nothing of it is left open; however it ends, it no
 * longer listens. Errors: `aborted`, and those of the work.
 *
 * @param signal - What aborts it.
 * @param work - The work. It need not look at the signal, but must close what it opens once `task.signal` is aborted.
 */
export async function abortable<Result>(
  signal: AbortSignalLike | undefined,
  work: (task: Task) => Promise<Result>,
): Promise<Result> {
  refuseAborted(signal);
  const stop = new AbortController();
  let fail!: Task["fail"];
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const abort = () => fail(aborted(signal as AbortSignalLike));
  signal?.addEventListener("abort", abort);
  try {
    return await Promise.race([failed, work({ signal: stop.signal, fail })]);
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
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

/** The error `aborted`. */
export function aborted({ reason }: AbortSignalLike): UnglueError<"aborted"> {
  return new UnglueError("aborted", "The load was aborted by its signal.", {}, { cause: reason });
}
