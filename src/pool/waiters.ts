import { abortedError } from "../errors/aborted.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { createAborts } from "../source/index.ts";
import type { TakeOptions } from "../public/index.ts";

/** Those who wait for something, in the order of asking. */
export interface Waiters<Value> {
  readonly size: number;
  /**
   * Waits. Errors: `aborted`, `pool-timeout`, and what `refuse` passes.
   *
   * @param options - How long.
   * @param expired - Makes the error for a wait of so many milliseconds, before which so many others waited.
   */
  wait(options: TakeOptions, expired: (timeout: number, before: number) => UnglueError): Promise<Value>;
  /** Serves the one who has waited longest. There must be one. */
  serve(value: Value): void;
  /** Refuses the one who has waited longest, if there is one. */
  refuse(error: unknown): void;
}

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** The longest that timers count to; what waits longer waits without one. */
const longestTimer = 2 ** 31 - 1;

/** Makes a queue in which nobody waits. */
export function createWaiters<Value>(): Waiters<Value> {
  // A set keeps the order, and lets go of one in its middle at once.
  const waiting = new Set<Waiter<Value>>();
  // One iterator for all, as long as it lasts: a new one begins with the places of all those who have left.
  let order = waiting.values();
  let head: Waiter<Value> | undefined;
  const first = (): Waiter<Value> | undefined => {
    while (waiting.size > 0 && !(head && waiting.has(head))) {
      const next = order.next();
      // It does not see those who came after its end.
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
