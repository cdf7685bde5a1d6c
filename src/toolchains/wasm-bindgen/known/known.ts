import type { FunctionType } from "../../../public/index.ts";
import type { Declaration } from "./declaration.ts";
import { declarationOf, type Item } from "./item.ts";
import { bare, type Table } from "./table.ts";
import { createSearch, type Match, type Search } from "./search.ts";
import { bindgenOf, newest, oldest } from "./versions.ts";
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

/** The imports of a module, identified. */
export interface Known {
  /** The minor number of wasm-bindgen's version: as given, or found; `undefined` if no hash is known. */
  readonly bindgen: number | undefined;
  /**
   * Searches further tables for the imports that are still unknown.
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
 * A program contains only one version of a crate's series, so once a hash has revealed it, no other is tried. The search
 * before that is bounded.
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
  const items = new Map<string, readonly Item[]>();
  const search = createSearch();
  const found = new Map<string, Match>();
  const told = new Map<string, readonly Declaration[]>();
  const declarations = new Map<Item, Declaration>();
  let bindgen = bindgenOf(module.bindgenVersion);
  let unknown = [...new Set(module.names)].filter((name) => nameOfItem(name) !== "");
  for (const table of tables) read(table);

  return {
    get bindgen() {
      return bindgen;
    },
    extend(further) {
      for (const table of further) read(table);
    },
    identify(name, type) {
      const match = found.get(name);
      const declaration = match?.items.map(declared).find((one) => !type || fits(one, type));
      return match && declaration && { declaration, version: match.version };
    },
    meanings,
  };

  /** Reads the imports that no earlier table has identified. */
  function read(table: Table): void {
    told.clear();
    /** The imports with items of their name, the least ambiguous first. */
    const wanted = unknown
      .map((name) => ({ name, candidates: table.itemsOf(nameOfItem(name)) }))
      .filter(({ candidates }) => candidates.length > 0)
      .sort((a, b) => a.candidates.length - b.candidates.length);
    if (bindgen === undefined) {
      bindgen = guessVersion(wanted, search);
      declarations.clear();
    }
    if (bindgen !== undefined) {
      for (const { name, candidates } of wanted) {
        const types = module.typesOf?.(name);
        const mayBe = types && ((item: Item) => types.some((type) => fits(declared(item), type)));
        const match = search(candidates, hashOf(name), bindgen, { mayBe });
        if (match) found.set(name, match);
      }
    }
    for (const [name, more] of new Map(wanted.map((one) => [nameOfItem(one.name), one.candidates])))
      items.set(name, [...(items.get(name) ?? []), ...more]);
    unknown = unknown.filter((name) => !found.has(name));
  }

  function declared(item: Item): Declaration {
    const known = declarations.get(item) ?? declarationOf(item, bindgen ?? newest);
    declarations.set(item, known);
    return known;
  }

  function fits(declaration: Declaration, type: FunctionType): boolean {
    return importTypesOf(declaration, bindgen ?? newest).some((words) => equal(words, type));
  }

  function meanings(name: string): readonly Declaration[] {
    const key = nameOfItem(name);
    const known = told.get(key);
    if (known) return known;
    const byText = new Map<string, Declaration>();
    for (const one of (items.get(key) ?? []).map(declared)) {
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

interface Wanted {
  readonly name: string;
  readonly candidates: readonly Item[];
}

/** Finds the version of wasm-bindgen that gives one of the least ambiguous imports its hash. */
function guessVersion(wanted: readonly Wanted[], search: Search): number | undefined {
  const versions = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
  for (const { name, candidates } of wanted.slice(0, 12)) {
    const inSeries = candidates.filter(({ crate }) => crate.versions.includes("N"));
    const version = versions.find((version) => search(inSeries, hashOf(name), version, { versions: 1 }));
    if (version !== undefined) return version;
  }
  return undefined;
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
