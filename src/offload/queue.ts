import { abortedError } from "../errors/aborted.ts";
import { isOfKind } from "../base/own.ts";
import { describe } from "../errors/describe.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { createAborts } from "../source/index.ts";
import type { AbortSignalLike } from "../public/index.ts";
import type { Running } from "./functions.ts";
import type { Incarnation, Slot } from "./slot.ts";
import type { Task } from "./tasks.ts";
import { objectGone } from "./unusable.ts";

/** The options of a call. */
export interface CallTerms {
  readonly transfer: readonly object[];
  /** Milliseconds; `Infinity` for no limit. */
  readonly timeout: number;
  readonly signal: AbortSignalLike | undefined;
}

/** The worker that a call is bound to, because an object of the call lives there. */
export interface Pin {
  readonly incarnation: Incarnation;
  /** The object's class. */
  readonly class: string;
}

/** The answer of a worker to a call. */
export interface Answered {
  readonly value: unknown;
  /** The worker that answered. */
  readonly incarnation: Incarnation;
}

/** The calls that wait for a worker, first come, first served. */
export interface Queue {
  /**
   * Adds a call. Errors: `timeout`, `aborted`, `disposed`, `object-unusable` if the worker of its object has ended, and
   * those of {@link Slot.call}.
   *
   * @param task - The task.
   * @param terms - The options of the call.
   * @param pin - The object whose worker has to run the call, if there is one.
   * @param sent - Receives the worker that gets the call, just before.
   */
  add(task: Task, terms: CallTerms, pin?: Pin, sent?: (incarnation: Incarnation) => void): Promise<Answered>;
  /**
   * Returns the function that rejects the call which a slot runs now. Its worker goes on. It returns whether that call still
   * runs.
   *
   * @param slot - The slot.
   */
  failing(slot: Slot): (error: unknown) => boolean;
  /** Ends everything. */
  dispose(): Promise<void>;
}

interface Job {
  readonly task: Task;
  readonly terms: CallTerms;
  readonly pin: Pin | undefined;
  readonly sent: ((incarnation: Incarnation) => void) | undefined;
  /** The slot whose worker waits for the function that made the call. */
  readonly caller: Slot | undefined;
  /** Its position in the order of all calls. */
  readonly number: number;
  /** Settles its promise. Only the first call counts. */
  readonly settle: (outcome: Answered | { readonly error: unknown }) => void;
}

/**
 * Makes a queue. Every call gets an answer from a worker, or an error.
 *
 * @param slots - The slots that calls go to, all open by the first call. A worker runs one call at a time.
 * @param running - Returns the function of this thread that runs now and that a worker waits for.
 */
export function createQueue(slots: readonly Slot[], running: () => Running | undefined): Queue {
  /** The calls that any worker can run, and below, those that need a certain one. */
  const waiting = new Set<Job>();
  const pinned = new Map(slots.map((slot) => [slot, new Set<Job>()]));
  const calls = new Map<Job, Slot>();
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

  /** Refuses the calls that wait for objects of a worker that has ended. */
  const refuseEnded = (slot: Slot): void => {
    for (const job of pinned.get(slot) ?? []) {
      if (job.pin && job.pin.incarnation !== slot.incarnation)
        job.settle({ error: objectGone(job.pin.class, "ended") });
    }
  };

  const run = async (job: Job, slot: Slot): Promise<void> => {
    const { task, terms, settle } = job;
    const incarnation = slot.incarnation as Incarnation;
    calls.set(job, slot);
    const clear = after(terms.timeout, () => {
      settle({ error: timedOut(task.name, terms.timeout) });
      void slot.end();
    });
    try {
      job.sent?.(incarnation);
      settle({ value: await slot.call(task, terms.transfer), incarnation });
    } catch (error) {
      settle({ error });
    }
    clear();
    calls.delete(job);
    await renew(slot);
  };

  /** Frees a slot, with a new worker if the last one has ended. */
  const renew = async (slot: Slot): Promise<void> => {
    down.delete(slot);
    refuseEnded(slot);
    try {
      if (!slot.isOpen && !isDisposed) await slot.open();
      free.add(slot);
    } catch (error) {
      // The next call tries again. If no other worker is left, the waiting calls fail with this error.
      down.add(slot);
      if (down.size === slots.length) for (const job of allWaiting()) job.settle({ error });
    }
    if (!isDisposed) handOut();
  };

  /** Refuses a call that no worker can run before the function that makes it has returned. */
  const refuseStuck = (name: string, by: Running, pin: Pin | undefined): void => {
    const callers = new Set(allWaiting().map(({ caller }) => caller)).add(by.slot);
    const all = pin ? [pin.incarnation.slot] : slots;
    if (all.every((slot) => callers.has(slot))) throw workerBusy(name, by.name);
  };

  return {
    failing(slot) {
      const [job] = [...calls].find(([, of]) => of === slot) ?? [];
      return (error) => {
        if (!job || !calls.has(job)) return false;
        job.settle({ error });
        return true;
      };
    },
    add: (task, terms, pin, sent) =>
      new Promise((resolve, reject) => {
        const fail: (reason: unknown) => void = reject;
        if (isDisposed) throw disposed(task.name);
        const { signal } = terms;
        if (signal?.aborted) throw abortedError(`The call of ${describe(task.name)}`, signal.reason);
        if (pin && pin.incarnation.slot.incarnation !== pin.incarnation) throw objectGone(pin.class, "ended");
        const by = running();
        if (by) refuseStuck(task.name, by, pin);
        let isSettled = false;
        const job: Job = {
          task,
          terms,
          pin,
          sent,
          caller: by?.slot,
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
          void calls.get(job)?.end();
        });
        queueOf(job).add(job);
        handOut();
        for (const slot of down) void renew(slot);
      }),
    async dispose() {
      isDisposed = true;
      for (const job of [...allWaiting(), ...calls.keys()]) job.settle({ error: disposed(job.task.name) });
      await Promise.all(slots.map((slot) => slot.end()));
    },
  };
}

/**
 * Runs a function after a delay, unless it is cleared. An answer that came while this thread was busy takes precedence.
 *
 * @param time - Milliseconds; `Infinity` for never.
 * @param act - The function.
 * @returns A function that clears it.
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
    `The call of ${describe(name)} ran for more than ${limit} ms. Its worker has been ended, and another takes its place, with a new instance. Allow more with the option timeout, if the call needs it.`,
    { what: name, limit },
  );
}

function workerBusy(name: string, by: string): UnglueError<"worker-busy"> {
  return new UnglueError(
    "worker-busy",
    `The call of ${describe(name)} would never be answered: ${by} makes it, and the workers that could run it wait for functions ` +
      "like that one. Call after it has returned, or offload with more workers.",
    { call: name, function: by },
  );
}

function disposed(name: string): UnglueError<"disposed"> {
  return new UnglueError(
    "disposed",
    `The call of ${describe(name)} has no answer: dispose() has ended the workers. Call offload() again for new ones.`,
    {},
  );
}
