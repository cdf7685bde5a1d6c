import { UnglueError } from "../errors/unglue-error.ts";
import { browserPlatform } from "../platform/browser.ts";
import type { Host } from "./host.ts";

/** Workers of a browser, and of what is like one. */
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
    // Of a policy's own object, which alone some pages allow, no text is made.
    if (script !== undefined) return new Worker(script as string, { type: "module" });
    // Bundlers look for exactly this expression.
    return new Worker(new URL("./offload-worker.js", import.meta.url), { type: "module" });
  },
};
