import { bytesOf } from "../base/buffers.ts";
import type { Lowering } from "../public/index.ts";
import { type BoundFunction, type Host, kindOf, mistaken } from "./host.ts";
import { type Claim, Lock } from "./locks.ts";
import { busy, stackBusy } from "./object-errors.ts";
import { refuseTwiceIn } from "./object-use.ts";
import { type ObjectClass, Wrapper } from "./objects.ts";
import type { PendingCall, PendingCalls, Refusal } from "./pending.ts";
import type { Borrowing, FunctionPlan, ObjectUse } from "./plans.ts";
import { elementArrays } from "./types/arrays.ts";
import { plainLowering } from "./values/index.ts";

/** An object that a call uses. */
interface Use {
  /** Returns the objects, from the object that the call is made on and its arguments. */
  readonly of: (self: unknown, args: readonly unknown[]) => readonly unknown[];
  readonly kind: () => ObjectClass;
  readonly isGiven: boolean;
  readonly isOptional: boolean;
}

/**
 * Wraps a function whose result is a promise, so that the objects it uses are its own, or shared, until the promise settles.
 * A call that finds one in use waits for its turn, or its promise rejects with `busy` under `onBusy: "throw"`. Its arguments are checked and
 * copied when it is made, and passed at its turn.
 *
 * @param call - The function.
 * @param plan - How it is called.
 * @param host - The instance.
 * @param kind - The class of the object that it is called on; absent for a function without one.
 * @param takesSelf - Whether it takes that object away from the caller.
 * @returns The function itself if its result is no promise, or one that uses no objects by its declaration.
 */
export function createAsynchronous(
  call: BoundFunction,
  plan: FunctionPlan,
  host: Host,
  kind: ObjectClass | undefined,
  takesSelf: boolean,
): BoundFunction {
  const { asynchronous } = plan;
  if (!asynchronous) return call;
  const uses = usesOf(plan, host, kind, takesSelf, asynchronous);
  if (uses.length === 0 && !plan.isSuspended) {
    // The promise need not be the module's own.
    if (asynchronous.borrows === "none") return call;
    return function (...args) {
      return new AsyncCall(plan, host.pending, new Map(), () => call.apply(this, args)).run();
    };
  }
  const isShared = asynchronous.borrows === "shared";
  const params = loweringsOf(plan);
  const capture = createCapture(plan, params, asynchronous);
  const lists = plan.params.flatMap(({ items, lowering }, at) =>
    items && lowering.copy ? [[at, lowering.copy] as const] : [],
  );
  return function (...given) {
    const args = [...given];
    const claimed = new Map<Lock, Claimed>();
    let isRefused = false;
    for (const [at, copy] of lists) {
      try {
        args[at] = copy(args[at]);
      } catch (error) {
        throw mistaken(plan, params, at, given, undefined, error);
      }
    }
    for (const { of, kind, isGiven, isOptional } of uses) {
      for (const object of of(this, args)) {
        if (isOptional && (object === undefined || object === null)) continue;
        const lock = isGiven && Wrapper.kindOf(object) !== kind() ? undefined : Wrapper.lockOf(object, kind(), Lock);
        isRefused ||= !lock;
        if (!lock) continue;
        const known = claimed.get(lock);
        const isExclusive = isGiven || !isShared || known?.isExclusive === true;
        claimed.set(lock, { class: kind().plan.name, isExclusive, isGiven: isGiven || known?.isGiven === true });
      }
    }
    if (isRefused) return refuse(claimed.keys(), () => call.apply(this, args));
    const { pending } = host;
    const suspension = plan.isSuspended ? host.suspension : undefined;
    // The call uses the module's stack, as if that were an object.
    if (suspension) claimed.set(suspension.lock, { class: undefined, isExclusive: true, isGiven: false });
    const make = (passed: readonly unknown[]): AsyncCall => {
      const made: AsyncCall = new AsyncCall(plan, pending, claimed, () => {
        suspension?.follow(made, pending);
        return call.apply(this, [...passed]);
      });
      return made;
    };
    const running = [...claimed].find(([lock, { isExclusive }]) => lock.isBusyFor(isExclusive));
    if (running && host.onBusy === "throw") {
      const [lock, { class: name }] = running;
      return Promise.reject(name === undefined ? stackBusy(plan.name, lock.user) : busy(name, lock.user));
    }
    if (!running && (!suspension || suspension.isIdle())) return make(args).run();
    const captured = capture(args);
    refuseTwiceIn(plan, this, captured, takesSelf);
    return make(captured).wait();
  };
}

/**
 * Makes a call that throws the reason why it cannot use one of its objects. That others are in use is not the reason.
 */
function refuse(locks: Iterable<Lock>, call: () => unknown): unknown {
  const shown = [...locks];
  for (const lock of shown) lock.show();
  try {
    return call();
  } finally {
    for (const lock of shown) lock.hide();
  }
}

/** How a call uses an object. */
interface Claimed extends Pick<Claim, "isExclusive" | "isGiven"> {
  /** The class of the object; `undefined` for the module's stack. */
  readonly class: string | undefined;
}

/** A call that uses objects until its promise settles. */
class AsyncCall implements PendingCall {
  readonly #plan: FunctionPlan;
  readonly #pending: PendingCalls;
  readonly #work: () => unknown;
  readonly #claims: readonly (readonly [lock: Lock, claim: Claim])[];
  /** How many of its objects it cannot use yet. */
  #missing: number;
  #isRunning = false;
  #isOver = false;
  #promised: Promise<unknown> | undefined;
  #resolve: (value: unknown) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(plan: FunctionPlan, pending: PendingCalls, claimed: ReadonlyMap<Lock, Claimed>, work: () => unknown) {
    this.#plan = plan;
    this.#pending = pending;
    this.#work = work;
    this.#missing = claimed.size;
    const granted = (): void => {
      this.#missing--;
      if (this.#missing === 0 && !this.#isRunning) this.#beginLater();
    };
    this.#claims = Array.from(claimed, ([lock, { isExclusive, isGiven }]) => [
      lock,
      { name: plan.name, isExclusive, isGiven, granted },
    ]);
  }

  /** Calls the module, which can be done without waiting. Errors: those of the call. */
  run(): unknown {
    this.#isRunning = true;
    for (const [lock, claim] of this.#claims) lock.add(claim);
    const returned = this.#call();
    if (this.#isOver) return returned;
    const promise = this.#promise();
    void this.#follow(returned);
    return promise;
  }

  /** Waits for the calls before it. */
  wait(): Promise<unknown> {
    const promise = this.#promise();
    for (const [lock, claim] of this.#claims) lock.add(claim);
    return promise;
  }

  get hasBegun(): boolean {
    return this.#isRunning;
  }

  fail(error: unknown, isOver: boolean): void {
    if (isOver) {
      this.#isOver = true;
      this.#pending.delete(this);
      for (const [lock] of this.#claims) lock.abandon();
    } else this.#release(true);
    this.#reject(error);
  }

  end(refusal: Refusal): void {
    this.#isOver = true;
    for (const [lock] of this.#claims) lock.abandon();
    // A program that ignores the promise must not end with the instance. Whoever awaits it gets the error.
    this.#promised?.catch(() => undefined);
    this.#reject(refusal(this.#plan.export, this.#isRunning));
  }

  #promise(): Promise<unknown> {
    const promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#promised = promise;
    // A host function may have ended the life during the call.
    this.#pending.add(this);
    return promise;
  }

  /** Begins after the code that awaits the call before this one, which may then use the object synchronously. */
  #beginLater(): void {
    void Promise.resolve()
      .then(() => undefined)
      .then(() => {
        this.#begin();
      });
  }

  #begin(): void {
    if (this.#isOver) return;
    this.#isRunning = true;
    let returned: unknown;
    try {
      returned = this.#call();
    } catch (error) {
      this.#reject(error);
      return;
    }
    void this.#follow(returned);
  }

  /** Calls the module. Without a promise, the call is over. Errors: those of the call. */
  #call(): unknown {
    for (const [lock] of this.#claims) lock.show();
    let returned: unknown;
    try {
      returned = this.#work();
    } catch (error) {
      this.#release(true);
      throw error;
    }
    if (returned === undefined || returned === null) {
      this.#release(false);
      return returned;
    }
    for (const [lock, claim] of this.#claims) {
      if (claim.isGiven) lock.release(claim);
      else lock.hide();
    }
    return returned;
  }

  async #follow(returned: unknown): Promise<void> {
    try {
      const value = await returned;
      if (this.#isOver) this.#pending.settled();
      else this.#release(false);
      this.#resolve(value);
    } catch (error) {
      if (this.#isOver) this.#pending.settled();
      else this.#release(true);
      this.#reject(error);
    }
  }

  /** Lets the next calls use the objects. An object that cannot be freed is an error, unless the call has failed itself. */
  #release(hasFailed: boolean): void {
    this.#isOver = true;
    this.#pending.delete(this);
    let failure: { readonly error: unknown } | undefined;
    for (const [lock, claim] of this.#claims) {
      try {
        lock.release(claim);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure && !hasFailed) throw failure.error;
  }
}

/** Lists the objects that a function uses after it has returned, or takes. */
function usesOf(
  { params }: FunctionPlan,
  host: Host,
  kind: ObjectClass | undefined,
  takesSelf: boolean,
  { borrows }: Borrowing,
): readonly Use[] {
  const uses: Use[] = [];
  if (kind) uses.push({ of: (self) => [self], kind: () => kind, isGiven: takesSelf, isOptional: false });
  for (const [at, { object, items }] of params.entries()) {
    const use: ObjectUse | undefined = object ?? items;
    if (!use) continue;
    const of: Use["of"] = items
      ? (_, args) => (Array.isArray(args[at]) ? (args[at] as unknown[]) : [])
      : (_, args) => [args[at]];
    uses.push({ of, kind: kindOf(use, host), isGiven: use.isOwned, isOptional: use.isOptional });
  }
  return borrows === "none" ? uses.filter(({ isGiven }) => isGiven) : uses;
}

/** Lists how the parameters are checked and copied. Objects are checked by their locks. */
function loweringsOf({ params }: FunctionPlan): readonly Lowering[] {
  const object: Lowering = {
    ...plainLowering,
    words: [],
    expected: "",
    accepts: () => true,
    lower: () => undefined,
  };
  return params.map(({ lowering }) => lowering ?? object);
}

/** Makes the function that checks and copies the arguments of a call that waits. Its objects have been checked already. */
function createCapture(
  plan: FunctionPlan,
  params: readonly Lowering[],
  { copied }: Borrowing,
): (args: readonly unknown[]) => unknown[] {
  return (args) => {
    const copies = [...args];
    for (const [at, param] of params.entries()) {
      try {
        if (param.copy) copies[at] = param.copy(args[at]);
      } catch (error) {
        throw mistaken(plan, params, at, args, undefined, error);
      }
      if (!param.accepts(copies[at])) throw mistaken(plan, params, at, args, copies);
      const element = copied.get(at);
      if (element === undefined || copies[at] === undefined || copies[at] === null) continue;
      const { buffer } = new Uint8Array(bytesOf(copies[at]) as Uint8Array);
      copies[at] = new elementArrays[element](buffer);
    }
    return copies;
  };
}
