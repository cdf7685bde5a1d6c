import { UnglueError } from "../errors.ts";
import { nodePlatform } from "../platform/node.ts";
import type { Answer } from "./packed.ts";
import { createFuse, type Host, type Thread } from "./thread.ts";
import type { OffloadOptions } from "./types.ts";

/** The longest time that a timer keeps, in milliseconds: 24 days. */
const longestTimer = 2 ** 31 - 1;

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
    // A pool of one: objects live in one worker, so that a call cannot go to whichever is free. Without a minimum it starts
    // no worker that nobody asked for, and without Atomics the worker's event loop runs between calls, as imports want.
    const pool = new Tinypool({
      filename: scriptOf(script),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: longestTimer,
      useAtomics: false,
    });
    const fuse = createFuse();
    // Between calls there is nobody to tell: the next call learns of it.
    pool.on("error", (error: unknown) => fuse.blow(error));

    return {
      open(setup) {
        const opened = fuse.guard(pool.run(setup, { name: "open" }) as Promise<Answer>);
        // The pool tells of a worker's error, and not of one that exits.
        for (const worker of pool.threads) worker.once("exit", () => fuse.blow(new Error("it has exited")));
        return opened;
      },
      call: (task, transfer) =>
        fuse.guard(pool.run(task, { name: "call", transferList: [...transfer] as never }) as Promise<Answer>),
      async end() {
        fuse.blow(new Error("it has been ended"));
        // The pool's own way of ending throws where a worker fails meanwhile.
        await Promise.all(pool.threads.map((worker) => worker.terminate()));
      },
    } satisfies Thread;
  },
};

function scriptOf(script: OffloadOptions["worker"]): string {
  if (typeof script === "function") {
    throw new UnglueError(
      "unsupported-option",
      'offload: in Node, the option worker is the address of the worker\'s script: import.meta.resolve("unglue/offload-worker").',
      { call: "offload", option: "worker", reason: "Node's workers are made by tinypool" },
    );
  }
  if (typeof script === "object") return script.href;
  return script ?? new URL("./offload-node-worker.js", import.meta.url).href;
}
