import type { NoMembers } from "./members.ts";
import type { DefaultExports } from "./exports.ts";
import type { Instance } from "./instance.ts";
import type { AbortSignalLike } from "./source.ts";

/**
 * How long to wait for an instance.
 *
 * @example
 * ```ts
 * const wasm = await pool.take({ timeout: 1000 });
 * ```
 * @category Pools
 */
export interface TakeOptions {
  /** Milliseconds until the error `pool-timeout`. If absent, there is no timeout. */
  readonly timeout?: number;
  /** Ends the wait with the error `aborted`. It does not take back an instance that has been handed out. */
  readonly signal?: AbortSignalLike;
}

/**
 * An instance on loan from a pool, for use until it is given back. After that any use of it throws `disposed`, and so does
 * use of `guarded`, memories, arenas, tables and handles that were obtained from it. Raw exports, views of a memory and
 * functions read from a table refuse nothing.
 *
 * @example
 * ```ts
 * using wasm = await pool.take();
 * wasm.guarded.run();
 * ```
 * @category Pools
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
 * Instances of one module, each used by one taker at a time. Waiting takers are served in order. An instance that is
 * returned poisoned or disposed, or cannot be reset, is replaced.
 *
 * @example
 * ```ts
 * const module = await compile("./app.wasm");
 * const pool = module.pool<{ render(): string }>({ max: 4, min: 1 });
 * const text = await pool.use((wasm) => wasm.guarded.render(), {
 *   timeout: 1000,
 * });
 * await pool.dispose();
 * ```
 * @category Pools
 */
export interface Pool<Exports extends object = DefaultExports, Members = NoMembers> {
  /** The number of instances: idle, taken, being made, and being reset. */
  readonly size: number;
  /** How many of them are ready to be taken. */
  readonly idle: number;
  /** How many takers are waiting. */
  readonly waiting: number;
  /**
   * Takes an instance. If none is idle and there are fewer than `max`, a new one is made. It is on loan until it is disposed
   * of, or given back with `give`.
   *
   * Errors: `pool-disposed`, `pool-timeout`, `aborted`, and those of {@link Module.instantiate}; the pool stays usable after
   * each.
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
   * Gives an instance back, as its own `dispose` does, even if it trapped. Later use of it throws `disposed`. Errors:
   * `foreign-instance` for an instance that is not on loan, such as one that was already given back.
   *
   * @param wasm - The instance that `take` returned.
   */
  give(wasm: Instance<Exports, Members>): void;
  /**
   * Takes an instance and gives it back when the work has ended, even if it fails. Errors: those of `take`, and those that
   * the work throws.
   *
   * @param work - The work. If it returns a promise, the instance is given back once that settles.
   * @param options - How long to wait for an instance.
   * @returns The result of `work`.
   */
  use<Result>(
    work: (wasm: Lease<Exports, Members>) => Result | PromiseLike<Result>,
    options?: TakeOptions,
  ): Promise<Result>;
  /**
   * Ends the pool. Waiting takers are refused with `pool-disposed`. Instances that are idle or being reset are disposed of
   * immediately, and the others when they are given back.
   *
   * @returns A promise that is fulfilled when no instance is left; the same one for each call.
   */
  dispose(): Promise<void>;
  /** The same as `dispose`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
