import { UnglueError } from "../errors.ts";
import type { AbortSignalLike } from "../types/index.ts";

/** Work in progress that can fail from outside of its own course. */
export interface Task {
  /** Aborted once the work has failed, for whatever reason: it closes what is open. */
  readonly signal: AbortSignal;
  /** Fails the whole work at once. Only the first failure counts. */
  readonly fail: (error: unknown) => void;
  /** Lets one more signal abort the work. Errors: `aborted` if it has been aborted already. */
  readonly follow: (signal: AbortSignalLike | null | undefined) => void;
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
  const stop = new AbortController();
  const unfollow: (() => void)[] = [];
  let fail!: Task["fail"];
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const follow: Task["follow"] = (one) => {
    if (!one) return;
    refuseAborted(one);
    const abort = () => fail(aborted(one));
    one.addEventListener("abort", abort);
    unfollow.push(() => one.removeEventListener("abort", abort));
  };
  try {
    follow(signal);
    return await Promise.race([failed, work({ signal: stop.signal, fail, follow })]);
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    for (const end of unfollow) end();
  }
}

/**
 * Throws the error `aborted` if a signal has been aborted.
 *
 * @param signal - The signal, where there is one.
 */
export function refuseAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

function aborted({ reason }: AbortSignalLike): UnglueError<"aborted"> {
  return new UnglueError("aborted", "The load was aborted by its signal.", {}, { cause: reason });
}
