import type { Instance } from "./instance.ts";

/**
 * An allocation that nobody has freed yet.
 *
 * @example
 * ```ts
 * for (const { address, size, stack } of ledger.live)
 *   console.log(address, size, stack);
 * ```
 * @category Ledger
 */
export interface LiveAllocation {
  /** Where it is, in bytes. */
  readonly address: number;
  /** The requested size in bytes. */
  readonly size: number;
  /** The requested alignment in bytes. */
  readonly align: number;
  /** The instance that holds it: 1 for the first that the ledger followed, 2 for the second. */
  readonly instance: number;
  /** Whether that instance has been disposed, together with its memory. */
  readonly disposed: boolean;
  /**
   * Where it was allocated: one line per stack frame, the innermost first, in the engine's own format. It begins with the
   * program's own frames, or with the library's if the engine lacks `Error.captureStackTrace` (Firefox before 138).
   */
  readonly stack: string;
}

/**
 * An object of a declared class that the caller must free and has not freed yet.
 *
 * @example
 * ```ts
 * for (const { class: name, stack } of ledger.objects)
 *   console.log(name, stack);
 * ```
 * @category Ledger
 */
export interface LiveObject {
  /** Its class in the interface. */
  readonly class: string;
  /** Where it lives, in bytes. */
  readonly address: number;
  /** The instance that holds it: 1 for the first that the ledger followed, 2 for the second. */
  readonly instance: number;
  /** Whether that instance has been disposed, together with the object. */
  readonly disposed: boolean;
  /** Where it was made or received, as in {@link LiveAllocation}. */
  readonly stack: string;
}

/**
 * Memory growth of an instance that nothing live in JavaScript explains.
 *
 * @example
 * ```ts
 * if (UnglueError.is(error, "memory-leaked")) {
 *   for (const { bytes, calls } of error.details.growth ?? [])
 *     console.log(bytes, calls);
 * }
 * ```
 * @category Ledger
 */
export interface MemoryGrowth {
  /** The instance: 1 for the first that the ledger followed, 2 for the second. */
  readonly instance: number;
  /** Bytes by which its memory has grown, beyond the peak of the allocations from JavaScript. */
  readonly bytes: number;
  /** How many calls were made in that time. */
  readonly calls: number;
  /** How many of them made it grow. */
  readonly growing: number;
  /** The objects that were received as borrowed, as `t.object` declares, and have not been seen again, by class. */
  readonly lent: readonly {
    readonly class: string;
    readonly count: number;
    /** Where the first was received, as in {@link LiveAllocation}. */
    readonly stack: string;
  }[];
}

/**
 * How `expectNoGrowth` measures.
 *
 * @example
 * ```ts
 * await ledger.expectNoGrowth(() => wasm.guarded.render(), { rounds: 200 });
 * ```
 * @category Ledger
 */
export interface GrowthOptions {
  /** How often the work is repeated. The first fifth warms up; the rest is compared in four equal parts. Default 50. */
  readonly rounds?: number;
}

/**
 * Follows the allocations of instances; pass it as the option `ledger`. `createLedger` of `unglue/ledger` makes one that
 * finds leaks; your own can count, draw or log.
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
 * @category Ledger
 */
export interface AllocationObserver {
  /**
   * Begins to follow an instance. Called once for each, after its start function and before its initializers.
   *
   * @param instance - The instance.
   */
  follow(instance: Instance): AllocationLog;
}

/**
 * Is notified about the allocations of one instance, in all its memories. Addresses are numbers above 0, in bytes.
 * Exceptions from its methods reach the caller.
 *
 * @example
 * ```ts
 * const log: AllocationLog = {
 *   allocated: (address, size) => console.log("allocated", address, size),
 *   freeing: (address) => () => console.log("freed", address),
 *   released: (address) => console.log("given to the module", address),
 *   disposed: () => console.log("disposed"),
 * };
 * ```
 * @category Ledger
 */
export interface AllocationLog {
  /**
   * Called at the beginning of a library function that may allocate or free. It receives the function that the program
   * called, which `Error.captureStackTrace` needs to leave out the library's own frames. Such calls can be nested.
   *
   * @param call - The function.
   * @returns A function to call when it ends, or when it first runs code of the program or the module.
   */
  enter?(call: (...args: never[]) => unknown): () => void;
  /**
   * Called after an allocation, and when the caller adopts one.
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
   * @param size - Bytes; `undefined` if the caller gave none, or the module's function takes none.
   * @param align - The alignment; `undefined` if the module's function takes none.
   * @returns A function to call when the module has freed it. It is not called if that failed.
   */
  freeing(address: number, size: number | undefined, align: number | undefined): () => void;
  /**
   * Called when an allocation moves to the module, or when its arena ends after the instance.
   *
   * @param address - Where it is.
   */
  released(address: number): void;
  /**
   * Called when an object of a declared class is made, or received from the module.
   *
   * @param className - Its class in the interface.
   * @param address - Where it lives.
   * @param isOwned - Whether the caller must free it; otherwise it is borrowed from the module.
   */
  received?(className: string, address: number, isOwned: boolean): void;
  /**
   * Called when such an object is freed, given to the module, or freed after it was garbage-collected.
   *
   * @param className - Its class in the interface.
   * @param address - Where it lived.
   */
  ended?(className: string, address: number): void;
  /** Called after each call of a guarded export or through a declared interface. */
  called?(): void;
  /** Called when the instance is disposed. */
  disposed(): void;
}

/**
 * How a ledger works.
 *
 * @example
 * ```ts
 * const ledger = createLedger({ history: 10_000 });
 * ```
 * @category Ledger
 */
export interface LedgerOptions {
  /**
   * How many of the last freed addresses are remembered for each instance: a whole number from 0; default 1000. Freeing one
   * of them again is `double-free`; freeing one that is forgotten is `foreign-pointer`.
   */
  readonly history?: number;
}

/**
 * Records which allocations of its instances are live, and where they were made. Made by `createLedger` of `unglue/ledger`.
 * One ledger can follow any number of instances.
 *
 * @example
 * ```ts
 * const ledger = createLedger();
 * const wasm = await load("./app.wasm", { ledger });
 * wasm.memory.alloc(16);
 * ledger.expectNoLeaks(); // throws memory-leaked
 * ```
 * @category Ledger
 */
export interface Ledger extends AllocationObserver {
  /** The live allocations of all instances, oldest first, without the accepted ones. This is a copy that does not change. */
  readonly live: readonly LiveAllocation[];
  /**
   * The objects of declared classes that the caller must free and has not freed yet, oldest first, without the accepted
   * ones. This is a copy that does not change.
   */
  readonly objects: readonly LiveObject[];
  /**
   * Throws if an allocation or an object is live, or if memory has grown in the way it does when objects that the module
   * gives away are declared as borrowed. Errors: `memory-leaked`, whose message has the stack frames of the allocations.
   *
   * @example
   * ```ts
   * import { afterEach } from "vitest";
   *
   * afterEach(() => ledger.expectNoLeaks());
   * ```
   */
  expectNoLeaks(): void;
  /**
   * Repeats some work and throws if the memory of an instance grows in each part of the rounds. An allocator that keeps
   * memory has all of it after the first part; a leak takes more each time. Errors: `memory-grew`; `invalid-argument`.
   *
   * @param work - The work; it may return a promise.
   * @param options - How often.
   * @example
   * ```ts
   * await ledger.expectNoGrowth(() => {
   *   for (let at = 0; at < 100; at++) wasm.guarded.render();
   * });
   * ```
   */
  expectNoGrowth(work: () => unknown, options?: GrowthOptions): Promise<void>;
  /**
   * Accepts everything that is live now as intended. It is no longer listed, and can be freed as before.
   *
   * @example
   * ```ts
   * import { beforeEach } from "vitest";
   *
   * beforeEach(() => ledger.accept());
   * ```
   */
  accept(): void;
}
