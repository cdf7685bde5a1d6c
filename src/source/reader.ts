/**
 * Reads modules and has the engine compile them. It is fetched while the source is, since nothing is read before that.
 */
export { compileBytes, compileResponse } from "./compile.ts";
