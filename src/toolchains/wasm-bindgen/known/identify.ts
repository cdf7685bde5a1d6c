import type { ImportShape, Shape } from "../../../public/index.ts";
import type { Declaration } from "./declaration.ts";
import { createKnown } from "./known.ts";
import { bindgenOf } from "./versions.ts";

/** What the tables say of the imports of a module. */
export interface Identify {
  /** The minor number of the module's wasm-bindgen, as it tells or as a hash shows; `undefined` where neither does. */
  readonly bindgen: number | undefined;
  /**
   * Whether it answers for a shape of its module, which may tell more than the one that it was made of.
   *
   * @param shape - The shape.
   */
  isFor(shape: Shape): boolean;
  /**
   * Tells what an import is.
   *
   * @param wanted - The import.
   * @returns The one declaration that it is, and how that is known; `undefined` if it is not known for certain.
   */
  identified(wanted: ImportShape): { readonly declaration: Declaration; readonly evidence: string } | undefined;
  /**
   * Tells what an import may be.
   *
   * @param wanted - The import.
   * @returns The declarations of its name: the same list for the same name.
   */
  meanings(wanted: ImportShape): readonly Declaration[];
}

/**
 * Makes what looks up the imports of a module.
 *
 * @param tables - The tables of declarations.
 * @param shape - The module's shape.
 */
export function createIdentify(tables: readonly string[], shape: Shape): Identify {
  const { imports } = shape;
  const bindgenVersion = versionOf(shape);
  const known = createKnown(tables, {
    bindgenVersion,
    names: imports.filter(({ kind }) => kind === "function").map(({ name }) => name),
  });
  return {
    bindgen: known.bindgen,
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
    meanings: ({ name }) => known.meanings(name),
  };
}

function versionOf({ producers }: Shape): string | undefined {
  return producers?.processedBy.find(({ name }) => name === "wasm-bindgen")?.version;
}
