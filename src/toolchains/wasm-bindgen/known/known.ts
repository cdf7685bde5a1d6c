import type { FunctionType } from "../../../public/index.ts";
import { bindgenOf } from "./bindgen-of.ts";
import type { Declaration } from "./declaration.ts";
import { declarationOf, type Item } from "./item.ts";
import { bare, type Table } from "./table.ts";
import { createSearch, type Match, type Search, type Searched } from "./search.ts";
import { newest, oldest } from "./versions.ts";
import { importTypesOf } from "./import-types.ts";

/** The facts about a module that the meanings of its imports depend on. */
export interface KnownModule {
  /**
   * The version of wasm-bindgen that its `producers` section names: `0.2.92`. Without it the version is found through
   * hashes.
   */
  readonly bindgenVersion: string | undefined;
  /** The names of all its imported functions. */
  readonly names: readonly string[];
  /**
   * Returns the WebAssembly types of the imports of a name; `undefined` if they are unknown. Declarations that fit none need
   * not be hashed.
   */
  readonly typesOf?: (name: string) => readonly FunctionType[] | undefined;
}

/** An identified import: its hash matches a published declaration. */
export interface Identified {
  /** The declaration of the import. */
  readonly declaration: Declaration;
  /** The crate's version. */
  readonly version: string;
}

/** The imports of a module, identified. Each is when it is asked for, and the answers do not depend on the order. */
export interface Known {
  /** The minor number of wasm-bindgen's version: as given, or found; `undefined` if no hash is known. */
  readonly bindgen: number | undefined;
  /**
   * Searches further tables too.
   *
   * @param tables - The tables, in search order.
   */
  extend(tables: readonly Table[]): void;
  /**
   * Identifies an import.
   *
   * @param name - The import's name: `__wbg_log_c222819a41e063d3`.
   * @param type - Its WebAssembly type. A declaration that does not fit is ignored.
   * @returns The declaration; `undefined` if it is not known for certain.
   */
  identify(name: string, type?: FunctionType): Identified | undefined;
  /**
   * Whether a table has an import's name. It may be another of the same letters and digits.
   *
   * @param name - The import's name.
   */
  hasName(name: string): boolean;
  /**
   * Whether an import can be identified by the likelier versions of crates. It is then identified so.
   *
   * @param name - The import's name.
   * @param type - Its WebAssembly type.
   */
  isLikely(name: string, type?: FunctionType): boolean;
  /**
   * Returns the items that an import may be by its name.
   *
   * @param name - The import's name.
   * @returns The items of all tables: the same list for the same name.
   */
  candidates(name: string): readonly Item[];
  /**
   * Returns the possible meanings of an import. There may be hundreds, so they are read once for all imports of a name.
   *
   * @param name - The import's name.
   * @returns The known declarations of its name, without repetition: the same list for the same name.
   */
  meanings(name: string): readonly Declaration[];
}

/**
 * Identifies the imports of a module by the hashes in their names.
 *
 * A hash covers the crate, its version, and the item. It is recomputed for the items of a table that have the import's name.
 * A program contains only one version of a crate's series, which the first import with a known hash reveals. The search for it
 * is bounded.
 *
 * @param tables - The tables, in search order.
 * @param module - The module.
 * @returns The knowledge about its imports.
 * @example
 * ```ts
 * const known = createKnown(readTables(knownTable), { bindgenVersion: "0.2.92", names: ["__wbg_new_16b304a2cfa7ff4a"] });
 * known.identify("__wbg_new_16b304a2cfa7ff4a")?.declaration.path; // ["Array"]
 * ```
 */
export function createKnown(tables: readonly Table[], module: KnownModule): Known {
  const all = [...tables];
  const stated = bindgenOf(module.bindgenVersion);
  const items = new Map<string, readonly Item[]>();
  const found = new Map<string, Match | undefined>();
  const told = new Map<string, readonly Declaration[]>();
  const declarations = new Map<Item, Declaration>();
  const keys = new Map<string, string>();
  let names: readonly string[] | undefined;
  let search: Search | undefined;
  let guessed: number | undefined;
  let hasGuessed = false;

  return {
    get bindgen() {
      return bindgen();
    },
    extend(further) {
      if (further.length === 0) return;
      all.push(...further);
      for (const map of [items, found, told]) map.clear();
      search = undefined;
      hasGuessed = guessed !== undefined;
    },
    identify(name, type) {
      if (!found.has(name)) found.set(name, find(name));
      const match = found.get(name);
      const declaration = match?.items.map(declared).find((one) => !type || fits(one, type));
      return match && declaration && { declaration, version: match.version };
    },
    isLikely,
    hasName: (name) => all.some((table) => table.has(keyOf(name))),
    candidates: (name) => candidatesOf(keyOf(name)),
    meanings,
  };

  function bindgen(): number | undefined {
    if (stated !== undefined) return stated;
    if (!hasGuessed) {
      hasGuessed = true;
      guessed = guess();
    }
    return guessed;
  }

  /** Finds the version of wasm-bindgen that gives one of the least ambiguous imports of a table its hash. */
  function guess(): number | undefined {
    const versions = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
    for (const table of all) {
      const search = createSearch(() => []);
      const wanted = namesOfItems()
        .map((name) => ({ name, candidates: table.itemsOf(keyOf(name)) }))
        .filter(({ candidates }) => candidates.length > 0)
        .sort((a, b) => a.candidates.length - b.candidates.length);
      for (const { name, candidates } of wanted.slice(0, 12)) {
        const one = searched(name, candidates);
        const version = versions.find((version) => search.isLikely(one, version));
        if (version !== undefined) return version;
      }
    }
    return undefined;
  }

  function find(name: string): Match | undefined {
    const candidates = candidatesOf(keyOf(name));
    const version = candidates.length > 0 ? bindgen() : undefined;
    return version === undefined ? undefined : searchAll().find(searched(name, candidates), version);
  }

  function isLikely(name: string, type?: FunctionType): boolean {
    const candidates = candidatesOf(keyOf(name));
    const version = candidates.length > 0 ? bindgen() : undefined;
    if (version === undefined) return false;
    const items = searchAll().findLikely(searched(name, candidates), version);
    // Since then the hash covers the types.
    return version >= 96 ? items.length > 0 : items.some((item) => !type || fits(declared(item), type));
  }

  function searchAll(): Search {
    return (search ??= createSearch(function* () {
      for (const one of namesOfItems()) yield searched(one);
    }));
  }

  function searched(name: string, candidates = candidatesOf(keyOf(name))): Searched {
    return {
      hash: hashOf(name),
      candidates,
      mayBe: (item) => module.typesOf?.(name)?.some((type) => fits(declared(item), type)) ?? true,
    };
  }

  function keyOf(name: string): string {
    const key = keys.get(name) ?? nameOfItem(name);
    keys.set(name, key);
    return key;
  }

  function namesOfItems(): readonly string[] {
    return (names ??= [...new Set(module.names)].filter((name) => keyOf(name) !== ""));
  }

  function candidatesOf(key: string): readonly Item[] {
    const known = items.get(key) ?? all.flatMap((table) => table.itemsOf(key));
    items.set(key, known);
    return known;
  }

  function declared(item: Item): Declaration {
    const known = declarations.get(item) ?? declarationOf(item, bindgen() ?? newest);
    // Before the version is known, the codes of string enums are not.
    if (bindgen() !== undefined) declarations.set(item, known);
    return known;
  }

  function fits(declaration: Declaration, type: FunctionType): boolean {
    return importTypesOf(declaration, bindgen() ?? newest).some((words) => equal(words, type));
  }

  function meanings(name: string): readonly Declaration[] {
    const key = keyOf(name);
    const known = told.get(key);
    if (known) return known;
    const byText = new Map<string, Declaration>();
    for (const one of candidatesOf(key).map(declared)) {
      // The owner of a method does not matter, because it is called on the receiver.
      const path = one.receiver && one.kind !== "instanceof" ? [] : one.path;
      const text = JSON.stringify({ ...one, crate: "", path });
      if (!byText.has(text)) byText.set(text, one);
    }
    const all = [...byText.values()];
    told.set(key, all);
    return all;
  }
}

/**
 * Returns the name of an item from an import's name, in the form used to read tables.
 *
 * @param name - The import's name.
 * @returns The name; empty for an import without a hash.
 */
export function nameOfItem(name: string): string {
  return bare(/^__wbg_(.+?)(?:_[0-9a-f]{16}){1,2}$/.exec(name)?.[1] ?? "");
}

function hashOf(name: string): string {
  return name.slice(-16);
}

function equal(a: FunctionType, b: FunctionType): boolean {
  return isSameList(a.params, b.params) && isSameList(a.results, b.results);
}

/** Compares lengths first: thousands of imports may share one type of thousands of parameters. */
function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, at) => type === b[at]);
}
