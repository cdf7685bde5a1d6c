import type { Declaration } from "./declaration.ts";

/** What the tables say of an import's name. */
export interface Known {
  /** The one declaration that it is, and how that is known. */
  readonly identified?: { readonly declaration: Declaration; readonly evidence: string };
  /** All declarations that it may be. */
  readonly meanings: readonly Declaration[];
}

/** Looks an import up by its name. */
export type Identify = (importName: string) => Known;
