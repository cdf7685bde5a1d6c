/** One public call, as it is made with hostile values. */
export interface Call {
  readonly name: string;
  /** How many hostile values it is made with. */
  readonly args: number;
  /** Whether what it returns is a promise to be awaited. */
  readonly isAsync?: boolean;
  /** Whether it calls functions that it is given: the engine's error of one that cannot be called is then the caller's own. */
  readonly callsBack?: boolean;
  /** The codes that may refuse it; anything else is a failure. */
  readonly codes: readonly string[];
  /**
   * Makes the call, and undoes what it has done if it works.
   *
   * @param args - The values.
   */
  run(args: readonly unknown[]): unknown;
}

/** Some calls, and how what they left behind is told. */
export interface Subject {
  readonly name: string;
  readonly calls: readonly Call[];
  /** State that a call must leave as it was; replaced where it may be broken. */
  state(): Promise<unknown>;
}
