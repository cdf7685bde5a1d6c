import type { FunctionType, ImportShape, Shape } from "../../../public/index.ts";
import type { Declaration } from "./declaration.ts";
import type { Item } from "./item.ts";
import { createKnown } from "./known.ts";
import type { Table } from "./table.ts";
import { bindgenOf } from "./bindgen-of.ts";

/** The facts about an item that an import may be. */
export type Candidate = Pick<Item, "catch" | "takesClosure">;

/** The knowledge about the imports of a module, from the tables. */
export interface Identify {
  /** The minor number of the module's wasm-bindgen, as stated or as found through a hash; otherwise `undefined`. */
  readonly bindgen: number | undefined;
  /**
   * Whether it applies to a shape of its module, which may contain more than the shape that it was made from.
   *
   * @param shape - The shape.
   */
  isFor(shape: Shape): boolean;
  /**
   * Identifies an import.
   *
   * @param wanted - The import.
   * @returns Its declaration, and how that is known; `undefined` if it is not known for certain.
   */
  identified(wanted: ImportShape): { readonly declaration: Declaration; readonly evidence: string } | undefined;
  /**
   * Whether an import can be identified by the likelier versions of crates, which takes less time.
   *
   * @param wanted - The import.
   */
  isLikely(wanted: ImportShape): boolean;
  /**
   * Returns what the tables have of an import's name, which takes no search for its hash: any of it may be the import.
   *
   * @param wanted - The import.
   */
  candidates(wanted: ImportShape): readonly Candidate[];
  /**
   * Returns the possible meanings of an import.
   *
   * @param wanted - The import.
   * @returns The declarations of its name: the same list for the same name.
   */
  meanings(wanted: ImportShape): readonly Declaration[];
}

/** The knowledge from tables, to which more can be added. */
export interface TableIdentify extends Identify {
  /**
   * Whether a table has an import's name. It may be another of the same letters and digits.
   *
   * @param wanted - The import.
   */
  hasName(wanted: ImportShape): boolean;
  /**
   * Searches further tables too.
   *
   * @param tables - The tables, in search order.
   */
  extend(tables: readonly Table[]): void;
}

/**
 * Makes the look-up of a module's imports.
 *
 * @param tables - The tables of declarations.
 * @param shape - The module's shape.
 */
export function createIdentify(tables: readonly Table[], shape: Shape): TableIdentify {
  const { imports } = shape;
  const bindgenVersion = versionOf(shape);
  const types = new Map<string, (FunctionType | undefined)[]>();
  for (const one of imports) {
    if (one.kind === "function") types.set(one.name, [...(types.get(one.name) ?? []), one.type]);
  }
  const known = createKnown(tables, {
    bindgenVersion,
    names: [...types.keys()],
    typesOf: (name) => {
      const all = types.get(name) ?? [];
      const stated = all.filter((type) => type !== undefined);
      return stated.length < all.length ? undefined : stated;
    },
  });
  return {
    get bindgen() {
      return known.bindgen;
    },
    hasName: ({ name }) => known.hasName(name),
    extend(further) {
      known.extend(further);
    },
    isFor(asked) {
      const version = versionOf(asked);
      return version === bindgenVersion || version === undefined || bindgenOf(version) === known.bindgen;
    },
    identified(wanted) {
      const found = known.identify(wanted.name, wanted.kind === "function" ? wanted.type : undefined);
      if (!found) return undefined;
      const { declaration, version } = found;
      return { declaration, evidence: `hash: ${declaration.crate} ${version}` };
    },
    isLikely: (wanted) => known.isLikely(wanted.name, wanted.kind === "function" ? wanted.type : undefined),
    candidates: ({ name }) => known.candidates(name),
    meanings: ({ name }) => known.meanings(name),
  };
}

function versionOf({ producers }: Shape): string | undefined {
  return producers?.processedBy.find(({ name }) => name === "wasm-bindgen")?.version;
}
