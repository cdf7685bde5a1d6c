import { describe } from "../errors/describe.ts";
import { invalidArgument } from "../errors/invalid.ts";
import { UnglueError } from "../errors/unglue-error.ts";
import { preview } from "../base/preview.ts";
import type { Lendable } from "../instance/index.ts";
import type { Instance, Lease, Pool, PoolOptions, TakeOptions } from "../public/index.ts";
import { createLender, type Loan } from "./lease.ts";
import { createWaiters } from "./waiters.ts";

/** The context in which a pool is made. */
export interface PoolContext<Exports extends object> {
  /** Makes an instance. */
  readonly make: () => Promise<Lendable>;
  readonly options: Pick<PoolOptions<Exports>, "max" | "min" | "reset" | "warn">;
  /** Checks the options of a call. */
  readonly readTakeOptions: (call: string, given: TakeOptions | undefined) => TakeOptions;
}

/**
 * Milliseconds between attempts when the engine has no memory for an instance: a disposed instance keeps its address space
 * until it is garbage-collected, which takes a task or two.
 */
const patience = [0, 0, 20, 100, 500];

/**
 * Makes a pool.
 *
 * @param context - How to make instances, and how many.
 */
export function createPool<Exports extends object>(context: PoolContext<Exports>): Pool<Exports> {
  const { make, options, readTakeOptions } = context;
  const { max, min = 0, reset = "fresh" } = options;
  const idle: Lendable[] = [];
  /** The loans by lease, not by instance: if an instance was lent twice, the first taker must not give it back for the second. */
  const taken = new Map<Instance<Exports>, Loan<Exports>>();
  const lend = createLender<Exports>(reset !== "fresh");
  const waiters = createWaiters<Lease<Exports>>();
  let making = 0;
  const resetting = new Set<Lendable>();
  /** The target size: `min`, or the largest size so far. */
  let goal = min;
  let isSpareDue = false;
  let ended: Promise<void> | undefined;
  let end: () => void = () => undefined;

  const size = (): number => idle.length + taken.size + making + resetting.size;

  const refuseDisposed = (): void => {
    if (ended) throw poolDisposed("Cannot take an instance: the pool has been disposed of.");
  };

  /** Hands out idle instances, makes those that are needed and allowed, and finishes a disposal. */
  const settle = (): void => {
    while (waiters.size > 0) {
      const ready = idle.pop();
      if (!ready) break;
      // A former taker may have kept it, and disposed of it since.
      if (ready.instance.state !== "live") retire(ready);
      else {
        const loan = lend(ready, () => giveBack(loan));
        taken.set(loan.lease, loan);
        waiters.serve(loan.lease);
      }
    }
    while (waiters.size > making && size() < max) begin();
    if (ended && size() === 0) end();
    if (!ended && size() < goal && !isSpareDue) {
      isSpareDue = true;
      void pause(0).then(makeSpare);
    }
  };

  const begin = (): void => {
    making++;
    makeWithPatience().then(
      (made) => {
        making--;
        if (ended) retire(made);
        else idle.push(made);
        goal = Math.max(goal, size());
        settle();
      },
      (error: unknown) => {
        making--;
        // If nobody waits, the next taker triggers another attempt, and receives its failure.
        if (waiters.size > 0 || ended) {
          waiters.refuse(error);
          settle();
        }
      },
    );
  };

  const makeWithPatience = async (): Promise<Lendable> => {
    for (const delay of patience) {
      try {
        return await make();
      } catch (error) {
        if (ended || !UnglueError.is(error, "out-of-memory")) throw error;
        await pause(delay);
      }
    }
    return make();
  };

  /** Makes one instance in its own task, so that giving back does not wait for it. */
  const makeSpare = (): void => {
    isSpareDue = false;
    if (!ended && making === 0 && size() < goal) begin();
  };

  /** Warns. Nobody could receive a failure of this. */
  const warn = (message: string): void => {
    try {
      if (options.warn) options.warn(message);
      else console.warn(message);
    } catch {
      // The pool goes on.
    }
  };

  const retire = ({ instance }: Lendable): void => {
    try {
      instance.dispose();
    } catch (error) {
      warn(`unglue: disposing of an instance of a pool failed: ${describe(error)}`);
    }
  };

  const clean = (loan: Loan<Exports>, run: Exclude<typeof reset, "fresh">): void => {
    const { of } = loan;
    const instance = of.instance as Instance<Exports>;
    resetting.add(of);
    const done = (): void => {
      // Otherwise the pool has been disposed of meanwhile, and the instance with it.
      if (!resetting.delete(of)) return;
      if (ended || instance.state !== "live") retire(of);
      else idle.push(of);
      settle();
    };
    const failed = (error: unknown): void => {
      if (!resetting.has(of)) return;
      warn(`unglue: resetting an instance of a pool failed, so it is replaced by a new one: ${describe(error)}`);
      retire(of);
      done();
    };
    const finish = (): void => {
      try {
        // After the reset, in which the module may still call them.
        if (instance.state === "live") loan.freeCallbacks();
      } catch (error) {
        failed(error);
        return;
      }
      done();
    };
    let running: unknown;
    try {
      // Before the reset, after which the module may have forgotten the allocations.
      loan.freeArenas();
      const returned: unknown = run(instance);
      if (isPromise(returned)) running = Promise.resolve(returned);
    } catch (error) {
      failed(error);
      return;
    }
    // Without a promise nothing is awaited, so that the next taker can come immediately.
    if (running) (running as Promise<unknown>).then(finish, failed);
    else finish();
  };

  const giveBack = (loan: Loan<Exports>): void => {
    const { lease, of, end: endLease } = loan;
    taken.delete(lease);
    endLease();
    if (reset !== "fresh" && !ended && of.instance.state === "live") clean(loan, reset);
    else {
      retire(of);
      settle();
    }
  };

  const take = (given: TakeOptions): Promise<Lease<Exports>> => {
    refuseDisposed();
    const served = waiters.wait(given, (timeout, waiting) => expired(timeout, size(), waiting));
    settle();
    return served;
  };

  const dispose = (): Promise<void> => {
    if (ended) return ended;
    ended = new Promise((resolve) => (end = resolve));
    while (waiters.size > 0)
      waiters.refuse(poolDisposed("The pool was disposed of while this waited for an instance."));
    // A reset may never end, and nobody will use its instance.
    const unused = [...idle.splice(0), ...resetting];
    resetting.clear();
    for (const one of unused) retire(one);
    settle();
    return ended;
  };

  settle();
  const pool: Pool<Exports> = {
    get size() {
      return size();
    },
    get idle() {
      return idle.length;
    },
    get waiting() {
      return waiters.size;
    },
    take: async (given) => take(readTakeOptions("pool.take", given)),
    give(wasm) {
      const loan = taken.get(wasm);
      if (!loan) {
        throw new UnglueError(
          "foreign-instance",
          "This instance is not on loan from this pool: it was given back or disposed of before, or came from elsewhere. " +
            "Give back what take() returned, once; use() does so by itself.",
          {},
        );
      }
      giveBack(loan);
    },
    async use(work, given) {
      if (typeof work !== "function") {
        throw invalidArgument("pool.use", "work", "a function that receives the instance", work);
      }
      const lease = await take(readTakeOptions("pool.use", given));
      try {
        return await work(lease);
      } finally {
        lease.dispose();
      }
    },
    dispose,
    // Without the symbol, the key is a harmless second "dispose".
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is younger than some engines
    [Symbol.asyncDispose ?? "dispose"]: dispose,
  };
  return preview(pool, "Pool", () => ({ size: size(), idle: idle.length, waiting: waiters.size }));
}

/** Waits for another task. An audio worklet has no timers, so there it only waits for pending microtasks. */
async function pause(delay: number): Promise<void> {
  if (typeof setTimeout === "function") await new Promise((resolve) => setTimeout(resolve, delay));
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function expired(timeout: number, size: number, waiting: number): UnglueError<"pool-timeout"> {
  return new UnglueError(
    "pool-timeout",
    `No instance came free within ${timeout} ms: the pool has ${size}, and ${waiting} waited before this one. Give instances back ` +
      "as soon as they are done, raise max, or wait longer.",
    { timeout, size, waiting },
  );
}

function poolDisposed(what: string): UnglueError<"pool-disposed"> {
  return new UnglueError("pool-disposed", `${what} Make a new pool with module.pool().`, {});
}
