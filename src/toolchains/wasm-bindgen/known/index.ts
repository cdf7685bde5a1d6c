/**
 * Identifies imports by name and hash: tables of the declarations of crates, and the search for the item with a hash.
 */
export type { Declaration, DeclarationKind, TypeCode } from "./declaration.ts";
export { createIdentify, type Identify } from "./identify.ts";
export { fetchPart } from "./fetch-part.ts";
export { createKnown, type Identified, type Known, type KnownModule } from "./known.ts";
export { knownTable } from "./known-table.ts";
export { readTables, type Table } from "./table.ts";
export { createTables, type Tables } from "./tables.ts";
export { importTypesOf } from "./import-types.ts";
