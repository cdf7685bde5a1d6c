import { abortedError } from "../errors/aborted.ts";
import { isOfKind } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { createAborts } from "../source/index.ts";
import type { AbortSignalLike } from "../public/index.ts";
import type { Incarnation, Slot } from "./slot.ts";
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
  readonly incarnation: Incarnation;
  /** The object's class. */
  readonly class: string;
}

/** What a worker has answered. */
export interface Answered {
  readonly value: unknown;
  /** The worker. */
  readonly incarnation: Incarnation;
}

/** The calls that wait for a worker, first come, first served. */
export interface Queue {
  /**
   * Adds a call. Errors: `timeout`, `aborted`, `disposed`, `object-unusable` where the worker of its object has ended, and
   * those of {@link Slot.call}.
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
 * @param slots - Where calls go, all open. A worker does one at a time.
 */
export function createQueue(slots: readonly Slot[]): Queue {
  /** Those that any worker can do, and those that only one can. */
  const waiting = new Set<Job>();
  const pinned = new Map(slots.map((slot) => [slot, new Set<Job>()]));
  const running = new Map<Job, Slot>();
  const free = new Set(slots);
  const down = new Set<Slot>();
  const onAbort = createAborts();
  let isDisposed = false;
  let added = 0;

  const queueOf = ({ pin }: Job): Set<Job> => (pin && pinned.get(pin.incarnation.slot)) ?? waiting;
  const allWaiting = (): Job[] => [...waiting, ...[...pinned.values()].flatMap((jobs) => [...jobs])];

  const handOut = (): void => {
    for (const slot of free) {
      const [open] = waiting;
      const [own] = pinned.get(slot) ?? [];
      const job = open && own ? (own.number < open.number ? own : open) : (own ?? open);
      if (!job) continue;
      queueOf(job).delete(job);
      free.delete(slot);
      void run(job, slot);
    }
  };

  /** Refuses what waits for objects of a worker that has ended. */
  const refuseEnded = (slot: Slot): void => {
    for (const job of pinned.get(slot) ?? []) {
      if (job.pin && job.pin.incarnation !== slot.incarnation)
        job.settle({ error: objectGone(job.pin.class, "ended") });
    }
  };

  const run = async (job: Job, slot: Slot): Promise<void> => {
    const { task, terms, settle } = job;
    const { incarnation } = slot;
    running.set(job, slot);
    const clear = after(terms.timeout, () => {
      settle({ error: timedOut(task.name, terms.timeout) });
      void slot.end();
    });
    try {
      settle({ value: await slot.call(task, terms.transfer), incarnation: incarnation as Incarnation });
    } catch (error) {
      settle({ error });
    }
    clear();
    running.delete(job);
    await renew(slot);
  };

  /** Frees a slot, with a new worker where the last has ended. */
  const renew = async (slot: Slot): Promise<void> => {
    down.delete(slot);
    refuseEnded(slot);
    try {
      if (!slot.isOpen && !isDisposed) await slot.open();
      free.add(slot);
    } catch (error) {
      // Tried again for the next call. Where no other worker is left, what waits is told of it.
      down.add(slot);
      if (down.size === slots.length) for (const job of allWaiting()) job.settle({ error });
    }
    if (!isDisposed) handOut();
  };

  return {
    add: (task, terms, pin) =>
      new Promise((resolve, reject) => {
        const fail: (reason: unknown) => void = reject;
        if (isDisposed) throw disposed(task.name);
        const { signal } = terms;
        if (signal?.aborted) throw abortedError(`The call of ${describe(task.name)}`, signal.reason);
        if (pin && pin.incarnation.slot.incarnation !== pin.incarnation) throw objectGone(pin.class, "ended");
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
          job.settle({ error: abortedError(`The call of ${describe(task.name)}`, reason) });
          // A call that runs cannot be stopped otherwise.
          void running.get(job)?.end();
        });
        queueOf(job).add(job);
        handOut();
        for (const slot of down) void renew(slot);
      }),
    async dispose() {
      isDisposed = true;
      for (const job of [...allWaiting(), ...running.keys()]) job.settle({ error: disposed(job.task.name) });
      await Promise.all(slots.map((slot) => slot.end()));
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
    `The call of ${describe(name)} ran for more than ${limit} ms. Its worker has been ended, and another takes its incarnation with a new instance. Allow more with the option timeout, if the call needs it.`,
    { what: name, limit },
  );
}

function disposed(name: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `The call of ${describe(name)} has no answer: dispose() has ended the workers. Call offload() again for new ones.`,
    {},
  );
}
