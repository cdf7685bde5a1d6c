import { describe } from "../describe.ts";
import { UnglueError } from "../errors.ts";
import type { AbortSignalLike } from "../types/index.ts";
import type { CallTask } from "./desk.ts";
import type { Seat } from "./seat.ts";

/** How a call is made. */
export interface CallTerms {
  readonly transfer: readonly object[];
  /** Milliseconds; `Infinity` for no limit. */
  readonly timeout: number;
  readonly signal: AbortSignalLike | undefined;
}

/** The calls that wait for a worker, first come, first served. */
export interface Queue {
  /** Adds a call. Errors: `timeout`, `aborted`, `disposed`, and those of {@link Seat.call}. */
  add(task: CallTask, terms: CallTerms): Promise<unknown>;
  /** Ends everything. */
  dispose(): Promise<void>;
}

interface Job {
  readonly task: CallTask;
  readonly terms: CallTerms;
  /** Settles its promise. Only the first time counts. */
  readonly settle: (outcome: { readonly value: unknown } | { readonly error: unknown }) => void;
}

/**
 * Makes a queue. Each call is answered: by a worker, or with an error.
 *
 * @param seats - Where calls go, all open. A worker does one at a time.
 */
export function createQueue(seats: readonly Seat[]): Queue {
  const waiting = new Set<Job>();
  const running = new Map<Job, Seat>();
  const free = new Set(seats);
  const down = new Set<Seat>();
  let isDisposed = false;

  const handOut = (): void => {
    for (const seat of free) {
      const [job] = waiting;
      if (!job) return;
      waiting.delete(job);
      free.delete(seat);
      void run(job, seat);
    }
  };

  const run = async (job: Job, seat: Seat): Promise<void> => {
    const { task, terms, settle } = job;
    running.set(job, seat);
    const clear = after(terms.timeout, () => {
      settle({ error: timedOut(task.name, terms.timeout) });
      void seat.end();
    });
    try {
      settle({ value: await seat.call(task, terms.transfer) });
    } catch (error) {
      settle({ error });
    }
    clear();
    running.delete(job);
    await renew(seat);
  };

  /** Frees a seat, with a new worker where the last has ended. */
  const renew = async (seat: Seat): Promise<void> => {
    down.delete(seat);
    try {
      if (!seat.isOpen && !isDisposed) await seat.open();
      free.add(seat);
    } catch (error) {
      // Tried again for the next call. Where no other worker is left, what waits is told of it.
      down.add(seat);
      if (down.size === seats.length) for (const job of waiting) job.settle({ error });
    }
    if (!isDisposed) handOut();
  };

  return {
    add: (task, terms) =>
      new Promise((resolve, reject) => {
        const fail: (reason: unknown) => void = reject;
        if (isDisposed) throw disposed(task.name);
        const { signal } = terms;
        if (signal?.aborted) throw aborted(task.name, signal);
        const abort = (): void => {
          job.settle({ error: aborted(task.name, signal as AbortSignalLike) });
          // A call that runs cannot be stopped otherwise.
          void running.get(job)?.end();
        };
        let isSettled = false;
        const job: Job = {
          task,
          terms,
          settle(outcome) {
            if (isSettled) return;
            isSettled = true;
            waiting.delete(job);
            signal?.removeEventListener("abort", abort);
            if ("error" in outcome) fail(outcome.error);
            else resolve(outcome.value);
          },
        };
        signal?.addEventListener("abort", abort);
        waiting.add(job);
        handOut();
        for (const seat of down) void renew(seat);
      }),
    async dispose() {
      isDisposed = true;
      for (const job of [...waiting, ...running.keys()]) job.settle({ error: disposed(job.task.name) });
      await Promise.all(seats.map((seat) => seat.end()));
    },
  };
}

/**
 * Does something after a time, unless it is cleared. An answer that came while this thread was busy comes first.
 *
 * @param time - Milliseconds; `Infinity` for never.
 * @param act - What to do.
 * @returns Clears it.
 */
function after(time: number, act: () => void): () => void {
  if (time === Infinity) return () => undefined;
  let timer = setTimeout(() => {
    timer = setTimeout(act);
  }, time);
  return () => clearTimeout(timer);
}

function timedOut(name: string, limit: number): UnglueError<"timeout"> {
  return new UnglueError(
    "timeout",
    `The call of ${describe(name)} ran for more than ${limit} ms. Its worker has been ended, and another takes its place with a new instance. Allow more with the option timeout, if the call needs it.`,
    { what: name, limit },
  );
}

function aborted(name: string, { reason }: AbortSignalLike): UnglueError<"aborted"> {
  return new UnglueError("aborted", `The call of ${describe(name)} was aborted by its signal.`, {}, { cause: reason });
}

function disposed(name: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `The call of ${describe(name)} has no answer: dispose() has ended the workers. Call offload() again for new ones.`,
    {},
  );
}
