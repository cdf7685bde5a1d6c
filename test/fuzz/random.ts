/** Random numbers that a seed decides. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of a list, which must not be empty. */
  one<Item>(items: readonly Item[]): Item;
  /** Whether an event of this probability happens. */
  chance(probability: number): boolean;
}

/** Random numbers for one case of a run, so that it can be had again without those before it. */
export function randomOf(seed: number, number: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  // Multiply and shift, twice, on a state that goes up by an odd number: period 2^32.
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    one: (items) => items[below(items.length)]!,
    chance: (probability) => next() < probability,
  };
}
