import { hashed, seededHasher } from "./hash.ts";
import type { Crate, Item } from "./item.ts";
import type { SipHash } from "./sip.ts";
import { isWithin, seriesOf, versionsOf } from "./versions.ts";

/** The items that have the wanted hash. */
export interface Match {
  /** One item; several if their types have changed but the hash, which covered only names before 0.2.96, has not. */
  readonly items: readonly Item[];
  /** The version of its crate. */
  readonly version: string;
}

/** An import of a module. */
export interface Searched {
  /** The 16 digits of its hash. */
  readonly hash: string;
  /** The items that may have it. */
  readonly candidates: readonly Item[];
  /** Whether an item may be the one with the hash, by its types. */
  readonly mayBe: (item: Item) => boolean;
}

/** An import whose crate and version are open: its hash, and the items that it may be. */
interface Open {
  readonly wanted: Searched;
  readonly hash: SipHash;
  readonly items: readonly Item[];
}

/** The search for the items that have the hashes of a module's imports. */
export interface Search {
  /**
   * Returns the items that an import can only be, and their crate's version. The answer does not depend on other questions.
   *
   * @param wanted - The import.
   * @param bindgen - The minor number of wasm-bindgen's version.
   * @param isQuick - Whether to try only the likelier versions of the crates whose versions follow wasm-bindgen's.
   */
  find(wanted: Searched, bindgen: number, isQuick?: boolean): Match | undefined;
  /**
   * Returns the items that an import is, if that takes few hashes: no other import is looked at. It is asked about each import
   * that decides whether a further table is fetched, before the engine has optimised anything.
   *
   * @param wanted - The import.
   * @param bindgen - The minor number of wasm-bindgen's version.
   */
  findLikely(wanted: Searched, bindgen: number): readonly Item[];
  /**
   * Whether an import is an item of js-sys, web-sys or wasm-bindgen itself, of the likeliest version.
   *
   * @param wanted - The import.
   * @param bindgen - The minor number of wasm-bindgen's version.
   */
  isLikely(wanted: Searched, bindgen: number): boolean;
}

/**
 * How many hashes may be computed to find the version of a series, besides those for the likeliest version. Of surveyed
 * modules none needs half as many.
 */
const budget = 20_000;

/** How many versions are tried of all imports before the others are tried of each. */
const near = 8;

/** How many items of one name are few enough to try each by several versions. */
const unambiguous = 4;

/** How many imports are tried by several versions in vain before a crate's others are not. */
const patience = 3;

/**
 * Makes the search of one module. A program contains only one version of a crate's series, so that is found first, and an
 * import is compared with the items of that version alone.
 *
 * @param imports - Returns the imports of the module, which tell the versions.
 * @returns The search.
 */
export function createSearch(imports: () => Iterable<Searched>): Search {
  const hashers = new Map<string, (item: string) => SipHash>();
  const bodies = new Map<Item, { readonly era: number; readonly bytes: readonly string[] }>();
  const nearVersions = new Map<string, string | undefined>();
  const farVersions = new Map<string, string | undefined>();
  const openImports = new Map<string, readonly Open[]>();
  const lists = new Map<string, readonly (readonly string[])[]>();
  /** The versions of the crates in the family that imports had besides the likeliest, and how often all others were tried in vain. */
  const seen = new Map<Crate, { version: string | undefined; failures: number }>();
  let spent = 0;

  return { find, findLikely, isLikely: (wanted, bindgen) => isFromFamily(wanted, bindgen, ([likeliest]) => likeliest) };

  function find(wanted: Searched, bindgen: number, isQuick = false): Match | undefined {
    const hash = halvesOf(wanted.hash);
    for (const [crate, items] of groupByCrate(wanted.candidates)) {
      for (const list of seriesIn(crate.versions, bindgen)) {
        const version = versionOf(crate, list, bindgen, isQuick && isInFamily(crate));
        const matching = version === undefined ? [] : matchesIn(items, version, bindgen, hash);
        if (version !== undefined && matching.length > 0) return { items: matching, version };
      }
    }
    return undefined;
  }

  function findLikely(wanted: Searched, bindgen: number): readonly Item[] {
    const hash = halvesOf(wanted.hash);
    // The family first: nearly every import is one of its items.
    const groups = [...groupByCrate(wanted.candidates)].sort(
      ([a], [b]) => Number(isInFamily(b)) - Number(isInFamily(a)),
    );
    for (const [crate, items] of groups) {
      for (const version of isInFamily(crate) ? likelyVersions(crate, bindgen) : versionsOf(crate.versions, bindgen)) {
        const matching = matchesIn(items, version, bindgen, hash);
        if (matching.length > 0) return matching;
      }
    }
    for (const [crate, items] of groups) {
      if (!isInFamily(crate) || items.length > unambiguous) continue;
      const matching = findSeen(crate, items, bindgen, hash);
      if (matching.length > 0) return matching;
    }
    return [];
  }

  function likelyVersions(crate: Crate, bindgen: number): readonly string[] {
    const [[likeliest] = []] = seriesIn(crate.versions, bindgen);
    return [likeliest, seen.get(crate)?.version].filter((version) => version !== undefined);
  }

  /** Tries the versions near the likeliest, and keeps the one that an import has. A program has only one. */
  function findSeen(crate: Crate, items: readonly Item[], bindgen: number, hash: SipHash): readonly Item[] {
    const { version: known, failures } = seen.get(crate) ?? { version: undefined, failures: 0 };
    const [list = []] = seriesIn(crate.versions, bindgen);
    for (const version of known === undefined && failures < patience ? list.slice(1, 1 + near) : []) {
      const matching = matchesIn(items, version, bindgen, hash);
      if (matching.length === 0) continue;
      seen.set(crate, { version, failures });
      return matching;
    }
    seen.set(crate, { version: known, failures: failures + 1 });
    return [];
  }

  /** Returns the version of a crate's series that the module contains. */
  function versionOf(crate: Crate, list: readonly string[], bindgen: number, isNear: boolean): string | undefined {
    const key = `${bindgen} ${crate.name} ${list.join()}`;
    const close = computed(nearVersions, key, () => findNear(crate, list, bindgen));
    if (isNear || close !== undefined) return close;
    return computed(farVersions, key, () => findFar(crate, list, bindgen));
  }

  /** Tries the likeliest versions of a series, each for all imports. */
  function findNear(crate: Crate, [likeliest, ...others]: readonly string[], bindgen: number): string | undefined {
    if (likeliest === undefined) return undefined;
    const isSame = isOfCrate(crate);
    for (const { hash, candidates } of imports()) {
      const wanted = halvesOf(hash);
      if (candidates.some((item) => isSame(item) && hashesTo(item, likeliest, bindgen, wanted))) return likeliest;
    }
    if (others.length === 0) return undefined;
    const open = openFor(crate, bindgen);
    const limit = spent + budget;
    return others.slice(0, near).find((version) => open.some((one) => spent <= limit && isAt(one, version, bindgen)));
  }

  /** Tries the other versions of a series for each import by itself, the least ambiguous first. */
  function findFar(crate: Crate, list: readonly string[], bindgen: number): string | undefined {
    const others = list.slice(1 + near);
    if (others.length === 0) return undefined;
    const open = openFor(crate, bindgen);
    const left = isInFamily(crate) ? open.filter(({ wanted }) => !find(wanted, bindgen, true)) : open;
    const limit = spent + budget;
    for (const one of left) {
      const far = others.find((version) => spent <= limit && isAt(one, version, bindgen));
      if (far !== undefined) return far;
    }
    return undefined;
  }

  /** Returns the imports that may be items of a crate, and are none of js-sys, web-sys or wasm-bindgen itself. */
  function openFor(crate: Crate, bindgen: number): readonly Open[] {
    return computed(openImports, `${bindgen} ${crate.name} ${crate.versions}`, () => {
      const isSame = isOfCrate(crate);
      const versionIn = isInFamily(crate)
        ? ([likeliest]: readonly string[]) => likeliest
        : (list: readonly string[], other: Crate) => versionOf(other, list, bindgen, true);
      return (
        [...imports()]
          .filter((one) => one.candidates.some(isSame) && !isFromFamily(one, bindgen, versionIn))
          // For a single version, to hash an item costs less than to ask for its types.
          .map((one) => ({
            wanted: one,
            hash: halvesOf(one.hash),
            items: one.candidates.filter((item) => isSame(item) && one.mayBe(item)),
          }))
          .sort((a, b) => a.items.length - b.items.length)
      );
    });
  }

  function isAt({ hash, items }: Open, version: string, bindgen: number): boolean {
    return items.some((item) => hashesTo(item, version, bindgen, hash));
  }

  /**
   * Whether an import is an item of js-sys, web-sys or wasm-bindgen itself, and so of no other crate. Their versions follow
   * wasm-bindgen's, so they are found without trying many.
   */
  function isFromFamily(
    { hash, candidates }: Searched,
    bindgen: number,
    versionIn: (list: readonly string[], crate: Crate) => string | undefined,
  ): boolean {
    const wanted = halvesOf(hash);
    return [...groupByCrate(candidates)].some(([crate, items]) => {
      const [list] = isInFamily(crate) ? seriesIn(crate.versions, bindgen) : [];
      const version = list && versionIn(list, crate);
      return version !== undefined && items.some((item) => hashesTo(item, version, bindgen, wanted));
    });
  }

  /** Returns the items that have a hash. Those after the first are of the same name. */
  function matchesIn(items: readonly Item[], version: string, bindgen: number, wanted: SipHash): readonly Item[] {
    const at = items.findIndex((item) => hashesTo(item, version, bindgen, wanted));
    const [first, ...rest] = at < 0 ? [] : items.slice(at);
    if (!first) return [];
    const isTwin = ({ ident, jsClass }: Item) => ident === first.ident && jsClass === first.jsClass;
    return [first, ...rest.filter((item) => isTwin(item) && hashesTo(item, version, bindgen, wanted))];
  }

  /** Returns the versions of each series, the likeliest first. */
  function seriesIn(text: string, bindgen: number): readonly (readonly string[])[] {
    return computed(lists, `${bindgen} ${text}`, () => groupBySeries(versionsOf(text, bindgen)));
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
    return computed(hashers, `${name} ${version}`, () => seededHasher(name, version));
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

/** Whether the versions of a crate follow wasm-bindgen's. */
function isInFamily({ versions }: Crate): boolean {
  return versions.includes("N");
}

/** Reads the 16 digits of a hash. */
function halvesOf(hash: string): SipHash {
  return { high: parseInt(hash.slice(0, 8), 16) | 0, low: parseInt(hash.slice(8), 16) | 0 };
}

function groupByCrate(items: readonly Item[]): ReadonlyMap<Crate, readonly Item[]> {
  const groups = new Map<Crate, Item[]>();
  for (const item of items) {
    const group = groups.get(item.crate);
    if (group) group.push(item);
    else groups.set(item.crate, [item]);
  }
  return groups;
}

function groupBySeries(versions: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const version of versions) {
    const series = seriesOf(version);
    const group = groups.get(series);
    if (group) group.push(version);
    else groups.set(series, [version]);
  }
  return [...groups.values()];
}

function isOfCrate({ name, versions }: Crate): (item: Item) => boolean {
  return ({ crate }) => crate.name === name && crate.versions === versions;
}

function computed<Value>(known: Map<string, Value>, key: string, compute: () => Value): Value {
  if (!known.has(key)) known.set(key, compute());
  return known.get(key) as Value;
}
