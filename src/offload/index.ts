/**
 * A module in workers: the same typed calls, each returning a promise.
 *
 * This is the door for Node. The one for browsers has the same names with the same types.
 *
 * @module unglue/offload
 */
import { nodeHost } from "./node-host.ts";
import { createOffload } from "./offload.ts";
import type { OffloadFunction } from "./types.ts";

export type * from "./remote.ts";
export type * from "./types.ts";

/**
 * Runs a WebAssembly module in workers. See {@link OffloadFunction}.
 *
 * @function
 */
export const offload: OffloadFunction = /* @__PURE__ */ createOffload(nodeHost);
