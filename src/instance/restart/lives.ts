import { Validity } from "../../base/validity.ts";
import { causeOf, isBuiltIn, isExhaustion, isShortage } from "../../errors/caught.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { explain } from "../../errors/explain.ts";
import type { messages } from "../../errors/messages/index.ts";
import type { ImportReport, InstanceState, InstantiateOptions } from "../../public/index.ts";
import { createFacade } from "../facade.ts";
import type { Beginning, Lives, NextLife } from "../life.ts";
import { createFollowers, type Followers } from "./followers.ts";
import type { Succession } from "./succession.ts";

/**
 * Makes an instance that begins a new life of its module after a trap or an exception, as soon as no guarded call of the old one is running.
 * By then no frame of the old life is left on the stack that could touch the new one.
 *
 * Errors: `restart-unavailable`, and those of making a life.
 *
 * @param make - Makes a life, with its imports.
 * @param options - The user's options.
 * @param catalogue - The messages of errors: a restart fails in a call that cannot wait for them.
 * @returns The first life, ready to begin, with the instance that uses each life in turn.
 */
export function createLives(
  make: (succession: Succession) => NextLife,
  options: InstantiateOptions,
  catalogue: typeof messages | undefined,
): Beginning {
  let state: InstanceState = "live";
  let current: NextLife;
  /** The life that is about to begin, and the reason that ended it before its beginning, if any. */
  let coming: { readonly next: NextLife; met: UnglueError | undefined } | undefined;
  let isStarting = false;
  let isRebuilding = false;
  let followers: Followers | undefined;
  let later: Promise<void> | undefined;
  let waiting: { readonly promise: Promise<void>; readonly settle: () => void } | undefined;

  const makeNext = (): NextLife => {
    const one = make({
      validity: new Validity(),
      ended: (reason) => {
        if (state === "live" && one === current) {
          state = "restarting";
          // With the stack exhausted, nothing can begin until it is empty.
          restartLater(reason);
        }
        return restarting;
      },
      next: (reason) => {
        if (one === current) restart(reason, false);
        else if (coming?.next === one) coming.met = reason;
      },
      poisoned: (reason) => {
        if (state === "live" && one === current) poison(reason);
        else if (coming?.next === one) coming.met = reason;
      },
      dispose: () => lives.dispose(),
    });
    return one;
  };

  /**
   * Schedules another attempt after the running calls. It must not hold on to a life: there can be thousands of them before
   * that.
   */
  const restartLater = (reason: UnglueError): void => {
    later ??= Promise.resolve().then(() => {
      later = undefined;
      restart(reason, true);
    });
  };

  const restart = (reason: UnglueError, isLast: boolean): void => {
    if (state !== "restarting" || isStarting) return;
    if (isRebuilding) return poison(reason);
    isStarting = true;
    let pending: Promise<void> | undefined;
    try {
      coming = { next: makeNext(), met: undefined };
      const { next } = coming;
      // The imports are the user's, and may have disposed of the instance.
      if (isOver()) next.lives.discard();
      else pending = next.beginSync();
    } catch (error) {
      if (coming && UnglueError.is(error, "sync-too-large")) pending = coming.next.begin().catch(beginPatiently);
      else if (isOutOfMemory(error)) pending = beginPatiently(error);
      else {
        isStarting = false;
        if (isLast || !isOutOfStack(error)) fail(error);
        return;
      }
    }
    if (pending) void pending.then(() => succeed(reason), fail);
    else succeed(reason);
  };

  /**
   * Begins a life asynchronously. A disposed instance returns its address space only when it is garbage-collected, which
   * happens between tasks at the earliest.
   */
  const beginPatiently = async (first: unknown): Promise<void> => {
    let failure = first;
    for (const delay of patience) {
      if (!isOutOfMemory(failure)) break;
      await nextTask(delay);
      if (isOver()) return;
      letGo(coming);
      try {
        coming = { next: makeNext(), met: undefined };
        await coming.next.begin();
        return;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  const succeed = (reason: UnglueError): void => {
    isStarting = false;
    if (!coming || isOver()) return;
    const { next, met } = coming;
    if (met) return fail(met);
    const old = current;
    current = next;
    coming = undefined;
    state = "live";
    try {
      followers?.follow(next.lives.guarded);
      old.lives.end((intent) => lifeEnded(intent, reason));
    } catch (error) {
      // The user's ledger, which is notified of the end, has thrown.
      return fail(error);
    }
    rebuild();
    settle();
  };

  const rebuild = (): void => {
    isRebuilding = true;
    const rebuilt = current;
    try {
      // To the types, an async function passes as a function that returns nothing.
      const pending: unknown = options.onRestart?.(instance);
      if (typeof pending === "object" && pending !== null) {
        Promise.resolve(pending).then(undefined, (error: unknown) => {
          // If another life has followed since, its own call rebuilds it.
          if (current === rebuilt && state === "live") fail(error);
        });
      }
    } catch (error) {
      fail(error);
    } finally {
      isRebuilding = false;
    }
  };

  const fail = (error: unknown): void => {
    isStarting = false;
    if (isOver()) return;
    letGo(coming);
    const failed = restartFailed(error);
    explain(failed, catalogue);
    poison(failed);
  };

  const poison = (cause: UnglueError): void => {
    state = "poisoned";
    coming = undefined;
    current.lives.poison(cause);
    settle();
  };

  /** Releases everyone who waits for the outcome. The next restart makes a new promise to wait for. */
  const settle = (): void => {
    waiting?.settle();
    waiting = undefined;
  };

  const isOver = (): boolean => state === "disposed";

  const first = makeNext();
  current = first;
  refuseShared(first.lives.externs, options);

  const lives: Lives = {
    get life() {
      return current.lives;
    },
    get refusal() {
      return state === "restarting" ? restarting : undefined;
    },
    get state() {
      return state;
    },
    get guarded() {
      const { guarded } = current.lives;
      return (followers ??= createFollowers(guarded)).functions;
    },
    async ready() {
      while (state === "restarting") await (waiting ??= createWaiting()).promise;
      await current.lives.ready();
    },
    dispose() {
      state = "disposed";
      letGo(coming);
      coming = undefined;
      settle();
      current.lives.discard();
    },
  };
  const instance = createFacade(lives);
  return { ...first, lives, instance };
}

function createWaiting() {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

/** Milliseconds between attempts when the engine has no memory for a life. */
const patience = [0, 0, 20, 100, 500];

/** Waits for a later task. Audio worklets have no timers, and collect garbage when they like. */
async function nextTask(delay: number): Promise<void> {
  if (typeof setTimeout === "function") await new Promise((resolve) => setTimeout(resolve, delay));
}

/** Ends a life that nobody has seen. Errors of the user's ledger must not get in the way. */
function letGo(coming: { readonly next: NextLife } | undefined): void {
  try {
    coming?.next.lives.discard();
  } catch {
    // The reason why the life could not begin matters more.
  }
}

/** Whether the engine ran out of memory: for the instance, for a memory created for it, or for one that the imports make. */
function isOutOfMemory(error: unknown): boolean {
  if (UnglueError.is(error, "cannot-create")) return isBuiltIn(causeOf(error), "RangeError");
  return UnglueError.is(error, "out-of-memory") || (!UnglueError.is(error) && isShortage(error));
}

/** Whether the stack was exhausted: the engine's error, from the start function or any other call. */
function isOutOfStack(error: unknown): boolean {
  return isExhaustion(UnglueError.is(error, "trap") ? causeOf(error) : error);
}

/** Refuses imports that hold state and are given only once: they would connect one life to the next. */
function refuseShared(externs: readonly ImportReport[], { imports }: InstantiateOptions): void {
  if (typeof imports === "function") return;
  const shared = externs.filter(({ provider, kind }) => provider === "user" && /^(memory|table|global)$/.test(kind));
  if (shared.length === 0) return;
  throw new UnglueError(
    "restart-unavailable",
    `The instance could not begin a new life: it would share ${shared
      .map(({ module, name, kind }) => `the ${kind} ${JSON.stringify(module)}.${JSON.stringify(name)}`)
      .join(", ")} with the old one. Make them in a function: imports: () => ({ … }) is called for each life.`,
    { imports: shared.map(({ module, name, kind }) => ({ module, name, kind })) },
  );
}

function restarting(): UnglueError<"restarting"> {
  return new UnglueError(
    "restarting",
    "An earlier call ended inside the module, and the instance begins a new life as soon as the calls of the old one have ended. " +
      "Wait for `ready`.",
    {},
  );
}

function lifeEnded(intent: string, cause: UnglueError): UnglueError<"life-ended"> {
  return new UnglueError(
    "life-ended",
    `Cannot ${intent}: it belongs to a life of the instance that has ended (see the cause). Take it from the instance again.`,
    {},
    { cause },
  );
}

function restartFailed(cause: unknown): UnglueError<"restart-failed"> {
  return new UnglueError(
    "restart-failed",
    "No new life of the instance could be begun, or rebuilt by onRestart: see the cause. Load again, or compile first and call module.instantiate().",
    {},
    { cause },
  );
}
