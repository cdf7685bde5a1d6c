import { isOfKind } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { createAborts } from "../source/index.ts";
import type { AbortSignalLike } from "../public/index.ts";
import type { Place, Seat } from "./seat.ts";
import type { Task } from "./tasks.ts";
import { objectGone } from "./unusable.ts";

/** How a call is made. */
export interface CallTerms {
  readonly transfer: readonly object[];
  /** Milliseconds; `Infinity` for no limit. */
  readonly timeout: number;
  readonly signal: AbortSignalLike | undefined;
}

/** What ties a call to one worker: an object that lives there. */
export interface Pin {
  readonly place: Place;
  /** The object's class. */
  readonly class: string;
}

/** What a worker has answered. */
export interface Answered {
  readonly value: unknown;
  /** The worker. */
  readonly place: Place;
}

/** The calls that wait for a worker, first come, first served. */
export interface Queue {
  /**
   * Adds a call. Errors: `timeout`, `aborted`, `disposed`, `object-unusable` where the worker of its object has ended, and
   * those of {@link Seat.call}.
   *
   * @param task - What to do.
   * @param terms - How.
   * @param pin - The object that it is done with, if it has to be done where that is.
   */
  add(task: Task, terms: CallTerms, pin?: Pin): Promise<Answered>;
  /** Ends everything. */
  dispose(): Promise<void>;
}

interface Job {
  readonly task: Task;
  readonly terms: CallTerms;
  readonly pin: Pin | undefined;
  /** Where it came in the order of all. */
  readonly number: number;
  /** Settles its promise. Only the first time counts. */
  readonly settle: (outcome: Answered | { readonly error: unknown }) => void;
}

/**
 * Makes a queue. Each call is answered: by a worker, or with an error.
 *
 * @param seats - Where calls go, all open. A worker does one at a time.
 */
export function createQueue(seats: readonly Seat[]): Queue {
  /** Those that any worker can do, and those that only one can. */
  const waiting = new Set<Job>();
  const pinned = new Map(seats.map((seat) => [seat, new Set<Job>()]));
  const running = new Map<Job, Seat>();
  const free = new Set(seats);
  const down = new Set<Seat>();
  const onAbort = createAborts();
  let isDisposed = false;
  let added = 0;

  const queueOf = ({ pin }: Job): Set<Job> => (pin && pinned.get(pin.place.seat)) ?? waiting;
  const allWaiting = (): Job[] => [...waiting, ...[...pinned.values()].flatMap((jobs) => [...jobs])];

  const handOut = (): void => {
    for (const seat of free) {
      const [open] = waiting;
      const [own] = pinned.get(seat) ?? [];
      const job = open && own ? (own.number < open.number ? own : open) : (own ?? open);
      if (!job) continue;
      queueOf(job).delete(job);
      free.delete(seat);
      void run(job, seat);
    }
  };

  /** Refuses what waits for objects of a worker that has ended. */
  const refuseEnded = (seat: Seat): void => {
    for (const job of pinned.get(seat) ?? []) {
      if (job.pin && job.pin.place !== seat.place) job.settle({ error: objectGone(job.pin.class, "ended") });
    }
  };

  const run = async (job: Job, seat: Seat): Promise<void> => {
    const { task, terms, settle } = job;
    const { place } = seat;
    running.set(job, seat);
    const clear = after(terms.timeout, () => {
      settle({ error: timedOut(task.name, terms.timeout) });
      void seat.end();
    });
    try {
      settle({ value: await seat.call(task, terms.transfer), place: place as Place });
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
    refuseEnded(seat);
    try {
      if (!seat.isOpen && !isDisposed) await seat.open();
      free.add(seat);
    } catch (error) {
      // Tried again for the next call. Where no other worker is left, what waits is told of it.
      down.add(seat);
      if (down.size === seats.length) for (const job of allWaiting()) job.settle({ error });
    }
    if (!isDisposed) handOut();
  };

  return {
    add: (task, terms, pin) =>
      new Promise((resolve, reject) => {
        const fail: (reason: unknown) => void = reject;
        if (isDisposed) throw disposed(task.name);
        const { signal } = terms;
        if (signal?.aborted) throw aborted(task.name, signal.reason);
        if (pin && pin.place.seat.place !== pin.place) throw objectGone(pin.class, "ended");
        let isSettled = false;
        const job: Job = {
          task,
          terms,
          pin,
          number: ++added,
          settle(outcome) {
            if (isSettled) return;
            isSettled = true;
            queueOf(job).delete(job);
            release();
            if (isOfKind(outcome, "error")) fail(outcome.error);
            else resolve(outcome);
          },
        };
        const release = onAbort(signal, (reason) => {
          job.settle({ error: aborted(task.name, reason) });
          // A call that runs cannot be stopped otherwise.
          void running.get(job)?.end();
        });
        queueOf(job).add(job);
        handOut();
        for (const seat of down) void renew(seat);
      }),
    async dispose() {
      isDisposed = true;
      for (const job of [...allWaiting(), ...running.keys()]) job.settle({ error: disposed(job.task.name) });
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

function aborted(name: string, cause: unknown): UnglueError<"aborted"> {
  return new UnglueError("aborted", `The call of ${describe(name)} was aborted by its signal.`, {}, { cause });
}

function disposed(name: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `The call of ${describe(name)} has no answer: dispose() has ended the workers. Call offload() again for new ones.`,
    {},
  );
}
