import type { Declaration } from "./declaration.ts";
import { declarationOf, type Item } from "./item.ts";
import { bare, readTable } from "./table.ts";
import { createSearch, type Match } from "./search.ts";
import { newest, oldest } from "./versions.ts";
import { lowering, type Words } from "./words.ts";

/** A module, as far as its imports' meanings depend on it. */
export interface KnownModule {
  /** The version of wasm-bindgen that its `producers` section names: `0.2.92`. Without it the version is found by hashes. */
  readonly bindgenVersion?: string;
  /** The names of all its imported functions. */
  readonly names: readonly string[];
}

/** What is known of an import. */
export interface Identified {
  /** What it does. */
  readonly declaration: Declaration;
  /**
   * How it is known: its hash is that of a published declaration, or no declaration but one has its name and its type.
   */
  readonly known: "hash" | "table";
  /** The crate's version, where the hash tells. */
  readonly version: string | undefined;
}

/** The imports of a module, identified. */
export interface Known {
  /** The minor number of wasm-bindgen's version: as given, or found; `undefined` where no hash is known. */
  readonly bindgen: number | undefined;
  /**
   * Tells what an import does.
   *
   * @param name - The import's name: `__wbg_log_c222819a41e063d3`.
   * @param type - Its WebAssembly type: a declaration that does not fit is not taken. Without it only the hash counts.
   * @returns The declaration; `undefined` if it is not known for certain.
   */
  identify(name: string, type?: Words): Identified | undefined;
  /**
   * Tells what an import may do.
   *
   * @param name - The import's name.
   * @returns Every known declaration of its name.
   */
  meanings(name: string): Declaration[];
}

/**
 * Identifies the imports of a module by the hashes in their names.
 *
 * A hash is of the crate, its version, and the item; it is computed anew for the items of a table that have the import's name.
 * Of a crate's series there is one version in a program, so once a hash has told it, no other is tried. The search before that
 * is bounded.
 *
 * @param tables - Texts of `table.ts`'s format.
 * @param module - The module.
 * @returns What is known.
 * @example
 * ```ts
 * const known = createKnown([knownTable], { bindgenVersion: "0.2.92", names: ["__wbg_new_16b304a2cfa7ff4a"] });
 * known.identify("__wbg_new_16b304a2cfa7ff4a")?.declaration.path; // ["Array"]
 * ```
 */
export function createKnown(tables: readonly string[], module: KnownModule): Known {
  const items = new Map<string, Item[]>();
  for (const table of tables) {
    for (const [name, more] of readTable(table)) items.set(name, [...(items.get(name) ?? []), ...more]);
  }
  const search = createSearch();
  const found = new Map<string, Match>();

  /** What is imported by name and hash and has items of its name, the least ambiguous first. */
  const wanted = [...new Set(module.names)]
    .map((name) => ({ name, candidates: candidatesOf(name) }))
    .filter(({ candidates }) => candidates.length > 0)
    .sort((a, b) => a.candidates.length - b.candidates.length);
  const stated = /^0\.2\.(\d+)/.exec(module.bindgenVersion ?? "")?.[1];
  const bindgen = stated === undefined ? guessVersion() : Number(stated);
  if (bindgen !== undefined) {
    for (const { name, candidates } of wanted) {
      const match = search(candidates, hashOf(name), bindgen);
      if (match) found.set(name, match);
    }
  }

  return { bindgen, identify, meanings };

  function identify(name: string, type?: Words): Identified | undefined {
    const version = bindgen ?? newest;
    const fits = (one: Declaration): boolean => !type || lowering(one, version).some((words) => equal(words, type));
    const match = found.get(name);
    if (match) {
      const declaration = match.items.map((item) => declarationOf(item, version)).find(fits);
      return declaration && { declaration, known: "hash", version: match.version };
    }
    const [declaration, ...others] = meanings(name);
    return declaration && type && others.length === 0 && isPlain(declaration) && fits(declaration)
      ? { declaration, known: "table", version: undefined }
      : undefined;
  }

  function meanings(name: string): Declaration[] {
    const all = candidatesOf(name).map((item) => declarationOf(item, bindgen ?? newest));
    // Whose method it is does not matter: it is called on the receiver.
    const text = (one: Declaration): string =>
      JSON.stringify({ ...one, crate: "", path: one.receiver && one.kind !== "instanceof" ? [] : one.path });
    return [...new Map(all.map((one) => [text(one), one])).values()];
  }

  function candidatesOf(name: string): Item[] {
    return items.get(bare(/^__wbg_(.+?)(?:_[0-9a-f]{16}){1,2}$/.exec(name)?.[1] ?? "")) ?? [];
  }

  /** The version of wasm-bindgen with which one of the least ambiguous imports has its hash. */
  function guessVersion(): number | undefined {
    const versions = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
    for (const { name, candidates } of wanted.slice(0, 12)) {
      const inSeries = candidates.filter(({ crate }) => crate.versions.includes("N"));
      const version = versions.find((version) => search(inSeries, hashOf(name), version, 1));
      if (version !== undefined) return version;
    }
    return undefined;
  }
}

function hashOf(name: string): string {
  return name.slice(-16);
}

/** Whether a declaration means the same wherever it is: a member of its receiver, which gets nothing to keep or to free. */
function isPlain({ kind, receiver, params }: Declaration): boolean {
  return receiver && kind !== "instanceof" && !params.some((code) => /[HS]|^\??\[/.test(code));
}

function equal(a: Words, b: Words): boolean {
  return a.params.join() === b.params.join() && a.results.join() === b.results.join();
}
