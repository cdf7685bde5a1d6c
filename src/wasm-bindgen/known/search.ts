import { hashed, hasher } from "./hash.ts";
import type { Item } from "./item.ts";
import { seriesOf, versionsOf } from "./versions.ts";

/** The items whose hash is the one that was looked for. */
export interface Match {
  /** One; several where their types have changed and the hash, which was of names alone before 0.2.96, has not. */
  readonly items: readonly Item[];
  /** The version of its crate. */
  readonly version: string;
}

/**
 * Looks for what has a hash.
 *
 * @param candidates - The items that may have it.
 * @param hash - The 16 digits.
 * @param bindgen - The minor number of wasm-bindgen's version.
 * @param versions - How many versions of each crate to try, the likeliest first; all without it.
 * @returns What has the hash, and its crate's version.
 */
export type Search = (
  candidates: readonly Item[],
  hash: string,
  bindgen: number,
  versions?: number,
) => Match | undefined;

/** How many hashes a search may compute for versions that are not the likeliest: about a tenth of a second. */
const budget = 20_000;

/**
 * Makes the search of one module: it remembers the versions of crates that it has found.
 *
 * @returns The search.
 */
export function createSearch(): Search {
  const hashers = new Map<string, (item: readonly number[]) => string>();
  const bodies = new Map<string, Map<Item, number[][]>>();
  const found = new Map<string, string>();
  let spent = 0;

  return (candidates, hash, bindgen, limit) => {
    for (const crate of new Set(candidates.map((item) => item.crate))) {
      const { name } = crate;
      for (const [index, version] of versionsOf(crate.versions, bindgen).slice(0, limit).entries()) {
        const series = `${name} ${seriesOf(version)}`;
        const known = found.get(series);
        if (known === undefined ? index > 0 && spent > budget : known !== version) continue;
        const items = candidates.filter((item) => item.crate === crate && hashesTo(item, version, bindgen, hash));
        if (index > 0 && known === undefined) spent += candidates.length;
        if (items.length === 0) continue;
        found.set(series, version);
        return { items, version };
      }
    }
    return undefined;
  };

  function hashesTo(item: Item, version: string, bindgen: number, hash: string): boolean {
    return bodiesOf(item, bindgen).some((body) => hasherOf(item.crate.name, version)(body) === hash);
  }

  function hasherOf(name: string, version: string): (item: readonly number[]) => string {
    const key = `${name} ${version}`;
    const one = hashers.get(key) ?? hasher(name, version);
    hashers.set(key, one);
    return one;
  }

  function bodiesOf(item: Item, bindgen: number): number[][] {
    const era = String([83, 96, 109, 127, 130].filter((first) => bindgen >= first).length);
    const ofEra = bodies.get(era) ?? new Map<Item, number[][]>();
    const body = ofEra.get(item) ?? hashed(item, bindgen);
    bodies.set(era, ofEra.set(item, body));
    return body;
  }
}
