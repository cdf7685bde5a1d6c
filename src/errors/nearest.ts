/** Longer names are not compared: their distance would cost more than the hint is worth. */
const longest = 100;

/**
 * Returns the candidate that a misspelled name most resembles.
 *
 * @param name - The name as written.
 * @param candidates - The valid names.
 * @returns The nearest candidate, if at most a third of the name would have to change.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bound = Math.floor(name.length / 3) + 1;
  if (name.length > longest) return undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bound) continue;
    const edits = distance(name, candidate, bound);
    if (edits < bound) [best, bound] = [candidate, edits];
  }
  return best;
}

/** Returns the Levenshtein distance, ignoring case; `bound` if it is not less than that. */
function distance(a: string, b: string, bound: number): number {
  const from = a.toLowerCase();
  const to = b.toLowerCase();
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    // The minimum of each row is at least that of the previous row.
    if (Math.min(...next) >= bound) return bound;
    row = next;
  }
  return row[to.length] ?? 0;
}
