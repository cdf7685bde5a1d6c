import type { UnglueError } from "../errors/unglue-error.ts";

/**
 * Makes the error of a call whose life has ended, from the export's name and whether the call had begun.
 */
export type Refusal = (name: string, hasBegun: boolean) => UnglueError;

/** An asynchronous call that waits, or whose promise has not settled. */
export interface PendingCall {
  /** Whether the module has been called. */
  readonly hasBegun: boolean;
  /** Called when the life has ended: rejects it. */
  end(refusal: Refusal): void;
  /**
   * Called when a continuation in the module threw: rejects it.
   *
   * @param error - The value thrown.
   * @param isOver - Whether the life has ended, so that no call that waits can follow.
   */
  fail(error: unknown, isOver: boolean): void;
}

/** The asynchronous calls of one life. */
export class PendingCalls {
  readonly #calls = new Set<PendingCall>();
  #refusal: Refusal | undefined;
  #isContinuing = false;
  /** How many calls were rejected for a failure that belonged to another, and may yet fail themselves. */
  #doubtful = 0;

  /** Adds a call. If the life has ended, the call is rejected. */
  add(call: PendingCall): void {
    this.#calls.add(call);
    if (this.#refusal) call.end(this.#refusal);
  }

  delete(call: PendingCall): void {
    this.#calls.delete(call);
  }

  /** Called when the module has settled the promise of a call that was rejected before. */
  settled(): void {
    if (this.#doubtful > 0) this.#doubtful--;
  }

  /** Called when the life has ended: rejects all calls. */
  end(refusal: Refusal): void {
    this.#refusal = refusal;
    // The trap that ended it is on its way through `resume`, and says more than the end.
    if (!this.#isContinuing) this.#endAll(refusal);
  }

  /**
   * Runs a continuation in the module: a function that the engine calls later, whose exceptions nobody could catch. If it
   * throws, the calls that have begun are rejected with that: it is not known which of them it belongs to. Errors: those of
   * the continuation if no call has begun, unless it may belong to one that was rejected for an earlier failure.
   *
   * @param run - Calls the module.
   * @param isOver - Whether the life has ended.
   * @param otherwise - Returns the result of a continuation that threw.
   */
  resume(run: () => unknown, isOver: () => boolean, otherwise: () => unknown): unknown {
    if (this.#isContinuing) return run();
    this.#isContinuing = true;
    try {
      return run();
    } catch (error) {
      const begun = [...this.#calls].filter(({ hasBegun }) => hasBegun);
      if (begun.length === 0 && this.#doubtful === 0) throw error;
      this.#doubtful += begun.length - 1;
      for (const call of begun) call.fail(error, isOver());
      return otherwise();
    } finally {
      this.#isContinuing = false;
      if (this.#refusal) this.#endAll(this.#refusal);
    }
  }

  #endAll(refusal: Refusal): void {
    for (const call of this.#calls) call.end(refusal);
    this.#calls.clear();
  }
}
