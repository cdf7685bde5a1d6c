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
   * Throws if anything is live. Errors: `memory-leaked`, whose message has the frames of those who allocated.
   *
   * @example
   * ```ts
   * afterEach(() => ledger.expectNoLeaks());
   * ```
   */
  expectNoLeaks(): void;
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
