/**
 * Step 4: module and imports → instance. `load` fetches it while the source arrives, together with the reader of modules.
 */
export { compileBytes, compileResponse } from "../source/reader.ts";
export { type Compiled, withAdapter } from "./adapt.ts";
export { trapError } from "./guard.ts";
export { type Chunks, fetchChunks } from "./chunks.ts";
export { beginLives, type Instantiable, instantiate, instantiateSync } from "./instantiate.ts";
export type { Lendable, LentParts } from "./lend.ts";
export type { Parts } from "./life.ts";
export { type Needs, planEarly } from "./plan-early.ts";
export { type Early, identifyEarly, identifyModule } from "../toolchains/identify.ts";
export { fetchAdapters } from "../toolchains/adapters.ts";
