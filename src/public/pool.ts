import type { NoMembers } from "./declared.ts";
import type { DefaultExports } from "./exports.ts";
import type { Instance } from "./instance.ts";
import type { AbortSignalLike } from "./source.ts";

/** How long to wait for an instance. */
export interface TakeOptions {
  /** Milliseconds until the error `pool-timeout`. Absent: no end. */
  readonly timeout?: number;
  /** Ends the waiting with the error `aborted`. An instance that has been handed out is not taken back by it. */
  readonly signal?: AbortSignalLike;
}

/**
 * An instance on loan from a pool: the taker's until it is given back. Then it is the error `disposed`, and so are
 * `guarded`, memories, arenas and tables that were taken out of it.
 *
 * @example
 * ```ts
 * using wasm = await pool.take();
 * wasm.guarded.run();
 * ```
 */
export interface Lease<Exports extends object = DefaultExports, Members = NoMembers> extends Instance<
  Exports,
  Members
> {
  /** Gives the instance back to its pool. A second call does nothing. */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Instances of one module, of which each is taken by one at a time. Who waits is served in the order of asking. An
 * instance that comes back poisoned or disposed, or cannot be reset, is replaced.
 *
 * @example
 * ```ts
 * const pool = module.pool({ max: 4, min: 1 });
 * const text = await pool.use((wasm) => render(wasm), { timeout: 1000 });
 * await pool.dispose();
 * ```
 */
export interface Pool<Exports extends object = DefaultExports, Members = NoMembers> {
  /** How many instances there are: idle, taken, being made, and being reset. */
  readonly size: number;
  /** How many of them are ready to be taken. */
  readonly idle: number;
  /** How many takers wait. */
  readonly waiting: number;
  /**
   * Takes an instance, made for it if none is idle and there are fewer than `max`. It is the taker's until it is disposed
   * of, or given back with `give`.
   *
   * Errors: `pool-disposed`, `pool-timeout`, `aborted`, and those of {@link Module.instantiate}; the pool goes on after each.
   *
   * @param options - How long to wait.
   * @returns The instance.
   * @example
   * ```ts
   * using wasm = await pool.take({ timeout: 1000 });
   * wasm.guarded.run();
   * ```
   */
  take(options?: TakeOptions): Promise<Lease<Exports, Members>>;
  /**
   * Gives an instance back, as its own `dispose` does, also one that trapped. Later use of it is the error `disposed`.
   * Errors: `foreign-instance` for one that is not taken, and so for the second time.
   *
   * @param wasm - What `take` returned.
   */
  give(wasm: Instance<Exports, Members>): void;
  /**
   * Takes an instance, and gives it back when the work has ended, also if it fails.
   * Errors: those of `take`, and what the work throws.
   *
   * @param work - What to do with it; a promise is waited for.
   * @param options - How long to wait for an instance.
   * @returns What `work` returns.
   */
  use<Result>(
    work: (wasm: Lease<Exports, Members>) => Result | PromiseLike<Result>,
    options?: TakeOptions,
  ): Promise<Result>;
  /**
   * Ends the pool: who waits is refused with `pool-disposed`, instances that are idle or being reset are disposed of at
   * once, and the others when they come back.
   *
   * @returns The end: when none is left. The same promise at each call.
   */
  dispose(): Promise<void>;
  /** The same as `dispose`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
