import { UnglueError } from "../errors.ts";
import { nodePlatform } from "../platform/node.ts";
import { createFuse, type Host, type Thread } from "./thread.ts";
import type { OffloadOptions } from "./types.ts";

/** Workers of Node, as `tinypool` runs them: it posts, keeps the process alive while a call runs, and only then. */
export const nodeHost: Host = {
  platform: nodePlatform,
  async start(script) {
    const { default: Tinypool } = await import("tinypool").catch((cause: unknown) => {
      throw new UnglueError(
        "unavailable-here",
        "offload runs workers of Node with the package tinypool, which cannot be loaded: npm install tinypool.",
        { what: "tinypool" },
        { cause },
      );
    });
    // A pool of one: objects live in one worker, so that calls cannot go to whichever is free.
    // Without Atomics the worker's event loop runs between calls, as promises and timers of imports want.
    const pool = new Tinypool({ filename: scriptOf(script), minThreads: 1, maxThreads: 1, useAtomics: false });
    const fuse = createFuse();
    const exited = new Promise<void>((resolve) => {
      const [worker] = pool.threads;
      // It tells of a worker's error, and not of one that exits.
      worker?.once("exit", () => {
        fuse.blow(new Error("The worker has exited."));
        resolve();
      });
    });
    // Between calls there is nobody to tell: the next call learns of it.
    pool.on("error", (error: unknown) => fuse.blow(error));

    return {
      open: (setup) => fuse.guard(pool.run(setup, { name: "open" })),
      call: (task, transfer) => fuse.guard(pool.run(task, { name: "call", transferList: [...transfer] as never })),
      async end() {
        fuse.blow(new Error("The worker has been ended."));
        // For one that has exited by itself, it would wait for ever.
        await Promise.race([pool.destroy(), exited]);
      },
    } satisfies Thread;
  },
};

function scriptOf(script: OffloadOptions["worker"]): string {
  if (typeof script === "function") {
    throw new UnglueError(
      "unsupported-option",
      "offload: in Node, the option worker is the address of the worker's script: import.meta.resolve(\"unglue/offload-worker\").",
      { call: "offload", option: "worker", reason: "Node's workers are made by tinypool" },
    );
  }
  if (typeof script === "object") return script.href;
  return script ?? new URL("./offload-node-worker.js", import.meta.url).href;
}
