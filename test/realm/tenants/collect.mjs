// Loaded into the server by `--import`, in each of its threads: collects garbage when the test asks, and reports what is live.
/* global gc, setTimeout */
import { BroadcastChannel, isMainThread } from "node:worker_threads";

const channel = new BroadcastChannel("collect");
channel.unref();

async function live() {
  // Finalizers run in tasks of their own, and what they let go of is collected by the next pass.
  for (let pass = 0; pass < 3; pass++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

if (isMainThread) {
  process.on("message", async ({ threads }) => {
    const answers = [];
    const all = new Promise((resolve) => {
      channel.onmessage = ({ data }) => {
        if (typeof data === "number" && answers.push(data) === threads) resolve();
      };
    });
    channel.ref();
    channel.postMessage("collect");
    await all;
    channel.unref();
    answers.push(await live());
    process.send({ live: answers.reduce((sum, bytes) => sum + bytes), rss: process.memoryUsage.rss() });
  });
  process.channel.unref();
} else {
  channel.onmessage = async ({ data }) => {
    if (data === "collect") channel.postMessage(await live());
  };
}
