// Runs calls of tenants in worker threads, each with a time limit.
/* global AbortController, clearTimeout, setImmediate, setTimeout */
import { once } from "node:events";
import { BroadcastChannel, MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { compile } from "unglue";
import { createRunner, deletions } from "./realm.js";

/** An answer other than success: Fastify sends `statusCode`, `code` and `message`. */
export class TenantError extends Error {
  constructor(statusCode, code, message) {
    super(message);
    Object.assign(this, { statusCode, code });
  }
}

export async function createThreads({ wasm, threads, timeout, memoryPages, instancesPerThread }) {
  // Compiled once. Threads get the compiled module, and the limit that was compiled into it.
  const { raw, shape } = await compile(wasm, { limits: { memoryPages } });
  const workerData = { raw, shape, memoryPages, instancesPerThread };
  const pool =
    threads > 0 &&
    new Piscina({
      filename: new URL("thread.js", import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      atomics: "disabled", // A thread that waits for its next task must hear of deletions.
      workerData,
    });
  const here = pool ? undefined : createRunner(workerData);
  const deleted = new BroadcastChannel(deletions);

  return {
    /** Runs a task, and hands its messages on as they come: `onPiece`, `onLog`, and `onRestart`. */
    async run(task, { onPiece, onLog, onRestart }) {
      const { port1: port, port2 } = new MessageChannel();
      const late = new AbortController();
      let timer, answer;
      port.on("message", (message) => {
        if (message.type === "begin") timer = setTimeout(expire, timeout);
        else if (message.type === "piece") onPiece(message.text);
        else if (message.type === "log") onLog(message);
        else if (message.type === "restart") onRestart();
        else answer = message;
      });
      // An answer that has arrived already is read before the thread is ended.
      const expire = () => setImmediate(() => answer ?? late.abort());
      const closed = once(port, "close");
      try {
        const running = { ...task, port: port2 };
        await (pool ? pool.run(running, { transferList: [port2], signal: late.signal }) : here(running));
        await closed; // Every message has come before.
      } catch (error) {
        onRestart(); // The thread is replaced, and its instances with it.
        if (!late.signal.aborted) throw new TenantError(500, "thread-ended", error.message);
        throw new TenantError(504, "timeout", `The call ran for more than ${timeout} ms and was ended.`);
      } finally {
        clearTimeout(timer);
        port.close();
      }
      if (answer.type === "end") return answer;
      if (answer.code === "refused") throw new TenantError(422, answer.code, answer.message);
      // The message names the module's functions: it is for the log.
      onLog({ level: "error", target: "server", message: answer.message });
      throw new TenantError(500, answer.code, "The call failed inside the generator, which was restarted.");
    },

    /** Disposes a tenant's instances in all threads. */
    forget: (key) => deleted.postMessage(key),

    async close() {
      deleted.close();
      if (pool) await pool.destroy();
    },
  };
}
