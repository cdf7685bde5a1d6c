/**
 * The JavaScript values that a module knows by number, for calls whose arguments you convert by hand. A handle belongs to
 * the instance that issued it.
 *
 * @example
 * ```ts
 * const handle = wasm.handles.add({ depth: 3 });
 * wasm.guarded.configure(handle); // takes the handle over, and drops it
 * ```
 * @category Instances
 */
export interface Handles {
  /** How many values are held. Borrowed ones and constants do not count. */
  readonly size: number;
  /** How many things leaked because nothing shows what frees or destroys them: see `docs/wasm-bindgen.md`. */
  readonly leaked: number;
  /**
   * Holds a value until its handle is taken or dropped, by either side.
   *
   * @param value - Any value.
   * @returns Its handle.
   */
  add(value: unknown): number;
  /**
   * Reads a value; the handle stays valid.
   *
   * @param handle - A handle returned by the module or by `add`.
   */
  get(handle: number): unknown;
  /**
   * Reads a value and drops its handle.
   *
   * @param handle - A handle that the module returned and gave away.
   */
  take(handle: number): unknown;
  /**
   * Drops a handle. Ignores constants and handles that were dropped before.
   *
   * @param handle - A handle that the module returned and gave away, or that `add` returned.
   */
  drop(handle: number): void;
  /**
   * Holds a value during one call, for a parameter that the module only borrows. The handle is dropped even if the call
   * throws.
   *
   * @param value - Any value.
   * @param use - Receives the handle.
   * @returns What `use` returns.
   */
  borrow<Result>(value: unknown, use: (handle: number) => Result): Result;
}
