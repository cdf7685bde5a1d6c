import { UnglueError } from "../errors/unglue-error.ts";
import { describe } from "../errors/describe.ts";
import { invalidArgument } from "../errors/invalid.ts";
import type { Table } from "../public/index.ts";
import { toWasmFunction, type TrampolineContext } from "../binary/trampoline.ts";

/** The context in which callbacks are made. */
export interface CallbacksContext extends TrampolineContext {
  /** The function table that they are placed in. */
  readonly table: Table<unknown>;
}

/** The callbacks of one instance. */
export interface Callbacks {
  /**
   * Places a function in the table. The same function added twice has two slots.
   * Errors: `invalid-argument`, `invalid-signature`, `trampoline-unavailable`, `table-full`.
   *
   * @param signature - Its signature.
   * @param callback - The function.
   * @returns Its index.
   */
  add(signature: string, callback: (...args: never[]) => unknown): number;
  /**
   * Empties a callback's slot; a later callback gets it. Errors: `unknown-callback`.
   *
   * @param index - The result of `add`.
   */
  free(index: number): void;
  /** Frees all callbacks. */
  clear(): void;
}

/**
 * Checks the index of a callback. Errors: `invalid-argument`.
 *
 * @param index - The argument of `freeCallback`.
 */
export function requireIndex(index: unknown): asserts index is number {
  if (typeof index !== "number") {
    throw invalidArgument("freeCallback", "index", "the index that callback() returned", index);
  }
}

/** The minimum number of elements to grow by. Measured: growing by one costs two to four times as much per element. */
const smallestChunk = 16;

/**
 * Manages the callbacks of a table. It only uses slots that it added to the table itself: the module may fill its own empty
 * slots later.
 *
 * @param context - The table, and the source of trampolines.
 */
export function createCallbacks(context: CallbacksContext): Callbacks {
  const { table } = context;
  const live = new Set<number>();
  /** The free slots; the last one is used next. */
  const free: number[] = [];
  let owned = 0;

  /** Doubles the slots, or adds as many as the table allows. */
  const grow = (): void => {
    for (let count = Math.max(smallestChunk, owned); ; count >>= 1) {
      try {
        const first = table.grow(count);
        owned += count;
        for (let index = first + count - 1; index >= first; index--) free.push(index);
        return;
      } catch (error) {
        if (count === 1) throw error;
      }
    }
  };

  const release = (index: number): void => {
    live.delete(index);
    table.set(index, null);
    free.push(index);
  };

  return {
    add(signature, callback) {
      if (typeof callback !== "function") throw invalidArgument("callback", "callback", "a function", callback);
      const made = toWasmFunction(signature, callback, context);
      if (free.length === 0) grow();
      const index = free[free.length - 1] as number;
      table.set(index, made);
      free.pop();
      live.add(index);
      return index;
    },
    free(index) {
      requireIndex(index);
      if (!live.has(index)) {
        throw new UnglueError(
          "unknown-callback",
          `No live callback has the index ${describe(index)}. Free each index that callback() returned once, and no other.`,
          { index },
        );
      }
      release(index);
    },
    clear() {
      live.forEach(release);
    },
  };
}
