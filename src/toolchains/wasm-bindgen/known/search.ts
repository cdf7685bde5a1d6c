import { hashed, seededHasher } from "./hash.ts";
import type { Item } from "./item.ts";
import type { SipHash } from "./sip.ts";
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
 * @param limits - What need not be tried.
 * @returns The items that have the hash, and their crate's version.
 */
export type Search = (
  candidates: readonly Item[],
  hash: string,
  bindgen: number,
  limits?: SearchLimits,
) => Match | undefined;

/** The items and versions that a search leaves out. */
export interface SearchLimits {
  /** How many versions of each crate to try, the likeliest first; if absent, all. */
  readonly versions?: number;
  /** Whether an item may be the one with the hash. It is asked before all versions are tried. */
  readonly mayBe?: ((item: Item) => boolean) | undefined;
}

/** How many hashes a search may compute for versions other than the likeliest. Of surveyed modules none needs half as many. */
const budget = 20_000;

/**
 * Makes the search of one module. It remembers the crate versions that it has found.
 *
 * @returns The search.
 */
export function createSearch(): Search {
  const hashers = new Map<string, (item: string) => SipHash>();
  const bodies = new Map<Item, { readonly era: number; readonly bytes: readonly string[] }>();
  const found = new Map<string, string>();
  const versions = new Map<string, readonly string[]>();
  let spent = 0;

  return (candidates, hash, bindgen, { versions: limit, mayBe } = {}) => {
    const wanted = halvesOf(hash);
    for (const [crate, all] of groupByCrate(candidates)) {
      let ofCrate = all;
      let isAsked = mayBe === undefined;
      for (const [index, version] of versionsFor(crate.versions, bindgen).slice(0, limit).entries()) {
        const series = `${crate.name} ${seriesOf(version)}`;
        const known = found.get(series);
        if (known === undefined ? index > 0 && spent > budget : known !== version) continue;
        // To hash an item for one version costs less than to ask.
        if (!isAsked && index > 0 && known === undefined) {
          isAsked = true;
          if (mayBe) ofCrate = all.filter(mayBe);
        }
        if (ofCrate.length === 0) break;
        const before = spent;
        const items = ofCrate.filter((item) => hashesTo(item, version, bindgen, wanted));
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

  function hashesTo(item: Item, version: string, bindgen: number, wanted: SipHash): boolean {
    if (item.range !== undefined && !isWithin(version, item.range)) return false;
    const hashOf = hasherOf(item.crate.name, version);
    return bodiesOf(item, bindgen).some((body) => {
      spent++;
      const { high, low } = hashOf(body);
      return low === wanted.low && high === wanted.high;
    });
  }

  function hasherOf(name: string, version: string): (item: string) => SipHash {
    const key = `${name} ${version}`;
    const one = hashers.get(key) ?? seededHasher(name, version);
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

/** Reads the 16 digits of a hash. */
function halvesOf(hash: string): SipHash {
  return { high: parseInt(hash.slice(0, 8), 16) | 0, low: parseInt(hash.slice(8), 16) | 0 };
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
