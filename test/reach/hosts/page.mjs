// A page: it runs the suite itself, or has a worker, a service worker or an audio worklet run it, and posts the results.
/* global AudioContext, AudioWorkletNode, MessageChannel, Worker, addEventListener, document, fetch, location, navigator, setInterval, setTimeout, URLSearchParams */
import * as bindgen from "unglue/wasm-bindgen";
import * as ledger from "unglue/ledger";
import * as offload from "unglue/offload";
import * as unglue from "unglue";
import * as wasi from "unglue/wasi";
import * as whole from "unglue/whole";
import { describe, runSuite } from "../suite.mjs";
import { describeRuntime } from "./env.mjs";

const query = new URLSearchParams(location.search);
let last = Promise.resolve();
const report = (result) => {
  last = last.then(() => fetch(`/results/${query.get("run")}`, { method: "POST", body: JSON.stringify(result) }));
};
addEventListener("unhandledrejection", ({ reason }) => report({ unhandled: describe(reason) }));
addEventListener("error", ({ message }) => report({ unhandled: message }));

/** Answers what a worklet asks for, which has no timers, and passes results on. */
const listen = (port) => {
  port.onmessage = ({ data }) => {
    if (data.tick === undefined) report(data);
    else setTimeout(() => port.postMessage(data), 5);
  };
};

const ways = {
  page: () =>
    runSuite(describeRuntime({ unglue, whole, wasi, bindgen, ledger, offload, collect: globalThis.gc, frame }), report),
  worker: () => {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
    worker.onerror = ({ message }) => report({ unhandled: `The worker: ${message}` });
    listen(worker);
  },
  "service-worker": async () => {
    await navigator.serviceWorker.register("/files/service-worker.bundle.js");
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    listen(port1);
    active.postMessage("run", [port2]);
  },
  worklet: async () => {
    const context = new AudioContext();
    await context.audioWorklet.addModule("/files/worklet.bundle.js");
    const node = new AudioWorkletNode(context, "reach");
    node.onprocessorerror = () => report({ unhandled: "The worklet's processor failed." });
    listen(node.port);
    // WebKit's audio thread sleeps while nothing is rendered, which is so without a sound card. The end of a compilation
    // does not wake it, but a message does.
    setInterval(() => node.port.postMessage({}), 100);
    node.port.postMessage("run");
    // Chromium ends what nobody refers to.
    globalThis.unglueReachNode = node;
  },
};

/** Opens a page under a policy, which answers with one message. */
function frame(policy, name) {
  return new Promise((resolve) => {
    addEventListener("message", ({ data }) => resolve(data), { once: true });
    const element = document.createElement("iframe");
    element.src = `/files/policy/${encodeURIComponent(policy)}/browser/hosts/${name}.html`;
    document.body.append(element);
  });
}

try {
  await ways[query.get("way")]();
} catch (error) {
  report({ unhandled: describe(error) });
  report({ done: 0 });
}
