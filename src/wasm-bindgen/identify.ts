import type { ImportShape, Shape } from "../types/index.ts";
import { createKnown, type Declaration } from "./known/index.ts";

/** What the tables say of an import. */
export interface Meanings {
  /** The one declaration that it is, and how that is known. */
  readonly identified?: { readonly declaration: Declaration; readonly evidence: string };
  /** All declarations that it may be. */
  readonly meanings: readonly Declaration[];
}

/** Looks an import up. */
export type Identify = (wanted: ImportShape) => Meanings;

/**
 * Makes what looks up the imports of a module.
 *
 * @param tables - The tables of declarations.
 * @param shape - The module's shape.
 */
export function createIdentify(tables: readonly string[], { imports, producers }: Shape): Identify {
  const bindgenVersion = producers?.processedBy.find(({ name }) => name === "wasm-bindgen")?.version;
  const known = createKnown(tables, {
    ...(bindgenVersion !== undefined && { bindgenVersion }),
    names: imports.filter(({ kind }) => kind === "function").map(({ name }) => name),
  });
  return (wanted) => {
    const found = known.identify(wanted.name, wanted.kind === "function" ? wanted.type : undefined);
    const meanings = known.meanings(wanted.name);
    if (!found) return { meanings };
    const { declaration, version } = found;
    const crate = version === undefined ? declaration.crate : `${declaration.crate} ${version}`;
    return { identified: { declaration, evidence: `${found.known}: ${crate}` }, meanings };
  };
}
