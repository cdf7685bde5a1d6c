import { isOfKind } from "../base/own.ts";
import { reasonOf } from "../errors/caught.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { messageOf, notCloneable, unpack } from "./packed.ts";
import type { Setup } from "./desk.ts";
import type { Task } from "./tasks.ts";
import type { Outcome, Thread } from "./thread.ts";
import { workerUnavailable } from "./unusable.ts";

/** One worker on its seat: objects live there. */
export interface Place {
  readonly seat: Seat;
}

/** A place for a worker: one after another may sit there. */
export interface Seat {
  /** The worker that can be called; `undefined` where none can. */
  readonly place: Place | undefined;
  /** Whether its worker has an instance and can be called. */
  readonly isOpen: boolean;
  /** Starts a worker and makes its instance. Errors: `worker-ended`, `not-cloneable`, and those of starting and instantiating. */
  open(): Promise<void>;
  /** Has its worker do something. Errors: `worker-ended`, `not-cloneable`, and those of the call. */
  call(task: Task, transfer: readonly object[]): Promise<unknown>;
  /** Ends its worker; what it does fails with `worker-ended`. Resolves once all of its workers have ended. */
  end(): Promise<void>;
}

/**
 * Makes a seat, with nobody on it.
 *
 * @param number - Its number from 1 on, for messages.
 * @param start - Starts a worker. What it throws is what `open` rejects with.
 * @param setup - What the worker needs.
 */
export function createSeat(number: number, start: () => Thread, setup: Setup): Seat {
  let thread: Thread | undefined;
  let place: Place | undefined;
  let ending: Promise<unknown> = Promise.resolve();

  const leave = (gone: Thread | undefined = thread): void => {
    place = undefined;
    if (!gone) return;
    if (gone === thread) thread = undefined;
    ending = Promise.all([ending, gone.end()]);
  };

  /** Takes an answer apart. */
  const take = (outcome: Outcome, during: "start" | "call", name: string): unknown => {
    if (isOfKind(outcome, "error")) throw unpack(outcome.error);
    if (!isOfKind(outcome, "lost")) return outcome.value;
    const { lost, cause } = outcome;
    if (lost === "script") throw workerUnavailable("missing", undefined, cause);
    if (lost === "ended") throw workerEnded(number, during, cause);
    throw notCloneable(name, during === "start" ? "options" : lost, messageOf(cause), cause);
  };

  const seat: Seat = {
    get place() {
      return place;
    },
    get isOpen() {
      return place !== undefined;
    },
    async open() {
      const opened = start();
      thread = opened;
      try {
        take(await opened.open(setup), "start", "offload");
      } catch (error) {
        leave(opened);
        throw error;
      }
      place = thread === opened ? { seat } : undefined;
    },
    async call(task, transfer) {
      const calling = thread;
      if (!calling) throw workerEnded(number, "call", undefined);
      const outcome = await calling.call(task, transfer);
      if (isOfKind(outcome, "lost") && (outcome.lost === "ended" || outcome.lost === "script")) leave(calling);
      return take(outcome, "call", task.name);
    },
    async end() {
      leave();
      await ending;
    },
  };
  return seat;
}

function workerEnded(worker: number, during: "start" | "call", cause: unknown): UnglueError<"worker-ended"> {
  const why = cause === undefined ? "" : ` (${reasonOf(cause)})`;
  const hint =
    during === "start"
      ? "Check that the worker's script and the module of imports can be loaded there; the option worker names another script."
      : "Another takes its place, with a new instance. What the call did before that is lost: call again if that does no harm.";
  return new UnglueError(
    "worker-ended",
    `Worker ${worker} ended ${during === "start" ? "before it had its instance" : "before it answered"}${why}. ${hint}`,
    { worker, during },
    { cause },
  );
}
