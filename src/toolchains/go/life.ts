import { UnglueError } from "../../errors/unglue-error.ts";
import { monotonicTime } from "../wasi/wait.ts";
import type { Globals } from "./globals.ts";
import { argumentRoom, GoMemory, placeArguments } from "./memory.ts";
import { References } from "./references.ts";

/** How JavaScript enters a program. */
export interface Entrances {
  readonly memory: () => WebAssembly.Memory;
  /** Runs the program from its beginning until it waits. */
  readonly run: (count: number, list: number) => void;
  /** Runs the program on, after an event, until it waits again. */
  readonly resume: () => void;
  /** Returns the address of the innermost frame on Go's stack. */
  readonly stackPointer: () => number;
  /** Whether functions of the program can be called without an event. */
  readonly isLibrary: boolean;
}

/** The arguments and limits of a life. */
export interface LifeOptions {
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** The most JavaScript values that the program may hold. */
  readonly handles: number | undefined;
  /** The functions that call their last argument once. */
  readonly callingBack: ReadonlySet<unknown>;
}

/** Who hears of the end of a life, once. */
export interface LifeObserver {
  /** The program has ended itself. */
  readonly exited: (exitCode: number) => void;
  /**
   * The program cannot go on.
   *
   * @param error - The reason.
   * @param isKnown - Whether a caller of the program gets the error, too.
   */
  readonly failed: (error: unknown, isKnown: boolean) => void;
}

/** An event as Go's runtime receives it: a call of a function of the program. */
interface CallEvent {
  readonly id: number;
  readonly this: unknown;
  readonly args: readonly unknown[];
  /** Set by Go. */
  result?: unknown;
}

/** The event by which Go learns that nothing can wake the program. */
const deadlock = 0;

/** One run of a Go program, from its beginning to its end. */
export class Life {
  readonly memory: GoMemory;
  readonly references: References;
  readonly globals: Globals;
  readonly #entrances: Entrances;
  readonly #options: LifeOptions;
  readonly #observer: LifeObserver;
  /** The object by which Go's runtime makes functions and receives events; Go knows its members by name. */
  readonly #runtime: { _pendingEvent: CallEvent | null; readonly _makeFuncWrapper: (id: number) => unknown };
  readonly #wrappers = new WeakSet();
  /** The functions that a call of a file system has and will call. */
  readonly #awaited = new Set<unknown>();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  /** Go counts nanoseconds from any moment, and takes zero for no time. */
  readonly #clockStart = BigInt(Date.now()) * 1_000_000n - monotonicTime();
  #nextTimer = 1;
  #depth = 0;
  /** Whether JavaScript has a function of the program, and may call it at any time. */
  #isReachable = false;
  #hasBegun = false;
  #isSettled = false;
  #exit: UnglueError<"exited"> | undefined;
  /** Makes the error of calls after the end. */
  #refusal: (() => Error) | undefined;
  /** The error that unwinds whatever still runs inside the program. */
  #over: { readonly error: unknown } | undefined;

  constructor(entrances: Entrances, globals: Globals, options: LifeOptions, observer: LifeObserver) {
    this.#entrances = entrances;
    this.#options = options;
    this.#observer = observer;
    this.#runtime = Object.assign(Object.create(null) as object, {
      _pendingEvent: null,
      _makeFuncWrapper: (id: number) => this.#wrap(id),
    });
    this.memory = new GoMemory(entrances.memory);
    this.references = new References(this.memory, globals.object, this.#runtime, options.handles);
    this.globals = globals;
  }

  /** Runs the program until it waits for the first time. Errors: `limit-exceeded`, `trap`, and those of host functions. */
  begin(): void {
    const { args, env } = this.#options;
    const { bytes, address, list } = placeArguments(args, env);
    if (bytes.length >= argumentRoom) throw tooLong(bytes.length);
    this.memory.bytes(address, bytes.length).set(bytes);
    this.#enterUnlessExit(() => this.#entrances.run(args.length, list));
    this.#hasBegun = true;
  }

  /** The export by which the program was entered. */
  get entrance(): string {
    return this.#hasBegun ? "resume" : "run";
  }

  /** Returns the address of the frame of the import that runs: it moves when a call of JavaScript has entered the program. */
  frame(): number {
    return this.#entrances.stackPointer() >>> 0;
  }

  /** Nanoseconds since some moment. */
  now(): bigint {
    return this.#clockStart + monotonicTime();
  }

  /** Fails if the life is over: what still runs inside the program must not go on. */
  refuseEnded(): void {
    // Whatever ended the life is passed on, and it may be any value.
    if (this.#over) throw this.#over.error;
  }

  /** Ends the program by its own wish. It unwinds whatever runs inside it. */
  exit(exitCode: number): never {
    this.#exit = new UnglueError(
      "exited",
      `The Go program has ended with the exit code ${exitCode}, so its functions cannot be called. Start it again.`,
      { exitCode },
    );
    const error = this.#exit;
    this.#close(error, () => error);
    // An export that was called past this life's own functions may have led here.
    if (this.#depth === 0) queueMicrotask(() => this.#settle());
    throw error;
  }

  /**
   * Ends the life because of an error, if it is not over.
   *
   * @param error - The error.
   * @param isKnown - Whether a caller gets it, too.
   */
  fail(error: unknown, isKnown: boolean): void {
    if (this.#over) return;
    this.#close(error, () => failedBefore(error));
    this.#observer.failed(error, isKnown);
    if (this.#depth === 0) this.#settle();
  }

  /** Fails if the program has ended with another exit code than 0. */
  refuseFailed(): void {
    if (this.#exit && this.#exit.details.exitCode !== 0) throw this.#exit;
  }

  /**
   * Ends the life because nobody wants it any longer.
   *
   * @param refusal - Makes the error of later calls.
   */
  end(refusal: () => Error): void {
    if (!this.#over) this.#close(refusal(), refusal);
    if (this.#depth === 0) this.#settle();
  }

  /** Lets Go run on after some milliseconds. Returns the number of the timer. */
  schedule(delay: number): number {
    const id = this.#nextTimer++;
    const wake = (after: number): void => {
      this.#timers.set(
        id,
        setTimeout(() => {
          this.#wake();
          // Its clock may say that the time has not come yet.
          if (this.#timers.has(id)) wake(1);
        }, after),
      );
    };
    wake(delay);
    return id;
  }

  /** Stops a timer. */
  clear(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Notes that JavaScript gets values: it may keep a function of the program, and call it later. */
  expose(...values: readonly unknown[]): void {
    this.#isReachable ||= values.some((one) => this.#isWrapper(one));
  }

  /** Notes that a function gets arguments. One that calls its last argument once wakes the program no more after that. */
  exposeTo(called: unknown, args: readonly unknown[]): void {
    const callback = args.at(-1);
    if (this.#options.callingBack.has(called) && this.#isWrapper(callback)) this.#awaited.add(callback);
    else this.expose(...args);
  }

  /**
   * Calls a function that the module exports.
   *
   * @param call - Calls it.
   */
  callExport<Result>(call: () => Result): Result {
    if (this.#refusal) throw this.#refusal();
    let result: Result | undefined;
    this.#enter(() => {
      result = call();
    });
    return result as Result;
  }

  #isWrapper(value: unknown): boolean {
    return typeof value === "function" && this.#wrappers.has(value);
  }

  #wrap(id: number): unknown {
    const call = (receiver: unknown, args: readonly unknown[]): unknown =>
      this.#call(id, receiver, args, this.#awaited.delete(wrapper));
    const wrapper = function (this: unknown, ...args: readonly unknown[]): unknown {
      return call(this, args);
    };
    this.#wrappers.add(wrapper);
    return wrapper;
  }

  /**
   * Calls a function of the program. Where a file system calls it back, nobody can catch what it throws.
   */
  #call(id: number, receiver: unknown, args: readonly unknown[], isCallback: boolean): unknown {
    if (this.#refusal) {
      if (isCallback) return undefined;
      throw this.#refusal();
    }
    const event: CallEvent = Object.assign(Object.create(null) as object, { id, this: receiver, args });
    this.#runtime._pendingEvent = event;
    try {
      this.#enter(this.#entrances.resume, !isCallback);
    } catch (error) {
      // Inside the program, the end unwinds what runs. Outside, most callers are timers and the like, for which an exit is no error.
      if (this.#depth > 0 || !(isCallback || error === this.#exit)) throw error;
    }
    return event.result;
  }

  /** Resumes the program when its time has come. Nobody can catch what it throws. */
  #wake(): void {
    if (this.#over) return;
    try {
      this.#enterUnlessExit(this.#entrances.resume, false);
    } catch {
      // The observer has it.
    }
  }

  #enterUnlessExit(enter: () => void, isKnown = true): void {
    try {
      this.#enter(enter, isKnown);
    } catch (error) {
      if (error !== this.#exit) throw error;
    }
  }

  /** Enters the program. */
  #enter(enter: () => void, isKnown = true): void {
    this.#depth++;
    try {
      enter();
      this.refuseEnded();
      if (this.#depth === 1) this.#checkForDeadlock();
    } catch (error) {
      this.fail(error, isKnown);
      this.refuseEnded();
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#settle();
    }
  }

  /** Lets Go report the deadlock of a program that nothing can wake. */
  #checkForDeadlock(): void {
    const mayWake = this.#timers.size > 0 || this.#awaited.size > 0 || this.#isReachable || this.#entrances.isLibrary;
    if (mayWake) return;
    this.#runtime._pendingEvent = { id: deadlock, this: undefined, args: [] };
    this.#entrances.resume();
    this.refuseEnded();
  }

  #close(error: unknown, refusal: () => Error): void {
    this.#over = { error };
    this.#refusal = refusal;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Lets go of everything once nothing of an ended life runs any more. */
  #settle(): void {
    if (!this.#over || this.#isSettled) return;
    this.#isSettled = true;
    this.references.clear();
    if (this.#exit) this.#observer.exited(this.#exit.details.exitCode);
  }
}

function tooLong(asked: number): UnglueError<"limit-exceeded"> {
  return new UnglueError(
    "limit-exceeded",
    `The arguments and the environment take ${asked} bytes, and Go has room for less than ${argumentRoom}. ` +
      "Pass less, or pass it as the standard input.",
    { limit: "bytes", asked, allowed: argumentRoom - 1 },
  );
}

function failedBefore(cause: unknown): UnglueError<"poisoned"> {
  return new UnglueError(
    "poisoned",
    "The function was not called: the Go program has failed before (see the cause). Start it again.",
    {},
    { cause },
  );
}
