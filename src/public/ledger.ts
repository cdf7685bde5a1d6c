import type { Instance } from "./instance.ts";

/** An allocation that nobody has freed yet. */
export interface LiveAllocation {
  /** Where it is, in bytes. */
  readonly address: number;
  /** The bytes that were asked for. */
  readonly size: number;
  /** The alignment that was asked for, in bytes. */
  readonly align: number;
  /** The instance that it is in: 1 for the first that the ledger followed, 2 for the second. */
  readonly instance: number;
  /** Whether that instance has been disposed, and its memory has gone with it. */
  readonly disposed: boolean;
  /**
   * Who made it: a line for each frame of the stack, the innermost first, in the engine's own form. It begins with the
   * program's own, unless the engine lacks `Error.captureStackTrace` (Firefox before 138): then with the library's.
   */
  readonly stack: string;
}

/** An object of a declared class that is the caller's to free, and is not freed yet. */
export interface LiveObject {
  /** Its class in the interface. */
  readonly class: string;
  /** Where it lives, in bytes. */
  readonly address: number;
  /** The instance that it is in: 1 for the first that the ledger followed, 2 for the second. */
  readonly instance: number;
  /** Whether that instance has been disposed, and the object has gone with it. */
  readonly disposed: boolean;
  /** Who made or received it, as in {@link LiveAllocation}. */
  readonly stack: string;
}

/** Memory that an instance has taken and that nothing live in JavaScript explains. */
export interface MemoryGrowth {
  /** The instance: 1 for the first that the ledger followed, 2 for the second. */
  readonly instance: number;
  /** Bytes that its memory has grown by, beyond the most that was allocated from JavaScript. */
  readonly bytes: number;
  /** How many calls were made meanwhile. */
  readonly calls: number;
  /** In how many of them it grew. */
  readonly growing: number;
  /** The objects that were received as lent, as `t.object` says, and have not been seen again: by their class. */
  readonly lent: readonly {
    readonly class: string;
    readonly count: number;
    /** Who received the first, as in {@link LiveAllocation}. */
    readonly stack: string;
  }[];
}

/** How `expectNoGrowth` looks. */
export interface GrowthOptions {
  /** How often the work is done: a fifth of it first, and then four equal parts that are compared. Default 50. */
  readonly rounds?: number;
}

/**
 * Follows the allocations of instances: what the option `ledger` takes. `createLedger` of `unglue/ledger` makes one
 * that finds leaks; your own can count, draw or log.
 *
 * @example
 * ```ts
 * let bytes = 0;
 * const counter: AllocationObserver = {
 *   follow: () => ({
 *     allocated: (address, size) => (bytes += size),
 *     freeing: () => () => undefined,
 *     released: () => undefined,
 *     disposed: () => undefined,
 *   }),
 * };
 * ```
 */
export interface AllocationObserver {
  /**
   * Begins to follow an instance. Called once for each, when its start function has ended and before its initializers.
   *
   * @param instance - The instance.
   */
  follow(instance: Instance): AllocationLog;
}

/**
 * Hears what happens to the allocations of one instance, of all its memories. Addresses are numbers above 0, in bytes.
 * What a method throws reaches the caller.
 */
export interface AllocationLog {
  /**
   * Called when a function of this library begins that may allocate or free, with the function as the program calls it:
   * what `Error.captureStackTrace` needs to leave out the library's own frames. It may be called again before it ends.
   *
   * @param call - The function.
   * @returns What is called when it ends, or first runs code of the program's or the module's.
   */
  enter?(call: (...args: never[]) => unknown): () => void;
  /**
   * Called after an allocation, and for one that the caller adopts.
   *
   * @param address - Where it is.
   * @param size - Bytes, from 0.
   * @param align - A power of two.
   */
  allocated(address: number, size: number, align: number): void;
  /**
   * Called before an allocation is freed. If it throws, nothing is freed.
   *
   * @param address - Where it is.
   * @param size - Bytes; `undefined` where the caller gave none, or the module's function takes none.
   * @param align - The alignment; `undefined` where the module's function takes none.
   * @returns What is called when the module has freed it, and is not if that failed.
   */
  freeing(address: number, size: number | undefined, align: number | undefined): () => void;
  /**
   * Called when an allocation goes over to the module, or its arena ends after the instance.
   *
   * @param address - Where it is.
   */
  released(address: number): void;
  /**
   * Called when an object of a declared class is made, or received from the module.
   *
   * @param className - Its class in the interface.
   * @param address - Where it lives.
   * @param isOwned - Whether it is the caller's to free; otherwise the module has lent it.
   */
  received?(className: string, address: number, isOwned: boolean): void;
  /**
   * Called when such an object is freed, given to the module, or collected and freed for that.
   *
   * @param className - Its class in the interface.
   * @param address - Where it lived.
   */
  ended?(className: string, address: number): void;
  /** Called after each call of an export that is guarded, or made by a declared interface. */
  called?(): void;
  /** Called when the instance is disposed. */
  disposed(): void;
}

/** How a ledger is kept. */
export interface LedgerOptions {
  /**
   * How many freed addresses are remembered for each instance, those freed last. Whole number from 0; default 1000.
   * To free one of them again is `double-free`; to free one that is forgotten is `foreign-pointer`.
   */
  readonly history?: number;
}

/**
 * Knows which allocations of its instances are live, and who made them. Made by `createLedger` of `unglue/ledger`; one
 * can follow any number of instances.
 */
export interface Ledger extends AllocationObserver {
  /** The live allocations of all instances, oldest first, without those accepted. A copy: it does not change. */
  readonly live: readonly LiveAllocation[];
  /**
   * The objects of declared classes that are the caller's to free and are not freed yet, oldest first, without those
   * accepted. A copy: it does not change.
   */
  readonly objects: readonly LiveObject[];
  /**
   * Throws if an allocation or an object is live, or if memory has grown as it does where objects are given away by the
   * module and taken for lent. Errors: `memory-leaked`, whose message has the frames of those who allocated.
   *
   * @example
   * ```ts
   * afterEach(() => ledger.expectNoLeaks());
   * ```
   */
  expectNoLeaks(): void;
  /**
   * Does some work again and again, and throws if the memory of an instance grows in each part of the rounds. An allocator
   * that keeps memory has it after the first; a leak takes more each time. Errors: `memory-grew`; `invalid-argument`.
   *
   * @param work - The work; it may return a promise.
   * @param options - How often.
   * @example
   * ```ts
   * await ledger.expectNoGrowth(() => {
   *   for (let at = 0; at < 100; at++) wasm.api.render(page);
   * });
   * ```
   */
  expectNoGrowth(work: () => unknown, options?: GrowthOptions): Promise<void>;
  /**
   * Accepts what is live now: it is meant to stay, or of no interest. It is no longer listed, and can be freed as before.
   *
   * @example
   * ```ts
   * beforeEach(() => ledger.accept());
   * ```
   */
  accept(): void;
}
