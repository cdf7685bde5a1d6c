import { UnglueError } from "../errors.ts";
import { type Answer, notCloneable, unpack } from "./packed.ts";
import type { Setup } from "./desk.ts";
import type { Task } from "./tasks.ts";
import type { Thread } from "./thread.ts";

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
  /** Starts a worker and makes its instance. Errors: `worker-ended`, and those of instantiating. */
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
 * @param start - Starts a worker.
 * @param setup - What the worker needs.
 */
export function createSeat(number: number, start: () => Promise<Thread>, setup: Setup): Seat {
  let thread: Thread | undefined;
  let place: Place | undefined;
  let ends = 0;
  let ending: Promise<unknown> = Promise.resolve();

  const leave = (gone: Thread | undefined = thread): void => {
    place = undefined;
    if (!gone) return;
    if (gone === thread) thread = undefined;
    ending = Promise.all([ending, gone.end()]);
  };

  const seat: Seat = {
    get place() {
      return place;
    },
    get isOpen() {
      return place !== undefined;
    },
    async open() {
      const before = ends;
      let opened: Thread;
      try {
        opened = await start();
      } catch (cause) {
        throw UnglueError.is(cause) ? cause : workerEnded(number, "start", cause);
      }
      if (ends === before) thread = opened;
      else leave(opened);
      let answer: Answer;
      try {
        answer = await opened.open(setup);
      } catch (cause) {
        leave(opened);
        throw workerEnded(number, "start", cause);
      }
      if ("error" in answer) {
        leave(opened);
        throw unpack(answer.error);
      }
      place = thread === opened ? { seat } : undefined;
    },
    async call(task, transfer) {
      if (!thread) throw workerEnded(number, "call", undefined);
      const calling = thread;
      let answer: Answer;
      try {
        answer = await calling.call(task, transfer);
      } catch (cause) {
        if (isBuiltIn(cause, "DataCloneError")) throw notCloneable(task.name, "arguments", cause.message, cause);
        leave(calling);
        throw workerEnded(number, "call", cause);
      }
      if ("error" in answer) throw unpack(answer.error);
      return answer.value;
    },
    async end() {
      ends++;
      leave();
      await ending;
    },
  };
  return seat;
}

function workerEnded(worker: number, during: "start" | "call", cause: unknown): UnglueError<"worker-ended"> {
  const why = cause instanceof Error ? ` (${cause.message})` : "";
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

function isBuiltIn(value: unknown, name: string): value is Error {
  return typeof value === "object" && value !== null && "name" in value && value.name === name;
}
