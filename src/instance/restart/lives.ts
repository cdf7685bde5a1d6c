import { disposeKey } from "../../base/dispose-key.ts";
import { causeOf, isBuiltIn, isExhaustion, isShortage } from "../../errors/caught.ts";
import { UnglueError } from "../../errors/unglue-error.ts";
import { explainLater } from "../../errors/explain.ts";
import { instanceFacts, preview } from "../../base/preview.ts";
import type { ImportReport, Instance, InstanceState, InstantiateOptions, Memory, Table } from "../../public/index.ts";
import { bindMemory } from "./bound-memory.ts";
import { bindObject, bindValue } from "./bound.ts";
import { createForwards, type Forwards } from "./forward.ts";
import type { Beginning, NextLife, Succession } from "./succession.ts";

/** A life, and what belongs to it as the user has it. */
interface Current {
  readonly life: NextLife;
  readonly bound: Map<object, object>;
  /** The trap that ended it, once another has followed it. */
  ended: UnglueError | undefined;
}

/** Makes of an object one that does the same for as long as a check passes. */
type Bind<Bound extends object> = (object: Bound, check: () => void) => Bound;

/**
 * Makes an instance that begins a new life of its module after a trap, as soon as no guarded call of the old one is
 * running any more: so no frame of the old life is on the stack that could touch the new one.
 *
 * Errors: `restart-unavailable`, and those of making a life.
 *
 * @param make - Makes a life, with its imports.
 * @param options - The user's.
 * @returns The first life as one that can begin, with the instance of all lives.
 */
export function createLives(make: (succession: Succession) => NextLife, options: InstantiateOptions): Beginning {
  let state: InstanceState = "live";
  let current: Current;
  /** The life that is about to begin, and the trap that it met with before it had. */
  let coming: { readonly life: Current; trap: UnglueError | undefined } | undefined;
  let isStarting = false;
  let isRebuilding = false;
  let forwards: Forwards | undefined;
  let later: Promise<void> | undefined;
  let explaining: Promise<void> | undefined;
  let waiting: { readonly promise: Promise<void>; readonly settle: () => void } | undefined;

  const makeLife = (): Current => {
    const check = (): void => {
      if (one.ended) throw lifeEnded("call JavaScript", one.ended);
    };
    const life = make({
      trapped: (trap) => {
        if (state === "live" && one === current) {
          state = "restarting";
          // Where the stack is exhausted, nothing can be begun before it is empty.
          restartLater(trap);
        }
        return restarting;
      },
      next: (trap) => {
        if (one === current) restart(trap, false);
        else if (coming?.life === one) coming.trap = trap;
      },
      dispose: () => {
        // What an old life still holds of itself has no say over the new one.
        if (!one.ended) dispose();
      },
      bind: (value) => bindValue(value, check),
    });
    const one: Current = { life, bound: new Map(), ended: undefined };
    return one;
  };

  /** Another attempt, after the calls that are running. Nothing here may hold on to a life: there can be thousands of them before that. */
  const restartLater = (trap: UnglueError): void => {
    later ??= Promise.resolve().then(() => {
      later = undefined;
      restart(trap, true);
    });
  };

  const restart = (trap: UnglueError, isLast: boolean): void => {
    if (state !== "restarting" || isStarting) return;
    if (isRebuilding) return poison(trap);
    isStarting = true;
    let pending: Promise<void> | undefined;
    try {
      coming = { life: makeLife(), trap: undefined };
      const { life } = coming.life;
      // The imports are the user's, and may have disposed of the instance.
      if (isOver()) life.dispose();
      else pending = life.beginSync();
    } catch (error) {
      if (coming && UnglueError.is(error, "sync-too-large")) pending = coming.life.life.begin().catch(beginPatiently);
      else if (isOutOfMemory(error)) pending = beginPatiently(error);
      else {
        isStarting = false;
        if (isLast || !isOutOfStack(error)) fail(error);
        return;
      }
    }
    if (pending) void pending.then(() => succeed(trap), fail);
    else succeed(trap);
  };

  /**
   * Begins a life asynchronously. What is done gives its address space back only when it is collected, which happens between
   * tasks at the earliest.
   */
  const beginPatiently = async (first: unknown): Promise<void> => {
    let failure = first;
    for (const delay of patience) {
      if (!isOutOfMemory(failure)) break;
      await nextTask(delay);
      if (isOver()) return;
      letGo(coming);
      try {
        coming = { life: makeLife(), trap: undefined };
        await coming.life.life.begin();
        return;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  const succeed = (trap: UnglueError): void => {
    isStarting = false;
    if (!coming || isOver()) return;
    const { life, trap: met } = coming;
    if (met) return fail(met);
    const old = current;
    current = life;
    coming = undefined;
    state = "live";
    old.ended = trap;
    old.bound.clear();
    try {
      forwards?.lead(life.life.instance.guarded);
      old.life.end((intent) => lifeEnded(intent, trap));
    } catch (error) {
      // A ledger of the user's, which is told of the end.
      return fail(error);
    }
    rebuild();
    settle();
  };

  const rebuild = (): void => {
    isRebuilding = true;
    const rebuilt = current;
    try {
      // An async function is a function that returns nothing, as far as types tell.
      const pending: unknown = options.onRestart?.(instance);
      if (typeof pending === "object" && pending !== null) {
        Promise.resolve(pending).then(undefined, (error: unknown) => {
          // A life that has followed since is another's to rebuild.
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
    explaining = explainLater(failed);
    poison(failed);
  };

  const poison = (cause: UnglueError): void => {
    state = "poisoned";
    coming = undefined;
    current.life.poison(cause);
    settle();
  };

  /** Lets those go on who wait for what comes after the trap. The next trap has others wait. */
  const settle = (): void => {
    waiting?.settle();
    waiting = undefined;
  };

  const isOver = (): boolean => state === "disposed";

  const dispose = (): void => {
    state = "disposed";
    letGo(coming);
    coming = undefined;
    settle();
    current.life.dispose();
  };

  /** The current life, unless another is about to follow. */
  const living = (): Instance => {
    if (state === "restarting") throw restarting();
    return current.life.instance;
  };

  /** Something of the current life, for as long as it lasts. */
  const bind = <Bound extends object>(object: Bound, what: string, how: Bind<Bound> = bindObject): Bound => {
    const owner = current;
    const known = owner.bound.get(object) as Bound | undefined;
    if (known) return known;
    const made = how(object, () => {
      if (owner.ended) throw lifeEnded(`use ${what}`, owner.ended);
    });
    owner.bound.set(object, made);
    return made;
  };

  const bindAll = <Bound extends object>(
    all: Readonly<Record<string, Bound>>,
    what: string,
    how: Bind<Bound> = bindObject,
  ) => {
    const record = Object.create(null) as Record<string, Bound>;
    for (const [name, object] of Object.entries(all)) record[name] = bind(object, what, how);
    return record;
  };

  const ready = async (): Promise<void> => {
    while (state === "restarting") await (waiting ??= createWaiting()).promise;
    await explaining;
    await current.life.instance.ready;
  };

  const first = makeLife();
  current = first;
  refuseShared(first.life.instance.imports, options);
  const { shape, toolchain } = first.life.instance;

  const instance: Instance = {
    get exports() {
      return living().exports;
    },
    get instance() {
      return living().instance;
    },
    get guarded() {
      const { guarded } = current.life.instance;
      return (forwards ??= createForwards(guarded)).functions;
    },
    get api() {
      return current.life.instance.api;
    },
    get memory(): Memory {
      return bind(living().memory, "the memory", bindMemory);
    },
    get memories() {
      return bindAll(living().memories, "the memory", bindMemory);
    },
    get table(): Table {
      return bind(living().table, "the table");
    },
    get tables() {
      return bindAll(living().tables, "the table");
    },
    get handles() {
      return bind(living().handles, "the handles");
    },
    get imports() {
      return current.life.instance.imports;
    },
    shape,
    toolchain,
    get state() {
      return state;
    },
    get ready() {
      return ready();
    },
    callback: (signature, callback) => living().callback(signature, callback),
    freeCallback: (index) => {
      living().freeCallback(index);
    },
    dispose,
    [disposeKey]: dispose,
  };

  preview(instance, "Instance", () => instanceFacts(instance));
  return { ...first.life, instance };
}

function createWaiting() {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

/**
 * Milliseconds between attempts where the engine has no memory for a life.
 */
const patience = [0, 0, 20, 100, 500];

/** Audio worklets have no timers, and collect when they like. */
async function nextTask(delay: number): Promise<void> {
  if (typeof setTimeout === "function") await new Promise((resolve) => setTimeout(resolve, delay));
}

/** Ends a life that nobody has seen. What a ledger of the user's throws then must not stand in the way. */
function letGo(coming: { readonly life: Current } | undefined): void {
  try {
    coming?.life.life.dispose();
  } catch {
    // Why the life could not begin counts for more.
  }
}

/** Whether the engine had no memory: for the instance, for a memory that was created for it, or for one that the imports make. */
function isOutOfMemory(error: unknown): boolean {
  if (UnglueError.is(error, "cannot-create")) return isBuiltIn(causeOf(error), "RangeError");
  return UnglueError.is(error, "out-of-memory") || (!UnglueError.is(error) && isShortage(error));
}

/** Whether the stack was exhausted: the engine's error, in the start function or anywhere. */
function isOutOfStack(error: unknown): boolean {
  return isExhaustion(UnglueError.is(error, "trap") ? causeOf(error) : error);
}

/** What holds state and is given once would lead from one life to the next. */
function refuseShared(reports: readonly ImportReport[], { imports }: InstantiateOptions): void {
  if (typeof imports === "function") return;
  const shared = reports.filter(({ provider, kind }) => provider === "user" && /^(memory|table|global)$/.test(kind));
  if (shared.length === 0) return;
  throw new UnglueError(
    "restart-unavailable",
    `After a trap the instance cannot begin a new life: it would share ${shared
      .map(({ module, name, kind }) => `the ${kind} ${JSON.stringify(module)}.${JSON.stringify(name)}`)
      .join(", ")} with the old one. Make them in a function: imports: () => ({ … }) is called for each life.`,
    { imports: shared.map(({ module, name, kind }) => ({ module, name, kind })) },
  );
}

function restarting(): UnglueError<"restarting"> {
  return new UnglueError(
    "restarting",
    "The instance has trapped, and begins a new life as soon as the calls of the old one have ended. Wait for `ready`.",
    {},
  );
}

function lifeEnded(intent: string, cause: UnglueError): UnglueError<"life-ended"> {
  return new UnglueError(
    "life-ended",
    `Cannot ${intent}: it belongs to a life of the instance that a trap has ended. Take it from the instance anew.`,
    {},
    { cause },
  );
}

function restartFailed(cause: unknown): UnglueError<"restart-failed"> {
  return new UnglueError(
    "restart-failed",
    "After a trap no new life of the instance could be begun, or rebuilt by onRestart: see the cause. Make a new instance with module.instantiate().",
    {},
    { cause },
  );
}
