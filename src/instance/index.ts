/**
 * Step 4: module and imports → instance. `load` fetches it while the engine compiles.
 */
export { type Known, withAdapter } from "./adapt.ts";
export { type Chunks, fetchChunks } from "./chunks.ts";
export { instantiate, instantiateSync } from "./instantiate.ts";
export { type Early, identify, identifyModule } from "../toolchains/identify.ts";
export { fetchAdapters } from "../toolchains/adapters.ts";
