import * as binder from "./binder.ts";
import type { Chunks } from "./chunks.ts";
import * as extras from "./extras.ts";

/** All chunks, for calls that cannot wait for one. */
export const allChunks: Chunks = { binder, extras };
