import { transfer as move, wrap } from "comlink";
import { UnglueError } from "../errors.ts";
import { browserPlatform } from "../platform/browser.ts";
import type { Desk } from "./desk.ts";
import { createFuse, type Host, type Thread } from "./thread.ts";
import type { OffloadOptions } from "./types.ts";

/** Workers of a browser, and of what is like one, spoken to through `comlink`. */
export const browserHost: Host = {
  platform: browserPlatform,
  async start(script) {
    const worker = makeWorker(script);
    const desk = wrap<Desk>(worker);
    const fuse = createFuse();
    // Also an error that nobody caught in the worker: in Node it ends the worker, so it does here.
    worker.addEventListener("error", ({ message }) => {
      worker.terminate();
      // Where a script cannot be loaded, the event is one without a message.
      fuse.blow(new Error(message || "a script could not be loaded"));
    });
    return Promise.resolve({
      open: (setup) => fuse.guard(desk.open(setup)),
      call: (task, transfer) => fuse.guard(desk.call(move(task, [...transfer] as Transferable[]))),
      end() {
        worker.terminate();
        fuse.blow(new Error("it has been ended"));
        return Promise.resolve();
      },
    } satisfies Thread);
  },
};

function makeWorker(script: OffloadOptions["worker"]): Worker {
  if (typeof script === "function") return script() as Worker;
  if (typeof Worker === "undefined") {
    throw new UnglueError(
      "unavailable-here",
      "offload needs workers, and this runtime has no Worker. Use load, or pass the option worker: a function that makes what is like one.",
      { what: "Worker" },
    );
  }
  if (script !== undefined) return new Worker(typeof script === "string" ? script : script.href, { type: "module" });
  // Bundlers look for exactly this expression.
  return new Worker(new URL("./offload-worker.js", import.meta.url), { type: "module" });
}
