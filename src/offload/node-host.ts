import { isMissing, startWorker } from "../platform/node-workers.ts";
import { nodePlatform } from "../platform/node.ts";
import type { Host } from "./host.ts";
import type { ScriptURLLike } from "./types.ts";
import { workerUnavailable } from "./unusable.ts";

/** Workers of Node and similar runtimes. */
export const nodeHost: Host = {
  platform: nodePlatform,
  makeWorker(script) {
    const address = script === undefined ? ownScript() : addressOf(script);
    if (isMissing(address)) throw workerUnavailable("missing", address);
    return startWorker(address);
  },
};

/** Node has no policies that make script addresses. */
function addressOf(script: string | ScriptURLLike): string {
  return typeof script === "string" ? script : script.toJSON();
}

/** The script lies beside the library's file. In a bundle it lies beside the bundle, which may not know its own address. */
function ownScript(): string {
  try {
    return new URL("./offload-node-worker.js", import.meta.url).href;
  } catch (cause) {
    throw workerUnavailable("missing", undefined, cause);
  }
}
