import { UnglueError } from "../errors/unglue-error.ts";
import { browserPlatform } from "../platform/browser.ts";
import type { Host } from "./host.ts";

/** Workers of browsers and similar runtimes. */
export const browserHost: Host = {
  platform: browserPlatform,
  makeWorker(script) {
    if (typeof Worker === "undefined") {
      throw new UnglueError(
        "unavailable-here",
        "offload needs workers, and this runtime has no Worker. Use load, or pass the option worker: a function that makes what is like one.",
        { what: "Worker" },
      );
    }
    // Some pages allow only the policy's own object, so it is not converted to text.
    if (script !== undefined) return new Worker(script as string, { type: "module" });
    // Bundlers look for exactly this expression.
    return new Worker(new URL("./offload-worker.js", import.meta.url), { type: "module" });
  },
};
