import { abortedError } from "../errors/aborted.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { createAborts } from "../source/index.ts";
import type { TakeOptions } from "../public/index.ts";

/** A first-in, first-out queue of callers who wait for a value. */
export interface Waiters<Value> {
  readonly size: number;
  /**
   * Waits. Errors: `aborted`, `pool-timeout`, and those passed to `refuse`.
   *
   * @param options - The timeout and the abort signal.
   * @param expired - Makes the error for a wait of `timeout` milliseconds that began with `before` others in the queue.
   */
  wait(options: TakeOptions, expired: (timeout: number, before: number) => UnglueError): Promise<Value>;
  /** Serves the caller who has waited longest. There must be one. */
  serve(value: Value): void;
  /** Refuses the caller who has waited longest, if there is one. */
  refuse(error: unknown): void;
}

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** The longest delay that timers support; longer waits use no timer. */
const longestTimer = 2 ** 31 - 1;

/** Makes an empty queue. */
export function createWaiters<Value>(): Waiters<Value> {
  // A set keeps the order, and removes from its middle in constant time.
  const waiting = new Set<Waiter<Value>>();
  // One iterator is reused while it lasts: a new one would first skip the places of all callers who have left.
  let order = waiting.values();
  let head: Waiter<Value> | undefined;
  const first = (): Waiter<Value> | undefined => {
    while (waiting.size > 0 && !(head && waiting.has(head))) {
      const next = order.next();
      // An iterator that has ended does not see later callers.
      if (next.done) order = waiting.values();
      head = next.value;
    }
    return waiting.size > 0 ? head : undefined;
  };
  const onAbort = createAborts();
  return {
    get size() {
      return waiting.size;
    },
    wait: ({ timeout = Infinity, signal }, expired) =>
      new Promise<Value>((resolve, reject) => {
        if (signal?.aborted) {
          reject(abortedError("Waiting for an instance of the pool", signal.reason));
          return;
        }
        let timer: ReturnType<typeof setTimeout> | undefined;
        const leave = (): void => {
          waiting.delete(waiter);
          if (timer !== undefined) clearTimeout(timer);
          release();
        };
        const waiter: Waiter<Value> = {
          resolve: (value) => {
            leave();
            resolve(value);
          },
          reject: (error) => {
            leave();
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what making an instance failed with
            reject(error);
          },
        };
        const release = onAbort(signal, (reason) =>
          waiter.reject(abortedError("Waiting for an instance of the pool", reason)),
        );
        if (timeout <= longestTimer && typeof setTimeout !== "function") {
          waiter.reject(
            new UnglueError(
              "unavailable-here",
              "Cannot wait for an instance of the pool no longer than a timeout: this runtime has no timers. Pass a signal instead.",
              { what: "setTimeout" },
            ),
          );
          return;
        }
        if (timeout <= longestTimer) {
          const before = waiting.size;
          timer = setTimeout(() => waiter.reject(expired(timeout, before)), timeout);
        }
        waiting.add(waiter);
      }),
    serve: (value) => first()?.resolve(value),
    refuse: (error) => first()?.reject(error),
  };
}
