import { hashed, hasher } from "./hash.ts";
import type { Item } from "./item.ts";
import { isWithin, seriesOf, versionsOf } from "./versions.ts";

/** The items that have the wanted hash. */
export interface Match {
  /** One item; several if their types have changed but the hash, which covered only names before 0.2.96, has not. */
  readonly items: readonly Item[];
  /** The version of its crate. */
  readonly version: string;
}

/**
 * Searches for the items that have a hash.
 *
 * @param candidates - The items that may have it.
 * @param hash - The 16 digits.
 * @param bindgen - The minor number of wasm-bindgen's version.
 * @param versions - How many versions of each crate to try, the likeliest first; if absent, all.
 * @returns The items that have the hash, and their crate's version.
 */
export type Search = (
  candidates: readonly Item[],
  hash: string,
  bindgen: number,
  versions?: number,
) => Match | undefined;

/** How many hashes a search may compute for versions other than the likeliest. They take some hundredths of a second. */
const budget = 20_000;

/**
 * Makes the search of one module. It remembers the crate versions that it has found.
 *
 * @returns The search.
 */
export function createSearch(): Search {
  const hashers = new Map<string, (item: string) => string>();
  const bodies = new Map<Item, { readonly era: number; readonly bytes: readonly string[] }>();
  const found = new Map<string, string>();
  const versions = new Map<string, readonly string[]>();
  let spent = 0;

  return (candidates, hash, bindgen, limit) => {
    for (const [crate, ofCrate] of groupByCrate(candidates)) {
      for (const [index, version] of versionsFor(crate.versions, bindgen).slice(0, limit).entries()) {
        const series = `${crate.name} ${seriesOf(version)}`;
        const known = found.get(series);
        if (known === undefined ? index > 0 && spent > budget : known !== version) continue;
        const before = spent;
        const items = ofCrate.filter((item) => hashesTo(item, version, bindgen, hash));
        // Hashes that have to be tried in any case do not count.
        if (index === 0 || known !== undefined) spent = before;
        if (items.length === 0) continue;
        found.set(series, version);
        return { items, version };
      }
    }
    return undefined;
  };

  function versionsFor(text: string, bindgen: number): readonly string[] {
    const key = `${bindgen} ${text}`;
    const known = versions.get(key) ?? versionsOf(text, bindgen);
    versions.set(key, known);
    return known;
  }

  function hashesTo(item: Item, version: string, bindgen: number, hash: string): boolean {
    if (item.range !== undefined && !isWithin(version, item.range)) return false;
    const hashOf = hasherOf(item.crate.name, version);
    return bodiesOf(item, bindgen).some((body) => {
      spent++;
      return hashOf(body) === hash;
    });
  }

  function hasherOf(name: string, version: string): (item: string) => string {
    const key = `${name} ${version}`;
    const one = hashers.get(key) ?? hasher(name, version);
    hashers.set(key, one);
    return one;
  }

  function bodiesOf(item: Item, bindgen: number): readonly string[] {
    const era = [83, 96, 109, 127, 130].filter((first) => bindgen >= first).length;
    const known = bodies.get(item);
    if (known?.era === era) return known.bytes;
    const bytes = hashed(item, bindgen);
    bodies.set(item, { era, bytes });
    return bytes;
  }
}

function groupByCrate(items: readonly Item[]): Map<Item["crate"], Item[]> {
  const groups = new Map<Item["crate"], Item[]>();
  for (const item of items) {
    const group = groups.get(item.crate);
    if (group) group.push(item);
    else groups.set(item.crate, [item]);
  }
  return groups;
}
