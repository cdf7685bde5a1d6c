import { Validity } from "../base/validity.ts";
import type { Arena, Instance } from "../public/index.ts";
import { createParts } from "./create-parts.ts";
import { type Beginning, type Life, living, type Lives, type Parts } from "./life.ts";

/** The parts of an instance, on loan. */
export interface LentParts {
  /** The parts of the current life. Errors: as those of the instance. */
  readonly current: Parts;
  /** The arenas that were made from them and not disposed of. */
  readonly arenas: ReadonlySet<Arena>;
  /**
   * Ends their use. The arenas can still free what they hold.
   *
   * @param refusal - Makes the error of later use.
   */
  readonly end: (refusal: (intent: string) => Error) => void;
}

/** An instance, with a function that lends its parts. */
export interface Lendable {
  readonly instance: Instance;
  readonly lend: () => LentParts;
}

/**
 * Prepares an instance for lending.
 *
 * @param beginning - The instance, and its lives.
 */
export function lendable({ instance, lives }: Beginning): Lendable {
  return { instance, lend: () => lendParts(lives) };
}

/**
 * Lends the memories, tables and handles of an instance. Other loans of the same life stay usable when this one ends.
 *
 * @param lives - The instance's lives.
 */
function lendParts(lives: Lives): LentParts {
  const arenas = new Set<Arena>();
  let lent: { readonly life: Life; readonly validity: Validity; readonly parts: Parts } | undefined;
  return {
    arenas,
    get current() {
      const life = living(lives);
      if (lent?.life !== life) {
        const validity = new Validity(life.validity);
        lent = { life, validity, parts: createParts(life, validity, arenas) };
      }
      return lent.parts;
    },
    end: (refusal) => lent?.validity.end(refusal),
  };
}
