import type { ImportReport, ImportShape } from "../public/index.ts";

/** The facts about a provided import that few have. */
interface More {
  /** The name of the adapter that provides it. */
  readonly adapter: string | undefined;
  readonly meaning: string | undefined;
  /** Whether it throws on the module's behalf, as far as its adapter tells. */
  readonly unwinds: boolean | undefined;
  /** Set for a host function, which is not a value for the engine yet. */
  readonly host: object | undefined;
}

/** Nothing more is known. */
export const nothing: More = Object.freeze({
  adapter: undefined,
  meaning: undefined,
  unwinds: undefined,
  host: undefined,
});

/** An import whose provider is decided later. */
interface Later {
  /** Returns its report. */
  readonly report: () => ImportReport;
}

/** How it is known who provides an import, or a function that tells, which imports may share. */
type Evidence = string | ((wanted: ImportShape) => string);

/** An import with its provider. The report is written when it is read: most programs read none, and a module may have hundreds. */
export class Resolved {
  readonly wanted: ImportShape;
  readonly value: unknown;
  readonly #provider: ImportReport["provider"] | Later;
  readonly #evidence: Evidence;
  readonly #more: More;
  #report: ImportReport | undefined;

  /**
   * @param wanted - The import.
   * @param provider - Who provides it, or what tells later.
   * @param value - The value for the engine; `undefined` for a host function, which is linked later.
   * @param evidence - How that is known.
   * @param more - Other facts.
   */
  constructor(
    wanted: ImportShape,
    provider: ImportReport["provider"] | Later,
    value: unknown,
    evidence: Evidence = "",
    more: More = nothing,
  ) {
    this.wanted = wanted;
    this.value = value;
    this.#provider = provider;
    this.#evidence = evidence;
    this.#more = more;
  }

  /** The entry of the import report. */
  get report(): ImportReport {
    return (this.#report ??= this.#write());
  }

  /** Who provides it. If that is decided later, this decides it. */
  get provider(): ImportReport["provider"] {
    return typeof this.#provider === "string" ? this.#provider : this.report.provider;
  }

  /** Whether it is certain who provides it, and it is this one. Decides nothing. */
  isBy(provider: ImportReport["provider"]): boolean {
    return this.#provider === provider;
  }

  #write(): ImportReport {
    if (typeof this.#provider !== "string") return this.#provider.report();
    const { adapter, meaning } = this.#more;
    return {
      ...this.wanted,
      provider: this.#provider,
      evidence: typeof this.#evidence === "string" ? this.#evidence : this.#evidence(this.wanted),
      ...(adapter !== undefined && { adapter }),
      ...(meaning !== undefined && { meaning }),
    };
  }

  get unwinds(): More["unwinds"] {
    return this.#more.unwinds;
  }

  get host(): More["host"] {
    return this.#more.host;
  }

  /** Returns the import with another value. */
  with(value: unknown): Resolved {
    return new Resolved(this.wanted, this.#provider, value, this.#evidence, this.#more);
  }

  /** Returns a host function that is linked, with more evidence. */
  linked(value: unknown, evidence: string): Resolved {
    return new Resolved(this.wanted, this.#provider, value, `${this.report.evidence}, ${evidence}`);
  }

  /** Returns the import without what it holds, for the report of an instance that has ended. */
  released(): Resolved {
    return new Resolved(this.wanted, this.#provider, undefined, this.#evidence, {
      ...this.#more,
      host: undefined,
      unwinds: undefined,
    });
  }
}
