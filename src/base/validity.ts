/** How long a part of an instance can be used: for one of its lives, or for a lease. */
export class Validity {
  readonly #within: Validity | undefined;
  #refusal: ((intent: string) => Error) | undefined;
  #acts: Set<() => void> | undefined;
  readonly #run = (): void => {
    for (const act of this.#acts ?? []) act();
    this.#acts = undefined;
  };

  /**
   * Begins the validity.
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
   * Throws once the validity is over.
   *
   * @param intent - The request, as in "use the memory".
   */
  check(intent: string): void {
    if (this.#refusal) throw this.#refusal(intent);
    this.#within?.check(intent);
  }

  /**
   * Runs a function when the validity ends. It must not throw.
   *
   * @param act - The function.
   */
  onEnd(act: () => void): void {
    (this.#acts ??= new Set()).add(act);
  }

  /**
   * Ends the validity.
   *
   * @param refusal - Makes the error for later requests.
   */
  end(refusal: (intent: string) => Error): void {
    this.#refusal = refusal;
    if (this.#within) this.#within.#acts?.delete(this.#run);
    this.#run();
  }
}
