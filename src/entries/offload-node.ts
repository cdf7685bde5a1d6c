/**
 * A module in workers: the same typed calls, each returning a promise.
 *
 * This is the entry point for Node. The one for browsers has the same names with the same types.
 *
 * @module unglue/offload
 */
import { nodeHost } from "../offload/node-host.ts";
import { createOffload } from "../offload/offload.ts";
import type { OffloadFunction } from "../offload/types.ts";

export type * from "../offload/remote.ts";
export type * from "../offload/types.ts";

/**
 * Runs a WebAssembly module in workers. See {@link OffloadFunction}.
 *
 * @function
 * @category Workers
 */
export const offload: OffloadFunction = /* @__PURE__ */ createOffload(nodeHost);
