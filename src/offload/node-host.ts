import { isMissing, startWorker } from "../platform/node-workers.ts";
import { nodePlatform } from "../platform/node.ts";
import type { Host } from "./host.ts";
import type { ScriptURLLike } from "./types.ts";
import { workerUnavailable } from "./unusable.ts";

/** Workers of Node, and of what is like it. */
export const nodeHost: Host = {
  platform: nodePlatform,
  makeWorker(script) {
    const address = script === undefined ? ownScript() : addressOf(script);
    if (isMissing(address)) throw workerUnavailable("missing", address);
    return startWorker(address);
  },
};

/** Node has no policies that make an address. */
function addressOf(script: string | ScriptURLLike): string {
  return typeof script === "string" ? script : script.toJSON();
}

/** Beside the library's file; in a bundle beside that, and a bundle may not know where it is. */
function ownScript(): string {
  try {
    return new URL("./offload-node-worker.js", import.meta.url).href;
  } catch (cause) {
    throw workerUnavailable("missing", undefined, cause);
  }
}
