export { createMeanings } from "./meanings.ts";
export { importMismatch } from "./refusals.ts";
export type { Patterns } from "./pattern.ts";
export { findGiven, hostOf, importObject, type Resolved, resolveImports } from "./resolve.ts";
export type { Answer } from "./stub.ts";
