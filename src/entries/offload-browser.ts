/**
 * A module in workers: the same typed calls, each returning a promise.
 *
 * This is the entry point for browsers. The one for Node has the same names with the same types.
 *
 * @module unglue/offload
 */
import { browserHost } from "../offload/browser-host.ts";
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
export const offload: OffloadFunction = /* @__PURE__ */ createOffload(browserHost);
