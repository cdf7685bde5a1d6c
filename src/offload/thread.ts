import { hasMember } from "../base/own.ts";
import { type Endpoint, transfer as move, wrap } from "comlink";
import nodeEndpoint, { type NodeEndpoint } from "comlink/dist/esm/node-adapter";
import type { WorkerServer, Setup } from "./worker-server.ts";
import { aboutFunctions, type Connection, isAboutFunctions } from "./function-messages.ts";
import type { Answer } from "./packed.ts";
import { type Task, unreadable } from "./tasks.ts";
import type { WorkerLike } from "./types.ts";

/**
 * The reason for a missing answer: the worker's script could not be loaded, the worker has ended, or a message to it or from
 * it could not be posted. In the last two cases the worker goes on.
 */
export interface Unanswered {
  readonly lost: "script" | "ended" | "arguments" | "result";
  readonly cause: unknown;
}

/** The outcome of a request to a worker. */
export type Outcome = Answer | Unanswered;

/** One worker, which runs one task at a time. Its promises never reject. */
export interface Thread {
  /** Makes its instance. */
  open(setup: Setup): Promise<Outcome>;
  /** Runs a task with the instance. */
  call(task: Task, transfer: readonly object[]): Promise<Outcome>;
  /** Ends it. Resolves once it has ended, or when that takes too long. */
  end(): Promise<void>;
}

/** Milliseconds to wait for a worker to end. */
const patience = 1000;

/** Bun cannot end a worker whose module is in a loop, and a process that tries it never exits. */
const canInterrupt = (): boolean => !("Bun" in globalThis);

/** A worker of Node, or of a browser, with the methods that some runtimes add. */
type AnyWorker = (NodeEndpoint | Worker) & { ref?(): void; unref?(): void };

/**
 * Makes a thread from a worker that runs this library's script. It keeps the process alive only while it runs a task.
 *
 * @param made - The worker, which belongs to the thread from now on.
 * @param connection - Serves the worker's calls of functions of this thread; absent if it calls none.
 */
export function createThread(made: WorkerLike, connection?: Connection): Thread {
  const worker = made as WorkerLike & AnyWorker;
  let ended: Unanswered | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  let isRunning = false;

  const lose = (cause: unknown, lost: "script" | "ended" = "ended"): void => {
    ended ??= { lost, cause };
    settle?.(ended);
  };
  const terminate = async (): Promise<void> => {
    try {
      await worker.terminate();
    } catch {
      // It has ended, or is not one of the platform's workers. Nothing more can be done to it.
    }
  };

  const endpoint = endpointOf(worker);
  const server = wrap<WorkerServer>({
    ...endpoint,
    postMessage(message: unknown, transfer: Transferable[]) {
      // comlink also posts when its proxy is garbage-collected, which may be after the end.
      if (ended) return;
      try {
        endpoint.postMessage(message, transfer);
      } catch (cause) {
        settle?.({ lost: "arguments", cause });
      }
    },
  });
  endpoint.addEventListener("message", ((event: MessageEvent) => {
    if (event.data === unreadable) settle?.({ lost: "arguments", cause: new Error("the worker cannot read them") });
    if (connection && !ended && isAboutFunctions(event.data)) connection.receive(event.data[aboutFunctions]);
  }) as EventListener);
  listen(worker, "messageerror", () => {
    const cause = new Error("this thread cannot read it");
    // If it was a call of a function, the worker would wait for ever.
    if (connection) lose(cause);
    else settle?.({ lost: "result", cause });
  });
  // This includes uncaught errors in the worker. They end a worker in Node, so they end it everywhere.
  listen(worker, "error", (event) => {
    void terminate();
    if (isOfNode(worker)) return lose(event);
    // If a script cannot be loaded, a browser's event has no message.
    const { message } = event as Partial<ErrorEvent>;
    if (message) lose(new Error(message));
    else lose(new Error("a script could not be loaded"), "script");
  });
  listen(worker, "exit", () => lose(new Error("it has exited")));

  const ask = (send: () => Promise<Answer>): Promise<Outcome> =>
    new Promise<Outcome>((resolve) => {
      const finish = (outcome: Outcome): void => {
        isRunning = false;
        worker.unref?.();
        resolve(outcome);
      };
      settle = finish;
      if (ended) return finish(ended);
      isRunning = true;
      worker.ref?.();
      send().then(
        (answer) => finish(isAnswer(answer) ? answer : { lost: "ended", cause: new Error(foreign) }),
        (cause: unknown) => finish({ lost: "result", cause }),
      );
    });

  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const resting = isRunning && !canInterrupt() ? server.rest().catch(() => undefined) : undefined;
    lose(new Error("it has been ended"));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waited = new Promise((resolve) => (timer = setTimeout(resolve, patience)));
    await Promise.race([resting ? resting.then(terminate) : terminate(), waited]);
    clearTimeout(timer);
    worker.unref?.();
  };

  return {
    open: (setup) => ask(() => server.open({ ...setup, shared: connection?.shared })),
    call(task, transfer) {
      const why = unmovable(transfer);
      if (why) return Promise.resolve({ lost: "arguments", cause: new TypeError(why) });
      return ask(() => server.call(move(task, [...transfer] as Transferable[])));
    },
    end: () => (ending ??= end()),
  };
}

const foreign = "its script is not the one of unglue/offload-worker";

/** Whether a message is an answer: a script that is not this library's may post anything. */
function isAnswer(answer: unknown): answer is Answer {
  return (
    typeof answer === "object" && answer !== null && (Object.hasOwn(answer, "value") || Object.hasOwn(answer, "error"))
  );
}

/** The length of a buffer of any realm; throws for any other value. */
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with one
const lengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")?.get as (this: object) => number;

/**
 * Finds a value that cannot be moved. Runtimes differ in their own checks: Node posts a buffer that was moved away before,
 * and Deno moves a buffer twice.
 */
function unmovable(transfer: readonly object[]): string | undefined {
  if (new Set(transfer).size < transfer.length) return "transfer has the same object twice";
  return transfer.some(isDetached) ? "a buffer of transfer has been moved already" : undefined;
}

function isDetached(value: object): boolean {
  try {
    if (lengthOf.call(value) > 0) return false;
  } catch {
    return false;
  }
  try {
    new Uint8Array(value as ArrayBuffer);
    return false;
  } catch {
    return true;
  }
}

/** Tells Node's workers apart by their member `on`. A browser's worker has none, unless a program adds one to every object. */
function isOfNode(worker: AnyWorker): worker is Extract<AnyWorker, NodeEndpoint> {
  return hasMember(worker, "on");
}

function endpointOf(worker: AnyWorker): Endpoint {
  if (isOfNode(worker)) return nodeEndpoint(worker);
  return {
    postMessage: worker.postMessage.bind(worker),
    addEventListener: worker.addEventListener.bind(worker),
    removeEventListener: worker.removeEventListener.bind(worker),
  };
}

function listen(worker: AnyWorker, event: string, listener: (event: unknown) => void): void {
  if (isOfNode(worker)) worker.on(event, listener);
  else worker.addEventListener(event, listener);
}
