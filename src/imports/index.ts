export { createMeanings } from "./meanings.ts";
export { importMismatch } from "./refusals.ts";
export { importObject, type Resolved, resolveImports } from "./resolve.ts";
export type { Answer } from "./stub.ts";
