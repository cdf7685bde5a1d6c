/** The part of the caller's thread that serves calls of its functions from workers. */
export { createFunctions } from "./functions.ts";
export { postImports } from "./given-imports.ts";
