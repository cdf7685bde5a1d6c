export { importMismatch } from "./refusals.ts";
export type { Patterns } from "./pattern.ts";
export { findGiven, hostOf, importObject, resolveImports } from "./resolve.ts";
export type { Resolved } from "./resolved.ts";
export type { Answer } from "./stub.ts";
