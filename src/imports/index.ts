export { importObject, type Resolved, resolveImports } from "./resolve.ts";
