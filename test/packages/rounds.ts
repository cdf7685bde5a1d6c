/** Counts what calls leave behind, the same way for a package's own JavaScript and for its module alone. */

/** Calls that free all they make. */
export interface Rounds<Api, Input> {
  /** Makes what all rounds share, and returns one round. */
  readonly start: (api: Api, input: Input) => () => unknown;
  /** How often it runs: 1000 times, except where one round takes long. */
  readonly times?: number;
}

/** By how much each count grew over all rounds; 0 for what cannot be counted. */
export interface Growth {
  /** Slots for values of JavaScript that the module holds. */
  readonly handles: number;
  /** Bytes of the memory. */
  readonly bytes: number;
  /** Objects of the module that JavaScript owns, as the ledger counts them. */
  readonly objects?: number;
  /** Live allocations, as the ledger counts them. */
  readonly allocations?: number;
}

/** Rounds that come before the counts: they fill the module's own caches. */
const warming = 30;

/**
 * Runs all rounds.
 *
 * @param rounds - The calls.
 * @param api - The implementation.
 * @param input - What it gets.
 * @param count - Counts what is there.
 */
export async function growthOver<Api, Input, Counts extends Readonly<Record<keyof Counts, number>>>(
  rounds: Rounds<Api, Input>,
  api: Api,
  input: Input,
  count: () => Counts,
): Promise<Readonly<Record<keyof Counts, number>>> {
  const { start, times = 1000 } = rounds;
  const round = start(api, input);
  for (let at = 0; at < warming; at += 1) await round();
  const before = count();
  for (let at = 0; at < times; at += 1) await round();
  const after = count();
  const growth = Object.entries<number>(after).map(([name, value]) => [name, value - before[name as keyof Counts]]);
  return Object.fromEntries(growth) as Readonly<Record<keyof Counts, number>>;
}
