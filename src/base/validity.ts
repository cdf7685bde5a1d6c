/** How long a part of an instance can be used: for a life of it, or for a lease. */
export class Validity {
  readonly #within: Validity | undefined;
  #refusal: ((intent: string) => Error) | undefined;
  #acts: Set<() => void> | undefined;
  readonly #run = (): void => {
    for (const act of this.#acts ?? []) act();
    this.#acts = undefined;
  };

  /**
   * Begins.
   *
   * @param within - Another that it cannot outlast.
   */
  constructor(within?: Validity) {
    this.#within = within;
    within?.onEnd(this.#run);
  }

  get isOver(): boolean {
    return this.#refusal !== undefined || this.#within?.isOver === true;
  }

  /**
   * Throws once it is over.
   *
   * @param intent - What is asked for, as in "use the memory".
   */
  check(intent: string): void {
    if (this.#refusal) throw this.#refusal(intent);
    this.#within?.check(intent);
  }

  /**
   * Runs a function once it is over. It must not throw.
   *
   * @param act - The function.
   */
  onEnd(act: () => void): void {
    (this.#acts ??= new Set()).add(act);
  }

  /**
   * Ends it.
   *
   * @param refusal - Makes the error of what is asked for later.
   */
  end(refusal: (intent: string) => Error): void {
    this.#refusal = refusal;
    if (this.#within) this.#within.#acts?.delete(this.#run);
    this.#run();
  }
}
