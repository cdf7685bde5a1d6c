// Node, Bun and Deno, and their workers: results go to standard output, a line each.
/* global Bun, Deno */
import { execFile } from "node:child_process";
import process from "node:process";
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

const print = (result) => console.log(`reach ${JSON.stringify(result)}`);

if (isMainThread && process.argv.includes("worker")) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on("message", (result) => {
    print(result);
    // Bun does not end a worker in which another one's module is in a loop.
    if (typeof Bun === "object" && "done" in result) process.exit();
  });
  worker.on("error", (error) => print({ unhandled: describe(error) }));
} else {
  const report = isMainThread ? print : (result) => parentPort.postMessage(result);
  process.on("unhandledRejection", (error) => report({ unhandled: describe(error) }));
  const collect = typeof Bun === "object" ? () => Bun.gc(true) : globalThis.gc;
  const moduleSource = await import("./import-source.mjs").then(
    (imported) => imported.default,
    () => undefined,
  );
  const folder = fileURLToPath(new URL("../modules/", import.meta.url));
  const script = fileURLToPath(new URL("jitless.mjs", import.meta.url));
  const run = async () => JSON.parse((await promisify(execFile)(process.execPath, ["--jitless", script])).stdout);
  const jitless = typeof Bun === "object" || typeof Deno === "object" ? undefined : run;
  await runSuite(
    describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload, folder, collect, moduleSource, jitless }),
    report,
  );
}
