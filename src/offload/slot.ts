import { isOfKind } from "../base/own.ts";
import { messageOf, reasonOf, shownCause } from "../errors/caught.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { notCloneable, unpack } from "./packed.ts";
import type { Setup } from "./worker-server.ts";
import type { Task } from "./tasks.ts";
import type { Outcome, Thread } from "./thread.ts";
import { workerUnavailable } from "./unusable.ts";

/** One worker in a slot. Its objects live in it, and end with it. */
export interface Incarnation {
  readonly slot: Slot;
}

/** A slot holds one worker at a time, and replaces one that has ended. */
export interface Slot {
  /** The worker that can be called; `undefined` if there is none. */
  readonly incarnation: Incarnation | undefined;
  /** Whether its worker has an instance and can be called. */
  readonly isOpen: boolean;
  /** Starts a worker and makes its instance. Errors: `worker-ended`, `not-cloneable`, and those of starting and instantiating. */
  open(): Promise<void>;
  /** Makes its worker run a task. Errors: `worker-ended`, `not-cloneable`, and those of the call. */
  call(task: Task, transfer: readonly object[]): Promise<unknown>;
  /** Ends its worker; a running call fails with `worker-ended`. Resolves once all of its workers have ended. */
  end(): Promise<void>;
}

/**
 * Makes a slot that holds no worker yet.
 *
 * @param number - Its number, from 1, for messages.
 * @param start - Starts a worker for the slot. If it throws, `open` rejects with the same error.
 * @param setup - The setup of each worker.
 */
export function createSlot(number: number, start: (slot: Slot) => Thread, setup: Setup): Slot {
  let thread: Thread | undefined;
  let incarnation: Incarnation | undefined;
  let ending: Promise<unknown> = Promise.resolve();

  const leave = (gone: Thread | undefined = thread): void => {
    incarnation = undefined;
    if (!gone) return;
    if (gone === thread) thread = undefined;
    ending = Promise.all([ending, gone.end()]);
  };

  /** Returns the value of an outcome, or throws its error. */
  const take = (outcome: Outcome, during: "start" | "call", name: string): unknown => {
    if (isOfKind(outcome, "error")) throw unpack(outcome.error);
    if (!isOfKind(outcome, "lost")) return outcome.value;
    const { lost, cause } = outcome;
    if (lost === "script") throw workerUnavailable("missing", undefined, cause);
    if (lost === "ended") throw workerEnded(number, during, cause);
    throw notCloneable(name, during === "start" ? "options" : lost, messageOf(cause), cause);
  };

  const slot: Slot = {
    get incarnation() {
      return incarnation;
    },
    get isOpen() {
      return incarnation !== undefined;
    },
    async open() {
      const opened = start(slot);
      thread = opened;
      try {
        take(await opened.open(setup), "start", "offload");
      } catch (error) {
        leave(opened);
        throw error;
      }
      incarnation = thread === opened ? { slot } : undefined;
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
  return slot;
}

function workerEnded(worker: number, during: "start" | "call", cause: unknown): UnglueError<"worker-ended"> {
  const why = cause === undefined ? "" : ` (${reasonOf(cause)})`;
  const hint =
    during === "start"
      ? "Check that the worker's script and the module of imports can be loaded there; the option worker names another script."
      : "Another takes its place, with a new instance. The work that the call did before that is lost: call again if that does no harm.";
  return new UnglueError(
    "worker-ended",
    `Worker ${worker} ended ${during === "start" ? "before it had its instance" : "before it answered"}${why}. ${hint}`,
    { worker, during },
    { cause: shownCause(cause) },
  );
}
